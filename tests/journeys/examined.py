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

    def take_on(self, shown: Iterable[Any]) -> bool:
        """Note all that a page shows; return whether anything of it is new, so that the page has to be examined."""
        lines = {repr(one) for one in shown}
        if lines <= self._known:
            return False
        with self._file.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed
            file.seek(0)
            self._known = set(file.read().splitlines())
            new = lines - self._known
            file.write("".join(f"{one}\n" for one in sorted(new)))
        self._known |= new
        return bool(new)
