"""Find the table in a sheet: titles above it, one header row or two, sections inside it, merged cells, totals below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kehou.rules.roster.classes import Named, find_class, find_grade, read_class
from kehou.rules.roster.grid import Corner, Grid, Value, bounded, is_blank, plain, text_of
from kehou.rules.roster.headers import Layout, halves, is_header_cell, layout_of

SEARCHED_ROWS = 60
"""How many rows with something in them are looked at for a header before a sheet counts as no roster."""

_FOOTER = re.compile(
    r"[(\[【]?(合计|总计|小计|共计|总人数|人数|全班|本班|男生|女生|男[:：]|女[:：]|共\s*\d|说明|备注|注[:：]|附[:：注]|填表|制表|填报|审核|校对|班主任|校长|负责人"
    r"|联系人[:：]|打印|导出|日期[:：]|时间[:：]|签[名字章]|盖章|单位[:：]|学校[:：]|第\s*\d+\s*页|\d{4}年\d{1,2}月\d{1,2}日$|以上|以下空白|此表|本表|温馨|请)"
)
_GROUP = re.compile(
    r"(学生|家庭|个人|基本|学籍|本人|监护人|家长|父亲|母亲|父母|爸爸|妈妈|(家庭)?(主要)?成员|(紧急)?联系人|联系方式|第[一二三]监护人)"
    r"(基本|主要|家庭)?(信息|情况|资料)?[一二三\d]?"
)
_LONG_NUMBER = re.compile(r"\d{15}|\d(?:\.\d+)?E\+?\d\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Around:
    """What titles, sections and the sheet's name say of the class of the rows below them."""

    title: Named | None = None
    sheet: Named | None = None

    @property
    def named(self) -> Named | None:
        """Return the nearest class or grade named around the row."""
        return self.title or self.sheet


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of pupils, with what is needed to read it."""

    row: int
    values: Sequence[Value]
    layout: Layout
    around: Around


@dataclass(frozen=True, slots=True)
class Continued:
    """A row that only continues the merged pupil above (a second grown-up)."""

    row: int


@dataclass(frozen=True, slots=True)
class Footer:
    """A row of the table that is no pupil: a total, a remark, a signature."""

    row: int


def class_of_sheet(name: str) -> Named | None:
    """Return the class or grade that a sheet's name says: 七年级1班, 3.2, 三年级; `2` and `Sheet2` say nothing."""
    if not plain(name).isdigit() or len(plain(name)) == 3:
        named = read_class(name)
        if named is not None:
            return named
    return find_class(name) or find_grade(name)


