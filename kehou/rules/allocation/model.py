"""The words of a draw: sections, students, requests, the rules of the round, and the round itself.

Everything here is a value. Ids are texts of the caller's choosing (see `ID`); a pupil is known to the draw by a random
pseudonym `pid` that is made anew for each round, so that a public record names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kehou.rules.allocation.commitment import Commitment
    from kehou.rules.allocation.lists import DayLists
    from kehou.rules.verdicts import Refusal

PROTOCOL = "sunlot-v1"
ALL: frozenset[str] = frozenset()  # campuses of a section that is open to every campus
EVERY_GRADE = 0b111111111  # grades 1 to 9: nine-year schools exist
EVERY_HOUR = 0b111  # the three class hours after school
CARE = "care"  # the kind of section that is base care (基本托管)
SERIES = "series"  # the kind of a team that meets on several days, and of the sections in which it meets
SERIES_DAY = 0  # the "day" on which teams are drawn, before all others
ANY_PLACE = 0  # the tier of a seat that came by "any place is fine" or by the guarantee

# No blank, bar, slash, quote or control character, nothing outside the basic plane: so that an id stands in the
# texts that are hashed without escaping, and Python and JavaScript sort ids alike.
ID = re.compile(r"[^\s|\"'/\\\x00-\x1f\x7f\ud800-\udfff\U00010000-\U0010ffff]{1,64}")


@dataclass(frozen=True, slots=True)
class Section:
    """One activity on one day. `grades` has bit g-1 for grade g, `hours` bit h-1 for class hour h, `fee` is in fen.

    A team that meets on several days is a section of SERIES_DAY; `parts` are the sections it meets in, one a day.
    Nobody asks for a part by itself, and neither "any place" nor a guarantee leads into a team.
    """

    id: str
    day: int
    cap: int
    min: int = 0
    hours: int = EVERY_HOUR
    grades: int = EVERY_GRADE
    campuses: frozenset[str] = ALL
    kind: str = "club"
    fee: int = 0
    parts: tuple[str, ...] = ()

    def admits(self, student: Student) -> bool:
        """Return whether the student's grade and campus may take part."""
        return bool(self.grades >> (student.grade - 1) & 1) and (not self.campuses or student.campus in self.campuses)


@dataclass(frozen=True, slots=True)
class Student:
    """A pupil of the round. `family` is filled only for siblings who asked for linked numbers.

    `guaranteed` (clauses 2.1-f to 2.1-h) and `groups` (a bit mask for statistics) never appear in a public record.
    """

    pid: str
    campus: str
    grade: int
    family: str | None = None
    guaranteed: bool = False
    groups: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """What a family asks for one day: tiers, best first; the sections inside a tier are equally welcome.

    `any_place` adds a last tier of every section of the day the pupil may attend; `hours` are the class hours the pupil
    stays, of which those outside its section are filled with base care.
    """

    pid: str
    day: int
    tiers: tuple[tuple[str, ...], ...]
    any_place: bool = True
    hours: int = EVERY_HOUR


