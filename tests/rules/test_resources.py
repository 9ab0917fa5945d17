"""The ledger's rules: what a census needs, when a place must be looked at, how much a room is used."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.parameters import Parameters
from kehou.rules.resources import (
    Part,
    check_due_on,
    flags_of_idle,
    refusal_before_census,
    refusal_of_base,
    refusal_of_check,
    refusal_of_counts,
    refusal_to_state_none,
    refusal_to_use,
    refusals_to_close,
    use_percent,
)

SAFETY = Parameters().safety
TERM = date(2026, 9, 7)
DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 30))
ALL = {part.value for part in Part}


@pytest.mark.clause("2.7.1-b")
def test_five_parts_are_filled_or_said_to_be_empty():
    assert [part.label for part in Part] == ["功能室", "仪器设备", "活动场地", "师资", "实践活动场地"]
    assert refusals_to_close(pending={}, filled=ALL, stated_none=set()) == ()
    assert refusals_to_close(pending={}, filled=ALL - {"bases"}, stated_none={"bases"}) == ()
    (no,) = refusals_to_close(pending={}, filled=ALL - {"bases"}, stated_none=set())
    assert (no.key, no.fact("part")) == ("R-RES-02:part_blank", "实践活动场地")
    assert refusal_to_state_none("bases", rows=0) is None
    assert refusal_to_state_none("bases", rows=2).key == "R-RES-02:part_is_not_empty"  # type: ignore[union-attr]


@given(st.dictionaries(st.sampled_from(sorted(ALL)), st.integers(0, 50)), st.sets(st.sampled_from(sorted(ALL))))
def test_a_census_closes_exactly_when_every_row_was_seen_and_no_part_is_blank(pending, filled):
    refused = refusals_to_close(pending=pending, filled=filled, stated_none=set())
    assert bool(refused) == (any(pending.values()) or filled != ALL)


def test_the_census_comes_before_the_plan():
    assert refusal_before_census(TERM, term="秋季学期") is None
    assert refusal_before_census(None, term="秋季学期").code == "R-RES-01"  # type: ignore[union-attr]


@pytest.mark.clause("3.2-d")
def test_a_place_is_looked_at_before_the_term_and_every_month():
    def due(checked_on):
        return check_due_on(checked_on, term_begins=TERM, safety=SAFETY)

    assert due(date(2026, 8, 25)) == date(2026, 9, 25)
    assert due(date(2026, 6, 20)) == date(2026, 8, 22), "a check before the vacation holds until the term is near"
    assert due(None) == date(2026, 8, 22)
    assert check_due_on(TERM, term_begins=None, safety=SAFETY) == TERM + timedelta(days=31)
    assert refusal_to_use("科学室", due_on=due(None), on=date(2026, 8, 22)) is None
    assert refusal_to_use("科学室", due_on=due(None), on=date(2026, 8, 23)).key == "R-SAFE-05:check_overdue"  # type: ignore[union-attr]
    fault = refusal_to_use("科学室", due_on=TERM, on=TERM, fault="吊顶松动")
    assert fault is not None and fault.key == "R-SAFE-05:under_repair"


@given(DAYS, DAYS)
def test_a_later_check_is_never_due_earlier(one, other):
    first, second = sorted((one, other))
    assert check_due_on(first, term_begins=TERM, safety=SAFETY) <= check_due_on(second, term_begins=TERM, safety=SAFETY)


def test_a_check_lies_in_the_past_and_counts_add_up():
    assert refusal_of_check(TERM, on=TERM) is None
    assert refusal_of_check(TERM + timedelta(days=1), on=TERM) is not None
    assert refusal_of_counts(12, 11) is None
    assert refusal_of_counts(12, 13) is not None and refusal_of_counts(0, 0) is not None


def test_a_base_is_used_as_long_as_its_agreement():
    ended = {"kind": "off_campus", "name": "湿地", "on": TERM}
    assert refusal_of_base(agreement_until=TERM, **ended) is None
    assert refusal_of_base(agreement_until=TERM - timedelta(days=1), **ended).key == "R-VEN-01:agreement_ended"  # type: ignore[union-attr]
    assert refusal_of_base(kind="room", agreement_until=TERM - timedelta(days=1), name="室", on=TERM) is None


@given(st.integers(0, 10_000), st.integers(0, 30), st.integers(0, 200))
def test_use_is_a_share(minutes, days, day_minutes):
    assert 0 <= use_percent(minutes, days=days, day_minutes=day_minutes) <= 100


def test_what_stands_empty_all_week_is_flagged():
    (flag,) = flags_of_idle([("科学室", 80), ("多功能厅", 0)])
    assert (flag.key, flag.fact("room")) == ("R-RES-03:idle", "多功能厅")