class Walk:
    """A walk down one sheet; `found` says afterwards whether there was a table, `long_numbers` whether there ought."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.found = False
        self.long_numbers = False
        self.around = Around(sheet=class_of_sheet(grid.name))
        self._layouts: list[Layout] = []
        self._own: set[int] = set()  # columns in which every pupil has a value of their own, merged or not
        self._above: Sequence[Value] = ()
        self._above_row = -1
        self._fills = _Fills(grid.merged)
        self._tried = 0

    def __iter__(self) -> Iterator[Line | Footer | Continued]:
        """Yield the rows below the header, blank ones left out."""
        rows = _Ahead((number, bounded(values)) for number, values in self.grid.rows)
        for number, values in rows:
            if not any(value not in ("", None) for value in values) or all(is_blank(value) for value in values):
                continue
            if (not self._layouts or self._is_header(values)) and self._header(number, values, rows):
                continue
            if not self._layouts:
                self._title(number, values)
                if self._tried > SEARCHED_ROWS:
                    return
                continue
            yield from self._lines(number, self._fills.fill(number, values, self._own))

    def _lines(self, number: int, values: Sequence[Value]) -> Iterator[Line | Footer | Continued]:
        for layout in self._layouts:
            match self._kind(number, values, layout):
                case "line":
                    yield Line(number, values, layout, self.around)
                case "footer":
                    yield Footer(number)
                case "continued":
                    yield Continued(number)

    def _kind(self, number: int, values: Sequence[Value], layout: Layout) -> str:
        """Say what a row below the header is: a line, a footer, a section heading, or nothing."""
        name, id_number = _cell(values, layout, "name"), _cell(values, layout, "id")
        if not is_blank(id_number) or (not is_blank(name) and not is_blank(_cell(values, layout, "register"))):
            return "footer" if self._is_total(values, id_number) else "line"
        if len(self._layouts) > 1:
            return "nothing" if is_blank(name) else "line"
        full = [text_of(value) for value in values if not is_blank(value)]
        if any(_LONG_NUMBER.search(text) for text in full):
            return "line"  # whatever it is, it holds a person's number and may not be passed over in silence
        if len(full) == 1 and (named := find_class(full[0]) or _whole_class(full[0])) is not None:
            self.around = replace(self.around, title=named)
            return "section"
        if _FOOTER.match(full[0]) or (not is_blank(name) and _FOOTER.match(text_of(name))):
            return "footer"
        if not is_blank(name):
            return "line"
        if self._fills.continues(number, layout.columns["name"]):
            return "continued"
        # What a template has filled in beforehand for rows that nobody has used.
        filled_in = ("school", "school_code", "grade", "class", "class_code", "document")
        telling = layout.labels.keys() - {layout.columns.get(field) for field in filled_in}
        return "line" if any(at < len(values) and not is_blank(values[at]) for at in telling) else "footer"

    @staticmethod
    def _is_total(values: Sequence[Value], id_number: Value) -> bool:
        """Say whether something stands in the ID column of a totals row: 合计 | | | 45."""
        first = next((text_of(value) for value in values if not is_blank(value)), "")
        return bool(_FOOTER.match(first)) and len(text_of(id_number)) < 10

    def _is_header(self, values: Sequence[Value]) -> bool:
        at = self._layouts[0].columns["name"]
        cell = values[at] if at < len(values) else None
        return cell in ("姓名", "学生姓名", "XM") or "姓名" in values or "学生姓名" in values

    def _title(self, number: int, values: Sequence[Value]) -> None:
        """Remember a row above the header: its class, its labels, and whether it holds numbers like a pupil's."""
        self._tried += 1
        self._above, self._above_row = values, number
        self.long_numbers = self.long_numbers or any(_LONG_NUMBER.search(text_of(value)) for value in values)
        for value in values:
            if not isinstance(value, str):
                continue
            if named := find_class(value) or find_grade(value) or _whole_class(value):
                self.around = replace(self.around, title=named)
            elif (title := self.around.title) is not None and title.number is None and "班" in value:
                # 年级：三年级 and 班级：2班 in two cells of one title
                beside = read_class(value)
                if beside is not None and not beside.tells_grade:
                    self.around = replace(self.around, title=beside.in_grade(title))

    def _header(self, number: int, values: Sequence[Value], rows: _Ahead) -> bool:
        """Take `values` for the header if they are one, with the row above or below as its second half."""
        groups = self._groups(number, values)
        layout, width = layout_of(values, groups), halves(values)
        if (below := rows.ahead()) is not None and not width and _is_half(values, below[1]):
            both = self._joined(number, values, below[1])
            if both.is_roster and len(both.labels) > len(layout.labels):
                layout = both
                next(rows)
        if not layout.is_roster:
            return False
        self.found = True
        if {"class", "class_code"} & layout.columns.keys() and not re.search("[班级年]", self.grid.name):
            self.around = replace(self.around, sheet=None)  # a sheet called 8.28 is the 28th of August
        self._layouts = _blocks(layout, width, len(values)) if width else [layout]
        self._own = {
            one.columns[name] for one in self._layouts for name in ("name", "id", "register") & one.columns.keys()
        }
        return True

    def _joined(self, number: int, upper: Sequence[Value], lower: Sequence[Value]) -> Layout:
        """Return the layout of two header rows: labels of the upper row stand over the columns of the lower."""
        spread = self._fills.spread(number, upper)
        width = max(len(upper), len(lower))
        names: list[Value] = []
        groups: list[str] = []
        for at in range(width):
            above = spread[at] if at < len(spread) else ""
            below = text_of(lower[at]) if at < len(lower) else ""
            own = text_of(upper[at]) if at < len(upper) else ""
            names.append(below or own)
            groups.append(above if below else "")
        return layout_of(names, groups)

    def _groups(self, number: int, values: Sequence[Value]) -> Sequence[str]:
        """Return the labels that the row directly above spreads over the columns, if it is a row of labels."""
        if self._above_row != number - 1:
            return ()
        full = [text_of(value) for value in self._above if not is_blank(value)]
        if not any(_GROUP.fullmatch(text) for text in full):
            return ()
        return self._fills.spread(self._above_row, self._above)


