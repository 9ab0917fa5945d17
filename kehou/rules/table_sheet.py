"""The activity table as a spreadsheet: the columns that we write ourselves, read again with every problem by its row.

A sheet says what it says: a column that is missing, or a cell that is empty, leaves the row of the table as it stands.
Clock times are not read: they follow from the dismissals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kehou.rules.ledger import weekdays_in
from kehou.rules.parameters.care_groups import RISK_CLASSES
from kehou.rules.programme import WEEKS
from kehou.rules.roster.grid import Grid, Value, text_of
from kehou.rules.timetable import ActivityKind, Category, Domain
from kehou.rules.verdicts import Refusal, refuse

# What a column may be called; the first name is the one we write.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("活动名称", "名称", "活动"),
    "category": ("类别", "内容类别"),
    "kind": ("类型", "基础或特色"),
    "domains": ("五育",),
    "grades": ("年级", "面向年级"),
    "weekdays": ("星期", "时间安排"),
    "first_hour": ("开始课时", "从第几课时开始"),
    "class_hours": ("课时", "课时数"),
    "place": ("地点", "场地"),
    "leader": ("带组人", "教师", "负责人"),
    "helpers": ("助教", "其他成人"),
    "capacity": ("人数上限", "人数"),
    "minimum": ("最少人数",),
    "risk_class": ("安全类别",),
    "kit": ("器材",),
    "aim": ("目标",),
}
HEADER_WITHIN = 10
MOST_ROWS = 500
_AS_WRITTEN = frozenset({"name", "category", "place", "leader", "helpers", "kit", "aim"})
_LONGEST = {"name": 40, "kit": 120, "aim": 200}
_DIGITS = "一二三四五六七八九"
_AND_OTHERS = re.compile(r"等\d+人$")
_SPAN = re.compile(r"([1-9])(?:至|到|-|–|—|~)([1-9])")
_WEEK_SPAN = re.compile("周?([一二三四五])(?:至|到|-|–|—|~)周?([一二三四五])")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One activity as typed: only the columns that say something, with the row of the spreadsheet."""

    row: int
    said: Mapping[str, Any]


@dataclass(slots=True)
class TableReading:
    """What a sheet says, and every problem as (row, refusal)."""

    rows: list[SheetRow] = field(default_factory=list)
    problems: list[tuple[int, Refusal]] = field(default_factory=list)


def read_table(grid: Grid) -> TableReading:
    """Return the activities of a sheet. Titles above the header and empty rows are passed over; nothing is guessed."""
    found, header = TableReading(), None
    for number, values in grid.rows:
        cells = [text_of(value) for value in values]
        if header is None:
            header = _header(cells)
            if header is None and number > HEADER_WITHIN:
                break
        elif any(cells):
            _take(found, number, header, values)
            if len(found.rows) > MOST_ROWS:
                found.problems.append((number, refuse("R-CONT-06", "sheet_too_long", most=MOST_ROWS)))
                break
    if header is None:
        found.problems.append((1, refuse("R-CONT-06", "sheet_without_header", name=COLUMNS["name"][0])))
    elif not found.rows and not found.problems:
        found.problems.append((1, refuse("R-CONT-06", "sheet_empty")))
    found.problems += _doubles(found.rows)
    return found


def _header(cells: Sequence[str]) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for key, words in COLUMNS.items():
        at = next((at for at, cell in enumerate(cells) if "".join(cell.split()) in words), None)
        if at is not None:
            found[key] = at
    return found if "name" in found and len(found) > 1 else None


def _take(found: TableReading, number: int, header: Mapping[str, int], values: Sequence[Value]) -> None:
    said: dict[str, Any] = {}
    for key, at in header.items():
        value = values[at] if at < len(values) else None
        # Words stay as they were written: signs made half-width would look like a change of the row.
        text = value.strip() if key in _AS_WRITTEN and isinstance(value, str) else text_of(value)
        if not text:
            continue
        try:
            said |= _READ.get(key, _words(key))(text)
        except (ValueError, KeyError):
            no = refuse("R-CONT-06", "cell_not_understood", column=COLUMNS[key][0], given=text[:20])
            found.problems.append((number, no))
    if not said.get("name"):
        found.problems.append((number, refuse("R-CONT-06", "column_empty", column=COLUMNS["name"][0])))
    found.rows.append(SheetRow(number, said))


