"""The ledger of volunteers: lines, sums, certificates."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Max, Q, QuerySet, Sum

from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import Certificate, StaffMember, VolunteerHours


def volunteers_of(school: School, *, text: str = "") -> QuerySet[StaffMember]:
    """Return who has hours in a school's ledger or was asked in unpaid, with what is confirmed and what waits."""
    here, sure = Q(volunteer_hours__school=school), Q(volunteer_hours__confirmed_at__isnull=False)
    unpaid = StaffMember.objects.filter(engagements__paid=False, engagements__statement__school=school).values("pk")
    found = StaffMember.objects.filter(here | Q(pk__in=unpaid)).annotate(
        minutes=Sum("volunteer_hours__minutes", filter=here & sure),
        services=Count("volunteer_hours", filter=here & sure),
        waiting=Count("volunteer_hours", filter=here & ~sure),
        last_on=Max("volunteer_hours__on", filter=here),
    )
    return (found.filter(name__icontains=text) if text else found).order_by("name", "pk")


def hours_of(school: School, *, member: StaffMember | None = None) -> QuerySet[VolunteerHours]:
    """Return the lines of a school's ledger, newest first, also what waits for a confirmation."""
    rows = VolunteerHours.objects.filter(school=school).select_related("member")
    rows = rows.filter(member=member) if member else rows
    return rows.order_by("-on", "-pk")


def confirmed(school: School, member: StaffMember, *, from_on: date, until_on: date) -> QuerySet[VolunteerHours]:
    """Return the lines that a certificate would cover, in order of time."""
    rows = VolunteerHours.objects.filter(
        school=school, member=member, confirmed_at__isnull=False, on__gte=from_on, on__lt=until_on
    )
    return rows.order_by("on", "pk")


def certificates_of(school: School, *, member: StaffMember | None = None) -> QuerySet[Certificate]:
    """Return a school's certificates, newest first."""
    rows = Certificate.objects.filter(school=school).select_related("member", "school").order_by("-issued_at", "-pk")
    return rows.filter(member=member) if member else rows


def certificate_by_code(code: str) -> Certificate | None:
    """Return the certificate behind a verification code, revoked or not, or None."""
    plain = code.strip().upper().replace(" ", "")
    return Certificate.objects.filter(code=plain).select_related("school", "member").first() if plain else None
