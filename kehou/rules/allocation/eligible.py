"""Where a pupil may sit at all: by grade and campus, never by what was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from kehou.rules.allocation.model import CARE, EVERY_HOUR, SERIES, Section, Student


class Places:
    """The sections of one day open to each campus and grade; base care first, then the cheapest, then by id.

    Teams are not among them: a team is joined because it was asked for, never by "any place" or a guarantee.
    """

    def __init__(self, sections: Iterable[Section]) -> None:
        ranked = sorted((s for s in sections if s.kind != SERIES), key=lambda s: (s.kind != CARE, s.fee, s.id))
        self._everywhere = [s for s in ranked if not s.campuses]
        self._at: dict[str, list[Section]] = {}
        for campus in {campus for s in ranked for campus in s.campuses}:
            self._at[campus] = []
        for section in ranked:
            for campus in section.campuses or self._at:
                self._at[campus].append(section)
        self._found: dict[tuple[str, int, int], tuple[str, ...]] = {}
        self._care: dict[tuple[str, int], tuple[Section, ...]] = {}

    def of(self, student: Student, hours: int = EVERY_HOUR) -> tuple[str, ...]:
        """Return the ids of the sections that admit the student and lie within `hours`."""
        return self.open_to(student.campus, student.grade, hours)

    def open_to(self, campus: str, grade: int, hours: int = EVERY_HOUR) -> tuple[str, ...]:
        """Return the ids of the sections open to a campus and grade that lie within `hours`."""
        key = (campus, grade, hours)
        found = self._found.get(key)
        if found is None:
            at = self._at.get(campus, self._everywhere)
            found = tuple(s.id for s in at if s.grades >> (grade - 1) & 1 and not s.hours & ~hours)
            self._found[key] = found
        return found

    def care_of(self, student: Student) -> tuple[Section, ...]:
        """Return the sections of base care that admit the student."""
        key = (student.campus, student.grade)
        if key not in self._care:
            at = self._at.get(student.campus, self._everywhere)
            self._care[key] = tuple(s for s in at if s.kind == CARE and s.admits(student))
        return self._care[key]
