"""The table in a spreadsheet, and what a table lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.lib.templatetags.words import grades as grades_in_words
from kehou.lib.templatetags.words import weekdays as weekdays_in_words
from kehou.rules.balance import by_category, gaps, kinds_by_grade
from kehou.rules.forty import FORTY
from kehou.rules.roster.grid import Grid
from kehou.rules.table_sheet import grades_in, read_table
from kehou.rules.timetable import Draft

HEAD = ("活动名称", "类别", "年级", "星期", "课时", "人数上限")


def sheet(*rows: tuple[object, ...], head: tuple[str, ...] = HEAD) -> Grid:
    return Grid("表", list(enumerate([("项目表",), head, *rows], start=1)))  # type: ignore[arg-type]


def keys(grid: Grid) -> list[tuple[int, str]]:
    return [(row, no.key) for row, no in read_table(grid).problems]


@given(st.sets(st.integers(1, 9), min_size=1))
def test_grades_are_read_as_we_write_them(grades):
    assert set(grades_in(grades_in_words(grades))) == grades


@given(st.sets(st.integers(1, 5), min_size=1))
def test_weekdays_are_read_as_we_write_them(days):
    found = read_table(sheet(("跳绳", "文体", "3-6", weekdays_in_words(days), 1, 20)))
    assert not found.problems and set(found.rows[0].said["weekdays"]) == days


def test_what_a_row_says_is_read_and_what_it_does_not_say_is_left_out():
    (row,) = read_table(sheet(("法治课", "法治宣传", "三至六年级", "每月第二个周五", "", 200.0))).rows
    assert row.row == 3 and "class_hours" not in row.said and row.said["capacity"] == 200
    assert row.said["grades"] == (3, 4, 5, 6) and row.said["weekdays"] == (5,) and row.said["week_of_month"] == 2
    (row,) = read_table(sheet(("木工", "其他（木工坊）"), head=("名称", "内容类别"))).rows
    assert row.said["category"] == "other" and row.said["category_reason"] == "木工坊"


def test_every_problem_has_its_row():
    grid = sheet(
        ("跳绳", "玩耍", "三年纪", "周八", "一", "20"),
        ("跳绳", "文体", "3", "周一", 1, 20),
        ("", "文体", 3, "周一", 1, 9),
    )
    found = keys(grid)
    assert [row for row, _ in found] == [3, 3, 3, 3, 5, 4]
    assert found[-1] == (4, "R-CONT-06:name_twice_in_sheet") and found[4] == (5, "R-CONT-06:column_empty")


@pytest.mark.parametrize(("rows", "key"), [
    ([("名称",), ("跳绳",)], "sheet_without_header"), ([HEAD], "sheet_empty"), ([], "sheet_without_header"),
    ([HEAD, *((f"活动{at}",) for at in range(501))], "sheet_too_long"),
])  # fmt: skip
def test_what_is_no_table_is_said(rows, key):
    assert keys(Grid("表", list(enumerate(rows, start=1))))[-1][1] == f"R-CONT-06:{key}"


# --- Balance ----------------------------------------------------------------------------------------------------------


def as_row(number: int) -> Draft:
    one = FORTY[number - 1]
    return Draft(
        name=one.name, category=one.category, kind=one.kind, domains=frozenset(one.domains), grades=frozenset(one.grades),
        weekdays=frozenset(one.weekdays), hours=one.class_hours,
    )  # fmt: skip


def lacks(rows: list[Draft], grades: list[int]) -> dict[str, list[str]]:
    return {gap.refusal.key: [one.name for one in gap.ideas] for gap in gaps(rows, grades)}


@pytest.mark.clause("2.3-a", "2.3-b", "2.3-f")
def test_what_lacks_is_named_with_templates_that_fill_it():
    found = lacks([as_row(19)], [3, 4])  # 科学小实验: intellectual, featured, Monday and Wednesday
    assert {"R-CONT-01:domains_missing", "R-CONT-02:no_basic_for_grade", "R-CONT-04:one_category_only"} <= set(found)
    assert "R-CONT-02:no_featured" not in found
    assert "作业答疑站" in found["R-CONT-02:no_basic_for_grade"]
    for gap in gaps([as_row(19)], [3, 4]):
        before = len(gaps([as_row(19)], [3, 4]))
        assert gap.ideas and all(len(gaps([as_row(19), as_row(one.number)], [3, 4])) < before for one in gap.ideas)


@given(numbers=st.sets(st.sampled_from([one.number for one in FORTY if one.stage == "primary"])))
def test_no_idea_is_in_the_table_or_closed_to_the_grade(numbers):
    rows = [as_row(number) for number in numbers]
    names = {row.name for row in rows}
    for gap in gaps(rows, [1, 2, 3, 4, 5, 6]):
        assert all(one.name not in names for one in gap.ideas)
        grade = gap.refusal.facts.get("grade") if hasattr(gap.refusal.facts, "get") else None
        assert grade is None or all(grade in one.grades for one in gap.ideas)


def test_a_whole_table_of_the_forty_lacks_nothing():
    rows = [as_row(one.number) for one in FORTY if one.stage == "primary"]
    assert gaps(rows, [1, 2, 3, 4, 5, 6]) == ()
    assert kinds_by_grade(rows, [1])[1]["basic"] >= 1 and by_category(rows)["homework_help"] == 3
    assert by_category([replace(rows[0], category="other")])["homework_help"] == 0
