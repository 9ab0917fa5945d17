"""What a teacher offers, what stands against it, who fits; lessons from a spreadsheet."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.lessons import read_lessons, weekday_of
from kehou.rules.roster.grid import Grid
from kehou.rules.sentences import say
from kehou.rules.signing_up import (
    Busy,
    StaffOffer,
    Willing,
    refusal_of_leave,
    refusal_of_window,
    refusal_to_answer,
    refusal_to_decline,
    refusal_to_plan,
    refusals_of_clash,
    refusals_of_offer,
    suggestions,
    warning_of_long_week,
)
from kehou.rules.spans import ClockSpan

HOURS = tuple(ClockSpan(time(hour, 0), time(hour, 40)) for hour in (16, 17, 18))
WEEK = dict.fromkeys(range(1, 6), HOURS)
LIMITS = {"daily": 3, "weekly": 12}


def keys(found):
    assert all(say(one) for one in found)
    return [one.key for one in found]


def test_nothing_is_answered_beforehand_and_no_owes_no_reason():
    assert keys(refusals_of_offer(StaffOffer(), **LIMITS)) == ["R-STAF-05:not_answered"]
    assert refusals_of_offer(StaffOffer(joins=False), **LIMITS) == ()


def test_yes_needs_a_day_and_a_cap_within_the_limits():
    yes = StaffOffer(joins=True)
    assert keys(refusals_of_offer(yes, **LIMITS)) == ["R-STAF-05:no_day_chosen", "R-STAF-04:cap_missing"]
    much = StaffOffer(True, {1: 4, 6: 1}, 13)
    assert keys(refusals_of_offer(much, **LIMITS)) == ["R-STAF-04:too_many_a_day"] * 2 + ["R-STAF-04:cap_above_limit"]
    assert refusals_of_offer(StaffOffer(True, {1: 2}, 12, ("书法",)), **LIMITS) == ()
    assert warning_of_long_week(StaffOffer(True, {1: 3}, 11), warn_from=10).fact("hours") == 11
    assert warning_of_long_week(StaffOffer(True, {1: 3}, 10), warn_from=10) is None
    assert keys(refusals_of_offer(StaffOffer(True, {1: 1}, 1, tuple("abcdefghijklm")), **LIMITS)) == [
        "R-STAF-06:too_many_skills"
    ]


def test_own_lessons_take_class_hours_and_are_named():
    lesson = Busy(3, ClockSpan(time(16, 10), time(16, 50)), "五年级2班美术")
    (no,) = refusals_of_clash({3: 3, 4: 3}, WEEK, [lesson])
    assert (no.key, no.fact("free"), no.fact("what")) == ("R-STAF-03:own_work", 2, "五年级2班美术")
    assert refusals_of_clash({3: 2}, WEEK, [lesson]) == ()
    assert refusals_of_clash({3: 3}, WEEK, [Busy(3, ClockSpan(time(14, 0), time(16, 0)), "早一节")]) == ()


@given(
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(900, 1120), st.integers(10, 60)), max_size=4),
)
def test_whoever_is_refused_has_too_few_free_hours_and_never_otherwise(hours, lessons):
    busy = [
        Busy(2, ClockSpan(time(at // 60, at % 60), time((at + length) // 60, (at + length) % 60)), "课")
        for at, length in lessons
    ]
    free = sum(not any(one.span.overlaps(span) for one in busy) for span in HOURS)
    assert bool(refusals_of_clash({2: hours}, WEEK, busy)) == (hours > free)


def test_the_window_gives_time_and_ends():
    opens = datetime(2026, 9, 1, 8, tzinfo=UTC)
    for least in (1, 3, 30):
        short = refusal_of_window(opens, opens + timedelta(days=least, minutes=-1), least_days=least)
        assert short.fact("days") == least and f"{least}天" in say(short)
        assert refusal_of_window(opens, opens + timedelta(days=least), least_days=least) is None
    closes = opens + timedelta(days=3)
    window = {"opens_at": opens, "closes_at": closes, "closed_at": None}
    assert refusal_to_answer(**window, at=opens) is None
    assert refusal_to_answer(**window, at=opens - timedelta(1)).why == "not_open_yet"
    assert refusal_to_answer(**window, at=closes).why == "window_closed"
    assert refusal_to_answer(**(window | {"closed_at": opens}), at=opens + timedelta(1)).why == "window_closed"
    assert refusal_to_answer(opens_at=None, closes_at=None, closed_at=None, at=opens).why == "no_window"


def test_who_wants_to_stop_is_let_go_and_silence_is_no():
    assert refusal_to_decline(joins=False).key == "R-STAF-05:leaving_is_free"
    assert refusal_to_decline(joins=True) is None
    assert refusal_to_plan("李", window=True, joins=None).key == "R-STAF-05:has_not_offered"
    assert refusal_to_plan("李", window=True, joins=False) is not None
    assert refusal_to_plan("李", window=True, joins=True) is None
    assert refusal_to_plan("李", window=False, joins=None) is None


def test_a_leave_covers_its_days_only():
    leaves = [(date(2026, 11, 2), date(2026, 11, 4))]
    assert refusal_of_leave("李", date(2026, 11, 3), leaves).key == "R-STAF-03:on_leave"
    assert refusal_of_leave("李", date(2026, 11, 4), leaves) is None


@pytest.mark.clause("2.4-d")
def test_a_skill_counts_whatever_somebody_teaches():
    """R-STAF-06: a teacher of mathematics who writes is suggested for calligraphy; the subject is not even asked."""
    people = [
        Willing(1, "数学老师", {2: 2, 4: 2}, ("书法",), "", 6),
        Willing(2, "语文老师", {2: 1}, ("书法", "朗诵"), "", 6),
        Willing(3, "没报这几天", {1: 1}, ("书法",), "", 6),
        Willing(4, "没有课时了", {2: 2, 4: 2}, ("书法",), "", 1),
        Willing(5, "没有特长", {2: 2, 4: 2}, (), "", 6),
    ]
    found = suggestions(people, words="书法小组 特长", weekdays=(2, 4), hours=1)
    assert [(one.key, one.all_days) for one in found] == [(1, True), (2, False)]
    assert "subject" not in Willing.__slots__


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 12)), max_size=12))
def test_suggestions_are_willing_and_have_hours_left(rows):
    people = [Willing(at, f"{at}", {day: 1}, ("合唱",), "", left) for at, (day, left) in enumerate(rows)]
    for one in suggestions(people, words="合唱团", weekdays=(1,), hours=2):
        assert people[one.key].left >= 2 and 1 in people[one.key].days


# --- Lessons from a spreadsheet ---------------------------------------------------------------------------------------

NAMES = {"李舒": [7], "王芳": [8, 9]}


def sheet(*rows):
    return read_lessons(Grid("课表", list(enumerate((["姓名", "星期", "开始", "结束", "课程"], *rows), 1))), NAMES)


def test_a_sheet_of_lessons_is_read():
    found = sheet(["李舒", "周三", "15:10", "15:50", "五2语文"], ["李舒", "5", time(8, 0), time(8, 40), ""])
    assert found.problems == []
    assert [(one.member, one.weekday, one.starts_at, one.what) for one in found.rows] == [
        (7, 3, time(15, 10), "五2语文"), (7, 5, time(8, 0), "教学课"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["张三", "周三", "15:10", "15:50", ""], "nobody_of_that_name"),
        (["王芳", "周三", "15:10", "15:50", ""], "two_of_that_name"),
        (["李舒", "周八", "15:10", "15:50", ""], "weekday_not_read"),
        (["李舒", "周三", "下午", "15:50", ""], "clock_not_read"),
        (["李舒", "周三", "15:50", "15:10", ""], "commitment_without_time"),
    ],
)
def test_a_wrong_row_is_named_with_its_number(row, why):
    ((number, no),) = sheet(row).problems
    assert (number, no.why) == (2, why) and say(no)


def test_a_sheet_without_columns_or_rows_is_refused():
    assert sheet().problems[0][1].why == "nothing_in_the_table"
    bare = read_lessons(Grid("x", [(1, ["a"]), (2, ["b"])]), NAMES)
    assert bare.problems[0][1].why == "column_missing"
    twice = sheet(*[["李舒", "一", "8:00", "8:40", ""]] * 2)
    assert [no.why for _, no in twice.problems] == ["repeated_line"]
    assert [weekday_of(text) for text in ("星期日", "周五", "x")] == [7, 5, None]
