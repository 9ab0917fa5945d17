"""From the answers of a survey to proposed activities, groups and seats (2.2-f, 2.7.2-a).

A what-if, every figure with its source. Grades with few answers are put together with their neighbours until they are
as many as the least cell, counts are told rounded up to fives, and what is small is told as small: nobody is to be
found in a plan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kehou.rules.forty import FORTY, Template
from kehou.rules.surveys import HOURS, NEED, NOT_WANTED, UNDECIDED, WEEKDAYS, WISHES, Item
from kehou.rules.timetable import Category

ROUNDED_TO = 5
IDEAS = 4
UNDECIDED_CHOICES, SILENT_CHOICES, SIZES = (0, 50, 100), (0, 30, 60), (15, 20, 30, 40)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is assumed beside the answers, in percent: of the undecided, and of those who have not answered.

    The choices are few on purpose: turned finely, the rounded seats would tell the exact counts behind them.
    """

    undecided_percent: int = 50
    silent_percent: int = 30
    group_size: int = 30

    @classmethod
    def of(cls, undecided: str, silent: str, size: str) -> Assumptions:
        """Return the assumptions of a form; what is none of the choices is as we ship it."""
        ours = cls()
        picked = zip((undecided, silent, size), (UNDECIDED_CHOICES, SILENT_CHOICES, SIZES), strict=True)
        values = [int(text) if text in {str(one) for one in choices} else None for text, choices in picked]
        shipped = (ours.undecided_percent, ours.silent_percent, ours.group_size)
        return cls(*(mine if value is None else value for value, mine in zip(values, shipped, strict=True)))


@dataclass(frozen=True, slots=True)
class Band:
    """Grades told together: how many pupils they have, how many answered for them, how many take part of whom."""

    grades: tuple[int, ...]
    pupils: int
    answered: int
    sure: int | None
    undecided: int | None
    seats_by_weekday: tuple[int | None, ...]  # Monday to Friday; None: too few to tell
    groups_by_weekday: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """A category: how many put it among their three, the groups that would take, activities to begin from."""

    category: str
    children: int | None
    groups: int | None
    ideas: tuple[str, ...] = ()


def bands_of(answered: Mapping[int, int], *, least: int) -> list[tuple[int, ...]]:
    """Return the grades in order, neighbours together until each band has as many answers as the least cell."""
    bands: list[list[int]] = []
    waiting: list[int] = []
    for grade in sorted(answered):
        waiting.append(grade)
        if sum(answered[one] for one in waiting) >= least:
            bands.append(waiting)
            waiting = []
    if waiting:
        if bands:
            bands[-1] += waiting
        else:
            bands.append(waiting)
    return [tuple(band) for band in bands]


def bands(
    sheets: Iterable[tuple[int, Mapping[str, Any]]], *, pupils: Mapping[int, int], least: int, with_: Assumptions
) -> list[Band]:
    """Return the seats and groups by band of grades and weekday; `sheets` are (grade, answers), `pupils` by grade."""
    by_grade: dict[int, list[Mapping[str, Any]]] = {grade: [] for grade in pupils}
    for grade, answers in sheets:
        by_grade.setdefault(grade, []).append(answers)
    found = []
    for grades in bands_of({grade: len(own) for grade, own in by_grade.items()}, least=least):
        own = [answers for grade in grades for answers in by_grade[grade]]
        found.append(_band(grades, own, sum(pupils.get(grade, 0) for grade in grades), least, with_))
    return found


