"""Look into an .xlsx before it is read: is it one, what will it take, where are formulas.

The reader (calamine) believes what a file says of itself. It lays a sheet out as one dense block, 32 bytes a cell,
between its outermost cells: two cells far apart in a file of 5 kB are 500 GB. It reserves as many strings as the file
announces (`uniqueCount`): ten digits in a file of 5 kB are 100 GB. It inflates whatever the archive holds, whatever
size the archive declares. In the first two cases the process is aborted, no exception is raised. So all three are
measured here first, by inflating and counting, and the names of the entries must be so plain that what was measured is
what will be read.
"""

from __future__ import annotations

import copy
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from kehou.rules.identity import CODE
from kehou.rules.roster.grid import letters
from kehou.rules.verdicts import Refused, refuse

MOST_ENTRIES = 2_000
MOST_BYTES = 400_000_000  # of all entries, inflated: 200,000 rows with thirty columns take about 250 MB
MOST_STRING_BYTES = 160_000_000  # of the shared strings, which are kept in memory
LARGEST_AREA = 8_000_000  # cells between the outermost ones: 256 MB
MOST_ROWS = 200_000  # pupils of one file
ROWS_ABOVE = 100  # titles and headers, of all sheets together
MOST_FORMULAS = 500_000
_CHUNK = 1 << 18
# An announced number of more than seven digits, or something that is no number at all.
_ANNOUNCED = re.compile(rb"""[cC]ount\s*=\s*["'](?!\s*\d{1,7}\s*["'])""")


@dataclass(slots=True)
class Sight:
    """What was seen in one sheet: its outermost cells, counted from 0, and its formula cells."""

    bottom: int = -1
    right: int = -1
    top: int = 1 << 30
    left: int = 1 << 30
    rows: int = 0
    outermost: str = ""
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    _row: int = -1

    def fill(self, row: int, column: int) -> None:
        """Note a cell with something in it."""
        if row != self._row:
            self._row = row
            self.rows += 1
            self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        if column > self.right:
            self.right, self.outermost = column, f"{letters(column)}{row + 1}"
        if column < self.left:
            self.left = column

    @property
    def area(self) -> int:
        """Return how many cells the reader will lay out."""
        return max(0, self.bottom - self.top + 1) * max(0, self.right - self.left + 1)


