"""A published table at Riverside, cleared by the district, with its sessions; Mei and Bo may sit in one of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kehou.chapters.allocation.models import Placement
from kehou.chapters.basis.models import Closure
from kehou.chapters.enrolment.models import Application, Registration
from kehou.chapters.people.models import Pupil
from kehou.chapters.planning import actions as planning
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable, Slot, TablePublication
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Session
from tests.chapters.programme.stage import AT, homework, row
from tests.consultation import consult
from tests.world import World, moment

NOW: datetime = moment(10)  # Wednesday 2026-11-18
SCIENCE, HOMEWORK = "科学小实验", "作业静心屋"


def open_school(world: World) -> ActivityTable:
    """Return Riverside's published table; the district has accepted the filing."""
    place = world.riverside
    manager = place.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=manager, at=AT)
    for facts in (homework(place), row(place)):
        programme.add_activity(table, facts, by=manager, at=AT)
    consult(world)
    programme.publish(table, by=place.by("principal"), at=AT)
    planning.clear(
        place.school, world.term, receipt_number="LP-KHFW-2026秋-01", by=world.by_district("basic_education"), at=AT
    )
    table.refresh_from_db()
    return table


def make(world: World, at: datetime = AT) -> timetable.Outcome:
    """Return what a run over Riverside's table has done."""
    return timetable.make_sessions(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=at)


def slot(name: str, weekday: int) -> Slot:
    """Return a standing slot by the name of its activity."""
    return Slot.objects.get(activity__name=name, weekday=weekday, withdrawn_at=None)


def session(name: str, on: date) -> Session:
    """Return a session by the name of its activity and its day."""
    return Session.objects.select_related("school", "term", "slot__activity", "room", "leader").get(
        slot__activity__name=name, on=on
    )


def seat(world: World, pupil: Pupil, taken: Slot) -> Placement:
    """Give a child a seat for the whole service, as the draw would."""
    school, term = world.riverside.school, world.term
    registration = Registration.objects.filter(school=school, term=term).first() or _registration(world)
    application, _ = Application.objects.get_or_create(
        registration=registration, pupil=pupil, defaults={"joins": True, "version": 1, "digest": "0" * 64}
    )
    return Placement.objects.create(
        application=application,
        slot=taken,
        weekday=taken.weekday,
        from_on=term.service_from_on,
        until_on=term.service_until_on,
    )


def _registration(world: World) -> Registration:
    place = world.riverside
    return Registration.objects.create(
        school=place.school,
        term=world.term,
        opens_at=AT,
        closes_at=moment(20, on=date(2026, 9, 4)),
        method="gsd",
        table=TablePublication.objects.get(table__school=place.school),
        opened_by="课后服务管理员",
        opened_at=AT,
    )


def close(first: date, until: date, reason: str = "暴雨停课", **changes: Any) -> Closure:
    """Return a closure of every school."""
    return Closure.objects.create(
        from_on=first, until_on=until, reason=reason, approved_by="区教委", approved_at=AT, **changes
    )
