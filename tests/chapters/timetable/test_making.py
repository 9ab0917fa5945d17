"""Sessions from table × calendar × closures: the right days, once, and in line again after every change."""

from __future__ import annotations

from collections import Counter
from datetime import date, time
from typing import Any

import pytest

from kehou.chapters.basis.models import CalendarDay
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.planning import actions as planning
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.queries import standing
from kehou.chapters.schools import actions as schools
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Session, SessionChange
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import AT, row
from tests.chapters.timetable.stage import HOMEWORK, NOW, SCIENCE, close, make, open_school, seat, session, slot
from tests.world import World, moment


@pytest.mark.clause("2.2-a")
def test_they_lie_on_school_days_of_the_service_only(world: World) -> None:
    open_school(world)
    outcome = make(world)
    days = set(Session.objects.filter(slot=slot(SCIENCE, 3)).values_list("on", flat=True))
    assert date(2026, 9, 9) in days  # the first Wednesday
    assert date(2026, 10, 10) in days  # a Saturday that follows Wednesday's timetable
    assert date(2026, 10, 7) not in days  # National Day
    assert min(Session.objects.values_list("on", flat=True)) == world.term.service_from_on
    assert max(Session.objects.values_list("on", flat=True)) < world.term.service_until_on
    assert outcome.made == Session.objects.count()


@pytest.mark.clause("4-c")
def test_none_before_the_filing_is_accepted(world: World) -> None:
    open_school(world)
    school, by = world.riverside.school, world.by_district("basic_education")
    planning.withdraw_clearance(school, world.term, reason="材料有误", by=by, at=AT)
    with pytest.raises(Refused) as no:
        make(world)
    assert no.value.refusal.key == "R-GATE-00:sessions_before_filing"
    planning.clear(school, world.term, receipt_number="LP-KHFW-2026秋-02", by=by, at=AT)
    assert make(world).made > 0


def test_none_while_the_table_is_open(world: World) -> None:
    table = open_school(world)
    programme.reopen(table, reason="改地点", by=world.riverside.by("asp_manager"), at=AT)
    with pytest.raises(Refused) as no:
        make(world)
    assert no.value.refusal.key == "R-GATE-02:table_not_public"


def test_a_second_run_does_nothing(world: World) -> None:
    open_school(world)
    make(world)
    before = list(Session.objects.order_by("pk").values())
    assert make(world).changed == 0
    assert list(Session.objects.order_by("pk").values()) == before
    assert Entry.objects.filter(verb="timetable.sessions_made").count() == 1


def test_monthly_activities_meet_on_the_nth_such_day(world: World) -> None:
    table = open_school(world)
    manager = world.riverside.by("asp_manager")
    programme.reopen(table, reason="增加法治课", by=manager, at=AT)
    law = row(world.riverside, name="法治课", slots={5: 1}, week_of_month=1, room=world.riverside.rooms["F-01"])
    programme.add_activity(table, law, by=manager, at=AT)
    programme.publish(table, by=world.riverside.by("principal"), at=AT)
    make(world)
    days = [
        str(day) for day in Session.objects.filter(slot=slot("法治课", 5)).order_by("on").values_list("on", flat=True)
    ]
    # The swap Sunday 09-20 follows Friday, but the first Friday of September's service is the 11th; 10-02 is a holiday.
    assert days == ["2026-09-11", "2026-10-09", "2026-11-06", "2026-12-04", "2027-01-08"]


@pytest.mark.clause("2.2-e")
def test_winter_sessions_have_winter_times(world: World) -> None:
    place, by, split = world.riverside, world.riverside.by("asp_manager"), date(2026, 10, 8)
    schools.change_season(place.season, name="夏季", from_on=world.term.from_on, until_on=split, by=by, at=AT)
    winter = schools.add_season(place.school, name="冬季", from_on=split, until_on=world.term.until_on, by=by, at=AT)
    early = {(grade, weekday): time(15, 30) for grade in range(1, 7) for weekday in range(1, 6)}
    schools.set_dismissals(winter, early, by=by, at=AT)
    open_school(world)
    make(world)
    assert session(SCIENCE, date(2026, 9, 9)).starts_at == time(16, 0)
    assert session(SCIENCE, date(2026, 11, 18)).starts_at == time(15, 40)


