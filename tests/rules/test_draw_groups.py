"""Groups in the counts of a draw: whom the policy names and staff's own children; never a group that is small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.allocation import Request, Round, Rules, Section, Student, allocate, numbers
from kehou.rules.draw_groups import GROUPS, ORDER, STAFF, beside_the_others, by_group, mask_of, told


def test_a_child_stands_in_each_of_its_groups():
    assert mask_of((), lower=False, staff=False) == 0
    mask = mask_of(("dibao_family", "orphan"), lower=True, staff=True)
    assert [group for bit, group in enumerate(ORDER) if mask >> bit & 1] == ["dibao_family", "lower_grade", STAFF]


COUNT = {"requests": 12, "first": 6, "placed": 9}


def test_a_group_that_is_small_or_leaves_a_small_rest_is_not_told():
    counts, pupils = {0: COUNT, 1: COUNT, 5: COUNT}, {0: 10, 1: 9, 5: 10}
    assert set(told(counts, pupils, every=40, least=10)) == {"left_behind", STAFF}
    assert told(counts, pupils, every=19, least=10) == {}


def test_a_group_stands_beside_everybody_else_and_schools_add_up():
    stats = {"all": {"requests": 100, "first": 60, "placed": 90, "none": 10}, "groups": {STAFF: COUNT}}
    mine, others = beside_the_others(stats)
    assert (mine, others) == (COUNT, {"requests": 88, "first": 54, "placed": 81})
    assert beside_the_others({"all": stats["all"]}) is None
    ((name, ours, rest),) = by_group([stats, stats, {"all": stats["all"]}])
    assert (name, ours["requests"], rest["first"]) == (GROUPS[STAFF], 24, 108)


@given(st.lists(st.integers(0, 63), min_size=1, max_size=12))
def test_the_engine_counts_each_bit_and_the_public_record_does_not_change(masks):
    sections = [Section("chess", 1, 2), Section("clay", 1, 3)]
    students = [Student(f"p{n:02d}", "c", 1, groups=mask) for n, mask in enumerate(masks)]
    requests = [Request(s.pid, 1, (("chess",), ("clay",)), any_place=False) for s in students]
    round = Round("r", Rules(minimum="report"), sections, students, requests)
    outcome = allocate(round, numbers(b"x", students, requests))
    groups = outcome.stats().get("groups", {})
    assert set(groups) == {bit for bit in range(6) if any(mask >> bit & 1 for mask in masks)}
    for bit, counts in groups.items():
        mine = [s.pid for s in students if s.groups >> bit & 1]
        assert counts["requests"] == len(mine)
        assert counts["first"] == sum(outcome.tier.get((pid, 1)) == 1 for pid in mine)
        assert counts["none"] == sum((pid, 1) not in outcome.seat for pid in mine)
