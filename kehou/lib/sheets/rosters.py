"""A roster file in, a report out: nothing is stored."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import IO

from kehou.lib.sheets.reading import open_sheets
from kehou.rules.roster import Place, Problem, Report, check, refused
from kehou.rules.verdicts import Refused


def read_roster(
    source: str | Path | IO[bytes],
    classes: Collection[tuple[int, int]] | None = None,
    *,
    on: date,
    grades: Collection[int] | None = None,
    most_bytes: int | None = None,
) -> Report:
    """Return what a roster file gives on a day: pupils, repairs, problems. A file that cannot be read is a problem too.

    `classes` are the (grade, number) of the school; without them every class of its `grades` is taken and proposed.
    """
    try:
        opened = open_sheets(source, most_bytes=most_bytes)
        report = check(opened.grids, classes=classes, grades=grades, on=on)
    except Refused as no:
        return refused(no.refusal)
    report.problems.extend(Problem(Place(row=row), refusal) for row, refusal in opened.faults)
    return report
