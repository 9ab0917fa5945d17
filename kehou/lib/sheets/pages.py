"""Read the table of a web page that calls itself .xls, as many school systems export it.

Python's own parser takes the square of a page's length where tags stay open (60 kB of `<a ` take it half a minute), so
tags are found here by one expression that never goes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import IO

from kehou.lib.sheets import archives
from kehou.lib.sheets.texts import encoding_of
from kehou.rules.identity import CODE
from kehou.rules.roster.grid import Corner, Grid, Value
from kehou.rules.verdicts import Refused, refuse

_LARGEST_SPAN = 200
_TAG = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9:]{0,30})((?:[^<>"']|"[^"]{0,2000}"|'[^']{0,2000}'){0,4000}+)>""")
_ATTRIBUTE = re.compile(r"""([A-Za-z:-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
# A quote that is never closed takes what follows into its tag, or its tag into the text: cells would be lost.
_TORN = re.compile(r"</?(?:t[dhr]|table)(?![A-Za-z0-9])", re.IGNORECASE)
LONGEST_CELL_TEXT = 5_000
MOST_SPANNED = 1_000_000  # places that wider and higher cells of one page take: a few bytes each ask for 40,000


def read_page(file: IO[bytes]) -> list[Grid]:
    """Return every table of a web page as a sheet.

    :raises Refused: if the encoding is unknown, a quote or script stays open and hides cells, or if it holds more rows
        or merged cells than a school has pupils
    """
    name, errors = encoding_of(file)
    file.seek(0)
    reader = _Reader()
    try:
        reader.read(file.read().decode(name, errors).replace("\0", ""))
    except ValueError:  # a character reference of thousands of digits, or a tag that swallows others
        raise Refused(refuse(CODE, "file_damaged")) from None
    return [
        Grid("" if len(reader.tables) == 1 else f"表{at}", table.numbered(), table.merged)
        for at, table in enumerate(reader.tables, start=1)
    ]


class _Table:
    def __init__(self) -> None:
        self.rows: list[list[Value]] = []
        self.merged: list[tuple[Corner, Corner]] = []
        self._taken: set[Corner] = set()

    def numbered(self) -> list[tuple[int, list[Value]]]:
        """Return the rows with their numbers."""
        return list(enumerate(self.rows, start=1))

    def open_cell(self, down: int, right: int) -> None:
        """Begin a cell at the first free place of the last row."""
        if not self.rows:
            self.rows.append([])
        line = self.rows[-1]
        while (len(self.rows) - 1, len(line)) in self._taken:
            line.append("")
        top, left = len(self.rows) - 1, len(line)
        line.append("")
        if down > 1 or right > 1:
            if len(self._taken) + down * right > MOST_SPANNED:
                raise Refused(refuse(CODE, "file_bomb"))
            self.merged.append(((top, left), (top + down - 1, left + right - 1)))
            self._taken |= {(row, column) for row in range(top, top + down) for column in range(left, left + right)} - {
                (top, left)
            }

    def write(self, text: str) -> None:
        """Add text to the open cell, until it is longer than anything that is read."""
        if self.rows and self.rows[-1] and len(str(self.rows[-1][-1])) < LONGEST_CELL_TEXT:
            self.rows[-1][-1] = f"{self.rows[-1][-1]}{text}"


class _Reader:
    """Collects the cells of all tables; text outside cells, comments, styles and scripts are left out."""

    def __init__(self) -> None:
        self.tables: list[_Table] = []
        self.rows = 0
        self._in_cell = False
        self._hushed = False

    def read(self, page: str) -> None:
        """Go through the page once. :raises ValueError: for a character reference that is no character, a torn tag"""
        for part in _without_comments(page):
            at = 0
            for tag in _TAG.finditer(part):
                self._text(part[at : tag.start()])
                self._tag(tag[2].lower(), tag[3], closes=bool(tag[1]))
                at = tag.end()
            self._text(part[at:])
        if self._hushed:
            raise ValueError("the rest of the page lies in a script or style that stays open")

    def _tag(self, tag: str, attributes: str, *, closes: bool) -> None:
        if tag in ("style", "script"):
            self._hushed = not closes
        elif self._hushed:
            return
        elif _TORN.search(attributes):
            raise ValueError("a quote stays open")
        elif closes:
            self._in_cell = self._in_cell and tag not in ("td", "th", "tr", "table")
        elif tag == "table":
            self.tables.append(_Table())
        elif tag == "tr" and self.tables:
            self._begin_row(self.tables[-1])
        elif tag in ("td", "th") and self.tables:
            given = _attributes(attributes)
            self.tables[-1].open_cell(_span(given.get("rowspan")), _span(given.get("colspan")))
            self._in_cell = True
        elif tag == "br" and self._in_cell:
            self.tables[-1].write("\n")

    def _begin_row(self, table: _Table) -> None:
        table.rows.append([])
        self.rows += 1
        if self.rows > archives.MOST_ROWS + archives.ROWS_ABOVE:
            raise Refused(refuse(CODE, "rows_too_many", limit=archives.MOST_ROWS))

    def _text(self, text: str) -> None:
        if text and not self._hushed and _TORN.search(text):
            raise ValueError("a tag stays open")
        if text and self._in_cell and not self._hushed:
            self.tables[-1].write(unescape(text) if text.strip() else " ")


def _without_comments(page: str) -> Iterator[str]:
    """Yield what stands between the comments of a page; one that stays open hides the rest."""
    at = 0
    while (start := page.find("<!--", at)) >= 0:
        yield page[at:start]
        end = page.find("-->", start)
        if end < 0:
            return
        at = end + 3
    yield page[at:]


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): quoted or single or bare for name, quoted, single, bare in _ATTRIBUTE.findall(text)}


def _span(text: str | None) -> int:
    return min(_LARGEST_SPAN, max(1, int(text))) if text and text.isascii() and text.isdigit() else 1
