"""What must be in order before anything is drawn; every reason at once, each sayable in Chinese."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from kehou.rules.allocation.coverage import protected, shortage
from kehou.rules.allocation.lottery import MOST_DAYS, SCALE
from kehou.rules.allocation.model import ID, PROTOCOL, SERIES, SERIES_DAY, Request, Round, Section
from kehou.rules.allocation.randomness import refusal_to_name
from kehou.rules.verdicts import Refusal, refuse

Problem = Refusal

GRADES = range(1, 10)

Id = TypeVar("Id", str, tuple[str, int])


def problems(round: Round) -> list[Problem]:
    """Return every reason why the round may not be drawn."""
    found = [*_of_round(round), *_of_ids(round), *_of_sections(round), *_of_teams(round), *_of_students(round)]
    found += [*_of_requests(round), *_of_refill(round), *_of_reserved(round)]
    return found or list(_of_guarantee(round))


def _of_round(round: Round) -> Iterator[Problem]:
    if not ID.fullmatch(round.id):
        yield refuse("R-ALLOC-02", "round_id_unfit", id=round.id)
    if round.rules.version != PROTOCOL:
        yield refuse("R-ALLOC-01", "rules_version_unknown", version=round.rules.version, known=PROTOCOL)
    if round.rules.mechanism == "da" and round.rules.guarantee in ("everyone", "flagged"):
        yield refuse("R-ALLOC-01", "guarantee_not_with_priorities")
    if no := refusal_to_name(round.randomness):
        yield no
    if not round.sections:
        yield refuse("R-ALLOC-01", "no_sections")
    if not round.requests:
        yield refuse("R-ALLOC-02", "no_requests")


def _twice(ids: Iterable[Id]) -> Iterator[Id]:
    return (id for id, times in Counter(ids).items() if times > 1)


def _of_ids(round: Round) -> Iterator[Problem]:
    for id in _twice(s.id for s in round.sections):
        yield refuse("R-ALLOC-02", "section_twice", section=id)
    for pid in _twice(s.pid for s in round.students):
        yield refuse("R-ALLOC-02", "pupil_twice", pid=pid)
    for key in _twice((r.pid, r.day) for r in round.requests):
        yield refuse("R-ALLOC-02", "request_twice", pid=key[0], day=key[1])
    named = {s.id for s in round.sections} | {s.pid for s in round.students} | {s.campus for s in round.students}
    named |= {s.kind for s in round.sections} | {campus for s in round.sections for campus in s.campuses}
    families = {s.family for s in round.students if s.family}
    for id in sorted(named | families):
        if not ID.fullmatch(id):
            yield refuse("R-ALLOC-02", "id_unfit", id=id)
    for family in sorted(families & {s.pid for s in round.students}):
        yield refuse("R-ALLOC-02", "family_is_a_pupil", family=family)


def _of_sections(round: Round) -> Iterator[Problem]:
    for s in round.sections:
        if s.cap < 1:
            yield refuse("R-GRP-01", "section_without_seats", section=s.id)
        elif s.min > s.cap:
            yield refuse("R-GRP-01", "minimum_above_seats", section=s.id, minimum=s.min, seats=s.cap)
        if s.min < 0 or not 0 < s.hours <= 0b111 or not 0 < s.grades <= 0b111111111:
            yield refuse("R-GRP-01", "section_malformed", section=s.id)


def _of_teams(round: Round) -> Iterator[Problem]:
    """Name teams that are not one activity on several days: the day of teams holds whole teams and nothing else."""
    of = Counter(part for s in round.sections for part in s.parts)
    for s in round.sections:
        if (s.day == SERIES_DAY) != bool(s.parts) or (s.kind == SERIES) != bool(s.parts or of[s.id]):
            yield refuse("R-GRP-01", "series_malformed", section=s.id)
        elif s.parts and not _is_team(s, round, of):
            yield refuse("R-GRP-01", "series_parts_unfit", section=s.id)
    if any(s.parts for s in round.sections) and (round.rules.mechanism == "mcf" or round.base is not None):
        yield refuse("R-ALLOC-01", "series_not_here")


def _is_team(team: Section, round: Round, of: Counter[str]) -> bool:
    """Return whether the parts of a team stand on different days, admit whom it admits, and have its seats."""
    parts = [round.section[part] for part in team.parts if part in round.section]
    return (
        1 < len(parts) == len(team.parts) == len({part.day for part in parts})
        and all(of[part.id] == 1 and not part.parts and not part.min for part in parts)
        and all(part.cap >= team.cap and (part.grades, part.campuses) == (team.grades, team.campuses) for part in parts)
    )


def _of_students(round: Round) -> Iterator[Problem]:
    for s in round.students:
        if s.grade not in GRADES:
            yield refuse("R-ALLOC-02", "grade_unknown", pid=s.pid, grade=s.grade)


def _of_requests(round: Round) -> Iterator[Problem]:
    for pid, days in Counter(r.pid for r in round.requests).items():
        if days > MOST_DAYS:
            yield refuse("R-ALLOC-02", "too_many_days", pid=pid, days=days, most=MOST_DAYS)
    open_to: dict[tuple[str, int, int], frozenset[str]] = {}
    least = _least_hours(round)
    for request in round.requests:
        student = round.student.get(request.pid)
        if student is None:
            yield refuse("R-ALLOC-02", "pupil_unknown", pid=request.pid)
            continue
        place = (student.campus, student.grade, request.day)
        if place not in open_to and student.grade in GRADES:
            there = round.sections_on[request.day]
            open_to[place] = frozenset(s.id for s in there if s.kind != SERIES and s.admits(student))
        if not _is_plain(request, open_to.get(place, frozenset()), least):
            yield from _of_wishes(round, request)


def _least_hours(round: Round) -> int:
    """Return the least mask of hours: who keeps his place in a refill round has no hours to be filled."""
    return 0 if round.rules.lottery == "reversed" else 1


def _is_plain(request: Request, open_to: frozenset[str], least: int) -> bool:
    """Return whether a request is in order; the quick look that all but a few requests pass."""
    listed = [section for tier in request.tiers for section in tier]
    return (
        bool(listed)
        and request.day != SERIES_DAY
        and all(request.tiers)
        and least <= request.hours <= 0b111
        and open_to.issuperset(listed)
        and len(set(listed)) == len(listed)
    )


def _of_wishes(round: Round, request: Request) -> Iterator[Problem]:
    student, seen = round.student[request.pid], set()
    facts = {"pid": request.pid, "day": request.day}
    days = {round.section[p].day for p in _parts_wished(round, request.pid) if p in round.section}
    if request.day == SERIES_DAY and (request.any_place or not _asks_on(round, request.pid, days)):
        yield refuse("R-ALLOC-02", "series_needs_its_days", **facts)
    if not request.tiers and not request.any_place and request.day not in days:
        yield refuse("R-ALLOC-02", "nothing_wished", **facts)
    if not _least_hours(round) <= request.hours <= 0b111:
        yield refuse("R-ALLOC-02", "hours_malformed", **facts)
    for tier in request.tiers:
        if not tier:
            yield refuse("R-ALLOC-02", "empty_tier", **facts)
        for wished in tier:
            section = round.section.get(wished)
            if section is None or section.day != request.day or (section.kind == SERIES and not section.parts):
                yield refuse("R-ALLOC-02", "wish_for_closed_section", section=wished, **facts)
            elif wished in seen:
                yield refuse("R-ALLOC-02", "wished_twice", section=wished, **facts)
            elif student.grade in GRADES and not section.admits(student):
                yield refuse("R-ALLOC-02", "wish_not_open_to_pupil", section=wished, **facts)
            seen.add(wished)


def _parts_wished(round: Round, pid: str) -> list[str]:
    """Return the parts of all teams that a pupil asks for."""
    wish = round.requests_on.get(SERIES_DAY, {}).get(pid)
    listed = [s for tier in wish.tiers for s in tier if s in round.section] if wish else []
    return [part for section in listed for part in round.section[section].parts]


def _asks_on(round: Round, pid: str, days: Iterable[int]) -> bool:
    return all(pid in round.requests_on.get(day, {}) for day in days)


def _of_refill(round: Round) -> Iterator[Problem]:
    """Name what a refill round lacks: its rules, a row for each request, each holder's list ending at his own seat."""
    rules, refills = round.rules, round.rules.lottery == "reversed"
    if refills != (round.base is not None) or (round.before and not refills):
        yield refuse("R-ALLOC-01", "refill_rules_unfit")
    if not refills:
        return
    if (rules.mechanism, rules.siblings, rules.minimum) != ("da", "off", "report"):
        yield refuse("R-ALLOC-01", "refill_rules_unfit")
    rows = {(row.pid, row.day): row for row in round.before}
    if len(rows) != len(round.before) or rows.keys() != {(r.pid, r.day) for r in round.requests}:
        yield refuse("R-ALLOC-02", "refill_rows_differ")
        return
    for request in round.requests:
        row = rows[request.pid, request.day]
        if row.seat is not None and (request.any_place or request.tiers[-1:] != ((row.seat,),)):
            yield refuse("R-ALLOC-02", "refill_seat_not_last", pid=request.pid, day=request.day)
        if row.number is not None and not 0 <= row.number < SCALE:
            yield refuse("R-ALLOC-02", "refill_number_unfit", pid=request.pid, day=request.day)
    for seat, holders in Counter(row.seat for row in round.before if row.seat is not None).items():
        if seat in round.section and holders > round.section[seat].cap:
            yield refuse(
                "R-GRP-01", "refill_more_holders", section=seat, holders=holders, seats=round.section[seat].cap
            )


def _of_reserved(round: Round) -> Iterator[Problem]:
    """Name reserved seats without a section or beyond its seats, and such as no priority stands behind."""
    fits = round.rules.mechanism == "da" and round.base is None
    for section, seats in sorted(round.reserved.items()):
        cap = round.section[section].cap if section in round.section else 0
        if not (fits and 0 <= seats <= cap):
            yield refuse("R-ALLOC-01", "reserved_unfit", section=section, reserved=seats, seats=cap)


def _of_guarantee(round: Round) -> Iterator[Problem]:
    """Name the shortage when the kept places do not suffice: campuses, grades, seats (clauses 2.1-f to 2.1-h)."""
    if round.guarantee == "none":
        return
    for day in (day for day in round.days if day != SERIES_DAY):
        if round.guarantee == "everyone":
            students = [round.student[pid] for pid in round.requests_on[day]]
        else:
            students = list(protected(round, day).values())
        if short := shortage(round.sections_on[day], day, students):
            yield refuse(
                "R-PRIO-01",
                "guarantee_short_of_seats",
                day=day,
                campuses="、".join(short.campuses),
                grades="、".join(map(str, short.grades)),
                pupils=short.pupils,
                seats=short.seats,
                missing=short.missing,
            )