def test_a_closure_cancels_what_lies_ahead_and_tells_families_and_leader_once(world: World) -> None:
    open_school(world)
    seat(world, world.mei, slot(SCIENCE, 3))
    seat(world, world.bo, slot(SCIENCE, 3))
    make(world)
    close(date(2026, 11, 17), date(2026, 11, 27))
    outcome = make(world, NOW)
    cancelled = Counter(str(one.on) for one in outcome.cancelled)
    assert "2026-11-17" not in cancelled  # yesterday is history
    assert cancelled["2026-11-18"] == 2 and cancelled["2026-11-25"] == 2
    letter = Letter.objects.get(to_account=world.guardian.pk)
    assert letter.title == "课后服务有2次调整" and "11月18日 周三16:00“科学小实验”取消，原因：暴雨停课。" in letter.body
    assert Letter.objects.filter(to_account=world.riverside.who["teacher"].pk).count() == 1
    assert not Letter.objects.filter(to_account=world.other_guardian.pk).exists()
    change = SessionChange.objects.filter(session__slot=slot(SCIENCE, 3)).first()
    assert change and (change.kind, change.was["state"], change.becomes["state"]) == (
        "cancelled",
        "planned",
        "cancelled",
    )
    assert make(world, NOW).changed == 0


def test_what_opens_again_is_restored(world: World) -> None:
    open_school(world)
    make(world)
    storm = close(date(2026, 11, 23), date(2026, 11, 24))
    assert len(make(world, NOW).cancelled) == 2
    storm.lifted_at, storm.lifted_by = NOW, "区教委"
    storm.save()
    assert len(make(world, NOW).restored) == 2
    assert not Session.objects.filter(state="cancelled").exists()


def test_a_closure_of_another_school_cancels_nothing(world: World) -> None:
    open_school(world)
    make(world)
    close(date(2026, 11, 23), date(2026, 11, 24), school_code=world.hill.school.code)
    assert make(world, NOW).changed == 0


def test_a_day_that_was_closed_from_the_start_is_made_when_it_opens(world: World) -> None:
    open_school(world)
    storm = close(date(2026, 11, 23), date(2026, 11, 24))
    make(world)
    assert not Session.objects.filter(on=date(2026, 11, 23)).exists()
    storm.lifted_at, storm.lifted_by = NOW, "区教委"
    storm.save()
    assert make(world, NOW).made == 2


def test_a_changed_table_brings_the_future_in_line_and_leaves_the_past(world: World) -> None:
    table = open_school(world)
    make(world)
    place, manager = world.riverside, world.riverside.by("asp_manager")
    programme.reopen(table, reason="科学室维修", by=manager, at=NOW)
    science = standing(table).get(name=SCIENCE)
    programme.change_activity(science, row(place, room=place.rooms["P-01"], slots={3: 1, 5: 1}), by=manager, at=NOW)
    programme.publish(table, by=place.by("principal"), at=NOW)
    make(world, NOW)
    assert session(SCIENCE, date(2026, 11, 11)).room == place.rooms["F-03"]
    assert session(SCIENCE, date(2026, 11, 18)).room == place.rooms["P-01"]
    assert session(SCIENCE, date(2026, 11, 16)).state == "planned"  # a Monday of the past
    assert session(SCIENCE, date(2026, 11, 23)).state == "cancelled"
    assert session(SCIENCE, date(2026, 11, 20)).state == "planned"  # Friday is new
    assert not Session.objects.filter(slot=slot(SCIENCE, 5), on__lt=NOW.date()).exists()


