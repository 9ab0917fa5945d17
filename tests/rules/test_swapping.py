"""When swaps may be called for, asked for and carried out, and what a wish may be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kehou.rules import sentences, swapping

HOUR = datetime(2026, 9, 16, 9, tzinfo=UTC)
RANKS = st.dictionaries(st.integers(1, 9), st.integers(1, 9))


@given(RANKS, st.sets(st.integers(1, 9)))
def test_a_wish_stands_exactly_if_it_names_something_allowed_and_no_rank_twice(ranks, open_to):
    refusals = swapping.refusals_of_wish(ranks, open_to=open_to, is_base_care=False)
    right = bool(ranks) and len(set(ranks.values())) == len(ranks) and set(ranks) <= open_to
    assert (not refusals) == right
    assert all(sentences.say(no) for no in refusals)
    assert swapping.refusals_of_wish(ranks, open_to=open_to, is_base_care=True)


@given(RANKS)
def test_the_order_follows_the_ranks_whatever_the_order_of_the_fields(ranks):
    order = swapping.in_order(ranks)
    assert [ranks[slot] for slot in order] == sorted(ranks.values())
    assert swapping.in_order(dict(reversed(ranks.items()))) == order


@given(st.integers(-100, 100))
def test_families_ask_before_the_hour_and_the_office_acts_from_it_on(minutes):
    at = HOUR + timedelta(minutes=minutes)
    ask = swapping.refusal_to_ask(state="open", closes_at=HOUR, at=at)
    act = swapping.refusal_to_carry_out(state="open", closes_at=HOUR, at=at, asked=1)
    assert (ask is None) == (minutes < 0) and (act is None) == (minutes >= 0)


def test_what_is_over_is_over():
    late = HOUR + timedelta(hours=1)
    for state in ("done", "cancelled"):
        assert swapping.refusal_to_ask(state=state, closes_at=late, at=HOUR).why == "swaps_not_open"
        assert swapping.refusal_to_carry_out(state=state, closes_at=HOUR, at=late, asked=3).why == "final_state"
    assert swapping.refusal_to_carry_out(state="open", closes_at=HOUR, at=late, asked=0).why == "nobody_asked_to_swap"