def _doubles(rows: Sequence[SheetRow]) -> list[tuple[int, Refusal]]:
    seen: dict[str, int] = {}
    found = []
    for one in rows:
        name = one.said.get("name", "")
        if name in seen:
            found.append((one.row, refuse("R-CONT-06", "name_twice_in_sheet", name=name, row=seen[name])))
        elif name:
            seen[name] = one.row
    return found


# --- Cells ------------------------------------------------------------------------------------------------------------


def _words(key: str) -> Callable[[str], dict[str, Any]]:
    def read(text: str) -> dict[str, Any]:
        if len(text) > _LONGEST.get(key, 120):
            raise ValueError(text)
        return {key: text}

    return read


def _whole(key: str, most: int) -> Callable[[str], dict[str, Any]]:
    def read(text: str) -> dict[str, Any]:
        number = int(text.removesuffix("人").removesuffix("课时"))
        if not 0 <= number <= most:
            raise ValueError(text)
        return {key: number}

    return read


def _category(text: str) -> dict[str, Any]:
    """Read `其他（理由）` as well as one of the ten."""
    label, _, reason = text.replace("(", "（").replace(")", "）").partition("（")
    values = {one.label: one.value for one in Category}
    return {"category": values[label.strip()], "category_reason": reason.removesuffix("）")}


def _kind(text: str) -> dict[str, Any]:
    return {"kind": {one.label: one.value for one in ActivityKind}[text]}


def _domains(text: str) -> dict[str, Any]:
    labels = {one.label: one.value for one in Domain}
    signs = [sign for sign in text if sign not in "育、，, "]
    return {"domains": tuple(labels[sign] for sign in signs)}


def grades_in(text: str) -> tuple[int, ...]:
    """Return the grades that a cell names (三至六年级, 一、三年级, 3-6). :raises ValueError: if it names others"""
    digits = "".join(str(_DIGITS.index(sign) + 1) if sign in _DIGITS else sign for sign in text)
    digits = digits.replace("年级", "").replace(" ", "")
    found: set[int] = set()
    for part in re.split("[、，,]", digits):
        if span := _SPAN.fullmatch(part):
            found.update(range(int(span[1]), int(span[2]) + 1))
        elif part.isdecimal() and part.isascii() and "0" not in part:
            found.update(int(sign) for sign in part)
        else:
            raise ValueError(text)
    return tuple(sorted(found))


def _weekdays(text: str) -> dict[str, Any]:
    """Read `周一至周五`, `每周一三五`, `每月第二个周五`."""
    week = next((number for number, words in WEEKS.items() if text.startswith(words)), None)
    days = text.removeprefix(WEEKS[week]) if week else text.removeprefix("每")
    if span := _WEEK_SPAN.fullmatch(days):
        first, last = (_DIGITS.index(sign) + 1 for sign in span.groups())
        return {"weekdays": tuple(range(first, last + 1)), "week_of_month": week}
    found = weekdays_in(days)
    return {"weekdays": found or tuple(range(1, 6)), "week_of_month": week}


def _risk(text: str) -> dict[str, Any]:
    letter = text[0].upper()
    return {"risk_class": letter} if letter in RISK_CLASSES else _bad(text)


def _people(text: str) -> dict[str, Any]:
    """Read `李强、王芳`: who leads, and the second adult after them."""
    leader, *helpers = [name for name in re.split("[、，, ]+", _AND_OTHERS.sub("", text)) if name]
    return {"leader": leader} | ({"helpers": tuple(helpers)} if helpers else {})


def _names(text: str) -> dict[str, Any]:
    return {"helpers": tuple(name for name in re.split("[、，, ]+", text) if name and name != "无")}


def _bad(text: str) -> Any:
    raise ValueError(text)


_READ: dict[str, Callable[[str], dict[str, Any]]] = {
    "category": _category,
    "kind": _kind,
    "domains": _domains,
    "grades": lambda text: {"grades": grades_in(text)},
    "weekdays": _weekdays,
    "first_hour": _whole("first_hour", 9),
    "class_hours": _whole("class_hours", 9),
    "capacity": _whole("capacity", 2000),
    "minimum": _whole("minimum", 2000),
    "risk_class": _risk,
    "leader": _people,
    "helpers": _names,
}
