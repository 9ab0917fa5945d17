"""兄弟姐妹用同一个号: who may; and that a shared number takes nothing from anybody's chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.allocation import Request, Rules, Student, numbers
from kehou.rules.sentences import say
from kehou.rules.siblings import Sibling, refusal_of_sibling, refusals_to_link
from kehou.rules.verdicts import refuse

MEI = Sibling("陈小梅", here=True, same_guardian=True, joins=True)
BO = Sibling("陈小波", here=True, same_guardian=True, joins=True)
CLOSED = refuse("R-VOL-01", "registration_closed", closes="9月5日18:00")


def whys(*children: Sibling, others: int = 1, closed=None) -> list[str]:
    return [no.why for no in refusals_to_link(children, closed=closed, others=others)]


def test_two_children_of_one_guardian_in_one_round_may():
    assert whys(MEI, BO) == []


@pytest.mark.parametrize(
    "child,why",
    [
        (Sibling("陈小波", here=False, same_guardian=True, joins=True), "sibling_at_another_school"),
        (Sibling("林小雨", here=True, same_guardian=False, joins=True), "sibling_of_another_family"),
        (Sibling("陈小波", here=True, same_guardian=True, joins=False), "sibling_not_in_the_round"),
    ],
)
def test_others_may_not_and_are_told_by_name(child, why):
    assert whys(MEI, child) == [why]
    assert child.name in say(refusal_of_sibling(child))


def test_an_only_child_has_nobody_to_share_with():
    assert whys(MEI, others=0) == ["only_child"]
    assert whys(MEI) == ["too_few_siblings"]
    assert whys(MEI, BO, closed=CLOSED) == ["registration_closed"]


WEEK = st.lists(st.integers(1, 5), min_size=1, max_size=5, unique=True)


def drawn(key: bytes, days: list[int], *, family: str | None):
    students = [Student(pid, "本部", 3, family if pid in "AB" else None) for pid in "ABC"]
    requests = [Request(pid, day, ((f"{day}-x",),)) for pid in "ABC" for day in days]
    return numbers(key, students, requests, rules=Rules())


@given(st.binary(min_size=32, max_size=32), WEEK)
def test_siblings_have_neighbouring_turns_and_the_same_good_days(key, days):
    shared = drawn(key, days, family="f00000000000")
    for day in days:
        assert abs(shared.position("A", day) - shared.position("B", day)) == 1
    assert sorted(days, key=lambda d: shared.value[d]["A"]) == sorted(days, key=lambda d: shared.value[d]["B"])


@given(st.binary(min_size=32, max_size=32), WEEK)
def test_a_stranger_keeps_the_number_whatever_siblings_agree(key, days):
    shared, apart = drawn(key, days, family="f00000000000"), drawn(key, days, family=None)
    assert all(shared.value[day]["C"] == apart.value[day]["C"] for day in days)
