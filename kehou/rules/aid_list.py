"""The list of the aid office (减免名单) as a spreadsheet: matched to the register, every problem with its row.

Families prove nothing: the list is the proof (2.6.1-j). A name that fits two children is a problem, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kehou.rules.care import CATEGORIES
from kehou.rules.roster.grid import LONGEST_CELL, Grid, Value, text_of
from kehou.rules.verdicts import Refusal, refuse

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "学生姓名"),
    "homeroom": ("班级", "年级班级", "所在班级"),
    "category": ("类别", "资助类别", "困难类别", "保障类别"),
    "source": ("名单来源", "来源", "依据"),
    "from_on": ("起始日期", "开始日期", "认定日期", "生效日期"),
    "until_on": ("结束日期", "截止日期", "有效期至"),
}
NEEDED = ("name", "category", "from_on")
MOST_ROWS = 3000
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_DAY = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*")


@dataclass(frozen=True, slots=True)
class Listed:
    """A child of the register: id, name, grade and class number."""

    pupil_id: int
    name: str
    grade: int
    number: int


@dataclass(frozen=True, slots=True)
class AidRow:
    """One line that fits one child."""

    row: int
    pupil_id: int
    name: str
    category: str
    source: str
    from_on: date
    until_on: date | None


@dataclass(slots=True)
class AidList:
    """What a sheet says: the lines that fit, and every problem as (row, refusal)."""

    rows: list[AidRow] = field(default_factory=list)
    problems: list[tuple[int, Refusal]] = field(default_factory=list)


def read_aid_list(grid: Grid, register: Iterable[Listed], *, source: str) -> AidList:
    """Return the lines of a sheet matched to the register; `source` stands where a line names none."""
    by_name: dict[str, list[Listed]] = {}
    for one in register:
        by_name.setdefault(one.name, []).append(one)
    found, header = AidList(), None
    for number, values in grid.rows:
        cells = [text_of(value) for value in values]
        if header is None:
            header = _header(cells)
        elif any(cells):
            _take(found, number, header, values, by_name, source)
        if len(found.rows) > MOST_ROWS:
            found.problems.append((number, refuse("R-WAIV-01", "list_too_long", most=MOST_ROWS)))
            break
    if header is None:
        names = "、".join(COLUMNS[name][0] for name in NEEDED)
        found.problems.append((1, refuse("R-WAIV-01", "list_without_header", names=names)))
    elif not found.rows and not found.problems:
        found.problems.append((1, refuse("R-WAIV-01", "list_empty")))
    return found


def _header(cells: Sequence[str]) -> dict[str, int] | None:
    found = {
        name: at
        for name, words in COLUMNS.items()
        for at in [next((at for at, cell in enumerate(cells) if "".join(cell.split()) in words), None)]
        if at is not None
    }
    return found if all(name in found for name in NEEDED) else None


def _take(
    found: AidList,
    number: int,
    header: Mapping[str, int],
    values: Sequence[Value],
    by_name: Mapping[str, Sequence[Listed]],
    source: str,
) -> None:
    cell = {name: values[at] if at < len(values) else None for name, at in header.items()}
    name = "".join(text_of(cell["name"]).split())
    category = _category(text_of(cell["category"]))
    from_on, until_on = day_of(cell["from_on"]), day_of(cell.get("until_on"))
    fits = _fitting(by_name.get(name, ()), text_of(cell.get("homeroom")))
    problems = [
        refuse("R-WAIV-01", "child_unknown", name=name or "（空）") if not fits else None,
        refuse("R-WAIV-01", "child_not_clear", name=name, count=len(fits)) if len(fits) > 1 else None,
        None if category else refuse("R-PRIO-03", "unknown_category", category=text_of(cell["category"]) or "（空）"),
        None if from_on else refuse("R-WAIV-01", "day_unreadable", given=text_of(cell["from_on"]) or "（空）"),
        refuse("R-WAIV-01", "ends_before_it_begins") if from_on and until_on and until_on <= from_on else None,
    ]
    standing = [(number, no) for no in problems if no]
    found.problems += standing
    if not standing and from_on:
        named = text_of(cell.get("source")) or source
        found.rows.append(AidRow(number, fits[0].pupil_id, name, category, named, from_on, until_on))


def _category(text: str) -> str:
    plain = "".join(text.split()).removesuffix("儿童").removesuffix("家庭").removesuffix("学生")
    for key, one in CATEGORIES.items():
        if text == key or (plain and plain in one.title) or one.title in text:
            return key
    return ""


def _fitting(children: Sequence[Listed], homeroom: str) -> list[Listed]:
    named = homeroom[:LONGEST_CELL].translate(_DIGITS).replace("十", "1")
    numbers = [int(part) for part in re.findall(r"\d+", named)]
    if len(numbers) < 2:
        return list(children)
    return [one for one in children if (one.grade, one.number) == (numbers[-2], numbers[-1])]


def day_of(value: Value) -> date | None:
    """Return the day of a cell in any usual form, None for an empty or unreadable one."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    text = text_of(value)
    if found := _DAY.fullmatch(text):
        parts = [int(part) for part in found.groups()]
    elif len(text) == 8 and text.isdecimal():
        parts = [int(text[:4]), int(text[4:6]), int(text[6:])]
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None
