"""What axe-core has been shown in this run of the suite: one file that all test processes read and add to."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class Examined:
    """The makes and parts of pages that somebody has taken on. Whoever takes one on fails if axe-core objects to it."""

    def __init__(self, file: Path) -> None:
        self._file, self._known = file, set[str]()

    def take_on(self, shown: Iterable[Any]) -> set[Any]:
        """Note all that a page shows; return what of it is new and has to be examined."""
        lines = {repr(one): one for one in shown}
        if lines.keys() <= self._known:
            return set()
        with self._file.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed
            file.seek(0)
            self._known = set(file.read().splitlines())
            new = lines.keys() - self._known
            file.write("".join(f"{one}\n" for one in sorted(new)))
        self._known |= new
        return {lines[one] for one in new}