def _whole_class(text: str) -> Named | None:
    named = read_class(text) if "班" in text else None
    return named if named is not None and named.tells_grade else None


def _is_half(upper: Sequence[Value], lower: Sequence[Value]) -> bool:
    """Say whether two rows are one header: labels over groups of columns above, or headers where the lower is empty."""
    if not any(map(is_header_cell, lower)) or any(_LONG_NUMBER.search(text_of(value)) for value in lower):
        return False
    if any(isinstance(value, str) and (find_grade(value) or find_class(value)) for value in upper):
        return False  # a title: 年级 | 三年级 | 班级 | 2班
    return any(
        _GROUP.fullmatch(text_of(value)) or (is_header_cell(value) and (at >= len(lower) or is_blank(lower[at])))
        for at, value in enumerate(upper)
        if isinstance(value, str)
    )


def _cell(values: Sequence[Value], layout: Layout, name: str) -> Value:
    at = layout.columns.get(name, -1)
    return values[at] if 0 <= at < len(values) else None


def _blocks(layout: Layout, width: int, columns: int) -> list[Layout]:
    """Return one layout per block of columns where the same table stands side by side."""
    first = {name: at for name, at in layout.columns.items() if at < width}
    blocks = []
    for start in range(0, columns - width + 1, width):
        grown_ups = {
            slot: {name: [at + start for at in places if at < width] for name, places in parts.items()}
            for slot, parts in layout.grown_ups.items()
        }
        labels = {at + start: text for at, text in layout.labels.items() if at < width}
        blocks.append(Layout({name: at + start for name, at in first.items()}, grown_ups, labels))
    return blocks


class _Ahead:
    """Rows of which the next can be looked at."""

    def __init__(self, rows: Iterable[tuple[int, Sequence[Value]]]) -> None:
        self._rows = iter(rows)
        self._next: tuple[int, Sequence[Value]] | None = None

    def __iter__(self) -> _Ahead:
        return self

    def __next__(self) -> tuple[int, Sequence[Value]]:
        if self._next is not None:
            row, self._next = self._next, None
            return row
        return next(self._rows)

    def ahead(self) -> tuple[int, Sequence[Value]] | None:
        """Return the next row without taking it, None at the end."""
        if self._next is None:
            self._next = next(self._rows, None)
        return self._next


class _Fills:
    """Merged cells: only the upper left one holds the value; the others mean the same."""

    def __init__(self, merged: Sequence[tuple[Corner, Corner]]) -> None:
        self._down: dict[int, list[tuple[int, int]]] = {}
        self._right: dict[tuple[int, int], int] = {}
        for (top, left), (bottom, right) in merged:
            if bottom > top:
                self._down.setdefault(left, []).append((top, bottom))
            if right > left:
                self._right[top, left] = right
        self._held: dict[int, tuple[int, int, Value]] = {}
        for ranges in self._down.values():
            ranges.sort(reverse=True)

    def fill(self, number: int, values: Sequence[Value], own: set[int]) -> Sequence[Value]:
        """Return the row with the cells of vertical merges filled from above, but for the columns `own`."""
        if not self._down:
            return values
        row, filled = number - 1, list(values)
        for at, ranges in self._down.items():
            if at >= len(filled):
                filled += [""] * (at + 1 - len(filled))
            while ranges and ranges[-1][0] < row:
                ranges.pop()  # it began above the table
            if ranges and ranges[-1][0] == row:
                self._held[at] = (*ranges.pop(), filled[at])
            elif at not in own and is_blank(filled[at]) and self._covers(at, row):
                filled[at] = self._held[at][2]
        return filled

    def continues(self, number: int, column: int) -> bool:
        """Say whether a cell lies below the top of a vertical merge."""
        return self._covers(column, number - 1)

    def _covers(self, column: int, row: int) -> bool:
        held = self._held.get(column)
        return held is not None and held[0] < row <= held[1]

    def spread(self, number: int, values: Sequence[Value]) -> list[str]:
        """Return the labels of a row over all columns that they cover: by their merge, or up to the next label."""
        texts = [text_of(value) for value in values]
        merged = any(row == number - 1 for row, _ in self._right)
        last, until = "", -1
        for at, text in enumerate(texts):
            if text:
                last, until = text, self._right.get((number - 1, at), at if merged else len(texts))
            elif at <= until:
                texts[at] = last
        return texts
