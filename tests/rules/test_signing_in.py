"""How often one may try, and how a number is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.sentences import say
from kehou.rules.signing_in import (
    CODES_A_MINUTE,
    FAILURES_A_NUMBER,
    Limit,
    plain_phone,
    refusal_of_haste,
    refusal_of_phone,
    shut_until,
)

NOW = datetime(2026, 9, 3, 20, 30, tzinfo=UTC)
AGES = st.lists(st.integers(0, 2000), max_size=12)


@given(AGES, st.integers(1, 6), st.integers(60, 1000))
def test_it_is_shut_exactly_while_too_many_are_recent(ages, most, seconds):
    limit = Limit("tries_too_often", most, timedelta(seconds=seconds))
    times = [NOW - timedelta(seconds=age) for age in ages]
    until = shut_until(limit, times, now=NOW)
    recent = [time for time in times if time > NOW - limit.within]
    assert (until is not None) == (len(recent) >= most)
    if until:
        assert NOW < until <= NOW + limit.within
        assert shut_until(limit, times, now=until) is None  # it opens when it says
        assert shut_until(limit, times, now=until - timedelta(seconds=1)) is not None


def test_the_refusal_says_until_when():
    refusal = refusal_of_haste(FAILURES_A_NUMBER, [NOW] * 5, now=NOW)
    assert say(refusal) == "已经连续输错5次，为保护账号，请在20:45以后再试。"
    assert refusal_of_haste(FAILURES_A_NUMBER, [NOW] * 4, now=NOW) is None
    assert say(refusal_of_haste(CODES_A_MINUTE, [NOW], now=NOW)).startswith("验证码刚刚发出，请在20:31:00")


@pytest.mark.parametrize(
    "typed",
    [
        "19900000001",
        " 199 0000 0001",
        "+86 199-0000-0001",
        "8619900000001",
        "００８６１９９０００００００１",
        "199（0000）0001",
    ],
)
def test_a_number_is_understood_as_people_write_it(typed):
    assert plain_phone(typed) == "19900000001"
    assert refusal_of_phone(plain_phone(typed)) is None


@pytest.mark.parametrize("typed", ["", "2990000000", "1990000000", "023-53200000", "abc", "199000000011"])
def test_other_numbers_are_not(typed):
    assert refusal_of_phone(plain_phone(typed)) is not None
