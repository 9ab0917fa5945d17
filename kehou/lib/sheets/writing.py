"""Write tables as .xlsx in constant memory, or as .csv that Excel opens with the right characters."""

from __future__ import annotations

import csv
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    import xlsxwriter

Kind = Literal["text", "whole", "decimal", "percent", "fen", "day", "moment", "clock", "yes"]
"""What a column holds: `fen` are whole fen shown as yuan, `percent` a share between 0 and 1, `yes` a boolean."""

Row = Sequence[Any]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEIJING = ZoneInfo("Asia/Shanghai")
ROWS_OF_A_SHEET = 1_048_576
LONGEST_TEXT = 32_767
WIDEST = 48
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # the wide ones are read as the narrow ones
_FORMATS: dict[str, str] = {
    "whole": "0",
    "decimal": "#,##0.00",
    "percent": "0.0%",
    "fen": "#,##0.00",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "clock": "hh:mm",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Chinese header and what it holds. `width` in characters; without it the contents decide."""

    name: str
    kind: Kind = "text"
    width: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table, which becomes one sheet; `rows` may be a generator and is read once."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row] = field(repr=False)


def download(
    filename: str, columns: Sequence[Column], rows: Iterable[Row], *, sheet: str = "Sheet1"
) -> HttpResponseBase:
    """Return the table as an attachment: .csv if the name ends so, otherwise .xlsx. Memory does not grow with rows."""
    if filename.lower().endswith(".csv"):
        answer = StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
        named = FileResponse(io.BytesIO(), as_attachment=True, filename=filename)
        answer["Content-Disposition"] = named["Content-Disposition"]
        return answer
    return FileResponse(workbook(Table(sheet, columns, rows)), as_attachment=True, filename=filename, content_type=XLSX)


def workbook(*tables: Table) -> IO[bytes]:
    """Return an open temporary file that holds the tables, one sheet each, standing at its beginning."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    write_workbook(file, *tables)
    file.seek(0)
    return file


def write_workbook(stream: IO[bytes], *tables: Table) -> None:
    """Write the tables into `stream` as .xlsx; a table longer than a sheet goes on in the next one."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    import xlsxwriter  # a server that writes no workbook starts without it

    with xlsxwriter.Workbook(stream, options) as book:
        writer = _Book(book)
        for table in tables:
            writer.add(table)


def write_csv(stream: IO[bytes], columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write one table into `stream` as UTF-8 with byte order mark and CRLF, as Excel and WPS expect it."""
    for line in csv_lines(columns, rows):
        stream.write(line)


def csv_lines(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Return the .csv piece by piece, the first piece with the byte order mark."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)

    def taken() -> bytes:
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text.encode()

    writer.writerow([harmless(column.name) for column in columns])
    yield b"\xef\xbb\xbf" + taken()
    for row in rows:
        writer.writerow([_as_text(column.kind, value) for column, value in zip(columns, row, strict=True)])
        yield taken()


def harmless(text: str) -> str:
    """Return `text` so that no spreadsheet runs it as a formula or rounds it as a number when a .csv is opened."""
    if text.startswith(_FORMULA_STARTS):
        return "'" + text
    # Excel keeps fifteen digits of a number; a tab behind an ID number makes it a text, and our own reader drops it.
    if len(text) > 11 and text.isascii() and text.isdigit():
        return text + "\t"
    return text


def _as_text(kind: Kind, value: Any) -> str:
    """Return one cell of a .csv."""
    if value is None or value == "":
        return ""
    match kind:
        case "fen":
            return yuan(value)
        case "decimal":
            return f"{value:.2f}"
        case "percent":
            return f"{value:.1%}"
        case "yes":
            return "是" if value else "否"
        case "day":
            return value.isoformat()
        case "moment":
            return _local(value).strftime("%Y-%m-%d %H:%M")
        case "clock":
            return value.strftime("%H:%M")
        case "whole":
            return str(int(value))
    return harmless(str(value))


def yuan(fen: int) -> str:
    """Return whole fen as yuan with two decimals, without a float on the way."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def _local(moment: datetime) -> datetime:
    """Return an aware instant as Beijing's clock shows it; spreadsheets know no zones."""
    return moment.astimezone(BEIJING).replace(tzinfo=None) if moment.tzinfo else moment


def _breadth(text: str) -> int:
    """Return how many Latin letters wide a text is: a Chinese character is two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


class _Book:
    """A workbook being written: the formats once, the sheets one after another."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.names: set[str] = set()
        self.header = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F2F2F2", "valign": "vcenter"})
        self.text = book.add_format({"num_format": "@"})
        self.formats = {kind: book.add_format({"num_format": shape}) for kind, shape in _FORMATS.items()}

    def add(self, table: Table) -> None:
        """Write one table, in as many sheets as it needs."""
        rows, part = iter(table.rows), 1
        while self._sheet(table, rows, part):
            part += 1

    def _sheet(self, table: Table, rows: Iterator[Row], part: int) -> bool:
        """Write one sheet from `rows`; True if it is full and rows may remain."""
        sheet = self.book.add_worksheet(self._name(table.name if part == 1 else f"{table.name} {part}"))
        widths = [_breadth(column.name) for column in table.columns]
        for at, column in enumerate(table.columns):
            sheet.write_string(0, at, column.name, self.header)
        line = 0
        for line, row in enumerate(rows, start=1):
            for at, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                shown = self._cell(sheet, line, at, column.kind, value)
                if line < 200 and shown > widths[at]:
                    widths[at] = shown
            if line == ROWS_OF_A_SHEET - 1:
                break
        for at, column in enumerate(table.columns):
            # Empty cells of a text column are text as well: what is typed there later stays as it was typed.
            shape = self.text if column.kind == "text" else None
            sheet.set_column(at, at, column.width or min(WIDEST, widths[at] + 2), shape)
        sheet.freeze_panes(1, 0)
        if table.columns:
            sheet.autofilter(0, 0, line, len(table.columns) - 1)
        return line == ROWS_OF_A_SHEET - 1

    def _name(self, wanted: str) -> str:
        """Return a sheet name that Excel takes: no []:*?/\\, at most 31 letters, not twice."""
        clean = "".join("_" if sign in "[]:*?/\\" else sign for sign in wanted).strip("'")[:31] or "Sheet"
        name, times = clean, 1
        while name.lower() in self.names:
            times += 1
            tail = f" {times}"
            name = clean[: 31 - len(tail)] + tail
        self.names.add(name.lower())
        return name

    def _cell(self, sheet: Any, line: int, at: int, kind: Kind, value: Any) -> int:
        """Write one cell by its column's kind and return how wide it is."""
        if value is None or value == "":
            return 0
        match kind:
            case "fen":
                sheet.write_number(line, at, Decimal(value) / 100, self.formats[kind])
                return len(yuan(value)) + 2
            case "whole" | "decimal" | "percent":
                sheet.write_number(line, at, value, self.formats[kind])
                return len(str(value)) + 3
            case "day" | "moment" | "clock":
                if isinstance(value, datetime):
                    value = _local(value)
                if isinstance(value, (date, time)):
                    sheet.write_datetime(line, at, value, self.formats[kind])
                    return 17 if kind == "moment" else 10
            case "yes":
                value = "是" if value else "否"
        text = str(value)[:LONGEST_TEXT]
        sheet.write_string(line, at, text)
        return _breadth(text) if len(text) < WIDEST else WIDEST
