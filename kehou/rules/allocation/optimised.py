"""The optimised mode (mechanism "mcf"): the best total by minimum-cost flow. Not strategy-proof; it must say so.

Every day is one flow pupil → section → sink, solved to proven optimality by OR-Tools, which is imported only here. The
certificate is one price a section: given the prices, every pupil holds what is cheapest for it, and only full sections
have a price. `certificate.check_prices` checks that without OR-Tools.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from kehou.rules.allocation.costs import Costs, Option, Place
from kehou.rules.allocation.coverage import assured
from kehou.rules.allocation.eligible import Places
from kehou.rules.allocation.lottery import Numbers
from kehou.rules.allocation.model import ANY_PLACE, EVERY_HOUR, Round
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
    for pid, (section, tier, _) in zip(order, chosen, strict=True):
        if section:
            result.seat[pid], result.tier[pid] = section, tier  # type: ignore[assignment]
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
        self.options = [self._options(pid) for pid in order]

    def _options(self, pid: str) -> list[Option]:
        """Return what a pupil may get: each listed section, anywhere, nothing. Anywhere names a set, not a section."""
        wish, seats, (listed, unlisted, nothing) = self.wishes[pid], self.seats, self.costs.row(pid)
        options: list[Option] = [
            (section, tier, cost)
            for tier, (wanted, cost) in enumerate(zip(wish.tiers, listed, strict=True), 1)
            for section in wanted
            if section in seats
        ]
        sure = pid in self.assured
        if wish.any_place or sure:
            anywhere = self.places.of(self.student[pid], EVERY_HOUR if sure else wish.hours)
            options.append((anywhere, ANY_PLACE, unlisted))
        if not sure:
            options.append((None, ANY_PLACE, nothing))
        return options

    def solve(self) -> list[Option]:
        """Return the option each pupil gets. :raises RuntimeError: if the solver gives up"""
        chosen: list[Option] = [(None, ANY_PLACE, 0)] * len(self.order)
        counts: dict[tuple[str, ...], list[str]] = {}
        for pupils in self._apart():
            found = self._solve_part(pupils, counts)
            for pupil, option in zip(pupils, found, strict=True):
                chosen[pupil] = option
        return self._named(chosen, counts)

    def _apart(self) -> Iterable[list[int]]:
        """Return the pupils in parts that have no section in common, such as campuses: many small flows take a
        fraction of the time of one large one, and their optima together are its optimum.
        """
        pairs: set[tuple[Place, Place]] = set()
        for options in self.options:
            wanted = [place for place, _, _ in options if place is not None]
            pairs.update(pairwise(wanted))
        sets = {place for there in self.options for place, _, _ in there[-2:] if isinstance(place, tuple)}
        pairs.update((place, section) for place in sets for section in place)
        above: dict[Place, Place] = {}

        def head(place: Place) -> Place:
            while (up := above.get(place, place)) != place:
                above[place] = place = above.get(up, up)
            return place

        for one, other in pairs:
            above[head(one)] = head(other)
        parts: dict[Place, list[int]] = {}
        for pupil, options in enumerate(self.options):
            parts.setdefault(head(options[0][0]), []).append(pupil)
        return parts.values()

    def _solve_part(self, pupils: list[int], counts: dict[tuple[str, ...], list[str]]) -> list[Option]:
        """Return the options of some pupils; put down in `counts` which seats each "anywhere" among them got."""
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

        options = [self.options[pupil] for pupil in pupils]
        places = dict.fromkeys(place for there in options for place, _, _ in there if place is not None)
        sets = [place for place in places if isinstance(place, tuple)]
        seats = dict.fromkeys(section for place in places for section in _members(place))
        node = {place: len(pupils) + n for n, place in enumerate([*seats, *sets, None])}  # None is the sink
        links: list[tuple[Place, Place, int]] = [(there, s, len(pupils)) for there in sets for s in there]
        links += [(section, None, self.seats[section]) for section in seats]
        owners = [option for there in options for option in there]
        flow = SimpleMinCostFlow()
        numbers = flow.add_arcs_with_capacity_and_unit_cost(
            [pupil for pupil, there in enumerate(options) for _ in there] + [node[tail] for tail, _, _ in links],
            [node[place] for place, _, _ in owners] + [node[head] for _, head, _ in links],
            [1] * len(owners) + [capacity for _, _, capacity in links],
            [cost for _, _, cost in owners] + [0] * len(links),
        )
        flow.set_nodes_supplies(range(len(pupils)), [1] * len(pupils))
        flow.set_node_supply(node[None], -len(pupils))
        if flow.solve() != flow.OPTIMAL:
            raise RuntimeError("the flow has no solution; was the round checked?")
        used = flow.flows(numbers).tolist()
        rest = iter(used[len(owners) :])
        for there in sets:
            for section in there:
                counts.setdefault(there, []).extend([section] * next(rest))
        return [option for option, amount in zip(owners, used, strict=False) if amount]

    def _named(self, chosen: list[Option], counts: Mapping[tuple[str, ...], list[str]]) -> list[Option]:
        """Put the pupils of each "anywhere" into its seats, in the order of turns."""
        seats = {place: iter(found) for place, found in counts.items()}
        return [
            (next(seats[place]), tier, cost) if isinstance(place, tuple) else (place, tier, cost)
            for place, tier, cost in chosen
        ]

    def prices(self, chosen: list[Option]) -> dict[str, int]:
        """Return for each full section what it costs the others to free one seat: shortest ways in the residual
        graph.
        """
        filled = Counter(section for section, _, _ in chosen)
        way: dict[Any, dict[Any, int]] = {}  # to → from → cheapest move
        for options, (section, _, paid) in zip(self.options, chosen, strict=True):
            if section and len(options) > 1:
                for other, _, cost in options:
                    into = way.setdefault(other, {})
                    if cost - paid < into.get(section, UNREACHABLE):
                        into[section] = cost - paid
        for place in [place for place in way if isinstance(place, tuple)]:
            for section in place:
                way.setdefault(section, {})[place] = 0
        price: dict[Any, int] = {s: 0 for s, n in self.seats.items() if filled[s] < n}
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


def _members(place: Place) -> tuple[str, ...]:
    return place if isinstance(place, tuple) else () if place is None else (place,)


def weights_after(round: Round, before: Sequence[DayResult]) -> dict[str, int]:
    """Return for the "weekly" objective how many steps each pupil has lost on the days already assigned."""
    lost: dict[str, int] = {}
    if round.rules.objective == "weekly":
        for result in before:
            for pid in result.order:
                tier = result.tier.get(pid) or len(round.requests_on[result.day][pid].tiers) + 1
                lost[pid] = lost.get(pid, 0) + tier - 1
    return lost
