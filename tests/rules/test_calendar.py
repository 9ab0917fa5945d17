"""School days, service days, swap days, closures, working days, sunset; domain/06 section 3.1 and domain/07 section 4.4."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.calendar import Closure, Holidays, count_by_month, day_name, school_days, service_days, sunset
from kehou.rules.known_calendars import AUTUMN_2025, AUTUMN_2026, CALENDARS, HOLIDAYS, SPRING_2026
from kehou.rules.spans import ClockSpan, Span, later, month_of, months_of

days_of_our_years = st.dates(date(2025, 8, 1), date(2027, 2, 28))


@pytest.mark.clause("2.2-a")
@pytest.mark.parametrize(
    ("calendar", "count", "total", "by_month"),
    [
        (AUTUMN_2025, school_days, 105, [23, 18, 20, 23, 21]),
        (SPRING_2026, school_days, 81, [19, 21, 19, 21, 1]),
        (AUTUMN_2025, service_days, 95, [18, 18, 20, 23, 16]),
        (SPRING_2026, service_days, 76, [17, 21, 19, 19]),
        (AUTUMN_2026, service_days, 90, [18, 18, 21, 23, 10]),
    ],
)
def test_the_days_are_those_of_the_announced_calendar(calendar, count, total, by_month):
    days = count(calendar)
    assert len(days) == total
    assert list(count_by_month(days).values()) == by_month


def test_the_week_before_the_national_holiday_has_two_school_days_and_the_next_has_three():
    assert len(AUTUMN_2025.school_days(Span(date(2025, 9, 29), date(2025, 10, 6)))) == 2
    assert len(AUTUMN_2025.school_days(Span(date(2025, 10, 6), date(2025, 10, 13)))) == 3


def test_a_sunday_may_be_a_school_day_that_follows_wednesday():
    sunday = date(2025, 9, 28)
    assert sunday.isoweekday() == 7
    assert AUTUMN_2025.is_service_day(sunday)
    assert AUTUMN_2025.weekday_followed(sunday) == 3
    assert AUTUMN_2025.weekday_followed(date(2025, 9, 27)) is None


@pytest.mark.parametrize("swap", [date(2026, 2, 14), date(2026, 2, 28)])
def test_a_swap_day_in_the_winter_break_is_worked_but_not_taught(swap):
    assert HOLIDAYS.is_working_day(swap)
    assert not any(calendar.is_school_day(swap) for calendar in CALENDARS)


def test_a_swap_day_that_the_school_side_does_not_teach_is_no_school_day():
    calendar = replace(AUTUMN_2025, swap_days={})
    assert len(calendar.school_days()) == 102
    assert calendar.weekday_followed(date(2025, 9, 28)) is None


def test_a_closure_closes_one_school_or_all():
    flood = Closure(Span.through(date(2025, 11, 3), date(2025, 11, 4)), "暴雨停课", frozenset({"2150990004"}))
    exam = Closure(Span.through(date(2025, 11, 10), date(2025, 11, 10)), "考点占用")
    calendar = replace(AUTUMN_2025, closures=(flood, exam))
    assert len(calendar.service_days(school="2150990004")) == 92
    assert len(calendar.service_days(school="2150990001")) == 94
    assert len(calendar.service_days()) == 94
    assert calendar.closure_on(date(2025, 11, 3), "2150990004") == flood
    assert calendar.weekday_followed(date(2025, 11, 3)) == 1


@given(st.sampled_from(CALENDARS), days_of_our_years)
def test_service_days_are_school_days_and_school_days_follow_a_weekday(calendar, day):
    if calendar.is_service_day(day):
        assert calendar.is_school_day(day)
    if calendar.is_school_day(day):
        assert calendar.weekday_followed(day) in range(1, 6)
        assert calendar.holidays.is_working_day(day)
    assert calendar.is_school_day(day) == (day in calendar.school_days())


@given(st.sampled_from(CALENDARS), days_of_our_years)
def test_the_next_service_day_is_the_first_one_after(calendar, day):
    assert calendar.next_service_day(day) == next((one for one in calendar.service_days() if one > day), None)


@given(days_of_our_years, st.integers(1, 40))
def test_a_period_of_working_days_ends_on_a_working_day_and_holds_exactly_so_many(day, count):
    last = HOLIDAYS.working_day_after(day, count)
    assert HOLIDAYS.is_working_day(last)
    inside = Span(day + timedelta(1), last + timedelta(1)).days()
    assert sum(HOLIDAYS.is_working_day(one) for one in inside) == count


def test_working_days_jump_the_holiday_and_count_the_sunday():
    assert HOLIDAYS.working_day_after(date(2025, 9, 26), 3) == date(2025, 9, 30)  # Sun 28, Mon 29, Tue 30
    assert HOLIDAYS.working_day_after(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert Holidays().working_day_after(date(2025, 9, 26), 0) == date(2025, 9, 26)


@pytest.mark.parametrize(
    ("day", "sets"),
    [
        (date(2025, 12, 5), time(17, 47)),
        (date(2025, 12, 21), time(17, 51)),
        (date(2026, 1, 15), time(18, 8)),
        (date(2025, 10, 20), time(18, 12)),
        (date(2026, 6, 24), time(19, 54)),
    ],
)
def test_the_sun_sets_at_liangping(day, sets):
    assert sunset(day) == sets


def test_a_day_is_said_as_people_say_it():
    assert day_name(date(2026, 9, 7)) == "9月7日 周一"


spans = st.builds(lambda start, length: Span(start, start + timedelta(length)), days_of_our_years, st.integers(0, 60))


@given(spans, spans)
def test_spans_overlap_exactly_when_they_share_a_day(one, other):
    assert one.overlaps(other) == bool(set(one.days()) & set(other.days()))
    assert one.overlaps(other) == other.overlaps(one)


@given(spans)
def test_months_cover_a_span(span):
    months = list(months_of(span))
    assert all(any(day in month for month in months) for day in span.days())
    assert all(one.end == after.start for one, after in pairwise(months))


def test_an_open_span_goes_on():
    since = Span(date(2026, 9, 1), None)
    assert date(2099, 1, 1) in since
    assert since.overlaps(Span(date(2030, 1, 1), None))
    assert not since.overlaps(Span(date(2026, 8, 1), date(2026, 9, 1)))
    assert since.last is None
    with pytest.raises(ValueError, match="open"):
        list(since.days())


def test_spans_never_run_backwards():
    with pytest.raises(ValueError, match="before it starts"):
        Span(date(2026, 9, 2), date(2026, 9, 1))
    with pytest.raises(ValueError, match="before it starts"):
        ClockSpan(time(17), time(16))


def test_clock_spans_that_touch_do_not_overlap():
    first, second = ClockSpan(time(16), time(16, 40)), ClockSpan(time(16, 40), time(17, 20))
    assert not first.overlaps(second)
    assert time(16, 40) not in first
    assert first.overlaps(ClockSpan(time(16, 39), time(16, 50)))
    assert (str(first), first.minutes) == ("16:00–16:40", 40)
    assert later(time(23, 50), 10) is None
    assert later(time(15, 50), 10) == time(16)


def test_december_and_leap_february_are_whole_months():
    assert month_of(date(2025, 12, 31)) == Span(date(2025, 12, 1), date(2026, 1, 1))
    assert month_of(date(2028, 2, 29)) == Span(date(2028, 2, 1), date(2028, 3, 1))
