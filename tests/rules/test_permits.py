"""What a release and an approval are bound to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.permits import Granted, Trip, refusal_of_escorts, refusal_of_plan, refusal_of_reason, wording_of
from kehou.rules.sentences import say

TRIP = Trip("湿地观鸟", 7, frozenset({3, 5}), frozenset({4, 5}), 20)


def test_a_release_holds_for_the_words_whatever_stands_between_them_and_for_no_others():
    granted = Granted(frozenset({wording_of("苗木培优小组", "学育苗")}))
    assert granted.releases("苗木 培优·小组", "学育苗")
    assert not granted.releases("数学培优小组", "学育苗") and not granted.releases("苗木培优小组", "学奥数")
    assert not Granted().releases("苗木培优小组", "学育苗")


@pytest.mark.parametrize("change", [
    {"name": "湿地写生"}, {"place": 8}, {"weekdays": frozenset({3, 4})}, {"grades": frozenset({3, 4})}, {"pupils": 21},
])  # fmt: skip
def test_another_trip_is_not_approved(change):
    granted = Granted(trips=(TRIP,))
    assert granted.approves(TRIP) and granted.approves(replace(TRIP, pupils=10, weekdays=frozenset({5})))
    assert not granted.approves(replace(TRIP, **change))


@given(pupils=st.integers(1, 300), adults=st.integers(0, 40), ratio=st.integers(1, 20))
def test_there_are_always_two_adults_and_one_for_so_many_children(pupils, adults, ratio):
    no = refusal_of_escorts([str(one) for one in range(adults)], pupils=pupils, ratio=ratio)
    assert (no is None) == (adults >= 2 and adults * ratio >= pupils)


def test_the_same_adult_named_twice_is_one():
    assert refusal_of_escorts(["李强", "李强"], pupils=10, ratio=10).key == "R-VEN-01:escorts_too_few"  # type: ignore[union-attr]


def test_a_request_says_what_is_missing():
    no = refusal_of_plan({"route": "步行", "safety_plan": " "})
    assert no is not None and say(no) == "还没有写：安全预案、征得家长同意的办法。"
    assert refusal_of_reason("同意", code="R-VEN-01") and not refusal_of_reason("场地已经实地看过", code="R-VEN-01")
