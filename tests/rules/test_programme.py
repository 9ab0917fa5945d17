"""The table as a whole: what it must offer, its balance, what changed between two versions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.programme import COLUMNS, difference, domain_hours, refusals_of_offer, tier_needed, variety
from kehou.rules.sentences import say
from kehou.rules.timetable import Category, Domain, Draft

DRAFTS = st.builds(
    Draft,
    category=st.sampled_from([one.value for one in Category]),
    kind=st.sampled_from(["basic", "featured"]),
    domains=st.frozensets(st.sampled_from([one.value for one in Domain])),
    grades=st.frozensets(st.integers(1, 6), min_size=1),
    weekdays=st.frozensets(st.integers(1, 5), min_size=1),
    hours=st.integers(1, 3),
)
GRADES = tuple(range(1, 7))


@pytest.mark.clause("2.3-b")
@given(st.lists(DRAFTS, max_size=8))
def test_a_table_stands_only_with_a_basic_row_for_each_grade_and_a_featured_one(rows: list[Draft]) -> None:
    refusals = refusals_of_offer(rows, GRADES)
    assert all(say(no) for no in refusals)
    served = {grade for row in rows if row.kind == "basic" for grade in row.grades}
    assert (not refusals) == (served >= set(GRADES) and any(row.kind == "featured" for row in rows))


@pytest.mark.clause("2.3-a")
@given(st.lists(DRAFTS, max_size=8), DRAFTS)
def test_one_more_activity_never_makes_a_table_less_balanced_or_less_various(rows: list[Draft], more: Draft) -> None:
    before, after = domain_hours(rows), domain_hours([*rows, more])
    assert all(
        after[key] - before[key] == (more.hours * len(more.weekdays) if key in more.domains else 0) for key in before
    )
    few, many = variety(rows, GRADES), variety([*rows, more], GRADES)
    assert all(many[grade][day] >= few[grade][day] for grade in GRADES for day in range(1, 6))


@pytest.mark.parametrize(("first", "hours", "tier"), [(1, 1, 1), (2, 1, 2), (1, 2, 2), (2, 2, 3), (1, 3, 3)])
def test_who_takes_part_must_stay_to_its_last_hour(first: int, hours: int, tier: int) -> None:
    assert tier_needed(first, hours) == tier


ROWS = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from("甲乙丙丁"), **{key: st.integers(0, 2) for key in COLUMNS}}),
    unique_by=lambda row: row["name"],
)


@given(ROWS)
def test_nothing_changes_between_a_version_and_itself(rows: list[dict[str, Any]]) -> None:
    assert difference(rows, rows) == ()


@given(ROWS, ROWS)
def test_the_difference_names_each_activity_once_and_loses_none(before: list[Any], after: list[Any]) -> None:
    found = difference(before, after)
    names = [one.name for one in found]
    assert len(names) == len(set(names))
    old, new = ({row["name"]: row for row in rows} for rows in (before, after))
    assert {one.name for one in found if one.how == "new"} == new.keys() - old.keys()
    assert {one.name for one in found if one.how == "gone"} == old.keys() - new.keys()
    assert {one.name for one in found if one.how == "changed"} == {
        name for name in new.keys() & old.keys() if new[name] != old[name]
    }
