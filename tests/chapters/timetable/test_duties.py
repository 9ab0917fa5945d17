"""Duty on a service day: leader, gate, patrol, medical contact."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kehou.chapters.basis.queries import service_days
from kehou.chapters.journal.models import Entry
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Duty
from kehou.chapters.timetable.queries import roster_of
from kehou.rules.spans import Span
from kehou.rules.staffing import DUTIES
from kehou.rules.verdicts import Refused
from tests.chapters.timetable.stage import NOW
from tests.world import World

WEEK = Span(date(2026, 9, 21), date(2026, 9, 28))


@pytest.mark.clause("3.2-c")
def test_a_day_needs_all_four(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    for kind in ("leader", "gate", "patrol"):
        timetable.give_duty(place.staff["duty_leader"], kind, on=WEEK.start, by=manager, at=NOW)
    monday, tuesday, *_, friday = roster_of(place.school, world.term, WEEK)
    assert monday.missing and monday.missing.fact("missing") == "医务联系人"
    assert tuesday.missing and tuesday.missing.fact("missing") == "值班领导、门卫、巡查、医务联系人"
    assert friday.closed and friday.missing is None  # Mid-autumn
    timetable.give_duty(place.staff["teacher"], "medical", on=WEEK.start, by=manager, at=NOW)
    assert roster_of(place.school, world.term, WEEK)[0].missing is None


def test_a_swap_sunday_is_on_the_roster(world: World) -> None:
    days = [day.on for day in roster_of(world.riverside.school, world.term, Span(date(2026, 9, 14), date(2026, 9, 21)))]
    assert days[-1] == date(2026, 9, 20) and len(days) == 6


def test_it_is_refused(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    with pytest.raises(Refused) as no:
        timetable.give_duty(place.staff["teacher"], "cook", on=date(2026, 9, 25), by=manager, at=NOW)
    assert [one.key for one in no.value.refusals] == ["R-STAF-07:kind_unknown", "R-STAF-07:no_service_day"]


def test_twice_is_once_and_ending_ends(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    duty = timetable.give_duty(place.staff["teacher"], "gate", on=WEEK.start, by=manager, at=NOW)
    assert timetable.give_duty(place.staff["teacher"], "gate", on=WEEK.start, by=manager, at=NOW) == duty
    timetable.end_duty(duty, by=manager, at=NOW)
    timetable.end_duty(duty, by=manager, at=NOW)
    assert not Duty.objects.exists() and set(DUTIES) == {"leader", "gate", "patrol", "medical"}


@pytest.mark.parametrize("days", [2, 20])
def test_a_roster_of_many_days_costs_the_same(world: World, days: int, django_assert_num_queries: Any) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    served = service_days(world.term)[:days]
    rows = [(on, kind, place.staff["duty_leader"]) for on in served for kind in DUTIES]
    with django_assert_num_queries(13):
        assert len(timetable.give_duties(place.school, rows, by=manager, at=NOW)) == days * 4
    assert timetable.give_duties(place.school, rows, by=manager, at=NOW) == []
    assert Entry.objects.filter(verb="timetable.duty_given").count() == days * 4


def test_nobody_of_another_school_and_nobody_who_has_left(world: World) -> None:
    place, manager, on = world.riverside, world.riverside.by("asp_manager"), WEEK.start
    gone = place.staff["volunteer"]
    staffing.leave(gone, on=NOW.date(), reason="搬家", by=manager, at=NOW)
    with pytest.raises(Refused) as no:
        rows = [(on, "gate", world.hill.staff["teacher"]), (on, "gate", gone)]
        timetable.give_duties(place.school, rows, by=manager, at=NOW)
    assert [one.why for one in no.value.refusals] == ["leader_of_another_school", "leader_has_left"]
