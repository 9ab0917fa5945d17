"""From a round and its numbers to an outcome: the days, the minimum sizes, the block of kept seats, base care."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import partial

from kehou.rules.allocation.coverage import assured, block, protected, shortage
from kehou.rules.allocation.eligible import Places
from kehou.rules.allocation.lottery import Numbers
from kehou.rules.allocation.model import CARE, EVERY_HOUR, SERIES_DAY, Round
from kehou.rules.allocation.outcome import DayOutcome, Outcome
from kehou.rules.allocation.seating import Seating
from kehou.rules.allocation.serial import DayResult, serve

Serve = Callable[[Round, int, tuple[str, ...], Mapping[str, int], Collection[str]], DayResult]


def allocate(
    round: Round,
    numbers: Numbers,
    *,
    on_day: Callable[[int, int], None] | None = None,
    days: Iterable[int] | None = None,
) -> Outcome:
    """Return the outcome of a round that `Round.check` found in order: the same values in, the same values out.

    Teams come first; on the days of its team a member asks for nothing else any more (`Round.after_series`).

    `on_day(done, of)` is called after each day, for a progress bar. `days` restricts the run to some days.
    :raises ValueError: if the numbers are not those of the round's requests
    """
    wanted = round.days if days is None else tuple(days)
    with _collector_paused():
        return Outcome(round, numbers, _run_days(round, numbers, wanted, on_day))


def _run_days(
    round: Round, numbers: Numbers, wanted: tuple[int, ...], on_day: Callable[[int, int], None] | None
) -> dict[int, DayOutcome]:
    outcome: dict[int, DayOutcome] = {}
    before: list[DayResult] = []
    rule = rule_of(round, numbers, before)  # the mechanism stays, whatever the teams have taken
    for done, day in enumerate(wanted, 1):
        if round.rules.mechanism != "gsd" and numbers.value.get(day, {}).keys() != round.requests_on[day].keys():
            raise ValueError(f"the numbers of day {day} are not those of its requests")
        outcome[day] = _run_day(round, day, numbers.order.get(day, ()), rule)
        before.append(outcome[day].run)
        if day == SERIES_DAY:
            round = round.after_series(outcome[day].run.seat)
        if on_day:
            on_day(done, len(wanted))
    return outcome


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the search for cycles, of which a run makes none: over a district it costs more than the draw itself."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def rule_of(round: Round, numbers: Numbers, before: Sequence[DayResult] = ()) -> Serve:
    """Return the function that serves one day under the round's mechanism; `before` are the days already served."""
    if round.rules.mechanism == "gsd":
        return partial(serve, numbers=numbers)
    if round.rules.mechanism == "da":
        from kehou.rules.allocation.deferred import propose

        return propose
    from kehou.rules.allocation.optimised import best

    return partial(best, before=before)


def _run_day(round: Round, day: int, order: tuple[str, ...], run: Serve) -> DayOutcome:
    aside = block(round, day) if round.guarantee == "block" else {}
    seats = {s.id: s.cap - aside.get(s.id, 0) for s in round.sections_on[day]}
    closed: list[str] = []
    spared: set[str] = set()
    result = run(round, day, order, seats, ())
    while round.rules.minimum == "close-worst" and (worst := _worst_filled(round, result, aside, spared)):
        if _would_break_guarantee(round, day, [*closed, worst]):
            spared.add(worst)
            continue
        closed.append(worst)
        result = run(round, day, order, seats, closed)
    care = fill_hours(round, result, seats, closed)
    return DayOutcome(
        result, tuple(closed), tuple(sorted(spared)), care, aside, _offer_block(round, day, result, aside)
    )


def _worst_filled(round: Round, result: DayResult, aside: Mapping[str, int], spared: Collection[str]) -> str | None:
    """Return the open section furthest below its minimum; of equals, the one whose first child has the latest turn.

    A section with seats set aside for the protected stays open.
    """
    filled: dict[str, int] = {}
    first: dict[str, str] = {}
    if not any(s.min for s in round.sections_on[result.day]):
        return None
    for pid in result.order:
        if section := result.seat.get(pid):
            filled[section] = filled.get(section, 0) + 1
            first.setdefault(section, pid)
    turn = {pid: i for i, pid in enumerate(result.order)}
    short = [
        (Fraction(filled[s.id], s.min), -turn[first[s.id]], s.id)
        for s in round.sections_on[result.day]
        if 0 < filled.get(s.id, 0) < s.min and s.id not in aside and s.id not in spared
    ]
    return min(short)[2] if short else None


def _would_break_guarantee(round: Round, day: int, closed: Collection[str]) -> bool:
    students = assured(round, day, round.guarantee).values()
    if not students:
        return False
    return shortage((s for s in round.sections_on[day] if s.id not in closed), day, students) is not None


def fill_hours(
    round: Round,
    result: DayResult,
    seats: Mapping[str, int],
    closed: Collection[str],
    kept: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, tuple[str, ...]]:
    """Return the base care that fills the hours a placed pupil stays but its section leaves free, in order of turns.

    Only seats nobody took in the draw are used, so it changes nobody's place. `kept` is care given earlier.
    """
    found = dict(kept or {})
    there = round.sections_on[result.day]
    if all(s.hours == EVERY_HOUR for s in there) or not any(s.kind == CARE and s.id not in closed for s in there):
        return found
    sections, wishes = round.section, round.requests_on[result.day]
    places = Places(s for s in round.sections_on[result.day] if s.id not in closed)
    filled = Counter(result.seat.values())
    filled.update(section for care in found.values() for section in care)
    left = {section: seats[section] - filled[section] for section in seats}
    if not any(left[s.id] > 0 for s in round.sections_on[result.day] if s.kind == CARE):
        return found
    for pid in result.order:
        if (seat := result.seat.get(pid)) is None or pid in found:
            continue
        hours, taken = wishes[pid].hours & ~sections[seat].hours, []
        while hours:
            fits = [
                s for s in places.care_of(round.student[pid]) if left[s.id] > 0 and s.hours and not s.hours & ~hours
            ]
            if not fits:
                break
            care = min(fits, key=lambda s: (-s.hours.bit_count(), s.id))
            hours &= ~care.hours
            left[care.id] -= 1
            taken.append(care.id)
        if taken:
            found[pid] = tuple(taken)
    return found


def _offer_block(round: Round, day: int, result: DayResult, aside: Mapping[str, int]) -> dict[str, str]:
    """Return the kept seat offered to each protected pupil without a seat; never part of a public record."""
    if not aside:
        return {}
    places = Places(s for s in round.sections_on[day] if s.id in aside)
    seating = Seating(aside.items())
    waiting = {pid: s for pid, s in protected(round, day).items() if pid not in result.seat}
    members: dict[tuple[str, ...], list[str]] = {}
    for pid in result.order:
        if pid in waiting and seating.take(options := places.of(waiting[pid]), 0):
            members.setdefault(options, []).append(pid)
    offered: dict[str, str] = {}
    for options, pids in members.items():
        offered.update(zip(pids, seating.seats_of(seating.option_set(options)), strict=False))
    return offered
