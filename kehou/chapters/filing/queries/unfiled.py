"""What was changed after the district's acceptance and lies in no accepted filing yet (2.7.2-g, 2.4-p, 4-c)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.models import Filing
from kehou.chapters.planning.models import Amendment
from kehou.chapters.programme.queries import unfiled_publications
from kehou.chapters.schools.models import School
from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Unfiled:
    """The changes of one school that are not filed: since when, and which, in words."""

    school_id: int
    since: datetime
    what: tuple[str, ...]

    @property
    def refusal(self) -> Refusal:
        """Return what the gate chain and the reminder say."""
        return refuse("R-GATE-00", "changes_not_filed", what="、".join(self.what))

    @property
    def waiting(self) -> Refusal:
        """Return what the gate chain says while the difference lies with the district."""
        return refuse("R-GATE-00", "changes_not_accepted", what="、".join(self.what))


def unfiled_changes(term: Term, schools: Collection[int] | None = None) -> dict[int, Unfiled]:
    """Return by school what its filing in force does not hold: a later version of the table, a signed amendment.

    Four queries for all schools. Schools without a filing in force are absent: they have everything still to file.
    """
    standing = Filing.objects.filter(term=term, state="accepted", pack__isnull=False).exclude(kind=Filing.PAST)
    signed = Amendment.objects.filter(plan__term=term, after__signed_at__isnull=False)
    if schools is not None:
        standing, signed = standing.filter(school__in=schools), signed.filter(plan__school__in=schools)
    frozen = dict(standing.values_list("school", "pack__signed_at"))
    found: dict[int, list[tuple[datetime, str]]] = {school: [] for school in frozen}
    for school, one in unfiled_publications(term, schools).items():
        if school in frozen:
            found[school].append((one.published_at, f"项目表第{one.version}版"))
    for school, number, at in signed.order_by("number").values_list("plan__school", "number", "after__signed_at"):
        if school in frozen and at > frozen[school]:
            found[school].append((at, f"实施方案第{number}次调整"))
    return {
        school: Unfiled(school, min(at for at, _ in changes), tuple(words for _, words in changes))
        for school, changes in found.items()
        if changes
    }


def unfiled_of(school: School, term: Term) -> Unfiled | None:
    """Return the changes of one school that are not filed, or None."""
    return unfiled_changes(term, [school.pk]).get(school.pk)
