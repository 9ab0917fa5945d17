"""The calendar changes and the sessions follow: cancelled with the reason, held again, families told."""

from __future__ import annotations

from datetime import date

import pytest

from kehou.chapters.basis.models import Closure
from kehou.chapters.journal.models import Letter
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Session
from kehou.lib import jobs
from kehou.lib.models import JobReport
from kehou.rules.spans import Span
from kehou.rules.verdicts import Refused
from tests.chapters.timetable.stage import NOW, SCIENCE, make, open_school, seat, session, slot
from tests.world import World

FRIDAY = date(2026, 11, 20)
WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def school(world: World, at_moment) -> World:
    at_moment(NOW)
    open_school(world)
    make(world)
    seat(world, world.mei, slot(SCIENCE, 3))
    return world


def held(world: World, on: date) -> int:
    return Session.objects.filter(school=world.riverside.school, on=on, state=Session.PLANNED).count()


def test_a_closure_cancels_the_sessions_and_tells_the_families(school: World) -> None:
    by = school.by_district("basic_education")
    closure = timetable.declare_closure(
        Span.through(FRIDAY, WEDNESDAY), reason="暴雨红色预警", by=by, at=NOW, school_code=school.riverside.school.code
    )
    assert held(school, WEDNESDAY) > 0, "the worker has not come yet"
    assert jobs.work_off() == 1
    assert held(school, WEDNESDAY) == 0
    assert session(SCIENCE, WEDNESDAY).state == Session.CANCELLED
    letter = Letter.objects.filter(to_account=school.guardian.pk).latest("pk")
    assert "暴雨红色预警" in letter.body
    timetable.lift_closure(closure, by=by, at=NOW.replace(hour=11))
    jobs.work_off()
    assert held(school, WEDNESDAY) > 0


def test_only_schools_with_sessions_are_asked_and_each_once(school: World) -> None:
    by = school.by_district("basic_education")
    timetable.declare_closure(Span.through(FRIDAY, FRIDAY), reason="流感", by=by, at=NOW)
    report = JobReport.objects.get()
    assert (report.school_code, report.asked_by) == (school.riverside.school.code, by.name)
    timetable.declare_closure(
        Span.through(FRIDAY, FRIDAY), reason="停电", by=by, at=NOW, school_code=school.hill.school.code
    )
    assert JobReport.objects.count() == 1


def test_what_is_refused_asks_for_nothing(school: World) -> None:
    by = school.by_district("basic_education")
    with pytest.raises(Refused):
        timetable.declare_closure(Span.through(date(2026, 11, 2), FRIDAY), reason="晚了", by=by, at=NOW)
    assert not Closure.objects.exists()
    assert not JobReport.objects.exists()


def test_a_day_that_becomes_a_holiday_or_a_swap_day_is_followed(school: World) -> None:
    by, saturday = school.by_district("basic_education"), date(2026, 11, 28)
    timetable.set_day(WEDNESDAY, kind="off", name="运动会", by=by, at=NOW)
    timetable.set_day(saturday, kind="school", follows=3, name="运动会调休", by=by, at=NOW.replace(minute=1))
    jobs.work_off()
    assert held(school, WEDNESDAY) == 0
    assert session(SCIENCE, saturday).state == Session.PLANNED
    assert timetable.remove_day(WEDNESDAY, by=by, at=NOW.replace(minute=2))
    jobs.work_off()
    assert held(school, WEDNESDAY) > 0
    assert not timetable.remove_day(date(2026, 12, 2), by=by, at=NOW)
