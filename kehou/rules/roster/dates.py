"""Birth dates in every form that people and programs write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from kehou.rules.identity import CODE
from kehou.rules.roster.grid import Value, plain
from kehou.rules.roster.numbers import NONE_WORDS
from kehou.rules.verdicts import Refusal, refuse

_EPOCH = date(1899, 12, 30)  # Excel's day 0, its 29 February 1900 included
_FIRST_SERIAL, _LAST_SERIAL = 32_874, 73_051  # 1990-01-01 to 2100-01-01
_TIME_TAIL = re.compile(r"[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$")
_PARTS = re.compile(r"(\d{4}|\d{2})\s*[-/.年_、,\s]\s*(\d{1,2})(?:\s*[-/.月_、,\s]\s*(\d{1,2})?)?\s*[日号]?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_CHINESE = str.maketrans("〇○零一二三四五六七八九", "000123456789")


@dataclass(frozen=True, slots=True)
class Birth:
    """What a cell says of the birth: the possible days (two if the order is unclear), or a month only."""

    days: tuple[date, ...] = ()
    month: tuple[int, int] | None = None
    refusal: Refusal | None = None

    def contradicts(self, day: date) -> bool:
        """Say whether this cell cannot mean `day`."""
        if self.month is not None:
            return self.month != (day.year, day.month)
        return bool(self.days) and day not in self.days


def read_birth(value: Value) -> Birth:
    """Return the birth date of a cell. :return: an empty Birth if the cell says nothing"""
    if isinstance(value, str):
        return _of_text(value)
    if value is None:
        return Birth()
    if isinstance(value, datetime):
        return Birth((value.date(),))
    if isinstance(value, date):
        return Birth((value,))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return Birth(refusal=refuse(CODE, "birth_unclear"))
    if _FIRST_SERIAL <= value < _LAST_SERIAL:
        return Birth((_EPOCH + timedelta(days=int(value)),))
    return _of_text(str(int(value)) if float(value).is_integer() else f"{value:.2f}")


@lru_cache(maxsize=16_384)
def _of_text(text: str) -> Birth:
    text = _TIME_TAIL.sub("", plain(text).strip("'‘’`\"")).strip()
    if not text or text.upper() in NONE_WORDS:
        return Birth()
    text = _western(text)
    if re.fullmatch(r"[0-9]{5}", text) and _FIRST_SERIAL <= int(text) < _LAST_SERIAL:
        return read_birth(int(text))
    if found := _COMPACT.fullmatch(text) or _PARTS.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
        if day is None:
            return _month(int(year), int(month)) if len(year) == 4 else Birth(refusal=refuse(CODE, "birth_unclear"))
        return _day(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    if found := _YEAR_LAST.fullmatch(text):
        return _year_last(int(found[1]), int(found[2]), int(found[3]))
    return Birth(refusal=refuse(CODE, "birth_unclear"))


def _western(text: str) -> str:
    """Return 二〇一八年九月十一日 with digits."""
    if not any(sign in text for sign in "一二三四五六七八九十〇○零"):
        return text
    text = re.sub(r"(?<![一二三四五六七八九])十(?![一二三四五六七八九])", "10", text)
    text = re.sub(r"(?<![一二三四五六七八九])十(?=[一二三四五六七八九])", "1", text)
    text = re.sub(r"(?<=[一二三四五六七八九])十(?![一二三四五六七八九])", "0", text)
    return text.replace("十", "").translate(_CHINESE)


def _month(year: int, month: int) -> Birth:
    if not 1 <= month <= 12 or not 1900 <= year <= 2100:
        return Birth(refusal=refuse(CODE, "birth_impossible"))
    return Birth(month=(year, month))


def _day(year: int, month: int, day: int) -> Birth:
    try:
        return Birth((date(year, month, day),))
    except ValueError:
        return Birth(refusal=refuse(CODE, "birth_impossible"))


def _year_last(first: int, second: int, year: int) -> Birth:
    """Return both readings of 9/1/2018; the ID number decides which it was."""
    days: list[date] = []
    for month, day in ((first, second), (second, first)):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    if not days:
        return Birth(refusal=refuse(CODE, "birth_impossible"))
    return Birth(tuple(dict.fromkeys(days)))
