"""Read the sheets of any file that a school sends: by what is in it, not by what its name says."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import python_calamine as calamine

from kehou.lib.sheets import archives, outside, pages, texts
from kehou.rules.identity import CODE
from kehou.rules.roster.grid import Grid, Value
from kehou.rules.verdicts import Refusal, Refused, refuse

LARGEST_FILE = 20_000_000  # what a page takes
LARGEST_OF_COMMAND = 80_000_000  # 200,000 pupils in UTF-16 text are about 45 MB; nobody else waits for a command
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRANGERS = {
    b"%PDF": "PDF 文档",
    b"\xff\xd8\xff": "图片",
    b"\x89PNG": "图片",
    b"GIF8": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
    b"{\\rtf": "RTF 文档",
}


@dataclass(slots=True)
class Opened:
    """A file on its way: its sheets, read one after another, and rows that could not be taken apart."""

    grids: Iterator[Grid]
    faults: list[tuple[int, Refusal]] = field(default_factory=list)


def open_sheets(source: str | Path | IO[bytes], *, most_bytes: int | None = None) -> Opened:
    """Return the sheets of a spreadsheet or text file. :raises Refused: if it cannot be read at all"""
    file = io.BytesIO(_whole(source, most_bytes or LARGEST_FILE))
    head = file.getvalue()[:4096]
    if head.startswith(b"PK"):
        seen = archives.inspect(file)
        return Opened(_of_workbook(file, seen))
    if head.startswith(_OLE):
        _refuse_other_ole(file.getvalue())
        return Opened(_of_old_workbook(file.getvalue()))
    for mark, found in _STRANGERS.items():
        if head.startswith(mark):
            raise Refused(refuse(CODE, "file_not_spreadsheet", found=found))
    start = head.replace(b"\0", b"").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise Refused(refuse(CODE, "file_other_format", found="“XML 电子表格 2003”格式"))
    if b"<table" in start or b"<html" in start:
        return Opened(iter(pages.read_page(file)))
    text = texts.read_text(file)
    return Opened(iter([text.grid]), text.faults)


def _whole(source: str | Path | IO[bytes], most: int) -> bytes:
    """Return the bytes of the file, which may not be more than the limit nor none."""
    if isinstance(source, (str, Path)):
        with open(source, "rb") as file:
            content = file.read(most + 1)
    else:
        source.seek(0)
        content = source.read(most + 1)
    if len(content) > most:
        limit = most // 1_000_000
        raise Refused(refuse(CODE, "file_too_big", size=f"超过 {limit}", limit=limit))
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise Refused(refuse(CODE, "file_empty"))
    return content


def _refuse_other_ole(content: bytes) -> None:
    """Refuse what else comes in the old container: encrypted workbooks, Word documents, macros."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise Refused(refuse(CODE, "file_encrypted"))
    if not holds("Workbook") and not holds("Book"):
        found = "Word 文档" if holds("WordDocument") else "旧版 Office 文件"
        raise Refused(refuse(CODE, "file_not_spreadsheet", found=found))
    if holds("_VBA_PROJECT"):
        raise Refused(refuse(CODE, "file_with_macros"))


def _of_old_workbook(content: bytes) -> Iterator[Grid]:
    """Yield the worksheets of an .xls."""
    try:
        count = 0
        for name, hidden, merged, rows in outside.sheets_of(content):
            count += len(rows)
            if count > archives.MOST_ROWS + archives.ROWS_ABOVE:
                raise Refused(refuse(CODE, "rows_too_many", limit=archives.MOST_ROWS))
            plain = [[one.replace("\0", "") if isinstance(one, str) else one for one in row] for row in rows]
            yield Grid(name, list(enumerate(plain, start=1)), merged, hidden=hidden)
    except outside.Broken as broken:
        raise Refused(refuse(CODE, "file_encrypted" if broken.password else "file_damaged")) from None


def _of_workbook(file: IO[bytes], seen: dict[str, archives.Sight]) -> Iterator[Grid]:
    """Yield the worksheets of a workbook, each laid out only when its turn comes."""
    try:
        file.seek(0)
        book = calamine.CalamineWorkbook.from_filelike(file)
        for told in book.sheets_metadata:
            if told.typ == calamine.SheetTypeEnum.WorkSheet:
                yield _grid(book, told, seen)
    except calamine.PasswordError:
        raise Refused(refuse(CODE, "file_encrypted")) from None
    except (calamine.CalamineError, OSError, ValueError, LookupError):
        raise Refused(refuse(CODE, "file_damaged")) from None
    except BaseException as accident:
        if type(accident).__name__ == "PanicException":  # the reader's own, which is no Exception
            raise Refused(refuse(CODE, "file_damaged")) from None
        raise


def _grid(book: calamine.CalamineWorkbook, told: calamine.SheetMetadata, seen: dict[str, archives.Sight]) -> Grid:
    """Return one sheet. :raises LookupError: for a sheet of an .xlsx that was not measured before"""
    sight = seen[told.name]
    sheet = book.get_sheet_by_name(told.name)
    return Grid(
        told.name,
        _rows(sheet),
        sheet.merged_cell_ranges or (),
        sight.formulas,
        hidden=told.visible != calamine.SheetVisibleEnum.Visible,
    )


def _rows(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, Sequence[Value]]]:
    """Yield the rows from row 1 and column A on; the reader leaves out the empty columns at the left."""
    if sheet.start is None:
        return
    empty: list[Value] = [""] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, (empty + row if empty else row)
