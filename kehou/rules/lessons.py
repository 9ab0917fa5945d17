"""教学课表 as a spreadsheet: who teaches on which weekday from when to when; every problem with its row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time

from kehou.rules.roster.grid import Grid, Value, text_of
from kehou.rules.verdicts import Refusal, refuse

COLUMNS = {
    "name": ("姓名", "教师", "教师姓名", "任课教师"),
    "weekday": ("星期", "周几"),
    "starts_at": ("开始", "开始时间", "上课时间"),
    "ends_at": ("结束", "结束时间", "下课时间"),
    "what": ("课程", "内容", "学科", "班级课程"),
}
MOST_ROWS = 6000
_CLOCK = re.compile(r"(\d{1,2})[:：点时](\d{1,2})?")


@dataclass(frozen=True, slots=True)
class LessonRow:
    """One weekly lesson of somebody."""

    row: int
    member: int
    weekday: int
    starts_at: time
    ends_at: time
    what: str


@dataclass(slots=True)
class LessonSheet:
    """What a sheet says: the lines that are right, and every problem as (row, refusal)."""

    rows: list[LessonRow] = field(default_factory=list)
    problems: list[tuple[int, Refusal]] = field(default_factory=list)


def weekday_of(text: str) -> int | None:
    """Return the ISO weekday of 周一, 星期一, 一, 1, or None."""
    bare = text.strip().removeprefix("星期").removeprefix("周").removeprefix("礼拜")
    if bare in ("1", "2", "3", "4", "5", "6", "7"):
        return int(bare)
    return "一二三四五六日".index(bare) + 1 if len(bare) == 1 and bare in "一二三四五六日" else None


def clock_of(value: Value) -> time | None:
    """Return a time of day from a cell: a time, or 15:10 in words."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    found = _CLOCK.search(text_of(value))
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return time(int(found[1]), int(found[2] or 0))


def read_lessons(grid: Grid, names: Mapping[str, Sequence[int]]) -> LessonSheet:
    """Return the lessons of a sheet; `names`: staff ids by name. Never half a sheet: see `problems`."""
    sheet = LessonSheet()
    lines = [(number, list(values)) for number, values in grid.rows]
    head = next((at for at, (_, values) in enumerate(lines) if _columns(values).get("name") is not None), None)
    if head is None:
        sheet.problems.append((1, refuse("R-STAF-03", "column_missing", column="姓名")))
        return sheet
    where = _columns(lines[head][1])
    for key in ("weekday", "starts_at", "ends_at"):
        if key not in where:
            sheet.problems.append((lines[head][0], refuse("R-STAF-03", "column_missing", column=COLUMNS[key][0])))
    if sheet.problems:
        return sheet
    seen: set[tuple[object, ...]] = set()
    for number, values in lines[head + 1 : head + 1 + MOST_ROWS]:
        if any(text_of(value) for value in values):
            _read(sheet, number, values, where, names, seen)
    if not sheet.rows and not sheet.problems:
        sheet.problems.append((lines[head][0], refuse("R-STAF-03", "nothing_in_the_table")))
    return sheet


def _columns(values: Sequence[Value]) -> dict[str, int]:
    texts = [text_of(value) for value in values]
    return {key: at for key, titles in COLUMNS.items() for at, text in enumerate(texts) if text in titles}


def _read(
    sheet: LessonSheet,
    number: int,
    values: Sequence[Value],
    where: Mapping[str, int],
    names: Mapping[str, Sequence[int]],
    seen: set[tuple[object, ...]],
) -> None:
    def cell(key: str) -> Value:
        at = where.get(key)
        return values[at] if at is not None and at < len(values) else ""

    name, found = text_of(cell("name")), names.get(text_of(cell("name")), ())
    weekday, starts, ends = weekday_of(text_of(cell("weekday"))), clock_of(cell("starts_at")), clock_of(cell("ends_at"))
    wrong: list[Refusal] = []
    if len(found) != 1:
        wrong.append(refuse("R-STAF-03", "two_of_that_name" if found else "nobody_of_that_name", name=name))
    if weekday is None:
        wrong.append(refuse("R-STAF-03", "weekday_not_read", text=text_of(cell("weekday"))))
    for key, at in (("starts_at", starts), ("ends_at", ends)):
        if at is None:
            wrong.append(refuse("R-STAF-03", "clock_not_read", text=text_of(cell(key))))
    if starts and ends and starts >= ends:
        wrong.append(refuse("R-STAF-03", "commitment_without_time"))
    line = (name, weekday, starts, ends)
    if not wrong and line in seen:
        wrong.append(refuse("R-STAF-03", "repeated_line"))
    seen.add(line)
    sheet.problems += [(number, no) for no in wrong]
    if not wrong and weekday and starts and ends:
        sheet.rows.append(LessonRow(number, found[0], weekday, starts, ends, text_of(cell("what")) or "教学课"))
