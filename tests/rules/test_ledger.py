"""A ledger of rooms as schools send it: read, or refused with row and column, never guessed."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.ledger import COLUMNS, read_rooms
from kehou.rules.roster.grid import Grid
from kehou.rules.sentences import say

HEADER = [names[0] for names in COLUMNS.values()]


def sheet(*rows: list, start: int = 1) -> Grid:
    return Grid("台账", [(start + at, row) for at, row in enumerate(rows)])


def keys(grid: Grid) -> list[tuple[int, str]]:
    found = read_rooms(grid).problems
    assert all(say(no) for _, no in found)
    return [(row, no.why) for row, no in found]


def test_a_row_is_read_whatever_the_columns_are_called_and_ordered() -> None:
    grid = sheet(
        ["2026年秋场地台账"],
        [],
        ["名称", "容纳人数", "场地编号", "种类", "风险等级", "安全检查日期", "备注"],
        ["科学室", 28.0, "F-03", "功能室", "C类（实验）", datetime(2026, 8, 26), "勿动"],  # noqa: DTZ001 - as a sheet gives it
        ["", "", "", "", "", "", ""],
        ["后操场", "８０", "P-09", "活动场地", "c", "2026/8/1", ""],
    )
    reading = read_rooms(grid)
    assert not reading.problems
    first = reading.rooms[0]
    assert (first.row, first.facts["kind"], first.facts["capacity"], first.facts["risk_class"]) == (4, "room", 28, "C")
    assert first.facts["checked_on"] == date(2026, 8, 26)
    second = reading.rooms[1].facts
    assert (second["capacity"], second["kind"], second["checked_on"]) == (80, "ground", date(2026, 8, 1))
    for text in ("2026-08-01", "2026.8.1", "2026年8月1日"):
        row = ["编号", "名称", "容纳人数", "检查日期"], ["F-1", "甲", "3", text]
        assert read_rooms(sheet(*row)).rooms[0].facts["checked_on"] == date(2026, 8, 1)


def test_what_is_missing_or_wrong_is_said_with_its_row() -> None:
    assert keys(sheet(["姓名", "班级"])) == [(1, "sheet_without_header")]
    assert keys(sheet(["编号", "名称", "容纳人数"])) == [(1, "sheet_empty")]
    assert keys(sheet(["编号", "名称", "容纳人数"], ["F-1", "", "三十"])) == [(2, "bad_number"), (2, "cell_empty")]
    assert keys(sheet(["编号", "名称", "容纳人数"], ["F-1", "甲", "3"], ["F-1", "乙", "4"])) == [
        (3, "code_twice_in_sheet")
    ]
    assert keys(sheet(["编号", "名称", "容纳人数", "种类"], ["F-1", "甲", "3", "游泳池"])) == [(2, "bad_word")]
    assert keys(sheet(["编号", "名称", "容纳人数", "检查日期"], ["F-1", "甲", "3", "去年"])) == [(2, "bad_day")]
    long = [["编号", "名称", "容纳人数"], *([f"F-{at}", "甲", "3"] for at in range(2100))]
    assert keys(sheet(*long))[-1][1] == "sheet_too_long"


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(max_size=50), st.integers(), st.floats(), st.dates()), max_size=14))
)
def test_no_sheet_however_strange_breaks_the_reader(rows: list[list]) -> None:
    for row, no in read_rooms(sheet(HEADER, *rows)).problems:
        assert row >= 1 and say(no)
