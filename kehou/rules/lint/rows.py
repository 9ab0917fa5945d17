"""A list of activities as somebody has it in a spreadsheet: which column is which, grades as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

NAMES = {
    "name": ("name", "名称", "活动名称", "项目名称", "活动", "课程名称", "社团名称", "title"),
    "description": ("description", "说明", "简介", "内容", "活动内容", "活动说明", "描述", "课程简介", "目标"),
    "grades": ("grades", "grade", "年级", "适用年级", "对象", "参加年级", "面向年级"),
}
_FIGURES = "一二三四五六七八九"
_GRADE = f"(?:[{_FIGURES}]|[1-9])"
_STAGES = {"全校": range(1, 10), "小学": range(1, 7), "初中": range(7, 10), "低段": range(1, 3), "低年级": range(1, 3),
           "中段": range(3, 5), "中年级": range(3, 5), "高段": range(5, 7), "高年级": range(5, 7)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One activity of a list, with the number that the spreadsheet gives its row."""

    number: int
    name: str
    description: str
    grades: frozenset[int]


def grades_in(text: str) -> frozenset[int]:
    """Return the grades that a cell names: `3-6`, `三至六年级`, `七、八`, `初一`, `1月2日` (Excel's 1-2)."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("年级", "").replace("级", "")
    plain = re.sub(r"^(?:\d{4}[-/年])?([1-9])[月/-]([1-9])日?$", r"\1-\2", plain)
    plain = re.sub(f"初({_GRADE})", lambda match: str(_figure(match[1]) + 6), plain)
    found: set[int] = set()
    for stage, grades in _STAGES.items():
        if stage in plain:
            found |= set(grades)
    for first, last in re.findall(f"({_GRADE})(?:[-~—–到至]+({_GRADE}))?", plain):
        start, end = _figure(first), _figure(last or first)
        found |= set(range(min(start, end), max(start, end) + 1))
    return frozenset(found)


def columns_in(cells: Sequence[object]) -> dict[str, int]:
    """Return where each column stands in a row of headings; without a name there are none."""
    labels = [unicodedata.normalize("NFKC", str(cell)).strip().strip("*").lower() for cell in cells]
    found = {}
    for column, names in NAMES.items():
        for name in names:
            if name in labels:
                found[column] = labels.index(name)
                break
    return found if "name" in found else {}


def rows_in(lines: Iterable[tuple[int, Sequence[object]]]) -> Iterator[Row]:
    """Yield the activities below the headings, which may have a title above them; empty rows are left out."""
    columns: dict[str, int] = {}
    for number, cells in lines:
        if not columns:
            columns = columns_in(cells)
            continue
        texts = {
            column: str(cells[place] or "").strip() if place < len(cells) else "" for column, place in columns.items()
        }
        if texts["name"] or texts.get("description"):
            grades = grades_in(texts.get("grades", ""))
            yield Row(number, texts["name"], texts.get("description", ""), grades)


def _figure(sign: str) -> int:
    return _FIGURES.index(sign) + 1 if sign in _FIGURES else int(sign)
