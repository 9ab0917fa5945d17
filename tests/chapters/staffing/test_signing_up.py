"""自愿报名: asked, answered by their own will, held against own work, changed on request, carried into the plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.queries import checking
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.models import SignUp
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import row
from tests.chapters.staffing.outside import ASKED, AT, NO, YES, window_at
from tests.deciding import put_in_force
from tests.world import World

LATER = ASKED + timedelta(days=1)
AFTER = ASKED + timedelta(days=8)


def keys(no: pytest.ExceptionInfo[Refused]) -> list[str]:
    assert all(say(one) for one in no.value.refusals)
    return [one.key for one in no.value.refusals]


def lesson(world: World, weekday: int, start: time, end: time, key: str = "teacher", kind: str = "lesson") -> None:
    term = world.term
    bond = staffing.Bond(kind, "五年级2班美术", term.from_on, term.until_on, weekday, start, end)
    staffing.add_commitments([(world.riverside.staff[key], bond)], by=world.riverside.by("asp_manager"), at=ASKED)


@pytest.mark.clause("2.4-c")
def test_a_teacher_answers_by_their_own_will_and_the_last_answer_counts(world: World) -> None:
    place, window = world.riverside, window_at(world)
    member, by = place.staff["teacher"], place.by("teacher")
    assert Letter.objects.filter(kind="sign_up", to_account=place.who["teacher"].pk).count() == 1
    with pytest.raises(Refused) as no:
        staffing.sign_up(window, member, replace(YES, joins=None), by=by, at=LATER)
    assert keys(no) == ["R-STAF-05:not_answered"]
    staffing.sign_up(window, member, NO, by=by, at=LATER)
    kept = staffing.sign_up(window, member, YES, by=by, at=LATER)
    assert (kept.version, kept.days, kept.weekly_cap, kept.channel) == (2, {"2": 2, "4": 1}, 3, "phone")
    assert list(queries.current_sign_ups(window)) == [kept]
    member.refresh_from_db()
    assert (member.weekdays, member.weekly_cap, member.skills) == ([2, 4], 3, "书法、竹笛")


@pytest.mark.clause("2.4-c")
def test_own_lessons_duties_and_the_weekly_limit_stand_against_an_answer(world: World) -> None:
    place, window = world.riverside, window_at(world)
    member, by = place.staff["teacher"], place.by("teacher")
    lesson(world, 2, time(16, 10), time(16, 50))
    lesson(world, 4, time(17, 0), time(17, 30), kind="duty")
    with pytest.raises(Refused) as no:
        staffing.sign_up(window, member, replace(YES, days={2: 3, 4: 3}), by=by, at=LATER)
    assert keys(no) == ["R-STAF-03:own_work", "R-STAF-03:own_work"]
    assert [one.fact("free") for one in no.value.refusals] == [2, 2]
    with pytest.raises(Refused) as no:
        staffing.sign_up(window, member, replace(YES, weekly_cap=13), by=by, at=LATER)
    assert keys(no) == ["R-STAF-04:cap_above_limit"]
    assert staffing.sign_up(window, member, replace(YES, days={2: 1, 4: 1}), by=by, at=LATER).joins


@pytest.mark.clause("2.4-c")
def test_who_said_no_or_nothing_is_not_given_a_group_and_who_said_yes_is(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=manager, at=AT)
    window = window_at(world)
    staffing.sign_up(window, place.staff["teacher"], NO, by=place.by("teacher"), at=LATER)
    for silent in ("teacher", "duty_leader"):
        with pytest.raises(Refused) as no:
            programme.add_activity(table, row(place, leader=place.staff[silent]), by=manager, at=AT)
        assert keys(no) == ["R-STAF-05:has_not_offered"]
    staffing.sign_up(window, place.staff["teacher"], YES, by=manager, at=AT, channel=SignUp.PAPER)
    programme.add_activity(table, row(place, slots={2: 1, 4: 1}), by=manager, at=AT)


@pytest.mark.clause("2.4-c")
def test_a_group_is_not_planned_against_a_lesson_and_not_given_to_somebody_on_leave(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=manager, at=AT)
    lesson(world, 1, time(16, 20), time(17, 0))
    with pytest.raises(Refused) as no:
        programme.add_activity(table, row(place), by=manager, at=AT)
    assert "R-STAF-03:leader_taken" in keys(no) and no.value.refusals[0].fact("by") == "五年级2班美术"
    programme.add_activity(table, row(place, slots={3: 1}), by=manager, at=AT)


@pytest.mark.parametrize(("asked", "given"), [(5, 4), (1, 0)])
def test_the_district_says_how_long_teachers_are_asked(world: World, asked: int, given: int) -> None:
    put_in_force("staff.sign_up_days", asked, world=world, from_on=ASKED.date())
    with pytest.raises(Refused) as no:
        window_at(world, days=given)
    assert keys(no) == ["R-STAF-05:window_too_short"] and no.value.refusal.fact("days") == asked
    assert window_at(world, days=asked).closes_at == ASKED + timedelta(days=asked)


def test_a_second_window_and_a_short_one_are_refused(world: World) -> None:
    place = world.riverside
    with pytest.raises(Refused) as no:
        window_at(world, days=2)
    assert keys(no) == ["R-STAF-05:window_too_short"]
    window = window_at(world)
    with pytest.raises(Refused) as no:
        window_at(world)
    assert keys(no) == ["R-STAF-05:window_open_already"]
    staffing.close_sign_up(window, by=place.by("asp_manager"), at=LATER)
    with pytest.raises(Refused) as no:
        staffing.close_sign_up(window, by=place.by("asp_manager"), at=LATER)
    assert keys(no) == ["R-STAF-05:window_closed_already"]
    with pytest.raises(Refused) as no:
        staffing.sign_up(window, place.staff["teacher"], YES, by=place.by("teacher"), at=LATER)
    assert keys(no) == ["R-STAF-05:window_closed"]


def test_after_the_window_a_change_is_asked_for_and_whoever_stops_is_let_go(world: World) -> None:
    place, window, manager = world.riverside, window_at(world), world.riverside.by("asp_manager")
    member, by = place.staff["teacher"], place.by("teacher")
    staffing.sign_up(window, member, YES, by=by, at=LATER)
    with pytest.raises(Refused) as no:
        staffing.ask_change(window, member, NO, reason="家里有事", by=by, at=LATER)
    assert keys(no) == ["R-STAF-05:window_open_still"]
    fewer = replace(YES, days={2: 1}, weekly_cap=1)
    asked = staffing.ask_change(window, member, fewer, reason="接孩子", by=by, at=AFTER)
    with pytest.raises(Refused) as no:
        staffing.ask_change(window, member, NO, reason="", by=by, at=AFTER)
    assert keys(no) == ["R-STAF-05:change_waits", "R-STAF-05:reason_missing"]
    staffing.decide_change(asked, granted=False, note="那天没有别人", by=manager, at=AFTER)
    assert queries.answer_of(window, member).weekly_cap == 3  # type: ignore[union-attr]
    stops = staffing.ask_change(window, member, NO, reason="身体原因", by=by, at=AFTER)
    with pytest.raises(Refused) as no:
        staffing.decide_change(stops, granted=False, note="不行", by=manager, at=AFTER)
    assert keys(no) == ["R-STAF-05:leaving_is_free"]
    staffing.decide_change(stops, granted=True, by=manager, at=AFTER)
    assert queries.answer_of(window, member).joins is False  # type: ignore[union-attr]
    member.refresh_from_db()
    assert (member.weekdays, member.weekly_cap) == ([], 0)
    with pytest.raises(Refused) as no:
        staffing.decide_change(stops, granted=True, by=manager, at=AFTER)
    assert keys(no) == ["R-STAF-05:change_decided"]


def test_counts_do_not_tell_no_from_silence_and_the_journal_does_not_tell_who_said_no(world: World) -> None:
    place, window = world.riverside, window_at(world)
    before = queries.counts_of(window)
    staffing.sign_up(window, place.staff["teacher"], NO, by=place.by("teacher"), at=LATER)
    assert queries.counts_of(window) == before and before.others == 3
    assert queries.lines_of(window) == []
    staffing.sign_up(window, place.staff["duty_leader"], YES, by=place.by("duty_leader"), at=LATER)
    counts = queries.counts_of(window)
    assert (counts.joins, counts.hours, counts.by_weekday) == (1, 3, {1: 0, 2: 1, 3: 0, 4: 1, 5: 0})
    assert [one.member for one in queries.lines_of(window, weekday=2)] == [place.staff["duty_leader"]]
    assert queries.lines_of(window, weekday=1) == []
    said = [entry.facts for entry in Entry.objects.filter(verb="staffing.signed_up")]
    assert said == [{"version": 1, "channel": "phone"}] * 2


def test_paper_needs_a_signature_and_a_stranger_is_not_on_the_list(world: World) -> None:
    place, window = world.riverside, window_at(world)
    manager = place.by("asp_manager")
    with pytest.raises(Refused) as no:
        staffing.sign_up(window, place.staff["teacher"], YES, by=manager, at=AFTER, channel=SignUp.PAPER, signed=False)
    assert keys(no) == ["R-STAF-05:signature_missing"]
    with pytest.raises(Refused) as no:
        staffing.sign_up(window, world.hill.staff["teacher"], YES, by=manager, at=LATER)
    assert keys(no) == ["R-STAF-05:not_on_the_list"]
    assert staffing.sign_up(window, place.staff["teacher"], YES, by=manager, at=AFTER, channel=SignUp.PAPER).joins


def test_many_answers_are_kept_together_once(world: World) -> None:
    place, window = world.riverside, window_at(world)
    rows = [(place.staff["teacher"], YES), (place.staff["duty_leader"], YES)]
    assert staffing.sign_up_many(window, rows, by=place.by("asp_manager"), at=LATER) == 2
    assert place.school.staff.filter(weekly_cap=3).count() == 2
    with pytest.raises(Refused):
        staffing.sign_up_many(window, rows, by=place.by("asp_manager"), at=LATER)
    assert SignUp.objects.count() == 2


@pytest.mark.clause("2.4-d")
def test_skills_and_wishes_stand_apart_from_the_subject_and_are_suggested(world: World) -> None:
    place, manager, window = world.riverside, world.riverside.by("asp_manager"), window_at(world)
    place.school.staff.filter(pk=place.staff["teacher"].pk).update(subject="数学")
    staffing.sign_up(window, place.staff["teacher"], YES, by=place.by("teacher"), at=LATER)
    table = programme.start_table(place.school, world.term, by=manager, at=AT)
    found = checking(table, on=AT.date()).suggested(row(place, name="书法小组", leader=None, slots={2: 1, 4: 1}))
    assert [(one.name, one.skills, one.all_days, one.left) for one in found] == [
        (place.staff["teacher"].name, ("书法",), True, 3)
    ]
    mathematician = place.school.staff.get(pk=place.staff["teacher"].pk)
    programme.add_activity(
        table, row(place, name="书法小组", leader=mathematician, slots={2: 1, 4: 1}), by=manager, at=AT
    )  # no subject lock


def test_commitments_are_noted_once_and_taken_out(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    lesson(world, 2, time(8, 0), time(8, 40))
    lesson(world, 2, time(8, 0), time(8, 40))
    (one,) = place.staff["teacher"].commitments.all()
    staffing.remove_commitment(one, by=manager, at=AT)
    staffing.remove_commitment(one, by=manager, at=AT)
    assert not place.staff["teacher"].commitments.exists()
    for bad in (
        staffing.Bond("lesson", "x", date(2026, 9, 1), date(2026, 9, 1)),
        staffing.Bond("lesson", "x", date(2026, 9, 1), date(2026, 10, 1), 2, time(9), time(8)),
    ):
        with pytest.raises(Refused):
            staffing.add_commitments([(place.staff["teacher"], bad)], by=manager, at=AT)
