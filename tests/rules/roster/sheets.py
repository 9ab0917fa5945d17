"""Made-up rosters for the tests: children of the demonstration's area code, telephones that nobody has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from kehou.rules.identity import check_sign
from kehou.rules.roster import Grid, Report, Value, check

ON = date(2026, 9, 1)
HEADER = ("姓名", "性别", "身份证号", "班级", "家长电话")
PHONE = "19900000185"


def number(born: str = "20171012", sequence: int = 1, area: str = "500999") -> str:
    """Return an ID number with the right checksum; an odd sequence is a boy's."""
    first = f"{area}{born}{sequence:03d}"
    return first + check_sign(first)


def pupil(sequence: int = 1, **cells: Value) -> list[Value]:
    """Return a row under HEADER that is right, except for the cells given by name."""
    row = {
        "name": "王一诺",
        "sex": "男" if sequence % 2 else "女",
        "id": number(sequence=sequence),
        "class": "三（2）班",
    }
    row = {**row, "phone": PHONE, **cells}
    return [row[field] for field in ("name", "sex", "id", "class", "phone")]


def grid(*rows: Sequence[Value], name: str = "名册", **more: object) -> Grid:
    """Return a sheet of these rows, the first being row 1."""
    return Grid(name, list(enumerate(rows, start=1)), **more)  # type: ignore[arg-type]


def read(*rows: Sequence[Value], classes: Collection[tuple[int, int]] | None = None, **more: object) -> Report:
    """Return what a sheet of these rows gives on the first day of school of 2026."""
    return check([grid(*rows, **more)], classes=classes, on=ON)


def read_one(**cells: Value) -> Report:
    """Return what one row under HEADER gives."""
    return read(HEADER, pupil(**cells))  # type: ignore[arg-type]


def codes(report: Report) -> list[str]:
    """Return the codes of all problems in order."""
    return [problem.code for problem in report.problems]
