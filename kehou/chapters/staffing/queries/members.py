"""Questions about who serves at a school."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from kehou.chapters.people.models import Account
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember


def staff_of(
    school: School, *, text: str = "", kind: str = "", state: str = "", with_left: bool = False
) -> QuerySet[StaffMember]:
    """Return who is on the list of a school, whatever step they are at, in-service first, by name.

    `text` is looked for in name, subject and skills. Who may be given pupils is asked of `choice_of`.
    """
    rows = school.staff.select_related("account").order_by("-kind", "name", "pk")
    if state:
        rows = rows.filter(state=state)
    elif not with_left:
        rows = rows.exclude(state="left")
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(subject__icontains=text) | Q(skills__icontains=text))
    return rows


def staff_record(account: Account, school: School) -> StaffMember | None:
    """Return somebody's record at a school, or None."""
    return school.staff.filter(account=account).exclude(state="left").first()


def leaders_of(school: School, *, on: date) -> QuerySet[StaffMember]:
    """Return who may be given a group at a school: its own people, and those of other schools who visit it then."""
    visits = Q(
        visits__host=school,
        visits__agreed_at__isnull=False,
        visits__ended_at__isnull=True,
        visits__term__until_on__gt=on,
    )
    found = StaffMember.objects.filter(Q(school=school) | visits, state="in_use").distinct()
    return found.select_related("school").order_by("-kind", "name", "pk")
