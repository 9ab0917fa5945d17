"""What a roster check answers: pupils, repairs, problems, hints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kehou.rules.identity import CODE, Sex
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class Guardian:
    """A grown-up named in a pupil's row; every part may be missing."""

    name: str = ""
    relation: str = ""
    phones: tuple[str, ...] = ()
    emergency: bool = False  # to be called, but does not answer for the child


@dataclass(frozen=True, slots=True)
class Pupil:
    """One accepted row. `id_number` is empty where the register has none (学籍号 beginning with J or L)."""

    sheet: str
    row: int
    name: str
    id_number: str
    document: str  # 居民身份证, or another document as the register names it
    register_number: str
    grade: int
    class_number: int
    sex: Sex
    born_on: date
    guardians: tuple[Guardian, ...] = ()
    boarding: bool | None = None
    left_behind: int | None = None  # 0 no, 1 one parent away, 2 both (留守儿童)
    migrant: bool | None = None  # 随迁子女
    commute: str = ""  # near, middle, far (上学路程); empty where the file does not say

    @property
    def guardian_phone(self) -> str:
        """Return the first telephone number in the row, a guardian's before an emergency contact's; empty if none."""
        known = sorted(self.guardians, key=lambda guardian: guardian.emergency)
        return next((phone for guardian in known for phone in guardian.phones), "")

    @property
    def key(self) -> tuple[str, str]:
        """Return what names this pupil for ever: the number (ID, or register for those who have none) and the name.

        The number alone is not enough: two children with one ID number are in every large register (重号), and
        refusing one of them would keep a child out for somebody else's mistake.
        """
        return (self.id_number or self.register_number, self.name)

    def as_list(self) -> list[Any]:
        """Return the five values of the command's JSON."""
        return [self.name, self.id_number, self.grade, self.class_number, self.guardian_phone]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file: row as the spreadsheet shows it (0: the whole sheet), column letters and header."""

    sheet: str = ""
    row: int = 0
    letters: str = ""
    header: str = ""

    @property
    def column(self) -> str:
        """Return the column as people look for it: `D（身份证号）`."""
        return f"{self.letters}（{self.header}）" if self.letters and self.header else self.letters or self.header


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row (or a sheet, or the file) is refused."""

    place: Place
    refusal: Refusal

    @property
    def code(self) -> str:
        """Return the short name of the problem: `id_checksum`."""
        return self.refusal.why

    @property
    def message(self) -> str:
        """Return what is wrong and what to do, in Chinese."""
        return say(self.refusal)

    def as_dict(self) -> dict[str, Any]:
        """Return the problem as the command's JSON has it."""
        place = self.place
        return {
            "sheet": place.sheet,
            "row": place.row,
            "column": place.column,
            "code": self.code,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Repair:
    """What was changed in an accepted row; numbers of persons are masked on both sides."""

    place: Place
    why: str
    before: str
    after: str

    @property
    def message(self) -> str:
        """Return what was done, in Chinese."""
        return say(Refusal(CODE, self.why))


@dataclass(frozen=True, slots=True)
class Hint:
    """Something a person should look at, which stops nothing."""

    place: Place
    remark: Refusal

    @property
    def message(self) -> str:
        """Return what to look at, in Chinese."""
        return say(self.remark)


@dataclass(slots=True)
class Report:
    """The whole answer for one file."""

    pupils: list[Pupil] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    skipped_rows: int = 0  # totals, remarks, signatures
    refused_names: set[str] = field(default_factory=set)  # they are in the file, so they have not left the school

    @property
    def homerooms(self) -> list[tuple[int, int]]:
        """Return the classes of the accepted pupils as (grade, number), in order."""
        return sorted({(pupil.grade, pupil.class_number) for pupil in self.pupils})

    @property
    def refused_rows(self) -> int:
        """Return how many rows are refused; a row may have several problems."""
        return len({(problem.place.sheet, problem.place.row) for problem in self.problems if problem.place.row})

    def as_dict(self) -> dict[str, Any]:
        """Return what `manage.py roster --json` prints."""
        return {
            "accepted": len(self.pupils),
            "pupils": [pupil.as_list() for pupil in self.pupils],
            "problems": [problem.as_dict() for problem in self.problems],
        }


def refused(refusal: Refusal, place: Place | None = None, *, hints: Sequence[Hint] = ()) -> Report:
    """Return the report of a file that cannot be read at all."""
    return Report(problems=[Problem(place or Place(), refusal)], hints=list(hints))
