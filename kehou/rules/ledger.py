"""The rows of a ledger as schools send them: read from a sheet, every problem with its row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kehou.rules.parameters.care_groups import RISK_CLASSES
from kehou.rules.roster.grid import Grid, Value, text_of
from kehou.rules.schools import ROOM_KINDS
from kehou.rules.staffing.kinds import KINDS
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
    "weekdays": ("可用的日子", "可用时段", "可用星期"),
    "surface": ("地面", "场地材质", "地面材质"),
    "extent": ("规格", "大小", "场地规格"),
    "by_sport": ("分项容量", "分项人数"),
    "has_light": ("灯光", "有无灯光"),
    "rain_rule": ("雨天安排", "雨天"),
    "owner": ("产权单位", "单位", "所属单位"),
    "distance_m": ("距离（米）", "距离(米)", "距离"),
    "offers": ("实践内容", "内容"),
    "agreement_until": ("协议到期", "协议有效期", "协议有效期至"),
    "transport": ("交通", "交通方式"),
    "season": ("季节", "适宜季节"),
    "approval_reference": ("批准文号", "批文号"),
}
EQUIPMENT_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("编号", "器材编号", "代码"),
    "name": ("名称", "器材名称", "设备名称"),
    "model": ("型号", "规格型号"),
    "quantity": ("数量", "总数"),
    "good": ("完好", "完好数", "可用数"),
    "place": ("存放地点", "地点", "位置"),
    "from_fund": ("本经费购置", "课后服务经费购置"),
    "asset_number": ("资产编号", "固定资产编号"),
    "keeper": ("保管人", "管理员", "负责人"),
    "checked_on": ("最近检查日期", "检查日期", "最近检查"),
}
STAFF_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("编号", "人员编号"),
    "name": ("姓名", "教师姓名"),
    "staff_kind": ("人员类型", "类型"),
    "subject": ("学科", "任教学科"),
    "skills": ("特长", "可指导"),
    "weekdays": ("愿意服务的日子", "愿意的日子", "服务意愿"),
    "weekly_cap": ("每周课时", "每周课时上限"),
}
NOT_ASKED = ("还没问", "未问", "—", "-")  # how a ledger says that somebody has not named days
DAYS = {"checked_on", "agreement_until"}
YES_NO = {"有": True, "是": True, "√": True, "无": False, "否": False, "没有": False}
_WEEK = "一二三四五六日"
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


@dataclass(frozen=True, slots=True)
class Layout:
    """How one part of the ledger lies in a sheet: its columns, those it cannot be without, what their cells mean."""

    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    whole: frozenset[str]
    longest: Mapping[str, int]
    defaults: Mapping[str, Any] = field(default_factory=dict)


ROOM_LAYOUT = Layout(
    COLUMNS,
    ("code", "name", "capacity"),
    frozenset({"area_m2", "seats", "capacity", "exits", "distance_m"}),
    {
        "code": 12, "name": 40, "building": 40, "kit": 200, "keeper": 40, "surface": 40, "extent": 40, "by_sport": 120,
        "rain_rule": 120, "owner": 80, "offers": 200, "transport": 80, "season": 60, "approval_reference": 120,
    },
    {"kind": "room", "risk_class": "A", "exits": 1},
)  # fmt: skip
EQUIPMENT_LAYOUT = Layout(
    EQUIPMENT_COLUMNS,
    ("code", "name", "quantity"),
    frozenset({"quantity", "good"}),
    {"code": 12, "name": 40, "model": 40, "place": 40, "asset_number": 40, "keeper": 40},
)
STAFF_LAYOUT = Layout(
    STAFF_COLUMNS,
    ("name",),
    frozenset({"weekly_cap"}),
    {"code": 12, "name": 60, "subject": 20, "skills": 200},
)


def read_rooms(grid: Grid) -> LedgerReading:
    """Return the places of a sheet. Titles above the header are passed over, empty rows too; nothing is guessed."""
    return _read(grid, ROOM_LAYOUT)


def read_equipment(grid: Grid) -> LedgerReading:
    """Return the equipment of a sheet, as `read_rooms`."""
    return _read(grid, EQUIPMENT_LAYOUT)


def read_people(grid: Grid) -> LedgerReading:
    """Return the people of a sheet (师资), as `read_rooms`; what the ledger derives (资格证书) is passed over."""
    return _read(grid, STAFF_LAYOUT)


def _read(grid: Grid, layout: Layout) -> LedgerReading:
    found = LedgerReading()
    header: dict[str, int] | None = None
    for number, values in grid.rows:
        cells = [text_of(value) for value in values]
        if header is None:
            header = _header(cells, layout)
            if header is None and number > HEADER_WITHIN:
                break
        elif any(cells):
            _take(found, number, header, values, layout)
            if len(found.rooms) > MOST_ROWS:
                found.problems.append((number, refuse("R-RES-02", "sheet_too_long", most=MOST_ROWS)))
                break
    if header is None:
        names = "、".join(layout.columns[name][0] for name in layout.needed)
        found.problems.append((1, refuse("R-RES-02", "sheet_without_header", names=names)))
    elif not found.rooms and not found.problems:
        found.problems.append((1, refuse("R-RES-02", "sheet_empty")))
    found.problems += _doubles(found.rooms)
    return found


def _header(cells: Sequence[str], layout: Layout) -> dict[str, int] | None:
    """Return where each known column stands if this row names the needed ones."""
    found: dict[str, int] = {}
    for name, words in layout.columns.items():
        at = next((at for at, cell in enumerate(cells) if "".join(cell.split()) in words), None)
        if at is not None:
            found[name] = at
    return found if all(name in found for name in layout.needed) else None


def _take(
    found: LedgerReading, number: int, header: Mapping[str, int], values: Sequence[Value], layout: Layout
) -> None:
    facts: dict[str, Any] = {}
    for name, at in header.items():
        value = values[at] if at < len(values) else None
        try:
            facts[name] = _cell(name, value, layout)
        except ValueError:
            column = layout.columns[name][0]
            no = refuse("R-RES-02", f"bad_{_kind(name, layout)}", column=column, given=text_of(value)[:20])
            found.problems.append((number, no))
    for name in layout.needed:
        if name in facts and facts[name] in (None, ""):
            found.problems.append((number, refuse("R-RES-02", "cell_empty", column=layout.columns[name][0])))
    filled = {name: value for name, value in facts.items() if value not in (None, "")}
    found.rooms.append(RoomRow(number, {**layout.defaults, **filled}))


def _kind(name: str, layout: Layout) -> str:
    return "number" if name in layout.whole else "day" if name in DAYS else "word"


def _cell(name: str, value: Value, layout: Layout) -> Any:
    """Return a cell as its column means it. :raises ValueError: if it does not mean that"""
    text = text_of(value)
    if not text:
        return None
    if name in layout.whole:
        number = int(text)
        if not 0 <= number <= 30_000:
            raise ValueError(text)
        return number
    if name in DAYS:
        year, month, day = (int(part) for part in text.strip("日").replace("年", "-").translate(_DASHES).split("-"))
        return date(year, month, day)
    if name in ("has_light", "from_fund"):
        return YES_NO[text] if text in YES_NO else _bad(text)
    if name == "weekdays":
        return None if text in NOT_ASKED else weekdays_in(text)
    if name == "staff_kind":
        return next((key for key, label in KINDS.items() if text in (key, label)), None) or _bad(text)
    if name == "kind":
        return next((key for key, label in ROOM_KINDS.items() if text in (key, label)), None) or _bad(text)
    if name == "risk_class":
        return text[0].upper() if text[0].upper() in RISK_CLASSES else _bad(text)
    return text if len(text) <= layout.longest[name] else _bad(text)


def weekdays_in(text: str) -> tuple[int, ...]:
    """Return the ISO weekdays that a cell names (周一三五, 都可以). :raises ValueError: if it names something else"""
    if text in ("都可以", "全部", "每天"):
        return ()
    signs = text.replace("星期", "").replace("周", "").replace("、", "")
    if not signs or any(sign not in _WEEK for sign in signs):
        raise ValueError(text)
    return tuple(sorted({_WEEK.index(sign) + 1 for sign in signs}))


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
