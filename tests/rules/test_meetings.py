"""Which days a slot meets: promises about weekly and monthly activities."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.calendar import Calendar, Closure, Holidays
from kehou.rules.known_calendars import CALENDARS
from kehou.rules.meetings import days_by_weekday, meeting_days
from kehou.rules.spans import Span

SPANS = st.tuples(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(0, 200)).map(
    lambda pair: Span(pair[0], date.fromordinal(pair[0].toordinal() + pair[1]))
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    span = draw(SPANS)
    days = list(span.days())
    off = draw(st.sets(st.sampled_from(days), max_size=10)) if days else set()
    weekend = [day for day in days if day.isoweekday() > 5]
    swaps = draw(st.dictionaries(st.sampled_from(weekend), st.integers(1, 5), max_size=4)) if weekend else {}
    return Calendar("学期", span, span, Holidays(off=frozenset(off)), swap_days=swaps)


@pytest.mark.clause("2.2-a")
@given(calendars())
def test_every_school_day_of_the_service_is_met_by_exactly_one_weekday(calendar: Calendar) -> None:
    by_weekday = days_by_weekday(calendar)
    met = Counter(day for weekday in range(1, 8) for day in meeting_days(by_weekday, weekday))
    assert set(met) == set(calendar.service_days()) and set(met.values()) <= {1}


@given(calendars(), st.integers(1, 5))
def test_the_monthly_rows_of_a_weekday_share_no_day_and_meet_once_a_month(calendar: Calendar, weekday: int) -> None:
    by_weekday = days_by_weekday(calendar)
    weekly = meeting_days(by_weekday, weekday)
    rows = [meeting_days(by_weekday, weekday, week) for week in range(1, 11)]  # swap days can make a sixth Monday
    assert sorted(day for row in rows for day in row) == sorted(weekly)
    for row in rows:
        months = [(day.year, day.month) for day in row]
        assert len(months) == len(set(months))


@given(calendars(), st.integers(1, 5), st.integers(1, 4))
def test_a_closure_moves_no_other_meeting(calendar: Calendar, weekday: int, week: int) -> None:
    closed = Calendar(
        calendar.name, calendar.teaching, calendar.service, calendar.holidays, calendar.swap_days,
        (Closure(calendar.service, "暴雨"),),
    )  # fmt: skip
    assert meeting_days(days_by_weekday(calendar), weekday, week) == meeting_days(
        days_by_weekday(closed), weekday, week
    )


def test_the_first_friday_of_october_waits_for_the_holiday() -> None:
    autumn = days_by_weekday(CALENDARS[-1])
    assert meeting_days(autumn, 5, 1)[:2] == (date(2026, 9, 11), date(2026, 10, 9))
    assert date(2026, 9, 20) in meeting_days(autumn, 5), "the swap Sunday follows Friday"
