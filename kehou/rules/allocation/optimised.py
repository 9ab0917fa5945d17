"""The optimised mode (mechanism "mcf"): the best total by minimum-cost flow. Not strategy-proof; it must say so.

Every day is one flow pupil → section → sink, solved to proven optimality by OR-Tools, which is imported only here. The
certificate is one price a section: given the prices, every pupil holds what is cheapest for it, and only full sections
have a price. `certificate.check_prices` checks that without OR-Tools.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kehou.rules.allocation.costs import NOTHING, UNLISTED, Costs, Option
from kehou.rules.allocation.coverage import assured
from kehou.rules.allocation.eligible import Places
from kehou.rules.allocation.lottery import Numbers
from kehou.rules.allocation.model import ANY_PLACE, Round
from kehou.rules.allocation.outcome import Outcome
from kehou.rules.allocation.serial import DayResult

UNREACHABLE = 1 << 51


def optimise(round: Round, objective: str, numbers: Numbers) -> tuple[Outcome, dict[str, int]]:
    """Return the optimised outcome of a round and the prices that prove it."""
    from kehou.rules.allocation.engine import allocate

    rules = replace(round.rules, mechanism="mcf", objective=objective)  # type: ignore[arg-type]
    outcome = allocate(replace(round, rules=rules), numbers)
    return outcome, {s: p for there in outcome.days.values() for s, p in there.run.prices.items()}


def best(
    round: Round,
    day: int,
    order: tuple[str, ...],
    seats: Mapping[str, int],
    shut: Collection[str] = (),
    before: Sequence[DayResult] = (),
) -> DayResult:
    """Return the cheapest assignment of one day under the objective of the rules, with its prices."""
    problem = _Problem(round, day, order, seats, shut, before)
    chosen = problem.solve()
    result = DayResult(day, order)
    for pid, option in zip(order, chosen, strict=True):
        if option.section:
            result.seat[pid], result.tier[pid] = option.section, option.tier
    result.prices = problem.prices(chosen)
    return result


class _Problem:
    """The flow network of one day."""

    def __init__(
        self,
        round: Round,
        day: int,
        order: tuple[str, ...],
        seats: Mapping[str, int],
        shut: Collection[str],
        before: Sequence[DayResult],
    ) -> None:
        self.seats = {s: n for s, n in seats.items() if s not in shut}
        self.places = Places(s for s in round.sections_on[day] if s.id not in shut)
        self.order, self.student, self.wishes = order, round.student, round.requests_on[day]
        self.assured = assured(round, day, round.guarantee)
        tiers = {pid: len(self.wishes[pid].tiers) for pid in order}
        eligible = {pid: len(self.places.of(self.student[pid])) for pid in order}
        self.costs = Costs(round.rules.objective, order, tiers, eligible, len(seats), weights_after(round, before))
        self.options = [list(self._options(pid)) for pid in order]

    def _options(self, pid: str) -> Iterable[Option]:
        """Yield what a pupil may get: each listed section, anywhere, nothing. Anywhere names a set, not a section."""
        wish, cost = self.wishes[pid], self.costs.of(pid)
        for tier, listed in enumerate(wish.tiers, 1):
            for section in listed:
                if section in self.seats:
                    yield Option(section, tier, cost(tier))
        if wish.any_place or pid in self.assured:
            hours = wish.hours if wish.any_place and pid not in self.assured else 0b111
            yield Option(self.places.of(self.student[pid], hours), ANY_PLACE, cost(UNLISTED))
        if pid not in self.assured:
            yield Option(None, ANY_PLACE, cost(NOTHING))

    def solve(self) -> list[Option]:
        """Return the option each pupil gets. :raises RuntimeError: if the solver gives up"""
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

        node: dict[Any, int] = {}
        for place in [
            *self.seats,
            *{o.section for there in self.options for o in there if isinstance(o.section, tuple)},
        ]:
            node[place] = len(self.order) + len(node)
        node[None] = len(self.order) + len(node)  # the sink; "nothing" leads there
        arcs, owners = self._arcs(node)
        flow = SimpleMinCostFlow()
        numbers = flow.add_arcs_with_capacity_and_unit_cost(*zip(*arcs, strict=True)) if arcs else []
        for pupil in range(len(self.order)):
            flow.set_node_supply(pupil, 1)
        flow.set_node_supply(node[None], -len(self.order))
        if flow.solve() != flow.OPTIMAL:
            raise RuntimeError("the flow has no solution; was the round checked?")
        used = [flow.flow(arc) for arc in numbers]
        chosen = [option for option, amount in zip(owners, used, strict=False) if amount]
        place_of = {number: place for place, number in node.items()}
        counts: dict[tuple[str, ...], list[str]] = {}
        for (tail, head, *_), amount in zip(arcs[len(owners) :], used[len(owners) :], strict=True):
            if isinstance(place_of[tail], tuple):
                counts.setdefault(place_of[tail], []).extend([place_of[head]] * amount)
        return self._named(chosen, counts)

    def _arcs(self, node: Mapping[Any, int]) -> tuple[list[tuple[int, int, int, int]], list[Option]]:
        arcs, owners = [], []
        for pupil, options in enumerate(self.options):
            for option in options:
                arcs.append((pupil, node[option.section], 1, option.cost))
                owners.append(option)
        for place in node:
            if isinstance(place, tuple):
                arcs += [(node[place], node[section], len(self.order), 0) for section in place]
        arcs += [(node[section], node[None], seats, 0) for section, seats in self.seats.items()]
        return arcs, owners

    def _named(self, chosen: list[Option], counts: Mapping[tuple[str, ...], list[str]]) -> list[Option]:
        """Put the pupils of each "anywhere" into its seats, in the order of turns."""
        seats = {place: iter(found) for place, found in counts.items()}
        return [
            option._replace(section=next(seats[option.section])) if isinstance(option.section, tuple) else option
            for option in chosen
        ]

    def prices(self, chosen: list[Option]) -> dict[str, int]:
        """Return for each full section what it costs the others to free one seat: shortest ways in the residual
        graph.
        """
        filled: dict[str, int] = {}
        for option in chosen:
            if option.section:
                filled[option.section] = filled.get(option.section, 0) + 1
        way: dict[Any, dict[Any, int]] = {}  # to → from → cheapest move
        for options, held in zip(self.options, chosen, strict=True):
            if held.section:
                for other in options:
                    into = way.setdefault(other.section, {})
                    into[held.section] = min(into.get(held.section, UNREACHABLE), other.cost - held.cost)
        for place in [place for place in way if isinstance(place, tuple)]:
            for section in place:
                way.setdefault(section, {})[place] = 0
        price: dict[Any, int] = {s: 0 for s, n in self.seats.items() if filled.get(s, 0) < n}
        price[None] = 0
        queue = list(price)
        self._relax(price, queue, way)
        left = [s for s in self.seats if s not in price]
        price.update(dict.fromkeys(left, UNREACHABLE))
        self._relax(price, left, way)
        return {s: price[s] for s in self.seats if price[s]}

    @staticmethod
    def _relax(price: dict[Any, int], queue: list[Any], way: Mapping[Any, Mapping[Any, int]]) -> None:
        waiting = set(queue)
        for place in queue:  # grows while it is read
            waiting.discard(place)
            for origin, move in way.get(place, {}).items():
                if price[place] + move < price.get(origin, UNREACHABLE):
                    price[origin] = price[place] + move
                    if origin not in waiting:
                        waiting.add(origin)
                        queue.append(origin)


def weights_after(round: Round, before: Sequence[DayResult]) -> dict[str, int]:
    """Return for the "weekly" objective how many steps each pupil has lost on the days already assigned."""
    lost: dict[str, int] = {}
    if round.rules.objective == "weekly":
        for result in before:
            for pid in result.order:
                tier = result.tier.get(pid) or len(round.requests_on[result.day][pid].tiers) + 1
                lost[pid] = lost.get(pid, 0) + tier - 1
    return lost