def _band(
    grades: tuple[int, ...], own: Sequence[Mapping[str, Any]], pupils: int, least: int, with_: Assumptions
) -> Band:
    coming = [answers for answers in own if answers.get(NEED) not in (None, NOT_WANTED, UNDECIDED)]
    undecided = [answers for answers in own if answers.get(NEED) == UNDECIDED]
    if len(own) < least:
        return Band(grades, pupils, len(own), None, None, (None,) * 5, (None,) * 5)
    seats = tuple(
        _seats(_wanting(coming, day), _wanting(undecided, day), len(own), pupils, least, with_) for day in range(5)
    )
    groups = tuple(None if seat is None else -(-seat // with_.group_size) for seat in seats)
    return Band(grades, pupils, len(own), _told(len(coming), least), _told(len(undecided), least), seats, groups)


def _wanting(own: Sequence[Mapping[str, Any]], weekday: int) -> int:
    """Return how many want a weekday; who was not asked for days wants them all."""
    return sum(weekday in answers.get(WEEKDAYS, range(5)) for answers in own)


def _seats(sure: int, maybe: int, answered: int, pupils: int, least: int, with_: Assumptions) -> int | None:
    """Return the seats of a weekday, None where few want it. A few undecided are left out: the rounding covers them."""
    if 0 < sure < least:
        return None
    hundredths = sure * 100 + (maybe * with_.undecided_percent if maybe >= least else 0)
    # Those who have not answered want the day as those who have, less often.
    hundredths += hundredths * max(0, pupils - answered) * with_.silent_percent // (100 * answered)
    return rounded_up(-(-hundredths // 100))


def _told(count: int, least: int) -> int | None:
    return None if 0 < count < least else rounded_up(count)


def rounded_up(count: int) -> int:
    """Return a count rounded up to fives."""
    return -(-count // ROUNDED_TO) * ROUNDED_TO


def ideas_for(category: str, grades: Collection[int], templates: Sequence[Template] = FORTY) -> tuple[str, ...]:
    """Return the templates that are of a category (by its label) and open to some of the grades."""
    own = [one for one in templates if Category(one.category).label == category]
    return tuple(one.name for one in own if not set(grades).isdisjoint(one.grades))[:IDEAS]


def wishes(
    sheets: Iterable[Mapping[str, Any]],
    item: Item,
    *,
    least: int,
    with_: Assumptions,
    grades: Collection[int] = (),
    templates: Sequence[Template] = FORTY,
) -> list[Wish]:
    """Return the categories by how many put them among their three, most wanted first; small ones last."""
    counts = [0] * len(item.options)
    for answers in sheets:
        for option in answers.get(WISHES, ()):
            counts[option] += 1
    found = [
        Wish(name, rounded_up(count), -(-rounded_up(count) // with_.group_size), ideas_for(name, grades, templates))
        if count >= least
        else Wish(name, None, None)
        for name, count in zip(item.options, counts, strict=True)
        if count and name != "都不想"
    ]
    return sorted(found, key=lambda wish: -(wish.children or 0))


def hours_wanted(sheets: Iterable[Mapping[str, Any]]) -> int:
    """Return the class hours a day that most of those who come want, none if nobody says."""
    counts: dict[int, int] = {}
    for answers in sheets:
        if HOURS in answers:
            counts[answers[HOURS] + 1] = counts.get(answers[HOURS] + 1, 0) + 1
    return max(counts, key=lambda hours: (counts[hours], hours)) if counts else 0


# --- From a proposal to drafts ----------------------------------------------------------------------------------------

_DIGITS: tuple[str, ...] = ("", *"一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class Sketch:
    """An activity that the answers propose: a template with the name and the seats of one group of it."""

    name: str
    template: Template
    seats: int


def counted(number: int) -> str:
    """Return a number of 1 to 99 as it is said: 十二, 二十一; beyond in digits."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + _DIGITS[ones]


def sketches(
    wished: Iterable[Wish],
    bands: Iterable[Band],
    *,
    grades: Collection[int],
    size: int,
    taken: Collection[str] = (),
    templates: Sequence[Template] = FORTY,
) -> tuple[Sketch, ...]:
    """Return the groups that a proposal comes to, spread over the templates of each category; none twice.

    Homework and reading for everybody are proposed once for the grades of whose families enough answered (2.2-f). What
    is in the table already (`taken`, by name) is counted as opened.
    """
    found: list[Sketch] = []
    known = [grade for band in bands if band.sure is not None for grade in band.grades]
    care = [one for one in templates if one.is_base_care and one.in_homeroom and set(one.grades) & set(known)]
    found += [Sketch(one.name, one, one.capacity) for one in care]
    for wish in wished:
        ideas = [one for one in templates if one.name in wish.ideas and set(one.grades) & set(grades)]
        for number in range(wish.groups or 0 if ideas else 0):
            turn, at = divmod(number, len(ideas))
            one = ideas[at]
            name = one.name if turn == 0 else f"{one.name}（{counted(turn + 1)}组）"
            if all(name != other.name for other in found):
                found.append(Sketch(name, one, min(one.capacity, size)))
    return tuple(one for one in found if one.name not in taken)
