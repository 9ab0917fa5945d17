"""Guaranteed serial dictatorship with ties, one day: the main rule.

Pupils are taken in the order of their numbers. Each is granted the best of its tiers that is still jointly possible
with everything granted before and with the places kept for pupils who have a guarantee. What was granted is never
taken back; only the seat inside the granted tier may change until the end of the run.

Svensson 1994; Bogomolnaia, Deb, Ehlers 2005; Abraham, Cechlarova, Manlove, Mehlhorn 2004.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

from kehou.rules.allocation.coverage import keep_places
from kehou.rules.allocation.eligible import Places
from kehou.rules.allocation.lists import ANYWHERE, END
from kehou.rules.allocation.lottery import Numbers
from kehou.rules.allocation.model import ANY_PLACE, Round
from kehou.rules.allocation.seating import CLOSED, Seating


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
    round: Round,
    day: int,
    order: Iterable[str],
    seats: Mapping[str, int],
    shut: Collection[str] = (),
    numbers: Numbers | None = None,
) -> DayResult:
    """Run the rule for one day with `seats` in each section, those of `shut` being closed from the start.

    `numbers` saves looking up the pupils, if `order` is its order of the day.
    :raises ValueError: if the places of the guaranteed do not suffice; `Round.check` says so beforehand, in words
    """
    run = _Run(round, day, seats, shut)
    result = DayResult(day, tuple(order))
    rows: Sequence[int]
    if numbers is None:
        row = {pid: n for n, pid in enumerate(run.lists.pids)}
        rows = [row[pid] for pid in result.order]
    else:
        rows = numbers.rows(day, run.lists.pids)
    if run.lists.strict:
        run.through_strictly(result, rows)
    else:
        run.through(result, rows)
    result.cut = run.seating.cut
    return result


class _Run:
    def __init__(self, round: Round, day: int, seats: Mapping[str, int], shut: Collection[str]) -> None:
        self.lists = round.lists_on[day]
        self.places = Places(s for s in round.sections_on[day] if s.id not in shut)
        self.seating = Seating(seats.items(), shut, self.lists)
        self.unlisted: dict[int, int] = {}  # the option set of each kind that may be placed anywhere
        self.dead: set[int] = set()  # those of them that are wholly closed
        if keep_places(self.seating, self.places, self.lists.keeping):
            raise ValueError("the guaranteed places do not suffice")

    def through_strictly(self, result: DayResult, rows: Iterable[int]) -> None:
        """Take the turns where nobody can move: the first who finds a section full closes it."""
        lists, cut = self.lists, self.seating.cut
        begin, flat, name = lists.start, lists.flat, [section for (section,) in lists.sets]
        free = [self.seating.free[section] for section in name]
        seat, tiers = [""] * len(begin), [0] * len(begin)
        turn = 0  # counted by hand: `enumerate` makes a pair for each turn
        for row in rows:
            turn += 1  # noqa: SIM113
            at = start = begin[row]
            while (number := flat[at]) >= 0:
                if (seats := free[number]) > 0:
                    free[number] = seats - 1
                    seat[row] = name[number]
                    tiers[row] = at - start + 1
                    break
                if not seats:
                    free[number] = CLOSED
                    cut[name[number]] = turn
                at += 1
        _write(result, lists.pids, seat, tiers)

    def through(self, result: DayResult, rows: Sequence[int]) -> None:
        """Take the turns. The loop knows the common cases itself; `Seating` has the rest."""
        seating, begin, flat, kept = self.seating, self.lists.start, self.lists.flat, self.lists.kept
        free, held, sets, make_room = seating.free, seating.held, seating.options, seating.make_room
        got, tiers, seat = [END] * len(begin), [ANY_PLACE] * len(begin), [""] * len(begin)
        moved, turn = seating.moved, 0
        for row in rows:
            turn += 1
            if kept and kept[row] >= 0:
                seating.release(self._anywhere(kept[row]))
            at = start = begin[row]
            while (number := flat[at]) >= 0:
                movable, options = False, sets[number]
                for section in options:
                    if (seats := free[section]) > 0:
                        free[section] = seats - 1
                        break
                    if not seats:
                        movable = True
                else:
                    if not movable or (found := make_room(options, turn)) is None:
                        at += 1
                        continue
                    section = found
                    free[section] -= 1
                    moved.add(number)
                if len(options) > 1:
                    there = held[section]
                    there[number] = there.get(number, 0) + 1
                got[row] = number
                seat[row] = section
                tiers[row] = at - start + 1
                break
            else:
                if number != END or kept:
                    got[row] = self._place(number, kept[row] if kept else END, turn)
        self._name_seats(rows, got, seat)
        _write(result, self.lists.pids, seat, tiers)

    def _anywhere(self, kind: int) -> int:
        """Return the number of the option set of those who may be placed anywhere."""
        number = self.unlisted.get(kind)
        if number is None:
            options = self.places.open_to(*self.lists.kinds[kind])
            number = self.unlisted[kind] = self.seating.option_set(options)
        return number

    def _place(self, mark: int, kept: int, turn: int) -> int:
        """Serve "any place is fine", then the guarantee, which holds for any list; return the option set granted."""
        for kind in (ANYWHERE - mark, kept):
            if kind < 0 or (number := self._anywhere(kind)) in self.dead:
                continue
            options = self.seating.options[number]
            if self.seating.take(options, turn, number) is not None:
                self.seating.moved.add(number)
                return number
            if all(self.seating.free[section] == CLOSED for section in options):
                self.dead.add(number)
        return END

    def _name_seats(self, rows: Iterable[int], got: list[int], seat: list[str]) -> None:
        """Put names to the seats of each option set: earlier turns sit in what the set names first.

        Who never moved sits so already, unless seats became free on the way, as they do when places were kept.
        """
        seating = self.seating
        mixed = set(got) - {END} if self.lists.kept else seating.moved.intersection(got)
        seats = {number: seating.seats_of(number) for number in mixed}
        for row in rows:
            if (there := seats.get(got[row])) is not None:
                seat[row] = next(there)


def _write(result: DayResult, pids: Iterable[str], seat: list[str], tiers: list[int]) -> None:
    """Put down the seats by row, "" for none, and the tiers."""
    placed = [*compress(pids, seat)]
    result.seat = dict(zip(placed, filter(None, seat), strict=True))
    result.tier = dict(zip(placed, compress(tiers, seat), strict=True))
