"""Questions about the shelf of policy documents: what is in force, what is missing, what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.planning.models import EmergencyFacts, PolicyVersion
from kehou.chapters.planning.queries.organisation import Pack, Proof, day_of, seats_of
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import school_term
from kehou.rules.choice import digest
from kehou.rules.planning.differences import Difference, pieces_of
from kehou.rules.policy_documents import KINDS, PolicyKind, Standing, blocks, problems_of_shelf
from kehou.rules.policy_texts import words_of_parameters
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a shelf: the kind, the version in force, the draft beside it, what is wrong."""

    kind: PolicyKind
    standing: PolicyVersion | None = None
    draft: PolicyVersion | None = None
    problem: Refusal | None = None

    @property
    def colour(self) -> str:
        """Return done, wait or stop, as the pages paint it."""
        if self.problem is None:
            return "done"
        return "stop" if blocks(self.problem) else "wait"


def places_of(school: School, *, on: date) -> list[Place]:
    """Return all 22 places of a school's shelf with their problems on a day: one query."""
    rows = school.policy_versions.filter(superseded_at=None).select_related("school").defer("chapters")
    by: dict[tuple[int, bool], PolicyVersion] = {(one.number, one.is_draft): one for one in rows}
    known = {
        kind.number: _standing(by.get((kind.number, False)), (kind.number, True) in by) for kind in KINDS
    }  # fmt: skip
    wrong = _by_kind(problems_of_shelf(known, on=on))
    return [
        Place(
            kind, by.get((kind.number, False)), by.get((kind.number, True)), wrong.get(f"{kind.mark}{kind.title}")
        )
        for kind in KINDS
    ]  # fmt: skip


def _standing(version: PolicyVersion | None, has_draft: bool) -> Standing:
    if version is None:
        return Standing(has_draft=has_draft)
    return Standing(version.in_force_from, version.review_by, has_draft)


def _by_kind(problems: Iterable[Refusal]) -> dict[str, Refusal]:
    return {problem.fact("title"): problem for problem in problems}


def versions_of_policy(school: School, number: int) -> QuerySet[PolicyVersion]:
    """Return every version of a document, the latest first, the draft before all."""
    return school.policy_versions.filter(number=number).select_related("school").order_by("-version")


def standing_policy(school: School, number: int) -> PolicyVersion | None:
    """Return the version that is signed and not superseded, or None."""
    return versions_of_policy(school, number).filter(approved_at__isnull=False, superseded_at=None).first()


def draft_of_policy(school: School, number: int) -> PolicyVersion | None:
    """Return the draft, or None."""
    return versions_of_policy(school, number).filter(approved_at=None).first()


def standing_policies(school: School, *, on: date | None = None) -> list[PolicyVersion]:
    """Return the signed documents of a school by their number; with `on` only those in force by then."""
    rows = school.policy_versions.filter(approved_at__isnull=False, superseded_at=None).select_related("school")
    return list((rows.filter(in_force_from__lte=on) if on else rows).order_by("number"))


def policy_by_code(code: str) -> PolicyVersion | None:
    """Return the signed version with the number that stands on its paper, or None: `ZD-2150990001-03-2`."""
    parts = code.strip().upper().split("-")
    if len(parts) != 4 or parts[0] != "ZD" or not all(one.isascii() and one.isdigit() for one in parts[1:]):
        return None
    if len(parts[2]) > 2 or len(parts[3]) > 4:
        return None
    return (
        PolicyVersion.objects.filter(
            school__code=parts[1], number=int(parts[2]), version=int(parts[3]), approved_at__isnull=False
        )
        .select_related("school")
        .first()
    )


def digest_of_policy(version: PolicyVersion) -> str:
    """Return the hash of what is signed: the kind, the text or the scan, the responsible person."""
    return digest(
        {
            "school": version.school.code, "number": version.number, "version": version.version,
            "chapters": [list(one) for one in version.chapters], "scan": version.scan_digest,
            "responsible": version.responsible,
        }
    )  # fmt: skip


