"""Check a whole file: every sheet, every row, then what only the whole file can tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from kehou.rules.identity import CODE
from kehou.rules.roster.grid import Grid
from kehou.rules.roster.report import Hint, Place, Problem, Pupil, Report
from kehou.rules.roster.rows import Frame, Outcome, Row
from kehou.rules.roster.tables import Continued, Footer, Line, Walk
from kehou.rules.verdicts import refuse


def check(
    grids: Iterable[Grid],
    *,
    on: date,
    classes: Collection[tuple[int, int]] | None = None,
    grades: Collection[int] | None = None,
) -> Report:
    """Return pupils, repairs, problems and hints of all sheets of one file.

    `classes` are the school's (grade, number); without them any class of its `grades` is taken and proposed. `on` says
    which grade 2023级 is and how old a pupil may be.
    """
    known = frozenset(classes or ())
    book = _Book(Frame(on, known, tuple(sorted({grade for grade, _ in known} or grades or ()))))
    for grid in grids:
        book.take(grid)
    return book.closed()


class _Book:
    """A file being checked."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.report = Report()
        self.order: dict[str, int] = {}
        self.tables = 0
        self._seen: dict[tuple[str, str], Pupil] = {}
        self._numbers: dict[str, Pupil] = {}
        self._namesakes: dict[tuple[str, int, int], Pupil] = {}
        self._doubtful: dict[int, Place] = {}
        self._numeric: dict[int, Place] = {}

    def take(self, grid: Grid) -> None:
        """Check one sheet."""
        self.order.setdefault(grid.name, len(self.order))
        walk = Walk(grid)
        if grid.hidden:
            self._hidden(grid, walk)
            return
        told = False
        for line in walk:
            if isinstance(line, Line):
                if self._lacks_a_column(grid, line):
                    told = told or self._tell(grid, line)
                else:
                    self._row(grid, line)
            elif isinstance(line, Footer):
                self.report.skipped_rows += 1
            elif isinstance(line, Continued):
                self.report.hints.append(Hint(Place(grid.name, line.row), refuse(CODE, "row_continues")))
        self.tables += walk.found
        if not walk.found and walk.long_numbers:
            self.report.problems.append(Problem(Place(grid.name), refuse(CODE, "header_missing")))

    def _hidden(self, grid: Grid, walk: Walk) -> None:
        """Say that a hidden sheet with pupils was not read; hidden lists of codes are nobody's business."""
        if any(isinstance(line, Line) for line in walk):
            self.report.problems.append(Problem(Place(grid.name), refuse(CODE, "sheet_hidden", sheet=grid.name)))

    def _lacks_a_column(self, grid: Grid, line: Line) -> bool:
        columns = line.layout.columns
        return not ({"id", "register"} & columns.keys()) or not (
            {"class", "class_code", "grade"} & columns.keys() or line.around.named
        )

    def _tell(self, grid: Grid, line: Line) -> bool:
        """Say once per sheet which column is missing, instead of once per row."""
        columns = line.layout.columns
        why = "class_column_missing" if {"id", "register"} & columns.keys() else "id_column_missing"
        self.report.problems.append(Problem(Place(grid.name, line.row), refuse(CODE, why)))
        return True

    def _row(self, grid: Grid, line: Line) -> None:
        row = Row(line, grid, self.frame)
        found = row.read()
        if found.pupil is not None and (first := self._seen.get(found.pupil.key)) is not None:
            column = "id" if "id" in row.columns else "register"
            row.refuse(column, refuse(CODE, "duplicate", where=_where(first, grid.name)))
            found.pupil = None
        if found.pupil is None:
            self.report.problems.extend(found.problems)
            self.report.refused_names.add(found.name)
            return
        self._accept(row, found, found.pupil)

    def _accept(self, row: Row, found: Outcome, pupil: Pupil) -> None:
        self._seen[pupil.key] = pupil
        owner = self._numbers.setdefault(pupil.key[0], pupil)
        if owner is not pupil:
            column = "id" if "id" in row.columns else "register"
            self.report.hints.append(
                Hint(
                    row.place(row.columns[column]),
                    refuse(CODE, "number_shared", where=_where(owner, pupil.sheet), name=owner.name),
                )
            )
        if found.doubtful_id:
            self._doubtful[len(self.report.pupils)] = row.place(row.columns.get("id", -1))
        if found.numeric_class:
            self._numeric[len(self.report.pupils)] = row.place(row.columns.get("class", -1))
        namesake = self._namesakes.setdefault((pupil.name, pupil.grade, pupil.class_number), pupil)
        if namesake is not pupil:
            self.report.hints.append(
                Hint(row.place(row.columns["name"]), refuse(CODE, "namesake", row=namesake.row, name=pupil.name))
            )
        self.report.pupils.append(pupil)
        self.report.repairs.extend(found.repairs)
        self.report.hints.extend(found.hints)

    # --- when all rows are known --------------------------------------------------------------------------------------

    def closed(self) -> Report:
        """Return the report, after what only the whole file can tell."""
        report = self.report
        withdrawn = self._cut_numbers() | self._cut_classes()
        if withdrawn:
            report.refused_names |= {report.pupils[at].name for at in withdrawn}
            rows = {(report.pupils[at].sheet, report.pupils[at].row) for at in withdrawn}
            report.pupils = [pupil for at, pupil in enumerate(report.pupils) if at not in withdrawn]
            report.repairs = [one for one in report.repairs if (one.place.sheet, one.place.row) not in rows]
        if not report.pupils and not report.problems:
            report.problems.append(Problem(Place(), refuse(CODE, "rows_missing" if self.tables else "header_missing")))
        report.problems.sort(key=lambda problem: (self.order.get(problem.place.sheet, 0), problem.place.row))
        if silent := sum(1 for pupil in report.pupils if not pupil.guardian_phone):
            report.hints.append(Hint(Place(), refuse(CODE, "phones_missing", count=silent)))
        return report

    def _cut_numbers(self) -> set[int]:
        """Refuse ID numbers ending in 000 in a file where Excel has cut others: one in eleven passes the checksum."""
        if not any(problem.code == "id_damaged" for problem in self.report.problems):
            return set()
        for place in self._doubtful.values():
            self.report.problems.append(Problem(place, refuse(CODE, "id_damaged")))
        return set(self._doubtful)

    def _cut_classes(self) -> set[int]:
        """Refuse 3.1 in a number cell where grade 3 may have a class 10: Excel has dropped the zero of 3.10."""
        largest: dict[int, int] = defaultdict(int)
        for grade, number in (*self.frame.classes, *self.report.homerooms):
            largest[grade] = max(largest[grade], number)
        cut = set()
        for at, place in self._numeric.items():
            pupil = self.report.pupils[at]
            if largest[pupil.grade] >= pupil.class_number * 10 - 1:
                text = f"{pupil.grade}.{pupil.class_number}"
                self.report.problems.append(Problem(place, refuse(CODE, "class_damaged", column="class", text=text)))
                cut.add(at)
        return cut


def _where(pupil: Pupil, sheet: str) -> str:
    """Return where another row of the same child stands, with the sheet if it is another one."""
    return f"第{pupil.row}行" if pupil.sheet == sheet else f"“{pupil.sheet}”第{pupil.row}行"
