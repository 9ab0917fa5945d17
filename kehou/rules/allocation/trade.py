"""Swaps: top trading cycles with free seats. Nobody loses, nobody gains by false wishes, every swap can be printed.

Shapley, Scarf 1974; Abdulkadiroğlu, Sönmez 1999.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kehou.rules.allocation.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Cycle:
    """Pupils who move together: (pid, from, to), `from` being None for who holds nothing."""

    day: int
    moves: tuple[tuple[str, str | None, str], ...]


def trade(
    outcome: Outcome,
    wishes: Mapping[tuple[str, int], Sequence[str]],
    *,
    held: Mapping[tuple[str, int], str] | None = None,
) -> list[Cycle]:
    """Return the swaps to carry out, in the order in which they were found.

    `wishes` has for each (pid, day) that takes part the sections it would rather have than its own, best first.
    :raises ValueError: if a wish is for a section that is closed or does not admit the pupil
    """
    holding = dict(outcome.seat if held is None else held)
    for (pid, day), listed in wishes.items():
        for wished in listed:
            section = outcome.round.section.get(wished)
            if section is None or section.day != day or wished in outcome.closed:
                raise ValueError(f"{wished} is not open on day {day}")
            if not section.admits(outcome.round.student[pid]):
                raise ValueError(f"{wished} does not admit {pid}")
    found: list[Cycle] = []
    for day in sorted({day for _, day in wishes}):
        taking_part = {pid: listed for (pid, d), listed in wishes.items() if d == day}
        found += _Market(outcome, day, taking_part, {p: s for (p, d), s in holding.items() if d == day}).cycles()
    return found


class _Market:
    """One day: each pupil points at the best section left, each section at the holder or heir of its next seat."""

    def __init__(
        self, outcome: Outcome, day: int, wishes: Mapping[str, Sequence[str]], holding: Mapping[str, str]
    ) -> None:
        self.day, self.holding = day, holding
        order = [pid for pid in outcome.numbers.order.get(day, ()) if pid in wishes]
        self.free = {s.id: s.cap for s in outcome.round.sections_on[day] if s.id not in outcome.closed}
        for pid, section in holding.items():
            if pid not in wishes:
                self.free[section] -= 1
        self.queue = {
            s: [*(p for p in order if holding.get(p) == s), *(p for p in order if holding.get(p) != s)]
            for s in self.free
        }
        self.lists = {pid: [*wishes[pid], *([holding[pid]] if pid in holding else [])] for pid in order}
        self.left = dict.fromkeys(order)

    def cycles(self) -> Iterator[Cycle]:
        """Yield the cycles in which somebody moves, until everybody has been served."""
        while self.left:
            pid = next(iter(self.left))
            path: list[tuple[str, str]] = []
            seen: dict[str, int] = {}
            while pid not in seen:
                seen[pid] = len(path)
                section = self._best(pid)
                if section is None:
                    break
                path.append((pid, section))
                pid = self._heir(section)
            if section is None:
                del self.left[pid]
                continue
            closed = path[seen[pid] :]
            for member, section in closed:
                del self.left[member]
                self.free[section] -= 1
            moves = tuple((p, self.holding.get(p), s) for p, s in closed if self.holding.get(p) != s)
            if moves:
                yield Cycle(self.day, moves)

    def _best(self, pid: str) -> str | None:
        return next((s for s in self.lists[pid] if self.free[s] > 0), None)

    def _heir(self, section: str) -> str:
        return next(pid for pid in self.queue[section] if pid in self.left)
