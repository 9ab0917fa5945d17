"""The guarantee: who has one, where its places are kept, and what is missing when they do not suffice.

Feasibility is a maximum flow of (campus, grade) classes into sections; a failure names a Hall violator: classes whose
sections together have fewer seats than they have pupils.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kehou.rules.allocation.eligible import Places
from kehou.rules.allocation.model import CARE, SERIES_DAY, Section, Student
from kehou.rules.allocation.seating import Options, Seating

if TYPE_CHECKING:
    from kehou.rules.allocation.model import Round


@dataclass(frozen=True, slots=True)
class Shortage:
    """Classes of pupils whose sections have `missing` seats too few on a day."""

    day: int
    campuses: tuple[str, ...]
    grades: tuple[int, ...]
    pupils: int
    seats: int

    @property
    def missing(self) -> int:
        """Return the seats that are lacking."""
        return self.pupils - self.seats


def assured(round: Round, day: int, guarantee: str) -> dict[str, Student]:
    """Return the applicants of a day whose place is kept inside the draw under the guarantee in force."""
    if guarantee not in ("everyone", "flagged"):
        return {}
    members = round.members_on(day)
    students = (round.student[pid] for pid in round.requests_on[day] if pid not in members)
    return {s.pid: s for s in students if guarantee == "everyone" or s.guaranteed}


def protected(round: Round, day: int) -> dict[str, Student]:
    """Return the applicants of a day who carry the guarantee (clauses 2.1-f to 2.1-h)."""
    students = (round.student[pid] for pid in round.requests_on[day] if day != SERIES_DAY)
    return {s.pid: s for s in students if s.guaranteed}


def classes_of(students: Iterable[Student]) -> Counter[tuple[str, int]]:
    """Return how many students each (campus, grade) has."""
    return Counter((s.campus, s.grade) for s in students)


def options_of(places: Places, klass: tuple[str, int]) -> Options:
    """Return the sections a class of pupils may attend."""
    return places.of(Student("", klass[0], klass[1]))


def keep_places(seating: Seating, places: Places, counts: Mapping[tuple[str, int], int]) -> int:
    """Keep places for so many of each class before the first turn; return for how many there is none."""
    lacking = sum(seating.keep(options_of(places, klass), counts[klass]) for klass in sorted(counts))
    seating.opened()
    return lacking


def shortage(sections: Iterable[Section], day: int, students: Iterable[Student]) -> Shortage | None:
    """Return the classes that cannot all be seated, if any: those that reach only seats already spoken for."""
    sections = tuple(sections)
    places, counts = Places(sections), classes_of(students)
    seating = Seating((s.id, s.cap) for s in sections)
    lacking = {k: seating.keep(options_of(places, k), counts[k]) for k in sorted(counts)}
    seating.opened()
    if not any(lacking.values()):
        return None
    reached = _closure(seating, [options_of(places, k) for k, n in lacking.items() if n])
    caught = [k for k in counts if set(options_of(places, k)) <= reached]
    seats = sum(s.cap for s in sections if s.id in reached)
    campuses, grades = sorted({c for c, _ in caught}), sorted({g for _, g in caught})
    return Shortage(day, tuple(campuses), tuple(grades), sum(counts[k] for k in caught), seats)


def _closure(seating: Seating, starts: Iterable[Options]) -> set[str]:
    reached: set[str] = set()
    queue = [section for options in starts for section in options]
    while queue:
        section = queue.pop()
        if section not in reached:
            reached.add(section)
            queue += [other for holder in seating.held[section] for other in seating.options[holder]]
    return reached


def block(round: Round, day: int) -> Mapping[str, int]:
    """Return the seats set aside for the protected, by section: base care as far as it reaches, then other sections.

    There are as many as protected applicants if the seats suffice; they depend on nothing but the protected pupils'
    campuses and grades, so the number tells nothing about one pupil.
    """
    counts = classes_of(protected(round, day).values())
    sections = round.sections_on[day]
    care = [s for s in sections if s.kind == CARE]
    for chosen in (care, sections):
        seating = Seating((s.id, s.cap) for s in chosen)
        if keep_places(seating, Places(chosen), counts) == 0:
            return {s.id: n for s in chosen if (n := sum(seating.held[s.id].values()))}
    return {}


def guarantee_in_force(round: Round) -> Literal["none", "everyone", "block", "flagged"]:
    """Return the guarantee of a round; "auto" is everyone where all applicants of each day fit, else block."""
    wanted = round.rules.guarantee
    if wanted == "everyone":
        return "everyone"
    if wanted == "auto" and round.rules.mechanism == "da":
        wanted = "block"  # its priorities leave no room for places kept inside the draw
    if not any(s.guaranteed for s in round.students):
        return "none"
    if wanted != "auto":
        return wanted
    fits = all(
        shortage(round.sections_on[day], day, (round.student[pid] for pid in round.requests_on[day])) is None
        for day in round.days
        if day != SERIES_DAY
    )
    return "everyone" if fits else "block"
