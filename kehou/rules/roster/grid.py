"""One sheet as a value, and what its cells say in plain characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Value = str | int | float | bool | date | datetime | time | timedelta | None
Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. `rows` yields the row number as the spreadsheet shows it, and the values from column A on.

    Corners of merged ranges and formula cells are (row, column), both counted from 0, as calamine gives them.
    `formulas` says of each formula cell whether a result is stored beside the formula.
    """

    name: str
    rows: Iterable[tuple[int, Sequence[Value]]] = field(repr=False)
    merged: Sequence[tuple[Corner, Corner]] = ()
    formulas: Mapping[Corner, bool] = field(default_factory=dict, repr=False)
    hidden: bool = False


_HALF_WIDTH: dict[int, str | None] = {0xFF01 + at: chr(0x21 + at) for at in range(94)}
_SPACES = (
    "\t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2066\u2067\u2068\u2069\ufeff"
)
_PLAIN: dict[int, str | None] = {
    **_HALF_WIDTH,
    **{ord(sign): " " for sign in _SPACES},
    **{ord(sign): None for sign in _INVISIBLE},
}
# A .csv keeps text from Excel's rounding by writing ="0123": a formula that is only a text.
_QUOTED = re.compile(r'\s*=\s*"([^"]*)"\s*')
_APOSTROPHES = "'‘’`′＇"
LONGEST_EXACT = 10**15
"""Excel and every float keep fifteen digits; from here on a number is no longer what was typed."""

LONGEST_CELL = 300
"""Nothing that is read of a pupil is longer; some expressions take the square of a cell's length."""


def bounded(values: Sequence[Value]) -> Sequence[Value]:
    """Return a row whose texts are cut where nothing that is read would go on."""
    if any(isinstance(value, str) and len(value) > LONGEST_CELL for value in values):
        return [value[:LONGEST_CELL] if isinstance(value, str) else value for value in values]
    return values


def plain(text: str) -> str:
    """Return `text` in half-width characters, without invisible ones, without spaces at the ends."""
    text = text.strip(" ")
    if text.isascii() and text.isalnum():
        return text
    if text.startswith("=") and (quoted := _QUOTED.fullmatch(text)):
        text = quoted[1]
    return text.translate(_PLAIN).strip()


def text_of(value: Value) -> str:
    """Return a cell as plain text: a whole number without `.0`, a day as `2018-09-01`."""
    if isinstance(value, str):
        return plain(value)
    if value is None or value is False or value is True:
        return "" if value is None else str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < LONGEST_EXACT else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return str(value)


def is_blank(value: Value) -> bool:
    """Say whether a cell shows nothing."""
    return value is None or (isinstance(value, str) and (not value or not plain(value)))


def without_spaces(text: str) -> str:
    """Return `text` without any space inside, and without the apostrophe that Excel puts before a text number."""
    return "".join(text.split()).strip(_APOSTROPHES + '"')


def unified(text: str) -> str:
    """Return `text` with radicals and compatibility forms (as copied from a PDF) replaced by the ordinary character."""
    if all(sign < "\u2e80" or "\u3400" <= sign <= "\u9fff" for sign in text):
        return text
    return "".join(
        unicodedata.normalize("NFKC", sign) if "\u2e80" <= sign <= "\u2fdf" or "\uf900" <= sign <= "\ufaff" else sign
        for sign in text
    )


def letters(column: int) -> str:
    """Return the letters of a column counted from 0, as the spreadsheet shows them: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
