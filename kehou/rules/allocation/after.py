"""After the round: who is offered a free seat, and refill rounds in which nobody loses what he holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from kehou.rules.allocation.deferred import propose
from kehou.rules.allocation.engine import fill_hours
from kehou.rules.allocation.lottery import SCALE, Numbers
from kehou.rules.allocation.model import ANY_PLACE, Request, Round, Rules, Section, Student
from kehou.rules.allocation.outcome import DayOutcome, Outcome
from kehou.rules.allocation.serial import DayResult

Holding = Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A free seat for a pupil; taking it frees `releases`, which is then offered on in the same way."""

    section: str
    day: int
    pid: str
    place: int
    releases: str | None


def offers(outcome: Outcome, vacancy: str, *, held: Holding | None = None) -> Iterator[Offer]:
    """Yield whom a free seat is offered to, one after the other, as long as nobody takes it.

    The order is that of the numbers; the time of answering never matters. `held` is what the pupils hold by now, if
    it is not what they were given. When one accepts, begin anew with what he releases.
    """
    section = outcome.round.section[vacancy]
    day, place = section.day, 0
    holding = outcome.seat if held is None else held
    for pid in outcome.numbers.order.get(day, ()):
        wish, seat = outcome.round.requests_on[day][pid], holding.get((pid, day))
        if seat != vacancy and vacancy in _above(wish, seat, outcome.round.student[pid], section):
            place += 1
            yield Offer(vacancy, day, pid, place, seat)


def _above(wish: Request, seat: str | None, student: Student, section: Section) -> set[str]:
    """Return the sections a pupil likes better than its seat; "any place" counts for who has none."""
    better: set[str] = set()
    for options in wish.tiers:
        if seat in options:
            return better
        better.update(options)
    if seat is None and wish.any_place and section.admits(student) and not section.hours & ~wish.hours:
        better.add(section.id)
    return better


def refill(
    outcome: Outcome,
    withdrawals: Iterable[tuple[str, int]] = (),
    newcomers: Iterable[tuple[Student, tuple[Request, ...]]] = (),
    new_capacities: Mapping[str, int] | None = None,
    lottery: Literal["reverse", "same", "fresh"] = "reverse",
    *,
    drawn: Numbers | None = None,
    held: Holding | None = None,
) -> Outcome:
    """Return the outcome of a refill round: free seats are filled anew, and nobody is worse off than before.

    Deferred acceptance in which each pupil has the first right to its own seat. With "reverse" those who came last in
    the draw come first now, which needs the fewest moves (Feigenbaum, Kanoria, Lo, Sethuraman 2020). Pupils of a
    section whose seats are taken away keep their number: they lost through no fault of theirs. `drawn` are the
    numbers of this round's own draw, for newcomers and for "fresh"; `held` is what the pupils hold by now, if not
    what they were given.
    """
    holding = dict(outcome.seat if held is None else held)
    gone = set(withdrawals)
    joined = list(newcomers)
    round = _changed(outcome.round, gone, joined, new_capacities or {})
    holding = {key: seat for key, seat in holding.items() if key not in gone and round.section[seat].cap > 0}
    lost = {key for key in outcome.seat if key not in holding and key not in gone}
    numbers = _renumbered(round, outcome.numbers, lottery, drawn, lost)
    shut = [s for s in outcome.closed if s not in (new_capacities or {})]
    days = {}
    for day in round.days:
        result = _refilled(round, day, numbers, holding, shut)
        days[day] = _with_care(round, outcome, result, shut)
    return Outcome(round, numbers, days)


def _changed(
    round: Round,
    gone: set[tuple[str, int]],
    joined: list[tuple[Student, tuple[Request, ...]]],
    capacities: Mapping[str, int],
) -> Round:
    students = {s.pid: s for s in round.students} | {student.pid: student for student, _ in joined}
    requests = [r for r in round.requests if (r.pid, r.day) not in gone]
    requests += [request for _, wishes in joined for request in wishes]
    sections = [replace(s, cap=capacities.get(s.id, s.cap)) for s in round.sections]
    return replace(round, sections=tuple(sections), students=tuple(students.values()), requests=tuple(requests))


def _renumbered(
    round: Round, before: Numbers, lottery: str, drawn: Numbers | None, lost: set[tuple[str, int]]
) -> Numbers:
    value: dict[int, dict[str, int]] = {day: {} for day in round.days}
    for request in round.requests:
        pid, day = request.pid, request.day
        number = before.value.get(day, {}).get(pid)
        if number is None or lottery == "fresh":
            if drawn is None:
                raise ValueError("newcomers and fresh rounds need the numbers of a draw")
            number = drawn.value[day][pid]
        elif lottery == "reverse" and (pid, day) not in lost:
            number = SCALE - 1 - number
        value[day][pid] = number
    return Numbers(value)


def _refilled(round: Round, day: int, numbers: Numbers, holding: Holding, shut: list[str]) -> DayResult:
    """Return one day of the refill: everybody's list ends at the seat he holds, and there he comes first."""
    requests: list[Request] = []
    rights: dict[str, dict[str, int]] = {}
    for pid, wish in round.requests_on[day].items():
        seat = holding.get((pid, day))
        if seat is not None:
            rights.setdefault(seat, {})[pid] = 1
            better = wish.tiers[: next((t for t, tier in enumerate(wish.tiers) if seat in tier), len(wish.tiers))]
            wish = replace(wish, tiers=(*better, (seat,)), any_place=False)
        requests.append(wish)
    rules = Rules(mechanism="da", minimum="report")
    market = replace(round, rules=rules, requests=tuple(requests), priorities=rights)
    seats = {s.id: s.cap for s in round.sections_on[day]}
    result = propose(market, day, numbers.order.get(day, ()), seats, [s for s in shut if s in seats])
    for pid, tier in result.tier.items():
        if tier > len(round.requests_on[day][pid].tiers):
            result.tier[pid] = ANY_PLACE
    return result


def _with_care(round: Round, outcome: Outcome, result: DayResult, shut: list[str]) -> DayOutcome:
    """Return the day with its base care: who keeps his seat keeps his care, the rest is filled anew."""
    before = outcome.days.get(result.day)
    kept = {}
    if before:
        same = (pid for pid, seat in result.seat.items() if before.run.seat.get(pid) == seat)
        kept = {pid: before.care[pid] for pid in same if pid in before.care}
    seats = {s.id: s.cap for s in round.sections_on[result.day]}
    closed = tuple(s for s in shut if s in seats)
    return DayOutcome(result, closed, (), fill_hours(round, result, seats, closed, kept), {}, {})
