"""Amendments: whom they touch, who has answered, and the difference that goes to the district (F9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.people.models import Pupil
from kehou.chapters.planning.models import Amendment, AmendmentConsent, Plan
from kehou.chapters.planning.queries.plans import bodies_of, compare
from kehou.chapters.schools.models import School
from kehou.lib.prepared import Prepared
from kehou.rules.choice import digest
from kehou.rules.planning import MOVES_SESSIONS, Change, ChangeKind, Difference, Renewal


@dataclass(frozen=True, slots=True)
class AmendmentDiff:
    """What is filed anew: the difference between two versions, why, from when, and what the families said.

    `digest` binds it; `changes` are in the school's words, `sections` line by line.
    """

    number: int
    reason: str
    from_on: date
    is_material: bool
    changes: tuple[Change, ...]
    sections: tuple[Difference, ...]
    affected: int
    agreed: int
    left: int
    silent: int
    digest: str


def amendments_of(plan: Plan) -> QuerySet[Amendment]:
    """Return the amendments, newest first."""
    return plan.amendments.select_related("before", "after").order_by("-number")


def standing_amendment(plan: Plan) -> Amendment | None:
    """Return the amendment under way: neither signed nor withdrawn."""
    return amendments_of(plan).filter(withdrawn_at=None, after__signed_at=None).first()


def signed_amendments(school: School, term: Term, *, since: datetime) -> list[Amendment]:
    """Return what the principal has signed after an instant, oldest first: what a filing of that instant lacks."""
    rows = Amendment.objects.filter(plan__school=school, plan__term=term, after__signed_at__gt=since)
    return list(rows.select_related("plan", "before", "after").order_by("number"))


def changes_of(amendment: Amendment) -> tuple[Change, ...]:
    """Return what changes, as the rules read it."""
    return tuple(Change(ChangeKind(one["kind"]), one["what"], one["was"], one["becomes"]) for one in amendment.changes)


def answers_of(amendment: Amendment) -> dict[str, int]:
    """Return how many affected children stand at each answer."""
    found = dict(amendment.consents.values_list("answer").annotate(n=Count("pk")))
    return {key: found.get(key, 0) for key in AmendmentConsent.TITLES}


_TOLD = Prepared(
    lambda pupil, on: (
        AmendmentConsent.objects.filter(
            pupil=pupil, amendment__told_at__isnull=False, amendment__withdrawn_at=None,
            amendment__plan__term__until_on__gt=on,
        )
        .select_related("amendment__plan__school", "amendment__plan__term")
        .order_by("-amendment__pk")
    ),
    pupil=int,
    on=date,
)  # fmt: skip


def consents_for(pupil: Pupil, at: datetime) -> list[AmendmentConsent]:
    """Return what a child's family is told or asked: amendments told and not withdrawn, newest first."""
    return _TOLD.rows(pupil=pupil.pk, on=at.date())


def renewals_of(school: School, term: Term) -> list[Renewal]:
    """Return every change of time or place that families were told of, with the children who keep the old one.

    Silence keeps the old arrangement (R-AMD-01): the chapter that moves sessions asks this first. Two queries.
    """
    told = Amendment.objects.filter(
        plan__school=school, plan__term=term, told_at__isnull=False, withdrawn_at=None, is_material=True
    ).order_by("number")
    moving = [one for one in told if any(change.kind in MOVES_SESSIONS for change in changes_of(one))]
    old: dict[int, set[int]] = {one.pk: set() for one in moving}
    rows = AmendmentConsent.objects.filter(amendment__in=list(old)).exclude(answer=AmendmentConsent.AGREED)
    for amendment, pupil in rows.values_list("amendment", "pupil"):
        old[amendment].add(pupil)
    return [
        Renewal(
            one.number, one.from_on, frozenset(one.scope.get("activities", ())),
            frozenset(one.scope.get("weekdays", ())), frozenset(old[one.pk]),
        )
        for one in moving
    ]  # fmt: skip


def prices_agreed_to(school: School, term: Term, *, on: date) -> dict[int, date]:
    """Return from when each child's family has agreed to pay another price, by pupil: the newest that holds on a day.

    A change of price holds once it was told, answered with yes, signed and accepted by the district (R-AMD-01, 4-c);
    who is silent is not in it. Two queries.
    """
    rows = Amendment.objects.filter(
        plan__school=school, plan__term=term, told_at__isnull=False, withdrawn_at=None, after__signed_at__isnull=False,
        accepted_at__isnull=False, from_on__lte=on,
    ).order_by("from_on", "number")  # fmt: skip
    priced = {one.pk: one.from_on for one in rows if any(change.kind is ChangeKind.PRICE for change in changes_of(one))}
    agreed = AmendmentConsent.objects.filter(amendment__in=list(priced), answer=AmendmentConsent.AGREED)
    found: dict[int, date] = {}
    for amendment, pupil in agreed.values_list("amendment", "pupil"):
        found[pupil] = max(priced[amendment], found.get(pupil, priced[amendment]))
    return found


def difference_of(amendment: Amendment) -> AmendmentDiff:
    """Return the difference to be filed (备案材料 F9): between the version in force and the amended text."""
    after = amendment.after
    sections = tuple(compare(amendment.before, after if after else bodies_of(amendment.plan)))
    answers = answers_of(amendment)
    bound: dict[str, Any] = {
        "number": amendment.number,
        "reason": amendment.reason,
        "from": amendment.from_on.isoformat(),
        "changes": amendment.changes,
        "before": amendment.before.digest,
        "after": after.digest if after else "",
    }
    return AmendmentDiff(
        amendment.number, amendment.reason, amendment.from_on, amendment.is_material, changes_of(amendment), sections,
        sum(answers.values()),
        answers[AmendmentConsent.AGREED], answers[AmendmentConsent.LEFT], answers[AmendmentConsent.WAITING],
        digest(bound),
    )  # fmt: skip