def test_what_a_hand_has_changed_stays(world: World) -> None:
    open_school(world)
    make(world)
    place, manager = world.riverside, world.riverside.by("asp_manager")
    moved, cancelled = session(SCIENCE, date(2026, 11, 25)), session(SCIENCE, date(2026, 12, 2))
    timetable.move(moved, room=place.rooms["P-01"], reason="科学室检修", by=manager, at=NOW)
    timetable.cancel(cancelled, reason="老师病假", by=manager, at=NOW)
    assert make(world, NOW).changed == 0
    moved.refresh_from_db()
    cancelled.refresh_from_db()
    assert moved.room == place.rooms["P-01"] and cancelled.state == "cancelled"
    close(date(2026, 11, 25), date(2026, 11, 26))
    assert moved in make(world, NOW).cancelled


def test_a_changed_dismissal_moves_slots_then_sessions(world: World) -> None:
    table = open_school(world)
    make(world)
    place, manager = world.riverside, world.riverside.by("asp_manager")
    later = {(grade, weekday): time(16, 0) for grade in range(1, 7) for weekday in range(1, 6)}
    with pytest.raises(Refused) as no:
        timetable.change_dismissals(place.season, later, by=manager, at=NOW)
    assert no.value.refusal.key == "R-GATE-02:published_already"
    assert place.season.dismissals.filter(at=time(15, 50)).exists()
    programme.reopen(table, reason="冬季作息", by=manager, at=NOW)
    assert timetable.change_dismissals(place.season, later, by=manager, at=NOW) == 7
    programme.publish(table, by=place.by("principal"), at=NOW)
    make(world, NOW)
    assert session(SCIENCE, date(2026, 11, 18)).starts_at == time(16, 10)
    assert session(SCIENCE, date(2026, 11, 11)).starts_at == time(16, 0)


@pytest.mark.parametrize("days", [1, 20])
def test_lining_up_costs_the_same_for_one_day_and_for_twenty(
    world: World, days: int, django_assert_max_num_queries: Any
) -> None:
    open_school(world)
    seat(world, world.mei, slot(HOMEWORK, 1))
    make(world)
    close(date(2026, 11, 23), date(2026, 11, 23 + min(days, 7)) if days == 1 else date(2026, 12, 19))
    with django_assert_max_num_queries(45):
        assert make(world, moment(10)).cancelled


def test_a_day_that_becomes_a_holiday_cancels_with_that_reason_and_comes_back(world: World) -> None:
    open_school(world)
    make(world)
    day = CalendarDay.objects.create(on=date(2026, 11, 25), kind="off", name="运动会")
    outcome = make(world, NOW)
    assert {one.cause for one in outcome.cancelled} == {"closure"}
    assert SessionChange.objects.first().reason == "校历调整，这天没有课后服务"
    day.delete()
    assert len(make(world, NOW).restored) == 2


def test_a_session_moved_from_a_day_that_is_lost_later_is_still_held(world: World) -> None:
    open_school(world)
    make(world)
    science = session(SCIENCE, date(2026, 11, 25))
    timetable.move(science, on=date(2026, 11, 26), reason="运动会", by=world.riverside.by("asp_manager"), at=NOW)
    CalendarDay.objects.create(on=date(2026, 11, 25), kind="off", name="运动会")
    assert science not in make(world, NOW).cancelled


def test_closed_days_are_closed_while_the_table_is_being_changed(world: World) -> None:
    table = open_school(world)
    seat(world, world.mei, slot(SCIENCE, 3))
    make(world)
    manager = world.riverside.by("asp_manager")
    programme.reopen(table, reason="科学室检修", by=manager, at=NOW)
    programme.withdraw_activity(standing(table).get(name=HOMEWORK), by=manager, at=NOW)
    storm = close(date(2026, 11, 25), date(2026, 11, 26))
    school = world.riverside.school
    outcome = timetable.follow_closures(school, world.term, by=manager, at=NOW)
    assert len(outcome.cancelled) == 2 and outcome.made == 0
    assert Letter.objects.filter(to_account=world.guardian.pk).count() == 1
    assert timetable.follow_closures(school, world.term, by=manager, at=NOW).changed == 0
    storm.lifted_at, storm.lifted_by = NOW, "区教委"
    storm.save()
    assert len(timetable.follow_closures(school, world.term, by=manager, at=NOW).restored) == 2
    assert timetable.follow_closures(world.hill.school, world.term, by=manager, at=NOW).changed == 0, (
        "no table, nothing"
    )
