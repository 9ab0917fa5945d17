"""What may become a rule of the district, from when, and on what ground."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.basis import (
    refusal_of_closure,
    refusal_of_day,
    refusal_of_start,
    refusal_of_term,
    refusal_without_ground,
)
from kehou.rules.sentences import say
from kehou.rules.spans import Span

DAYS = st.dates(date(2025, 1, 1), date(2028, 1, 1))


def why(refusal):
    return refusal and refusal.why


@given(DAYS, DAYS)
def test_what_has_been_lived_by_stands(day, today):
    refusal = refusal_of_start(day, today=today)
    assert (refusal is not None) == (day < today)
    if refusal:
        assert say(refusal)


@pytest.mark.parametrize(
    ("instrument", "valid", "approval", "expected"),
    [
        ("", None, "会议纪要1号", "without_instrument"),
        ("某意见", Span(date(2021, 9, 1), date(2026, 9, 1)), "会议纪要1号", "instrument_not_valid"),
        ("某意见", Span(date(2021, 9, 1), None), " ", "without_approval"),
        ("某意见", Span(date(2021, 9, 1), None), "会议纪要1号", None),
    ],
)
def test_nothing_is_put_in_force_without_an_instrument_that_holds_and_an_approval(
    instrument, valid, approval, expected
):
    refusal = refusal_without_ground(
        instrument=instrument, valid=valid, approval_reference=approval, from_on=date(2026, 9, 1)
    )
    assert why(refusal) == expected
    assert refusal is None or say(refusal)


TERM = Span(date(2026, 9, 1), date(2027, 1, 23))


@pytest.mark.parametrize(
    ("term", "service", "expected"),
    [
        (TERM, Span(date(2026, 9, 7), date(2027, 1, 16)), None),
        (TERM, TERM, None),
        (TERM, Span(date(2026, 8, 31), date(2027, 1, 16)), "service_outside_term"),
        (TERM, Span(date(2026, 9, 7), date(2027, 1, 24)), "service_outside_term"),
        (TERM, Span(date(2026, 9, 7), date(2026, 9, 7)), "term_is_empty"),
        (Span(date(2026, 7, 1), date(2026, 9, 7)), Span(date(2026, 7, 2), date(2026, 7, 3)), "terms_overlap"),
    ],
)
def test_a_day_belongs_to_one_term_and_the_service_lies_inside(term, service, expected):
    others = [("上学期", Span(date(2026, 3, 5), date(2026, 7, 2)))]
    assert why(refusal_of_term(term, service, others=others)) == expected


@given(DAYS, st.sampled_from(["off", "school", "worked"]), st.one_of(st.none(), st.integers(0, 8)))
def test_only_a_weekend_day_is_swapped_and_only_for_a_weekday(on, kind, follows):
    refusal = refusal_of_day(on, kind=kind, follows=follows)
    weekend = on.isoweekday() > 5
    allowed = {"off": True, "school": weekend and follows in range(1, 6), "worked": weekend}[kind]
    assert (refusal is None) == allowed
    assert refusal is None or say(refusal)


@given(DAYS, st.integers(0, 10), st.sampled_from(["", " ", "暴雨"]), DAYS)
def test_a_closure_has_days_to_come_and_a_reason(start, length, reason, today):
    refusal = refusal_of_closure(Span(start, start + timedelta(days=length)), reason=reason, today=today)
    assert (refusal is None) == (length > 0 and reason == "暴雨" and start >= today)
    assert refusal is None or say(refusal)
