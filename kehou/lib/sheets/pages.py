"""Read the table of a web page that calls itself .xls, as many school systems export it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import IO

from kehou.lib.sheets.texts import encoding_of
from kehou.rules.roster.grid import Corner, Grid, Value

_LARGEST_SPAN = 200


def read_page(file: IO[bytes]) -> list[Grid]:
    """Return every table of a web page as a sheet. :raises Refused: if the encoding is unknown"""
    name, errors = encoding_of(file)
    file.seek(0)
    reader = _Reader()
    while piece := file.read(1 << 20):
        reader.pieces.append(piece)
    reader.feed(b"".join(reader.pieces).decode(name, errors))
    reader.close()
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
            self.merged.append(((top, left), (top + down - 1, left + right - 1)))
            self._taken |= {(row, column) for row in range(top, top + down) for column in range(left, left + right)} - {
                (top, left)
            }

    def write(self, text: str) -> None:
        """Add text to the open cell."""
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] = f"{self.rows[-1][-1]}{text}"


class _Reader(HTMLParser):
    """Collects the cells of all tables; text outside cells is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[bytes] = []
        self.tables: list[_Table] = []
        self._in_cell = False
        self._hushed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag == "table":
            self.tables.append(_Table())
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th") and self.tables:
            given = dict(attrs)
            self.tables[-1].open_cell(_span(given.get("rowspan")), _span(given.get("colspan")))
            self._in_cell = True
        elif tag == "br" and self._in_cell:
            self.tables[-1].write("\n")
        elif tag in ("style", "script"):
            self._hushed = True

    def handle_endtag(self, tag: str) -> None:
        """Close a cell."""
        if tag in ("td", "th", "tr", "table"):
            self._in_cell = False
        elif tag in ("style", "script"):
            self._hushed = False

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._in_cell and not self._hushed:
            self.tables[-1].write(data if data.strip() else " ")


def _span(text: str | None) -> int:
    return min(_LARGEST_SPAN, max(1, int(text))) if text and text.isascii() and text.isdigit() else 1
