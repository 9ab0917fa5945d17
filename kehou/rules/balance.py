"""What an activity table lacks as a whole, and which of the templates would fill it (2.3-a, 2.3-b, 2.3-f)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from kehou.rules.calendar import weekday_name
from kehou.rules.forty import FORTY, Template
from kehou.rules.programme import variety
from kehou.rules.timetable import ActivityKind, Category, Domain, Draft
from kehou.rules.verdicts import Refusal, refuse

MOST_IDEAS = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that the table lacks, in words with its rule, and templates that would fill it."""

    refusal: Refusal
    ideas: tuple[Template, ...]


def kinds_by_grade(rows: Iterable[Draft], grades: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return the number of basic and of featured activities open to each grade (2.3-b)."""
    found = {grade: {kind.value: 0 for kind in ActivityKind} for grade in grades}
    for row in rows:
        for grade in row.grades & found.keys():
            if row.kind in found[grade]:
                found[grade][row.kind] += 1
    return found


def by_category(rows: Iterable[Draft]) -> dict[str, int]:
    """Return the number of activities of each of the ten categories, the empty ones too (2.3-g)."""
    found = {one.value: 0 for one in Category if one is not Category.OTHER}
    for row in rows:
        if row.category in found:
            found[row.category] += 1
    return found


def gaps(rows: Sequence[Draft], grades: Sequence[int], templates: Sequence[Template] = FORTY) -> tuple[Gap, ...]:
    """Return what is lacking: a domain, anything featured, a basic, variety or a weekday for a grade.

    A template is an idea only if it is open to the grade in question, would really fill the gap, and is not in the
    table already.
    """
    taken = {row.name for row in rows}
    free = [one for one in templates if one.name not in taken]
    found = [*_domains(rows, grades, free), *_kinds(rows, grades, free)]
    for grade, days in variety(rows, grades).items():
        own = {row.category for row in rows if grade in row.grades and row.category}
        if len(own) == 1:
            label = Category(next(iter(own))).label
            no = refuse("R-CONT-04", "one_category_only", grade=grade, category=label)
            found.append(Gap(no, _ideas([grade], free, _of_other_category(own))))
        for weekday in (day for day, kinds in days.items() if not kinds):
            no = refuse("R-CONT-04", "nothing_that_day", grade=grade, weekday=weekday_name(weekday))
            found.append(Gap(no, _ideas([grade], free, _on_weekday(weekday))))
    return tuple(found)


def _domains(rows: Sequence[Draft], grades: Sequence[int], free: Sequence[Template]) -> list[Gap]:
    offered = {domain for row in rows for domain in row.domains}
    return [
        Gap(
            refuse("R-CONT-01", "domains_missing", domains=domain.label),
            _ideas(grades, free, _of_domain(domain.value)),
        )
        for domain in Domain
        if domain.value not in offered
    ]


def _kinds(rows: Sequence[Draft], grades: Sequence[int], free: Sequence[Template]) -> list[Gap]:
    found = []
    counts = kinds_by_grade(rows, grades)
    if not any(row.kind == ActivityKind.FEATURED for row in rows):
        ideas = _ideas(grades, free, lambda one: one.kind == ActivityKind.FEATURED)
        found.append(Gap(refuse("R-CONT-02", "no_featured"), ideas))
    for grade in grades:
        if not counts[grade][ActivityKind.BASIC.value]:
            ideas = _ideas([grade], free, lambda one: one.kind == ActivityKind.BASIC)
            found.append(Gap(refuse("R-CONT-02", "no_basic_for_grade", grade=grade), ideas))
    return found


def _ideas(
    grades: Collection[int], free: Sequence[Template], fills: Callable[[Template], bool]
) -> tuple[Template, ...]:
    wanted = set(grades)
    return tuple(one for one in free if wanted & set(one.grades) and fills(one))[:MOST_IDEAS]


def _of_domain(wanted: str) -> Callable[[Template], bool]:
    return lambda one: wanted in one.domains


def _of_other_category(own: Collection[str]) -> Callable[[Template], bool]:
    return lambda one: one.category not in own


def _on_weekday(weekday: int) -> Callable[[Template], bool]:
    return lambda one: weekday in one.weekdays
