"""Where a pupil sits: grade and class from two cells, a title and the name of the sheet, which must agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from kehou.rules.identity import CODE
from kehou.rules.roster.classes import (
    Named,
    grade_by_age,
    grades_of,
    looks_like_a_day,
    read_class,
    read_grade,
)
from kehou.rules.roster.grid import Value, text_of
from kehou.rules.roster.tables import Around
from kehou.rules.verdicts import Refusal, refuse

LAST_GRADE = 9


@dataclass(frozen=True, slots=True)
class Classroom:
    """Grade 1 to 9 and the class number. `from_number`: read from a number cell, where 3.10 and 3.1 are the same."""

    grade: int
    number: int
    from_number: bool = False


def read_place(
    class_cell: Value, grade_cell: Value, around: Around, on: date, grades: tuple[int, ...], born: date | None
) -> Classroom | Refusal:
    """Return the classroom of a row, or why it cannot be said.

    The birth date is asked where a year names the class: 2023级 may be grade 4 or grade 10, a year of entry or of
    leaving. Refusals carry `column`: class or grade.
    """
    found = _read(class_cell, grade_cell, around, on, grades)
    if isinstance(found, _Open):
        if born is not None:
            grade = grade_by_age(list(found.grades), born, on=on)
        else:
            grade = found.grades[0] if len(found.grades) == 1 else None
        if grade is None:
            return _no("class_unclear", "class", text_of(class_cell) or text_of(grade_cell))
        return Classroom(grade, found.number, found.from_number)
    return found


@dataclass(frozen=True, slots=True)
class _Open:
    """A class named by a year: its grade must fit the pupil's age."""

    grades: tuple[int, ...]
    number: int
    from_number: bool


def _no(why: str, column: str, text: str = "") -> Refusal:
    return refuse(CODE, why, column=column, text=text[:20])


@lru_cache(maxsize=8192, typed=True)
def _read(
    class_cell: Value, grade_cell: Value, around: Around, on: date, grades: tuple[int, ...]
) -> Classroom | Refusal | _Open:
    """Return the classroom; cached, because a class is read once for forty pupils."""
    own = _of_cell(class_cell)
    if isinstance(own, Refusal):
        return own
    beside = _of_grade_cell(grade_cell)
    if isinstance(beside, Refusal):
        return beside
    outside = around.named or Named()
    if own is None:
        own = beside if beside is not None and beside.number is not None else outside
        if own.number is None:
            return _no("class_missing", "class")
    if own.number is None:
        return _no("class_missing", "class", text_of(class_cell))
    named = own if own.tells_grade else own.in_grade(beside if beside is not None else outside)
    if not named.tells_grade:
        return _no("grade_missing", "class", text_of(class_cell))
    for other in (beside, around.title, around.sheet):
        if other is not None and _contradict(named, other, on):
            return _no("class_contradicts", "class", text_of(class_cell))
    return _settled(named, on, grades, isinstance(class_cell, float) and not class_cell.is_integer(), class_cell)


def _settled(
    named: Named, on: date, grades: tuple[int, ...], from_number: bool, class_cell: Value
) -> Classroom | Refusal | _Open:
    """Return the classroom in the one grade that is possible on a day at this school."""
    assert named.number is not None
    possible = grades_of(named, on=on)
    if named.year is not None and len(possible) > 1 and grades:
        possible = [grade for grade in possible if grade in grades] or possible
    possible = [grade for grade in possible if 1 <= grade <= LAST_GRADE]
    if not possible:
        return _no("grade_outside", "class", text_of(class_cell) or str(named.grade or named.year))
    if named.year is not None:
        return _Open(tuple(possible), named.number, from_number)
    return Classroom(possible[0], named.number, from_number)


def _of_cell(value: Value) -> Named | Refusal | None:
    """Return what the class cell says, None if it is empty."""
    if isinstance(value, (date, datetime, time, timedelta)):
        return _no("class_damaged", "class", text_of(value))
    text = text_of(value)
    if not text:
        return None
    if looks_like_a_day(text):
        return _no("class_damaged", "class", text)
    return read_class(text) or _no("class_unclear", "class", text)


def _of_grade_cell(value: Value) -> Named | Refusal | None:
    text = text_of(value)
    if not text:
        return None
    return read_grade(text) or _no("grade_unclear", "grade", text)


def _contradict(named: Named, other: Named, on: date) -> bool:
    """Say whether two names of a class cannot mean the same one."""
    if other.number is not None and other.number != named.number:
        return True
    if not other.tells_grade:
        return False
    return not set(grades_of(named, on=on)) & set(grades_of(other, on=on))
