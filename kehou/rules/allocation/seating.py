"""Who holds what on one day, and the search that makes room without hurting anybody.

A holder is known only by his *option set*: the sections he finds equally good. Holders with the same option set are
interchangeable, so the state counts them per section instead of naming them; names are put to seats at the end. A
search looks for a chain of moves, each inside the mover's own option set, that ends at a free seat.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.rules.allocation.lists import DayLists

Options = tuple[str, ...]

FULL = 0  # no seat free, but a move might free one
CLOSED = -1  # no later turn can get in
BLOCKED = -2  # full and tight for now; a pupil whose place is kept may yet leave


class Seating:
    """The seats of one day. `free[section]` is the number of free seats, or FULL, CLOSED, BLOCKED."""

    __slots__ = ("_blocked", "cut", "free", "held", "kept", "moved", "number_of", "options")

    def __init__(
        self, seats: Iterable[tuple[str, int]], shut: Iterable[str] = (), lists: DayLists | None = None
    ) -> None:
        self.free: dict[str, int] = dict(seats)
        for section in shut:
            self.free[section] = CLOSED
        self.held: dict[str, dict[int, int]] = {section: {} for section in self.free}
        self.options: list[Options] = lists.sets.copy() if lists else []  # by number of the option set
        self.cut: dict[str, int] = {}  # section → the turn at which it closed
        self.kept: dict[int, int] = {}  # option set → places still kept for pupils whose turn has not come
        self.number_of: dict[Options, int] = lists.number_of.copy() if lists else {}
        self.moved: set[int] = set()  # option sets whose holders may sit in another order than its own
        self._blocked: list[str] = []

    def option_set(self, options: Options) -> int:
        """Return the number of an option set, giving out a new one at its first appearance."""
        number = self.number_of.setdefault(options, len(self.options))
        if number == len(self.options):
            self.options.append(options)
        return number

    def take(self, options: Options, turn: int, holder: int | None = None) -> str | None:
        """Give one more holder a seat in `options`; return the section he entered, None if there is no way.

        `holder` is the number of the option set, if known. A vain search closes the sections it reached at `turn`,
        unless a place kept for a later turn stands in them.
        """
        free = self.free
        for section in options:
            if free[section] > 0:
                break
        else:
            if (found := self.make_room(options, turn)) is None:
                return None
            section = found
        free[section] -= 1
        if len(options) > 1:
            self._settle(section, self.option_set(options) if holder is None else holder, 1)
        return section

    def _settle(self, section: str, holder: int, step: int) -> None:
        held = self.held[section]
        if left := held.get(holder, 0) + step:
            held[holder] = left
        else:
            del held[holder]

    def make_room(self, options: Options, turn: int) -> str | None:
        """Free a seat in `options` by moving holders; breadth first, so the fewest move."""
        free, held, sets = self.free, self.held, self.options
        queue = [section for section in options if free[section] == FULL]
        if not queue:
            return None
        came: dict[str, tuple[str, int]] = dict.fromkeys(queue, ("", 0))
        seen: set[int] = set()
        leaning = any(free[section] == BLOCKED for section in options)
        for section in queue:  # grows while it is read
            for holder in held[section]:
                if holder in seen:
                    continue
                seen.add(holder)
                for other in sets[holder]:
                    seats = free[other]
                    if seats > 0:
                        came[other] = (section, holder)
                        return self._shift(other, came)
                    if not seats and other not in came:
                        came[other] = (section, holder)
                        queue.append(other)
                    elif seats == BLOCKED:
                        leaning = True
        self._shut(queue, seen, leaning, turn)
        return None

    def _shift(self, section: str, came: dict[str, tuple[str, int]]) -> str:
        """Move one holder along each step of the chain to `section`; return its other end, now with a seat."""
        self.free[section] -= 1
        while True:
            origin, holder = came[section]
            if not origin:
                self.free[section] += 1
                return section
            self.moved.add(holder)
            self._settle(origin, holder, -1)
            self._settle(section, holder, 1)
            section = origin

    def _shut(self, reached: list[str], holders: set[int], leaning: bool, turn: int) -> None:
        if leaning or any(self.kept.get(holder) for holder in holders):
            for section in reached:
                self.free[section] = BLOCKED
            self._blocked += reached
            return
        for section in reached:
            self.free[section] = CLOSED
            self.cut[section] = turn

    def release(self, holder: int) -> None:
        """Free the place kept for one pupil of an option set, its turn having come."""
        self.kept[holder] -= 1
        section = next(section for section in self.options[holder] if holder in self.held[section])
        self._settle(section, holder, -1)
        if self.free[section] == BLOCKED:
            for blocked in self._blocked:
                self.free[blocked] = FULL
            self._blocked = []
        self.free[section] += 1

    def keep(self, options: Options, pupils: int) -> int:
        """Keep places for `pupils` who may sit anywhere in `options`; return for how many there is none."""
        if not pupils:
            return 0
        if not options:
            return pupils
        holder = self.option_set(options)
        self.kept.setdefault(holder, 0)
        for section in options:
            taken = min(pupils, max(self.free[section], 0))
            if taken:
                self.free[section] -= taken
                self._settle(section, holder, taken)
                pupils -= taken
                self.kept[holder] += taken
        return self._keep_by_moves(options, holder, pupils)

    def _keep_by_moves(self, options: Options, holder: int, pupils: int) -> int:
        while pupils:
            section = self.make_room(options, 0)
            if section is None:
                return pupils
            self.free[section] -= 1
            self._settle(section, holder, 1)
            self.kept[holder] += 1
            pupils -= 1
        return 0

    def opened(self) -> None:
        """Forget what the vain searches before the first turn have shut."""
        for section in [*self._blocked, *self.cut]:
            self.free[section] = FULL
        self._blocked, self.cut = [], {}

    def seats_of(self, holder: int) -> Iterator[str]:
        """Return the sections held by an option set, in its own order, one entry for each holder."""
        options, held = self.options[holder], self.held
        if len(options) == 1:
            return repeat(options[0])
        return iter([section for section in options for _ in range(held[section].get(holder, 0))])
