"""Two offices book the same room, publish the same table, make the same sessions, take the same hour: once each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db.models import Count

from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import Clearance
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import Activity, ActivityTable, TablePublication
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Season
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Duty, Session, SessionChange
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import AT, homework, row
from tests.chapters.timetable.stage import NOW, SCIENCE, make, open_school, session
from tests.consultation import consult
from tests.races.test_seats import race, refused
from tests.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 6


@pytest.fixture
def stage() -> World:
    """Return the world, written for good, with its plan signed."""
    world = build()
    consult(world)
    return world


def keys(results: list[Any]) -> set[str]:
    return {no.refusal.key for no in results if isinstance(no, Refused)}


def begun(world: World) -> ActivityTable:
    return programme.start_table(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=AT)


@pytest.mark.clause("2.3-l")
def test_a_room_is_booked_once(stage: World) -> None:
    place, table = stage.riverside, begun(stage)
    by = place.by("asp_manager")

    def booking(number: int) -> Any:
        facts = replace(row(place), name=f"活动{number}", leader=None, capacity=20)
        return lambda: programme.add_activity(table, facts, by=by, at=AT)

    results = race(*(booking(number) for number in range(THREADS)))
    assert refused(results) == THREADS - 1 and keys(results) == {"R-VEN-02:room_taken"}
    assert Activity.objects.count() == 1


def test_a_table_is_begun_once(stage: World) -> None:
    results = race(*(lambda: begun(stage) for _ in range(THREADS)))
    assert len({one.pk for one in results}) == 1 and ActivityTable.objects.count() == 1


@pytest.mark.clause("2.3-h")
def test_a_version_is_published_once(stage: World) -> None:
    place, table = stage.riverside, begun(stage)
    for facts in (homework(place), row(place)):
        programme.add_activity(table, facts, by=place.by("asp_manager"), at=AT)
    results = race(*(lambda: programme.publish(table, by=place.by("principal"), at=AT) for _ in range(THREADS)))
    assert refused(results) == THREADS - 1 and keys(results) == {"R-GATE-02:published_already"}
    assert TablePublication.objects.count() == 1


def test_what_is_published_is_what_was_checked(stage: World) -> None:
    """A change that meets a publication comes before it or is refused: never into what families already read."""
    place, table = stage.riverside, begun(stage)
    for facts in (homework(place), row(place)):
        programme.add_activity(table, facts, by=place.by("asp_manager"), at=AT)
    science = Activity.objects.get(name=SCIENCE)
    results = race(
        lambda: programme.publish(table, by=place.by("principal"), at=AT),
        lambda: programme.change_activity(science, row(place, capacity=16), by=place.by("asp_manager"), at=AT),
    )
    science.refresh_from_db()
    published = next(one for one in TablePublication.objects.get().rows if one["name"] == SCIENCE)
    assert published["capacity"] == science.capacity
    assert science.capacity == (20 if isinstance(results[1], Refused) else 16)


def test_sessions_are_made_once(stage: World) -> None:
    open_school(stage)
    results = race(*(lambda: make(stage) for _ in range(4)))
    assert refused(results) == 0
    assert sorted(one.made for one in results)[:-1] == [0, 0, 0]
    twice = Session.objects.values("slot", "planned_on").annotate(count=Count("pk")).filter(count__gt=1)
    assert not twice and Session.objects.count() == max(one.made for one in results)


def test_two_sessions_are_not_moved_into_the_same_room(stage: World) -> None:
    open_school(stage)
    make(stage)
    place, by = stage.riverside, stage.riverside.by("asp_manager")
    wednesday, thursday = date(2026, 11, 25), date(2026, 11, 26)
    science, reading = session(SCIENCE, wednesday), session("作业静心屋", wednesday)
    library = place.rooms["F-01"]
    results = race(
        lambda: timetable.move(science, on=thursday, room=library, reason="检修", by=by, at=NOW),
        lambda: timetable.move(
            reading, room=place.rooms["F-01"], starts_at=reading.starts_at, reason="检修", by=by, at=NOW
        ),
    )
    assert refused(results) == 0, "different days"
    clubs = [session("作业静心屋", date(2026, 11, 30)), session(SCIENCE, date(2026, 11, 30))]
    results = race(*(lambda one=one: timetable.move(one, room=library, reason="检修", by=by, at=NOW) for one in clubs))
    assert refused(results) == 1 and keys(results) == {"R-VEN-02:room_taken_that_day"}
    assert Session.objects.filter(room=library, on=date(2026, 11, 30)).count() == 1


def test_a_session_is_cancelled_once(stage: World) -> None:
    open_school(stage)
    make(stage)
    science, by = session(SCIENCE, date(2026, 11, 25)), stage.riverside.by("asp_manager")
    results = race(*(lambda: timetable.cancel(science, reason="病假", by=by, at=NOW) for _ in range(4)))
    assert refused(results) == 3 and keys(results) == {"R-TIME-01:session_cancelled"}
    assert SessionChange.objects.count() == 1


def test_one_season_holds_on_a_day_whoever_is_quicker(stage: World) -> None:
    place, by = stage.riverside, stage.riverside.by("asp_manager")
    Season.objects.filter(school=place.school).delete()
    span = {"from_on": date(2026, 9, 1), "until_on": date(2026, 11, 1)}
    results = race(
        *(lambda n=n: schools.add_season(place.school, name=f"作息{n}", **span, by=by, at=AT) for n in range(4))
    )
    assert refused(results) == 3 and Season.objects.filter(school=place.school).count() == 1


@pytest.mark.clause("4-c")
def test_a_school_is_cleared_once(stage: World) -> None:
    by = stage.by_district("basic_education")

    def clearing(number: int) -> Any:
        return lambda: planning.clear(stage.riverside.school, stage.term, receipt_number=f"LP-{number}", by=by, at=AT)

    results = race(*(clearing(number) for number in range(4)))
    assert refused(results) == 3 and Clearance.objects.count() == 1


def test_a_duty_is_given_once(stage: World) -> None:
    place, by = stage.riverside, stage.riverside.by("asp_manager")
    member, on = place.staff["duty_leader"], date(2026, 11, 25)
    race(*(lambda: timetable.give_duty(member, "leader", on=on, by=by, at=AT) for _ in range(4)))
    assert Duty.objects.count() == 1


def test_a_substitute_entered_while_somebody_is_suspended_stays(stage: World) -> None:
    """Whoever is second sees what the first has done: a session with a substitute is not emptied."""
    place, by = stage.riverside, stage.riverside.by("asp_manager")
    open_school(stage)
    make(stage)
    teacher, other = place.staff["teacher"], place.staff["duty_leader"]
    led = list(Session.objects.filter(leader=teacher, on__gt=NOW.date()).order_by("on", "pk")[:3])
    results = race(
        lambda: timetable.suspend(teacher, reason="投诉属实", by=by, at=NOW),
        *(lambda one=one: timetable.substitute(one, other, reason="病假", by=by, at=NOW) for one in led),
    )
    assert refused(results) == 0
    assert {one.leader_id for one in Session.objects.filter(pk__in=[one.pk for one in led])} == {other.pk}
    assert not Session.objects.filter(leader=teacher, on__gt=NOW.date()).exists()


def test_nobody_is_put_on_duty_while_being_suspended(stage: World) -> None:
    place, by = stage.riverside, stage.riverside.by("asp_manager")
    teacher, on = place.staff["teacher"], date(2026, 11, 25)
    race(
        lambda: timetable.suspend(teacher, reason="投诉属实", by=by, at=NOW),
        *(lambda kind=kind: timetable.give_duty(teacher, kind, on=on, by=by, at=NOW) for kind in ("gate", "patrol")),
    )
    assert not Duty.objects.filter(staff=teacher, on=on).exists()
