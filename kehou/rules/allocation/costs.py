"""What each option costs in the optimised mode: whole numbers, the same for solver and checker.

A level counts steps below the first wish. The main cost is the objective's; a small addend lets earlier turns win ties.
Costs stay below 2^50, so that JavaScript can add them and the solver can scale them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

UNLISTED, NOTHING = -1, -2  # in place of a tier
BUCKETS, STEPS = 16, 64
WEIGHTS = (8, 10, 13, 17, 22, 28, 36, 47, 61, 79, 103)  # by steps lost on earlier days: about 8 × 1.3^k
BUDGET = 1 << 50


class Option(NamedTuple):
    """A seat (or a set of seats, or None for nothing), the tier it counts as, and its cost."""

    section: str | tuple[str, ...] | None
    tier: int
    cost: int


class Costs:
    """The costs of one day. Having nothing costs as much as the longest list would reach, so brevity does not pay."""

    def __init__(
        self,
        objective: str,
        order: Sequence[str],
        tiers: Mapping[str, int],
        eligible: Mapping[str, int],
        sections: int,
        lost: Mapping[str, int],
    ) -> None:
        self._objective, self._tiers, self._eligible, self._lost = objective, tiers, eligible, lost
        self._turn = {pid: turn for turn, pid in enumerate(order)}
        self._scale = BUCKETS * STEPS * (sections + 2)  # a chain of moves visits each section at most once
        self._widest = max(eligible.values(), default=0) + 1
        self._longest = max(tiers.values(), default=0)
        self._cardinal = (self._widest + 1) * (sections + 1)
        self._base = _steepest(BUDGET // self._scale // (len(order) + sections + 2) + 2, self._longest + 1)

    def of(self, pid: str) -> Callable[[int], int]:
        """Return the cost of a tier (or UNLISTED, NOTHING) for one pupil."""
        favour = BUCKETS - 1 - self._turn[pid] * BUCKETS // len(self._turn)

        def cost(tier: int) -> int:
            level = self._level(pid, tier)
            return self._main(pid, tier, level) * self._scale + favour * min(level, STEPS - 1)

        return cost

    def _level(self, pid: str, tier: int) -> int:
        if tier > 0:
            return tier - 1
        if self._objective in ("fair", "rankmax"):  # steep costs leave room for few levels
            return self._longest + (tier == NOTHING)
        return max(self._eligible[pid] - 1, self._tiers[pid]) + (tier == NOTHING)

    def _main(self, pid: str, tier: int, level: int) -> int:
        if self._objective == "maxcard" and tier == NOTHING:
            return self._cardinal
        if self._objective == "fair":
            return self._base**level
        if self._objective == "rankmax":
            worst = self._longest + 1
            return self._base**worst - self._base ** (worst - level)
        weight = WEIGHTS[min(self._lost.get(pid, 0), len(WEIGHTS) - 1)] if self._objective == "weekly" else 1
        return level * weight


def _steepest(limit: int, levels: int) -> int:
    """Return the greatest base of at least 2 whose `levels`-th power is within the limit."""
    base = 2
    while (base + 1) ** levels <= limit and base < 1 << 16:
        base += 1
    return base
