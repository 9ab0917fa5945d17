"""Suggestions: grounds of need, never of rank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.forty import FORTY
from kehou.rules.guiding import GROUNDS, Need, need_of, refusal_to_suggest
from kehou.rules.lint import content

FINE = {"joins": True, "state": "submitted", "is_open": True, "ground": "interest", "offered": True, "wished": False,
        "asked": False}  # fmt: skip


@pytest.mark.parametrize(("change", "key"), [
    ({}, None),
    ({"state": "reviewed"}, None),
    ({"joins": False}, "R-VOL-04:refusers_are_left_alone"),
    ({"state": "allocated"}, "R-VOL-04:choice_is_closed"),
    ({"is_open": False}, "R-VOL-04:choice_is_closed"),
    ({"ground": "成绩好"}, "R-GRP-02:ground_not_on_the_list"),
    ({"offered": False}, "R-VOL-04:not_open_to_the_child"),
    ({"wished": True}, "R-VOL-04:chosen_already"),
    ({"asked": True}, "R-VOL-04:suggested_already"),
])  # fmt: skip
def test_each_reason_is_told(change, key):
    no = refusal_to_suggest(**{**FINE, **change})
    assert (no and no.key) == key


@given(ground=st.text(max_size=12))
def test_no_ground_but_those_of_the_list(ground):
    assert (refusal_to_suggest(**{**FINE, "ground": ground}) is None) == (ground in GROUNDS)


@pytest.mark.clause("2.7.3-e")
def test_groups_are_told_apart_by_need_and_a_fast_class_is_not_opened():
    """Every activity of the forty is for one of the four needs, each need has some; selection by marks is blocked."""
    found = {need_of(one.category, one.kind) for one in FORTY}
    assert found == set(Need)
    assert need_of("homework_help", "basic") is Need.HOMEWORK and need_of("free_reading", "featured") is Need.READING
    assert not any(
        word in words for words in GROUNDS.values() for word in ("成绩", "排名", "分数", "表现", "优生", "差生")
    )
    for name in ("尖子班", "快班", "培优班", "实验班选拔"):
        reading = content.read(f"{name}数学", "按成绩分班")
        assert not reading.is_allowed, name
