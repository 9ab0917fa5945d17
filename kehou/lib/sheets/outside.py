"""Read an old .xls in a process of its own, which may use so much memory and no more.

Inside an .xls a few bytes can announce 4,000,000,000 rows; the reader reserves room for them and the process is
aborted. A workbook of 1997 cannot be measured beforehand as an .xlsx can, so a child reads it, and if the child dies
the file is damaged and nothing else has happened. The child is this file run by itself: it needs nothing of ours.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

MOST_MEMORY = 900_000_000  # 65,536 rows of 256 columns, the largest sheet there is, take 540 MB
SECONDS = 120
_ROWS_AT_ONCE = 500

Told = tuple[str, bool, list[tuple[tuple[int, int], tuple[int, int]]], list[list[Any]]]
"""One sheet: name, hidden, merged ranges, rows from row 1 and column A on."""


class Broken(Exception):
    """The child did not come to its end; `password` says that the file has one."""

    def __init__(self, *, password: bool = False) -> None:
        super().__init__()
        self.password = password


def sheets_of(content: bytes) -> Iterator[Told]:
    """Yield the worksheets of an .xls. :raises Broken: if it cannot be read"""
    with tempfile.NamedTemporaryFile(suffix=".xls") as file:
        file.write(content)
        file.flush()
        child = subprocess.Popen(
            [sys.executable, "-I", __file__, file.name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert child.stdout is not None
        try:
            yield from _received(child.stdout)
        finally:
            child.kill()
            child.stdout.close()
            child.wait()


def _received(pipe: IO[bytes]) -> Iterator[Told]:
    """Yield the sheets that come through the pipe, each when it is complete."""
    while True:
        try:
            part = pickle.load(pipe)
        except (EOFError, pickle.UnpicklingError):
            raise Broken from None
        if part in ("end", "password", "broken"):
            if part != "end":
                raise Broken(password=part == "password")
            return
        name, hidden, merged, height = part
        rows: list[list[Any]] = []
        while len(rows) < height:
            try:
                rows += pickle.load(pipe)
            except (EOFError, pickle.UnpicklingError):
                raise Broken from None
        yield name, hidden, merged, rows


# --- the child --------------------------------------------------------------------------------------------------------


def _limit() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _send(path: str, pipe: IO[bytes]) -> None:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(path)
        for told in book.sheets_metadata:
            if told.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(told.name)
            rows = sheet.to_python(skip_empty_area=False) if sheet.start is not None else []
            hidden = told.visible != calamine.SheetVisibleEnum.Visible
            pickle.dump((told.name, hidden, sheet.merged_cell_ranges or [], len(rows)), pipe)
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                pickle.dump(rows[start : start + _ROWS_AT_ONCE], pipe)
        pickle.dump("end", pipe)
    except calamine.PasswordError:
        pickle.dump("password", pipe)
    except BaseException:  # the reader's panics are no Exceptions
        pickle.dump("broken", pipe)


if __name__ == "__main__":
    _limit()
    _send(sys.argv[1], sys.stdout.buffer)