@dataclass(frozen=True, slots=True)
class Rules:
    """The rule text of a round in the form the engine reads.

    `guarantee` says how the places of protected pupils are kept: "everyone" (each applicant of the day is assured of
    some place, so that nobody is marked), "block" (seats of base care are set aside and only their number is
    published), "flagged" (the seats are kept inside the draw; such a record is for the education bureau, not for the
    public), or "auto": everyone where the seats suffice, else block. The lottery "reversed" is that of refill rounds.
    """

    mechanism: Literal["gsd", "da", "mcf"] = "gsd"
    lottery: Literal["balanced", "independent", "single", "reversed"] = "balanced"
    siblings: Literal["off", "linked"] = "linked"
    minimum: Literal["report", "close-worst"] = "close-worst"
    objective: Literal["maxcard", "borda", "fair", "rankmax", "weekly"] = "borda"
    guarantee: Literal["auto", "everyone", "block", "flagged"] = "auto"
    version: str = PROTOCOL


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands behind a request of a refill round: the seat held that day, and the number of the earlier draw.

    `number` is None for who took no part in the earlier draw that day. `keeps`: the pupil's group was cancelled, and
    the number is not reversed, for it lost through no fault of its own.
    """

    pid: str
    day: int
    seat: str | None = None
    number: int | None = None
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """The draw that a refill round follows: its id and root, how many changes its log had by then, and their seal."""

    round: str
    root: str
    lines: int = 0
    seal: str | None = None


@dataclass(frozen=True)
class Round:
    """A round with its frozen applications.

    `randomness` names the public draw whose result will be the beacon, before it exists (see `randomness`). `salt` is
    the secret of the sealed list of guarantees, kept by the school. `priorities` (section → pupil → class, higher
    first) are read by the "da" mechanism only; `reserved` says for how many seats of a section they count, all if it
    is not named: those seats are filled first, by class and then by turn, the others by turn alone. A refill round
    has a `base` and one `Standing` for each request, from which its priorities follow: everybody comes first at the
    seat he holds (see `refilling`).
    """

    id: str
    rules: Rules
    sections: tuple[Section, ...]
    students: tuple[Student, ...]
    requests: tuple[Request, ...]
    randomness: str = ""
    salt: str = ""
    priorities: Mapping[str, Mapping[str, int]] = field(
        default_factory=dict
    )  # a plain one: a round travels between processes
    reserved: Mapping[str, int] = field(default_factory=dict)
    before: tuple[Standing, ...] = ()
    base: Base | None = None

    def __post_init__(self) -> None:
        for name in ("sections", "students", "requests", "before"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if self.rules.lottery == "reversed":
            rights: dict[str, dict[str, int]] = {}
            for row in self.before:
                if row.seat is not None:
                    rights.setdefault(row.seat, {})[row.pid] = 1
            object.__setattr__(self, "priorities", rights)

    def check(self) -> list[Refusal]:
        """Return every reason why this round may not be drawn; an empty list is the permission to draw."""
        from kehou.rules.allocation.check import problems

        return problems(self)

    def commitment(self) -> Commitment:
        """Return the Merkle commitment of the frozen applications, the section table and the rules (`sunlot-v1`)."""
        from kehou.rules.allocation.commitment import commit

        return commit(self)

    @cached_property
    def days(self) -> tuple[int, ...]:
        """Return the days that have a section or a request, in order."""
        return tuple(sorted({s.day for s in self.sections} | {r.day for r in self.requests}))

    @cached_property
    def section(self) -> Mapping[str, Section]:
        """Return the sections by id, sorted by id."""
        return {s.id: s for s in sorted(self.sections, key=lambda s: s.id)}

    @cached_property
    def student(self) -> Mapping[str, Student]:
        """Return the students by pid."""
        return {s.pid: s for s in self.students}

    @cached_property
    def requests_on(self) -> Mapping[int, Mapping[str, Request]]:
        """Return the requests by day and pid."""
        found: dict[int, dict[str, Request]] = {day: {} for day in self.days}
        for request in self.requests:
            found[request.day][request.pid] = request
        return found

    @cached_property
    def lists_on(self) -> Mapping[int, DayLists]:
        """Return the lists by day as whole numbers."""
        from kehou.rules.allocation.lists import lists_of

        return lists_of(self)

    @cached_property
    def sections_on(self) -> Mapping[int, tuple[Section, ...]]:
        """Return the sections by day, sorted by id."""
        found: dict[int, list[Section]] = {day: [] for day in self.days}
        for section in self.section.values():
            found[section.day].append(section)
        return {day: tuple(there) for day, there in found.items()}

    @cached_property
    def guarantee(self) -> Literal["none", "everyone", "block", "flagged"]:
        """Return the guarantee in force: `rules.guarantee` with "auto" decided; "none" if nobody is protected."""
        from kehou.rules.allocation.coverage import guarantee_in_force

        return guarantee_in_force(self)

    def members_on(self, day: int) -> frozenset[str]:
        """Return the pids that ask for a team on a day; only that of the day of teams, or members' parts of it."""
        teams = {s.id for s in self.sections_on[day] if s.kind == SERIES}
        if not teams:
            return frozenset()
        return frozenset(p for p, r in self.requests_on[day].items() if r.tiers and r.tiers[0][0] in teams)

    def after_series(self, team: Mapping[str, str]) -> Round:
        """Return the round of the other days when the teams are drawn: `team` is the section of SERIES_DAY by pid.

        On the days of its team a member asks for nothing but its part of the team, whatever else was wished.
        """
        if not team:
            return self
        section = self.section
        there = {(pid, section[part].day): part for pid, won in team.items() for part in section[won].parts}
        requests = (
            replace(r, tiers=((there[r.pid, r.day],),), any_place=False) if (r.pid, r.day) in there else r
            for r in self.requests
        )
        force = self.guarantee  # as it was committed, with all wishes
        rules = self.rules if force == "none" else replace(self.rules, guarantee=force)
        return replace(self, rules=rules, requests=tuple(requests))
