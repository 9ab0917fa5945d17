"""Who stated what shortage, who serves on its ground, and who of them for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import Engagement, ShortageStatement, StaffMember
from kehou.chapters.staffing.queries.signing_up import current_sign_ups, in_service, window_of
from kehou.rules.outsiders import has_area


def statements_of(school: School, term: Term) -> QuerySet[ShortageStatement]:
    """Return what a school stated for a term, withdrawn too, with the number of people on its ground."""
    return (
        ShortageStatement.objects.filter(school=school, term=term)
        .annotate(people=Count("engagements", distinct=True))
        .order_by("withdrawn_at", "area", "pk")
    )


def stating(school: School, term: Term) -> QuerySet[ShortageStatement]:
    """Return the statements on whose ground outsiders may be asked in: signed and not withdrawn."""
    return ShortageStatement.objects.filter(
        school=school, term=term, signed_at__isnull=False, withdrawn_at=None
    ).order_by("area", "pk")


def engaged_in(school: School, term: Term) -> frozenset[int]:
    """Return the outsiders who may be scheduled at a school in a term: asked in on the ground of what stands."""
    rows = Engagement.objects.filter(
        statement__school=school,
        statement__term=term,
        statement__signed_at__isnull=False,
        statement__withdrawn_at=None,
    )
    return frozenset(rows.values_list("member_id", flat=True))


def volunteers_among(members: Iterable[int], *, on: date) -> frozenset[int]:
    """Return who of some members serves for nothing in the term of a day (R-EXT-03): asked in unpaid, never paid."""
    rows = Engagement.objects.filter(
        member__in=list(members), statement__term__from_on__lte=on, statement__term__until_on__gt=on
    ).values_list("member_id", "paid")
    paid = {member for member, for_pay in rows if for_pay}
    return frozenset({member for member, _ in rows} - paid)


def own_staff(school: School, term: Term, area: str) -> tuple[int, int]:
    """Return how many in-service staff a school has for an area and the class hours a week that they offered."""
    window = window_of(school, term)
    caps = dict(current_sign_ups(window).filter(joins=True).values_list("member_id", "weekly_cap")) if window else {}
    people: list[StaffMember] = [one for one in in_service(school) if has_area(area, one.subject, one.skills)]
    return len(people), sum(caps.get(one.pk, 0) if window else one.weekly_cap for one in people)


def outsiders(school: School) -> QuerySet[StaffMember]:
    """Return the people from outside who are on a school's list."""
    return school.staff.filter(~Q(kind="in_service"), state="in_use").order_by("name", "pk")
