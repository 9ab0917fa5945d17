"""What each option costs in the optimised mode: whole numbers, the same for solver and checker.

A level counts steps below the first wish. The main cost is the objective's; a small addend lets earlier turns win ties.
Costs stay below 2^50, so that JavaScript can add them and the solver can scale them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

UNLISTED, NOTHING = -1, -2  # in place of a tier
BUCKETS, STEPS = 16, 64
WEIGHTS = (8, 10, 13, 17, 22, 28, 36, 47, 61, 79, 103)  # by steps lost on earlier days: about 8 × 1.3^k
BUDGET = 1 << 50


Place = str | tuple[str, ...] | None  # a section, any of a set of sections, nothing
Option = tuple[Place, int, int]  # with the tier it counts as, and its cost
Row = tuple[list[int], int, int]  # what each tier costs, an unlisted place, nothing


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
        self._cardinal = (self._widest + 1) * (sections + 1) * self._scale
        limit = BUDGET // self._scale // (len(order) + sections + 2) + 2
        self._rows: dict[tuple[int, int, int, int], Row] = {}  # many pupils have the same
        self._main = self._by_level(_steepest(limit, self._longest + 1))

    def of(self, pid: str) -> Callable[[int], int]:
        """Return the cost of a tier (or UNLISTED, NOTHING) for one pupil."""
        listed, unlisted, nothing = self.row(pid)
        return lambda tier: listed[tier - 1] if tier > 0 else unlisted if tier == UNLISTED else nothing

    def row(self, pid: str) -> Row:
        """Return what each tier, an unlisted place and nothing cost one pupil."""
        favour = BUCKETS - 1 - self._turn[pid] * BUCKETS // len(self._turn)
        weight = WEIGHTS[min(self._lost.get(pid, 0), len(WEIGHTS) - 1)] if self._objective == "weekly" else 1
        key = favour, weight, self._tiers[pid], self._eligible[pid]
        if (found := self._rows.get(key)) is None:
            found = self._rows[key] = self._row(*key)
        return found

    def _row(self, favour: int, weight: int, tiers: int, eligible: int) -> Row:
        listed = [weight * main + favour * min(level, STEPS - 1) for level, main in enumerate(self._main[:tiers])]
        if self._objective in ("fair", "rankmax"):  # steep costs leave room for few levels
            level = self._longest
        else:
            level = max(eligible - 1, tiers)
        below = self._cardinal if self._objective == "maxcard" else self._main[level + 1]
        unlisted = weight * self._main[level] + favour * min(level, STEPS - 1)
        return listed, unlisted, weight * below + favour * min(level + 1, STEPS - 1)

    def _by_level(self, base: int) -> list[int]:
        """Return the main cost of each level under the objective, the weight of a pupil left out."""
        worst = self._longest + 1
        if self._objective == "fair":
            return [base**level * self._scale for level in range(worst + 1)]
        if self._objective == "rankmax":
            return [(base**worst - base ** (worst - level)) * self._scale for level in range(worst + 1)]
        return [level * self._scale for level in range(max(self._widest, worst) + 1)]


def _steepest(limit: int, levels: int) -> int:
    """Return the greatest base of at least 2 whose `levels`-th power is within the limit."""
    base = 2
    while (base + 1) ** levels <= limit and base < 1 << 16:
        base += 1
    return base
