"""Guaranteed serial dictatorship with ties, one day: the main rule.

Pupils are taken in the order of their numbers. Each is granted the best of its tiers that is still jointly possible
with everything granted before and with the places kept for pupils who have a guarantee. What was granted is never
taken back; only the seat inside the granted tier may change until the end of the run.

Svensson 1994; Bogomolnaia, Deb, Ehlers 2005; Abraham, Cechlarova, Manlove, Mehlhorn 2004.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from kehou.rules.allocation.coverage import assured, keep_places
from kehou.rules.allocation.eligible import Places
from kehou.rules.allocation.model import ANY_PLACE, EVERY_HOUR, Round, Student
from kehou.rules.allocation.seating import CLOSED, Options, Seating

_TIERS = attrgetter("tiers")


@dataclass
class DayResult:
    """What one day's run gave: `seat` and `tier` by pid (1 = best; ANY_PLACE), `cut` by section."""

    day: int
    order: tuple[str, ...]
    seat: dict[str, str] = field(default_factory=dict)
    tier: dict[str, int] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)
    prices: dict[str, int] = field(default_factory=dict)  # of the optimised mode only


def serve(
    round: Round, day: int, order: Iterable[str], seats: Mapping[str, int], shut: Collection[str] = ()
) -> DayResult:
    """Run the rule for one day with `seats` in each section, those of `shut` being closed from the start.

    :raises ValueError: if the places of the guaranteed do not suffice; `Round.check` says so beforehand, in words
    """
    run = _Run(round, day, seats, shut)
    result = DayResult(day, tuple(order))
    if run.is_strict():
        run.through_strictly(result)
    else:
        run.through(result)
    result.cut = run.seating.cut
    return result


class _Run:
    def __init__(self, round: Round, day: int, seats: Mapping[str, int], shut: Collection[str]) -> None:
        self.round, self.day, self.wishes = round, day, round.requests_on[day]
        self.student = round.student
        self.places = Places(s for s in round.sections_on[day] if s.id not in shut)
        self.seating = Seating(seats.items(), shut)
        self.assured = assured(round, day, round.guarantee)
        self.members: defaultdict[int, list[str]] = defaultdict(list)  # who holds each option set, in order of turns
        self.known: dict[int, int] = {}  # option sets of "any place": identity → number, for they are long to hash
        self.dead: set[int] = set()  # those of them that are wholly closed
        if keep_places(self.seating, self.places, self.assured.values()):
            raise ValueError("the guaranteed places do not suffice")

    def is_strict(self) -> bool:
        """Return whether nobody can ever move: no set of two sections, no "any place", no place kept."""
        return not self.assured and self.day in self.round.strict_on

    def through_strictly(self, result: DayResult) -> None:
        """Take the turns where nobody can move: the first who finds a section full closes it."""
        seat, tier_of, free, cut = result.seat, result.tier, self.seating.free, self.seating.cut
        every = map(_TIERS, map(self.wishes.__getitem__, result.order))
        turn = 0  # counted by hand, and the tier too: `enumerate` makes a pair for each of a million wishes
        for pid, tiers in zip(result.order, every, strict=True):
            turn += 1  # noqa: SIM113
            tier = 1
            for (section,) in tiers:
                if (seats := free[section]) > 0:
                    free[section] = seats - 1
                    seat[pid] = section
                    tier_of[pid] = tier
                    break
                if not seats:
                    free[section] = CLOSED
                    cut[section] = turn
                tier += 1

    def through(self, result: DayResult) -> None:
        """Take the turns. The loop knows the common cases itself; `Seating` has the rest."""
        seat, tier_of, seating = result.seat, result.tier, self.seating
        free, held, number_of, make_room = seating.free, seating.held, seating.number_of, seating.make_room
        members, assured = self.members, self.assured
        every = map(_TIERS, map(self.wishes.__getitem__, result.order))
        for turn, (pid, tiers) in enumerate(zip(result.order, every, strict=True), 1):
            if pid in assured:
                self._release(assured[pid])
            tier = 0
            for options in tiers:
                tier += 1
                movable = False
                for section in options:
                    seats = free[section]
                    if seats > 0:
                        free[section] = seats - 1
                        break
                    if not seats:
                        movable = True
                else:
                    if not movable or (found := make_room(options, turn)) is None:
                        continue
                    section = found
                    free[section] -= 1
                tier_of[pid] = tier
                if len(options) == 1:
                    seat[pid] = section
                else:
                    number = number_of.get(options)
                    if number is None:
                        number = seating.option_set(options)
                    there = held[section]
                    there[number] = there.get(number, 0) + 1
                    members[number].append(pid)
                break
            else:
                self._anywhere(pid, turn, result)
        self._name_seats(seat)

    def _release(self, student: Student) -> None:
        self.seating.release(self._number(self.places.of(student)))

    def _number(self, options: Options) -> int:
        number = self.known.get(id(options))
        if number is None:
            number = self.known[id(options)] = self.seating.option_set(options)
        return number

    def _anywhere(self, pid: str, turn: int, result: DayResult) -> None:
        """Serve "any place is fine", then the guarantee, which holds whatever was asked for."""
        student, wish = self.student[pid], self.wishes[pid]
        tries = [self.places.of(student, wish.hours)] if wish.any_place else []
        if pid in self.assured and not (wish.any_place and wish.hours == EVERY_HOUR):
            tries.append(self.places.of(student))
        for options in tries:
            if id(options) in self.dead:
                continue
            holder = self._number(options)
            section = self.seating.take(options, turn, holder)
            if section is not None:
                result.tier[pid] = ANY_PLACE
                if len(options) == 1:
                    result.seat[pid] = section
                else:
                    self.members[holder].append(pid)
                return
            if all(self.seating.free[section] == CLOSED for section in options):
                self.dead.add(id(options))

    def _name_seats(self, seat: dict[str, str]) -> None:
        """Put names to the seats of each option set: earlier turns sit in what the set names first."""
        options, held = self.seating.options, self.seating.held
        for number, pids in self.members.items():
            if len(pids) == 1:
                seat[pids[0]] = next(section for section in options[number] if number in held[section])
            else:
                seat.update(zip(pids, self.seating.seats_of(number), strict=True))
