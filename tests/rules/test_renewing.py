"""续报优先: when a school may ask, until when a family may answer, on which days a kept seat holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.renewing import Going, kept_days, refusal_of_overlap, refusal_to_answer, refusals_to_open
from kehou.rules.wall import BEIJING

NOW = datetime(2027, 2, 20, 9, tzinfo=BEIJING)
OPENS = NOW + timedelta(days=5)
CHOIR = Going("童声合唱", members=20, seats=30)


def whys(*groups, closes_at=NOW + timedelta(days=3), opens_at=OPENS, standing=False, at=NOW) -> list[str]:
    found = refusals_to_open(groups, closes_at=closes_at, at=at, opens_at=opens_at, standing=standing)
    return [no.why for no in found]


def test_a_group_with_room_for_its_members_is_asked_before_families_choose():
    assert whys(CHOIR) == [] and whys(CHOIR, opens_at=None) == []


@pytest.mark.parametrize(
    "more,why",
    [
        ({"standing": True}, "renewal_stands_already"),
        ({"closes_at": NOW}, "renewal_closes_in_the_past"),
        ({"closes_at": OPENS + timedelta(minutes=1)}, "renewal_closes_too_late"),
        ({"at": OPENS}, "renewal_after_opening"),
    ],
)
def test_it_is_asked_once_and_over_before_the_round(more, why):
    assert whys(CHOIR, **more) == [why]


def test_groups_that_cannot_be_kept():
    assert whys() == ["renewal_without_group"]
    assert whys(Going("童声合唱", 0, 30)) == ["renewal_nobody_to_ask"]
    assert whys(Going("童声合唱", 31, 30)) == ["renewal_more_than_seats"]
    assert whys(Going("童声合唱", 30, 30)) == []


def test_the_answer_ends_with_the_window_or_with_the_round_whichever_is_first():
    closes = NOW + timedelta(days=3)
    assert refusal_to_answer(closes_at=closes, opens_at=OPENS, at=closes - timedelta(seconds=1)) is None
    assert refusal_to_answer(closes_at=closes, opens_at=OPENS, at=closes).why == "renewal_is_over"
    assert refusal_to_answer(closes_at=closes, opens_at=NOW, at=NOW).why == "renewal_is_over"


def test_two_groups_of_one_hour_are_not_both_kept():
    football = (1, frozenset({1, 2}), "校园足球")
    assert refusal_of_overlap([football], [(1, frozenset({2}), "童声合唱")]).why == "renewal_overlaps"
    assert refusal_of_overlap([football], [(1, frozenset({3}), "童声合唱"), (2, frozenset({1}), "童声合唱")]) is None


HOURS = st.dictionaries(st.integers(1, 5), st.integers(1, 3))


@given(st.dictionaries(st.integers(1, 5), st.integers(1, 3), min_size=1), HOURS)
def test_a_kept_seat_holds_on_the_days_that_were_chosen_for_long_enough(group, chosen):
    days = kept_days(group.items(), chosen, series=False)
    assert all(chosen[day] >= group[day] for day in days)
    assert all(chosen.get(day, 0) < last for day, last in group.items() if day not in days)
    whole = kept_days(group.items(), chosen, series=True)
    assert whole == (days if days == set(group) else frozenset())
