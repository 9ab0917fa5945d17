"""Who is duty leader, at the gate, on patrol, medical contact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import calendar_of
from kehou.chapters.journal import actions as journal
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.timetable.models import Duty
from kehou.lib.actors import Actor
from kehou.rules.calendar import day_name
from kehou.rules.staffing import DUTIES
from kehou.rules.verdicts import insist, refuse


@transaction.atomic
def give_duty(member: StaffMember, kind: str, *, on: date, by: Actor, at: datetime) -> Duty:
    """Put somebody on duty on a service day; twice is the same duty.

    :raises Refused: R-STAF-07 for an unknown duty or a day without service, R-STAF-03 for somebody who has left
    """
    school = member.school
    term = Term.objects.filter(from_on__lte=on, until_on__gt=on).first()
    serves = term is not None and calendar_of(term).is_service_day(on, school.code)
    insist(
        None if kind in DUTIES else refuse("R-STAF-07", "kind_unknown"),
        None if serves else refuse("R-STAF-07", "no_service_day", day=day_name(on)),
        refuse("R-STAF-03", "leader_has_left", name=member.name) if member.state == "left" else None,
    )
    duty, made = Duty.objects.get_or_create(school=school, on=on, kind=kind, staff=member)
    if made:
        code = school.code
        journal.write("timetable.duty_given", about=duty, by=by, at=at, school_code=code, on=on.isoformat(), kind=kind)
    return duty


@transaction.atomic
def give_duties(member: StaffMember, kind: str, *, days: Iterable[date], by: Actor, at: datetime) -> list[Duty]:
    """Put somebody on duty on several days, or on none of them. :raises Refused: as `give_duty`"""
    return [give_duty(member, kind, on=day, by=by, at=at) for day in days]


@transaction.atomic
def end_duty(duty: Duty, *, by: Actor, at: datetime) -> None:
    """Take somebody off duty. Doing it twice changes nothing."""
    if Duty.objects.filter(pk=duty.pk).exists():
        facts = {"on": duty.on.isoformat(), "kind": duty.kind, "staff": duty.staff_id}
        journal.write("timetable.duty_ended", about=duty, by=by, at=at, school_code=duty.school.code, **facts)
        Duty.objects.filter(pk=duty.pk).delete()
