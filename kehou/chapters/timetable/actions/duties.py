"""Who is duty leader, at the gate, on patrol, medical contact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import calendar_of
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import leaves_of, refusals_to_schedule
from kehou.chapters.timetable.models import Duty
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects
from kehou.rules.calendar import day_name
from kehou.rules.signing_up import refusal_of_leave
from kehou.rules.spans import DAY
from kehou.rules.staffing import DUTIES
from kehou.rules.verdicts import Refusal, insist, refuse


def give_duty(member: StaffMember, kind: str, *, on: date, by: Actor, at: datetime) -> Duty:
    """Put somebody on duty on a service day; twice is the same duty. :raises Refused: as `give_duties`"""
    give_duties(member.school, [(on, kind, member)], by=by, at=at)
    return Duty.objects.get(school=member.school, on=on, kind=kind, staff=member)


@transaction.atomic
def give_duties(
    school: School, rows: Iterable[tuple[date, str, StaffMember]], *, by: Actor, at: datetime
) -> list[Duty]:
    """Put people on duty: (day, kind, person), all or none; return what is new. A few statements, however many days.

    :raises Refused: R-STAF-07 for an unknown duty or a day without service, R-STAF-03 for somebody of another school,
        and whatever keeps a person from serving on the day (R-EXT-04, R-FILE-01, R-FILING-01)
    """
    rows = list(dict.fromkeys(rows))
    # Two offices filling the same gap; and whoever is taken off duty at this instant is not put on one more.
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    insist(*dict.fromkeys(_refusals(school, rows)))
    days = {on for on, _, _ in rows}
    held = set(school.duties.filter(on__in=days).values_list("on", "kind", "staff_id"))
    new = [
        Duty(school=school, on=on, kind=kind, staff=member)
        for on, kind, member in rows
        if (on, kind, member.pk) not in held
    ]
    insert_objects(new)
    journal.write_many(
        [("timetable.duty_given", duty, {"on": duty.on.isoformat(), "kind": duty.kind}) for duty in new],
        by=by,
        at=at,
        school_code=school.code,
    )
    return new


def _refusals(school: School, rows: list[tuple[date, str, StaffMember]]) -> Iterator[Refusal]:
    served: set[date] = set()
    terms = list(Term.objects.filter(from_on__lte=max((on for on, _, _ in rows), default=date.min)))
    for term in terms:
        served.update(calendar_of(term).service_days(school=school.code))
    days = [on for on, _, _ in rows]
    people = {member.pk for _, _, member in rows}
    leaves = leaves_of(people, from_on=min(days), until_on=max(days) + DAY) if days else {}
    for on, kind, member in rows:
        if kind not in DUTIES:
            yield refuse("R-STAF-07", "kind_unknown")
        if on not in served:
            yield refuse("R-STAF-07", "no_service_day", day=day_name(on))
        if member.school_id != school.pk:
            yield refuse("R-STAF-03", "leader_of_another_school")
        if no := refusal_of_leave(member.name, on, leaves.get(member.pk, ())):
            yield no
    yield from _unfit(school, rows, terms)


def _unfit(school: School, rows: list[tuple[date, str, StaffMember]], terms: list[Term]) -> Iterator[Refusal]:
    """Yield why somebody may not be with pupils on the last of their days in each term (P8-1)."""
    fresh = {one.pk: one for one in school.staff.filter(pk__in={member.pk for _, _, member in rows})}
    for term in terms:
        days: dict[int, date] = {}
        for on, _, member in rows:
            if term.from_on <= on < term.until_on and member.pk in fresh:
                days[member.pk] = max(on, days.get(member.pk, on))
        people = [fresh[pk] for pk in days]
        for one in people:
            one.school = school
        yield from refusals_to_schedule(people, term, on=days, groups=False).values()


@transaction.atomic
def end_duty(duty: Duty, *, by: Actor, at: datetime) -> None:
    """Take somebody off duty. Doing it twice changes nothing."""
    if Duty.objects.filter(pk=duty.pk).delete()[0]:
        facts = {"on": duty.on.isoformat(), "kind": duty.kind, "staff": duty.staff_id}
        journal.write("timetable.duty_ended", about=duty, by=by, at=at, school_code=duty.school.code, **facts)
