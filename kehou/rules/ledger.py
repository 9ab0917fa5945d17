"""The rows of a ledger of rooms as schools send them: read from a sheet, every problem with its row and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kehou.rules.parameters.care_groups import RISK_CLASSES
from kehou.rules.roster.grid import Grid, Value, text_of
from kehou.rules.schools import ROOM_KINDS
from kehou.rules.verdicts import Refusal, refuse

# What a column may be called. The first name is the one we write ourselves.
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("编号", "场地编号", "房间号", "代码"),
    "name": ("名称", "场地名称", "功能室", "功能室名称", "场地"),
    "kind": ("种类", "类型", "场地类型"),
    "building": ("楼栋楼层", "位置", "楼层", "地点"),
    "area_m2": ("面积（平方米）", "面积", "面积(平方米)", "面积㎡"),
    "seats": ("座位数", "座位"),
    "capacity": ("课后服务最多人数", "最多人数", "容纳人数", "可容纳人数"),
    "exits": ("出口数", "出口"),
    "risk_class": ("安全类别", "风险类别", "风险等级"),
    "kit": ("器材", "设备", "主要设备"),
    "keeper": ("保管人", "管理员", "负责人"),
    "checked_on": ("最近检查日期", "安全检查日期", "检查日期"),
}
NEEDED = ("code", "name", "capacity")
_WHOLE = {"area_m2", "seats", "capacity", "exits"}
_DEFAULTS: dict[str, Any] = {"kind": "room", "risk_class": "A", "exits": 1}
_LONGEST = {"code": 12, "name": 40, "building": 40, "kit": 200, "keeper": 40}
_DASHES = str.maketrans("/.月", "---")
HEADER_WITHIN = 10
MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class RoomRow:
    """One room as typed, with the row of the spreadsheet it stands in."""

    row: int
    facts: Mapping[str, Any]


@dataclass(slots=True)
class LedgerReading:
    """What a sheet says: rooms, and every problem as (row, refusal)."""

    rooms: list[RoomRow] = field(default_factory=list)
    problems: list[tuple[int, Refusal]] = field(default_factory=list)


def read_rooms(grid: Grid) -> LedgerReading:
    """Return the rooms of a sheet. Titles above the header are passed over, empty rows too; nothing is guessed."""
    found = LedgerReading()
    header: dict[str, int] | None = None
    for number, values in grid.rows:
        cells = [text_of(value) for value in values]
        if header is None:
            header = _header(cells)
            if header is None and number > HEADER_WITHIN:
                break
        elif any(cells):
            _take(found, number, header, values)
            if len(found.rooms) > MOST_ROWS:
                found.problems.append((number, refuse("R-RES-02", "sheet_too_long", most=MOST_ROWS)))
                break
    if header is None:
        found.problems.append((1, refuse("R-RES-02", "sheet_without_header", names="、".join(_first(NEEDED)))))
    elif not found.rooms and not found.problems:
        found.problems.append((1, refuse("R-RES-02", "sheet_empty")))
    found.problems += _doubles(found.rooms)
    return found


def _first(names: Iterable[str]) -> list[str]:
    return [COLUMNS[name][0] for name in names]


def _header(cells: Sequence[str]) -> dict[str, int] | None:
    """Return where each known column stands if this row names the needed ones."""
    found: dict[str, int] = {}
    for name, words in COLUMNS.items():
        at = next((at for at, cell in enumerate(cells) if "".join(cell.split()) in words), None)
        if at is not None:
            found[name] = at
    return found if all(name in found for name in NEEDED) else None


def _take(found: LedgerReading, number: int, header: Mapping[str, int], values: Sequence[Value]) -> None:
    facts: dict[str, Any] = {}
    for name, at in header.items():
        value = values[at] if at < len(values) else None
        try:
            facts[name] = _cell(name, value)
        except ValueError:
            no = refuse("R-RES-02", f"bad_{_kind(name)}", column=COLUMNS[name][0], given=text_of(value)[:20])
            found.problems.append((number, no))
    for name in NEEDED:
        if name in facts and facts[name] in (None, ""):
            found.problems.append((number, refuse("R-RES-02", "cell_empty", column=COLUMNS[name][0])))
    filled = {name: value for name, value in facts.items() if value not in (None, "")}
    found.rooms.append(RoomRow(number, {**_DEFAULTS, **filled}))


def _kind(name: str) -> str:
    return "number" if name in _WHOLE else "day" if name == "checked_on" else "word"


def _cell(name: str, value: Value) -> Any:
    """Return a cell as its column means it. :raises ValueError: if it does not mean that"""
    text = text_of(value)
    if not text:
        return None
    if name in _WHOLE:
        number = int(text)
        if not 0 <= number <= 30_000:
            raise ValueError(text)
        return number
    if name == "checked_on":
        year, month, day = (int(part) for part in text.strip("日").replace("年", "-").translate(_DASHES).split("-"))
        return date(year, month, day)
    if name == "kind":
        return next((key for key, label in ROOM_KINDS.items() if text in (key, label)), None) or _bad(text)
    if name == "risk_class":
        return text[0].upper() if text[0].upper() in RISK_CLASSES else _bad(text)
    return text if len(text) <= _LONGEST[name] else _bad(text)


def _bad(text: str) -> Any:
    raise ValueError(text)


def _doubles(rooms: Sequence[RoomRow]) -> list[tuple[int, Refusal]]:
    seen: dict[str, int] = {}
    found = []
    for room in rooms:
        code = room.facts.get("code")
        if code in seen:
            found.append((room.row, refuse("R-RES-02", "code_twice_in_sheet", given=code, row=seen[code])))
        elif code:
            seen[code] = room.row
    return found
