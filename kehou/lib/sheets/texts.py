"""Read tables out of text: .csv and .txt in the encodings and with the separators that Chinese offices use."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from kehou.lib.sheets import archives
from kehou.rules.identity import CODE
from kehou.rules.roster.grid import Grid, Value
from kehou.rules.roster.headers import layout_of
from kehou.rules.verdicts import Refusal, Refused, refuse

SEPARATORS = (",", "\t", ";", "|", "，")
_SAMPLE_LINES = 60
_CHUNK = 1 << 20
_LONGEST_CELL = 2_000
_MOST_LINES_OF_A_CELL = 12


@dataclass(slots=True)
class Text:
    """A text file as one sheet, and the rows that could not be taken apart."""

    grid: Grid
    faults: list[tuple[int, Refusal]] = field(default_factory=list)


def encoding_of(file: IO[bytes]) -> tuple[str, str]:
    """Return the encoding of a text file and how to treat single bytes that do not fit (`strict`, `replace`).

    :raises Refused: if no encoding fits
    """
    file.seek(0)
    head = file.read(4096)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return name, "replace"
    if b"\0" in head:
        name = "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"
        if _misfits(file, name) == 0:
            return name, "strict"
        raise Refused(refuse(CODE, "file_not_spreadsheet", found="无法识别的文件"))
    misfits = {name: _misfits(file, name) for name in ("utf-8", "gb18030")}
    best = min(misfits, key=lambda name: misfits[name])
    size = file.seek(0, io.SEEK_END)
    # One character lost in a long file spoils one name, which is refused by itself.
    if misfits[best] > max(2, size // 2000):
        raise Refused(refuse(CODE, "encoding_unknown"))
    return best, "strict" if not misfits[best] else "replace"


def _misfits(file: IO[bytes], encoding: str) -> int:
    """Return how many places of a file do not fit an encoding; stops counting where it is hopeless."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    count = 0
    while True:
        piece = file.read(_CHUNK)
        count += decoder.decode(piece, final=not piece).count("\ufffd")
        if not piece or count > 10_000:
            return count


def read_text(file: IO[bytes], *, encoding: tuple[str, str] | None = None) -> Text:
    """Return a text file as one sheet without a name. :raises Refused: if the encoding is unknown"""
    name, errors = encoding or encoding_of(file)
    file.seek(0)
    stream = io.TextIOWrapper(_Unclosed(file), encoding=name, errors=errors, newline="")
    sample = [line for line, _ in zip(stream, range(_SAMPLE_LINES), strict=False)]
    stream.seek(0)
    if sample and sample[0].lower().startswith("sep="):
        # An instruction to Excel, which does not show it as a row.
        stream.readline()
        sample = sample[1:]
    text = Text(Grid("", ()))
    text.grid = Grid("", _numbered(_splitter(sample)(stream), text))
    return text


class _Unclosed(io.RawIOBase):
    """A file that stays open when the wrapper around it is thrown away."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move in the file behind."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return where the file behind stands."""
        return self._file.tell()

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill a buffer from the file behind."""
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


Split = Callable[[Iterator[str]], Iterator[Sequence[str]]]


def _splitter(sample: list[str]) -> Split:
    """Return how to take lines apart: by the separator under which the most headers are known."""

    def by(separator: str) -> Split:
        return lambda lines: csv.reader(lines, delimiter=separator)

    def known(split: Split) -> tuple[int, int]:
        try:
            rows = list(split(iter(sample)))
        except csv.Error:
            return (0, 0)
        labels = max((len(layout_of(row).labels) for row in rows), default=0)
        return (labels, max((len(row) for row in rows), default=0))

    best = max((by(separator) for separator in SEPARATORS), key=known)
    if known(best)[0] < 2:
        for row in (line.split() for line in sample):
            layout = layout_of(row)
            if layout.is_roster:
                return _by_spaces(len(row), layout.columns["name"])
    return best


def _by_spaces(columns: int, name_at: int) -> Split:
    """Return a splitter for columns set apart by spaces; a line of another length comes whole, to be refused."""

    def split(lines: Iterator[str]) -> Iterator[Sequence[str]]:
        for line in lines:
            parts = line.split()
            if len(parts) == columns or len(parts) < 2:
                yield parts
            else:
                yield [line.strip() if at == name_at else "" for at in range(columns)]

    return split


def _numbered(rows: Iterator[Sequence[str]], text: Text) -> Iterator[tuple[int, Sequence[Value]]]:
    """Yield the rows as the spreadsheet counts them: a line break inside quotes makes no new row."""
    number = 0
    while True:
        number += 1
        if number > archives.MOST_ROWS + archives.ROWS_ABOVE:
            raise Refused(refuse(CODE, "rows_too_many", limit=archives.MOST_ROWS))
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            text.faults.append((number, refuse(CODE, "quote_open")))
            return
        if any(len(cell) > 100 and _swallowed(cell) for cell in row):
            text.faults.append((number, refuse(CODE, "quote_open")))
            continue
        yield number, [cell.replace("\0", "") for cell in row] if any("\0" in cell for cell in row) else row


def _swallowed(cell: str) -> bool:
    """Say whether a cell has swallowed the rows behind an open quote."""
    return len(cell) > _LONGEST_CELL or cell.count("\n") > _MOST_LINES_OF_A_CELL