def inspect(file: IO[bytes]) -> dict[str, Sight]:
    """Return what stands in each sheet of an .xlsx, by the sheet's name.

    :raises Refused: if it is no workbook, is encrypted or damaged, has macros, or would take too much to read
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_other_kinds(archive)
            return _inspect(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        expat.ExpatError,
        LookupError,
        OSError,
        ValueError,
    ):
        raise Refused(refuse(CODE, "file_damaged")) from None


def _refuse_other_kinds(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len({name.lower() for name in names}) < len(entries) or any(_is_crooked(name) for name in names):
        raise zipfile.BadZipFile("names that two readers would read in two ways")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(refuse(CODE, "file_encrypted"))
    if any(posixpath.basename(name).lower() == "vbaproject.bin" for name in names):
        raise Refused(refuse(CODE, "file_with_macros"))
    if "xl/workbook.bin" in names:
        raise Refused(refuse(CODE, "file_other_format", found=" .xlsb 格式"))
    if "content.xml" in names:
        raise Refused(refuse(CODE, "file_other_format", found=" .ods 格式"))
    if "xl/workbook.xml" not in names:
        kind = (
            "Word 文档" if "word/document.xml" in names else "演示文稿" if "ppt/presentation.xml" in names else "压缩包"
        )
        raise Refused(refuse(CODE, "file_not_spreadsheet", found=kind))
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Refused(refuse(CODE, "file_bomb"))


def _is_crooked(name: str) -> bool:
    return "\\" in name or posixpath.normpath(name) != name.rstrip("/") or name.startswith("/")


def _inspect(archive: zipfile.ZipFile) -> dict[str, Sight]:
    sheets = _sheet_names(archive)
    seen: dict[str, Sight] = {}
    inflated = rows = 0
    for entry in archive.infolist():
        name = sheets.get(entry.filename.lower())
        sight = Sight() if name is not None else None
        look = _looking(sight) if sight is not None else None
        size, tail = 0, b""
        for piece in _pieces(archive, entry):
            size += len(piece)
            inflated += len(piece)
            if inflated > MOST_BYTES or (size > MOST_STRING_BYTES and "sharedstrings" in entry.filename.lower()):
                raise Refused(refuse(CODE, "file_bomb"))
            if _ANNOUNCED.search(tail + piece):
                raise Refused(refuse(CODE, "file_damaged"))
            tail = piece[-40:]
            if look is not None:
                look.Parse(piece, False)
        if name is not None and sight is not None and look is not None:
            look.Parse(b"", True)
            rows += sight.rows
            _refuse_too_large(sight, rows)
            seen[name] = sight
    return seen


def _refuse_too_large(sight: Sight, rows: int) -> None:
    if rows > MOST_ROWS + ROWS_ABOVE:
        raise Refused(refuse(CODE, "rows_too_many", limit=MOST_ROWS))
    if sight.area > LARGEST_AREA:
        raise Refused(refuse(CODE, "sheet_too_wide", cell=sight.outermost))


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what an entry really inflates to: not only as many bytes as it declares."""
    whole = copy.copy(entry)
    whole.file_size = MOST_BYTES + 1
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("a method that spreadsheets do not use")
    del whole.CRC  # a lying size goes with a checksum of the part only
    if entry.compress_type == zipfile.ZIP_STORED:
        whole.file_size = entry.compress_size
    with archive.open(whole) as stream:
        while piece := stream.read(_CHUNK):
            yield piece


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the entry of each sheet, in small letters, with the sheet's name."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Relationship") and "Id" in attributes:
            target = attributes.get("Target", "")
            joined = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[attributes["Id"]] = joined.lower()

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            names[targets.get(key, "")] = attributes.get("name", "")

    for entry, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        parser = _parser(handler)
        for piece in _pieces(archive, archive.getinfo(entry)):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    return names


def _parser(start: object) -> expat.XMLParserType:
    parser = expat.ParserCreate()

    def declared(*_: object) -> None:
        raise zipfile.BadZipFile("a spreadsheet declares no entities")

    parser.StartElementHandler = start  # type: ignore[assignment]
    parser.EntityDeclHandler = declared
    return parser


def _looking(sight: Sight) -> expat.XMLParserType:
    """Return a parser that notes the outermost cells with something in them, and the formulas."""
    columns: dict[str, int] = {}
    row = column = -1
    formula: tuple[int, int] | None = None

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, formula
        tag = tag.rpartition(":")[2]
        if tag == "c":
            if formula is not None:
                formula = parser.CharacterDataHandler = None
            if reference := attributes.get("r"):
                name = reference.rstrip("0123456789")
                row = int(reference[len(name) :]) - 1
                column = columns[name] if name in columns else columns.setdefault(name, _column(name))
            else:
                column += 1
        elif tag == "v" or tag == "is":
            if formula is not None:
                parser.CharacterDataHandler = result
            sight.fill(row, column)
        elif tag == "row":
            row = int(attributes["r"]) - 1 if "r" in attributes else row + 1
            column = -1
        elif tag == "f" and len(sight.formulas) < MOST_FORMULAS:
            formula = (row, column)
            sight.formulas[formula] = False

    def result(text: str) -> None:
        # Some programs write an empty result beside a formula: only one with something in it counts.
        if formula is not None and text.strip():
            sight.formulas[formula] = True

    parser = _parser(start)
    return parser


def _column(name: str) -> int:
    number = 0
    for sign in name.upper():
        number = number * 26 + ord(sign) - 64
    if not 1 <= number <= 16_384:
        raise zipfile.BadZipFile("no such column")
    return number - 1
