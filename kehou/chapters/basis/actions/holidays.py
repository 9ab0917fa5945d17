"""The yearly holiday notice as a spreadsheet: read dry, shown whole, taken whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

from django.db import transaction

from kehou.chapters.basis.actions.calendar import set_day
from kehou.chapters.basis.models import CalendarDay, Instrument
from kehou.lib.actors import Actor
from kehou.lib.sheets.reading import open_sheets
from kehou.rules.basis import refusal_of_day
from kehou.rules.verdicts import Refusal, refuse

COLUMNS = ("日期", "安排", "按星期几上课", "名称")
KINDS = {"放假": CalendarDay.OFF, "休息": CalendarDay.OFF, "上课": CalendarDay.SCHOOL, "上班": CalendarDay.WORKED}
_WEEKDAYS = {name: number for number, name in enumerate("一二三四五", 1)}


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of a notice; `becomes` says what taking it would do."""

    row: int
    on: date
    kind: str
    follows: int | None
    name: str
    becomes: str  # new, changed, same


@dataclass(slots=True)
class Notice:
    """What a file says: its days, and every problem with the row in which it stands."""

    days: list[DayRow] = field(default_factory=list)
    problems: list[tuple[int, Refusal]] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Return whether it can be taken."""
        return bool(self.days) and not self.problems


def read_notice(source: IO[bytes]) -> Notice:
    """Return what a holiday spreadsheet says, writing nothing. Its columns are COLUMNS, 安排 is one of KINDS.

    :raises Refused: if the file cannot be read at all
    """
    notice = Notice()
    known = {day.on: (day.kind, day.follows_weekday, day.name) for day in CalendarDay.objects.all()}
    seen: dict[date, int] = {}
    columns: list[int] | None = None
    for grid in open_sheets(source).grids:
        for number, cells in grid.rows:
            if columns is None:
                columns = _header(cells)
                continue
            values = [cells[at] if at < len(cells) else None for at in columns]
            if any(value not in (None, "") for value in values):
                _read_row(notice, number, values, known, seen)
        if columns is not None:
            break
    if columns is None:
        notice.problems.append((1, refuse("R-TIME-01", "notice_without_header", columns="、".join(COLUMNS))))
    return notice


def _header(cells: Sequence[Any]) -> list[int] | None:
    names = [str(cell or "").strip() for cell in cells]
    return [names.index(name) for name in COLUMNS] if set(COLUMNS) <= set(names) else None


def _read_row(
    notice: Notice, row: int, values: Sequence[Any], known: dict[date, tuple[Any, ...]], seen: dict[date, int]
) -> None:
    on, kind = _day(values[0]), KINDS.get(str(values[1] or "").strip())
    follows, name = _weekday(values[2]), str(values[3] or "").strip()
    problem: Refusal | None = None
    if on is None:
        problem = refuse("R-TIME-01", "notice_day_unreadable", given=str(values[0] or ""))
    elif kind is None:
        problem = refuse("R-TIME-01", "notice_kind_unknown", given=str(values[1] or ""), kinds="、".join(KINDS))
    elif on in seen:
        problem = refuse("R-TIME-01", "notice_day_twice", day=on, row=seen[on])
    else:
        problem = refusal_of_day(on, kind=kind, follows=follows)
    if problem or on is None or kind is None:
        assert problem is not None
        notice.problems.append((row, problem))
        return
    seen[on] = row
    follows = follows if kind == CalendarDay.SCHOOL else None
    was = known.get(on)
    becomes = "new" if was is None else "same" if was == (kind, follows, name) else "changed"
    notice.days.append(DayRow(row, on, kind, follows, name, becomes))


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = re.fullmatch(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*", str(value or ""))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _weekday(value: Any) -> int | None:
    text = re.sub(r"^(星期|周|礼拜)", "", str(value or "").strip()).removesuffix(".0")
    return _WEEKDAYS.get(text) or (int(text) if text in "12345" and text else None)


@transaction.atomic
def take_notice(
    days: Iterable[DayRow], *, by: Actor, at: datetime, instrument: Instrument | None = None
) -> tuple[int, int]:
    """Write the days of a clean notice; return how many are new and how many changed. Nothing else is touched.

    :raises Refused: R-TIME-01 if one of them cannot be, and then none is written
    """
    counts = {"new": 0, "changed": 0}
    for day in days:
        if day.becomes == "same":
            continue
        set_day(day.on, kind=day.kind, name=day.name, follows=day.follows, instrument=instrument, by=by, at=at)
        counts[day.becomes] += 1
    return counts["new"], counts["changed"]