def changes_between(before: PolicyVersion | None, after: PolicyVersion) -> list[Difference]:
    """Return the chapters in which two versions differ, by their lines; a new chapter is all `in`."""
    old: Mapping[str, str] = dict(before.chapters) if before else {}
    new: Mapping[str, str] = dict(after.chapters)
    titles = list(dict.fromkeys([*new, *old]))
    return [
        Difference(title, title, pieces_of(old.get(title, ""), new.get(title, "")))
        for title in titles
        if old.get(title, "") != new.get(title, "")
    ]


def shelf_of(school: School, term: Term, *, on: date) -> Pack:
    """Return the shelf as evidence (F5) with its problems: R-DOC-01 in the way, the rest as warnings.

    A document counts from the day it is in force: for a filing hand over the day on which the service begins.
    """
    places = places_of(school, on=on)
    proofs = tuple(
        Proof(f"{place.kind.mark}{place.kind.title} 第{one.version}版", one.digest, day_of(one.approved_at), _who(one))
        for place in places
        if (one := place.standing) and one.approved_at
    )
    found = [place.problem for place in places if place.problem]
    return Pack(
        "管理制度目录及文本",
        proofs,
        tuple(one for one in found if blocks(one)),
        tuple(one for one in found if not blocks(one)),
    )


def _who(version: PolicyVersion) -> str:
    return version.approved_by or ""


def overdue_reviews(*, on: date) -> QuerySet[PolicyVersion]:
    """Return the standing versions whose review is overdue and about which no letter has been written yet."""
    late = PolicyVersion.objects.filter(approved_at__isnull=False, superseded_at=None, review_by__lt=on)
    return late.filter(Q(reminded_for=None) | ~Q(reminded_for=F("review_by"))).select_related("school")


@dataclass(frozen=True, slots=True)
class ShelfCount:
    """A school's shelf in figures, as the district reads it."""

    required: int = 0
    advised: int = 0
    overdue: int = 0
    drafts: int = 0


def counts_of_shelves(schools: Iterable[School | int] | None, *, on: date) -> dict[int, ShelfCount]:
    """Return the figures of many schools, or of all (None): one query."""
    rows = PolicyVersion.objects.filter(superseded_at=None)
    if schools is not None:
        rows = rows.filter(school__in=list(schools))
    required = {kind.number for kind in KINDS if kind.required}
    figures: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for school, number, approved, force, review in rows.values_list(
        "school_id", "number", "approved_at", "in_force_from", "review_by"
    ):
        if approved is None:
            figures[school]["drafts"] += 1
            continue
        if force <= on:
            figures[school]["required" if number in required else "advised"] += 1
            figures[school]["overdue"] += review < on
    return {school: ShelfCount(**found) for school, found in figures.items()}


def facts_of_texts(school: School, term: Term, *, on: date, in_force: date | None = None) -> dict[str, str]:
    """Return what the templates and the emergency cards say of a school, in words; what nobody has said is empty."""
    own = EmergencyFacts.objects.filter(school=school).first()
    seats = {one.post: one for one in seats_of(school) if not one.is_deputy}
    extra = school_term(school, term)
    told = {name: getattr(own, name) for name in EMERGENCY_NAMES} if own else {}
    names = {("deputy" if code == "deputy_head" else code): one.name for code, one in seats.items()}
    pick_up = extra.latest_pick_up if extra else None
    return {
        **words_of_parameters(parameters_on(on), in_force=in_force or max(on, term.from_on)),
        **told,
        **names,
        "principal": names.get("head", ""),
        "school": school.name,
        "term": term.name,
        "phone": school.phone,
        "complaint_phone": (extra.complaint_phone if extra else "") or school.phone,
        "latest_pick_up": f"{pick_up:%H:%M}" if pick_up else "18:50",
        "leader": "当天值班领导",
        "gate": "门卫",
        "medical": "医务联系人",
    }


EMERGENCY_NAMES = (
    "assembly", "wait", "gate_place", "hospital", "hospital_phone", "police", "police_phone", "night",
)  # fmt: skip
