"""The optimised mode: proven optimal by an independent solver, and by the prices it publishes."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from kehou.rules.allocation import Request, Round, Rules, Section, Student, allocate, numbers, seed
from kehou.rules.allocation.certificate import check_prices
from kehou.rules.allocation.costs import NOTHING, UNLISTED, Costs
from kehou.rules.allocation.optimised import optimise
from tests.rules.allocation.rounds import DAY, feasible_levels, in_order, rounds
from tests.rules.allocation.test_record import a_week, drawn
from tests.rules.allocation.twin import ask

pytest.importorskip("ortools")

OBJECTIVES = ("maxcard", "borda", "fair", "rankmax", "weekly")


@settings(max_examples=60)
@given(rounds(pupils=5, sections=3, guarantee=True), st.sampled_from(OBJECTIVES))
def test_no_assignment_is_cheaper(round, objective):
    assume(not round.check())
    outcome, _ = optimise(round, objective, in_order(round))
    order = outcome.numbers.order[DAY]
    tiers = {pid: len(round.requests_on[DAY][pid].tiers) for pid in order}
    eligible = {s.pid: sum(x.admits(s) for x in round.sections) for s in round.students}
    costs = Costs(objective, order, tiers, {pid: eligible[pid] for pid in order}, len(round.sections), {})

    def cost(pid: str, level: int) -> int:
        return costs.of(pid)(level if level <= tiers[pid] else UNLISTED if level == tiers[pid] + 1 else NOTHING)

    ours = sum(cost(pid, outcome.level(pid, DAY)) for pid in order)
    assert ours == min(sum(cost(pid, levels[pid]) for pid in order) for levels in feasible_levels(round))


def cheapest(round: Round, objective: str) -> int:
    """Return the least cost of a one-day round, by the assignment of pupils to single seats (`scipy.optimize`)."""
    order = in_order(round).order[DAY]
    wishes, places = round.requests_on[DAY], [s for s in round.sections for _ in range(s.cap)]
    tiers = {pid: len(wishes[pid].tiers) for pid in order}
    admitted = {pid: {s.id for s in round.sections if s.admits(round.student[pid])} for pid in order}
    costs = Costs(objective, order, tiers, {pid: len(admitted[pid]) for pid in order}, len(round.sections), {})
    impossible = 1 << 51  # costs add up to less than 2^50, and 2^53 is where doubles stop counting
    table = np.full((len(order), len(places) + len(order)), impossible, dtype=np.float64)
    for row, pid in enumerate(order):
        cost = costs.of(pid)
        listed = {s: tier for tier, options in enumerate(wishes[pid].tiers, 1) for s in options}
        for column, section in enumerate(places):
            if section.id in listed:
                table[row, column] = cost(listed[section.id])
            elif section.id in admitted[pid] and (wishes[pid].any_place or round.student[pid].guaranteed):
                table[row, column] = cost(UNLISTED)
        if not round.student[pid].guaranteed:
            table[row, len(places) + row] = cost(NOTHING)
    rows, columns = linear_sum_assignment(table)
    return sum(int(table[row, column]) for row, column in zip(rows, columns, strict=True))


@settings(max_examples=25)
@given(rounds(pupils=40, sections=8, guarantee=True, seats=6), st.sampled_from(OBJECTIVES))
def test_an_independent_solver_finds_nothing_cheaper_for_a_whole_class(round, objective):
    assume(not round.check())
    outcome, _ = optimise(round, objective, in_order(round))
    order = outcome.numbers.order[DAY]
    tiers = {pid: len(round.requests_on[DAY][pid].tiers) for pid in order}
    eligible = {s.pid: sum(x.admits(s) for x in round.sections) for s in round.students}
    costs = Costs(objective, order, tiers, {pid: eligible[pid] for pid in order}, len(round.sections), {})
    level = {pid: outcome.level(pid, DAY) for pid in order}
    place = {pid: n if n <= tiers[pid] else UNLISTED if n == tiers[pid] + 1 else NOTHING for pid, n in level.items()}
    assert sum(costs.of(pid)(place[pid]) for pid in order) == cheapest(round, objective)


def what_counts(round: Round, objective: str, levels: dict[str, int]) -> tuple:
    """Return what an objective minimises, in words rather than costs (strict lists, nobody guaranteed)."""
    listed = {pid: len(round.requests_on[DAY][pid].tiers) for pid in levels}
    ranks = [level for pid, level in levels.items() if level <= listed[pid]]
    unplaced = len(levels) - len(ranks)
    longest = max(listed.values())
    if objective == "maxcard":
        return unplaced, sum(ranks)
    if objective == "fair":
        return unplaced, *(ranks.count(rank) for rank in range(longest, 0, -1))
    return tuple(-ranks.count(rank) for rank in range(1, longest + 1))


@settings(max_examples=60)
@given(rounds(pupils=5, sections=3, strict=True, any_place=False), st.sampled_from(["maxcard", "fair", "rankmax"]))
def test_the_objectives_mean_what_they_say(round, objective):
    round = replace(round, requests=[r for r in round.requests if not r.any_place])
    assume(round.requests)
    outcome, _ = optimise(round, objective, in_order(round))
    ours = {r.pid: outcome.level(r.pid, DAY) for r in round.requests}
    best = min(what_counts(round, objective, levels) for levels in feasible_levels(round))
    assert what_counts(round, objective, ours) == best


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_prices_prove_it_and_nothing_else_passes(objective):
    for n, guarantee in enumerate(["auto", "everyone", "block", "flagged"] * 2):
        round = a_week(random.Random(n), Rules(mechanism="mcf", objective=objective, guarantee=guarantee))
        record = drawn(round, for_bureau=guarantee == "flagged")
        assert check_prices(record) == []
        assert ask("verify", [[record]]) == [[]]
        for day, there in record["days"].items():
            for index, (_section, price) in enumerate(there["prices"]):
                cheaper = copy.deepcopy(record)
                cheaper["days"][day]["prices"][index][1] = -price
                assert check_prices(cheaper)


def test_a_worse_seat_is_found_out():
    sections = [Section("chess", 1, 1), Section("clay", 1, 2)]
    students = [Student(f"p{n}", "c", 1) for n in range(2)]
    requests = [Request("p0", 1, (("chess",), ("clay",)), False), Request("p1", 1, (("clay",),), False)]
    round = Round("r", Rules(mechanism="mcf"), sections, students, requests)
    record = drawn(round)
    turn = next(t for t in record["days"]["1"]["turns"] if t[0] == "p0")
    turn[2:4] = ["clay", 2]
    assert check_prices(record)


def test_the_weekly_objective_remembers_earlier_days():
    sections = [Section(f"{name}{day}", day, 1) for day in (1, 2) for name in ("chess", "clay")]
    students = [Student(p, "c", 1) for p in ("ann", "bo")]
    requests = [Request(p, d, ((f"chess{d}",), (f"clay{d}",)), False) for p in ("ann", "bo") for d in (1, 2)]
    round = Round("r", Rules(mechanism="mcf", objective="weekly", lottery="single"), sections, students, requests)
    assert check_prices(drawn(round)) == []
    key = seed(round.id, round.commitment().root, b"x")
    outcome = allocate(round, numbers(key, round.students, round.requests, rules=round.rules))
    assert {outcome.seat["ann", 1], outcome.seat["ann", 2]} != {"chess1", "chess2"}
    assert {outcome.seat["bo", 1], outcome.seat["bo", 2]} != {"chess1", "chess2"}


def test_the_record_says_that_it_was_optimised():
    record = drawn(a_week(random.Random(1), Rules(mechanism="mcf")))
    assert json.dumps(record["head"][2]).startswith('["mcf"')


def two_campuses(n: int) -> Round:
    """Return a round whose campuses share no section, with "any place" on both and one pupil who wishes for nothing."""
    dice = random.Random(n)
    sections = [
        Section(
            f"{campus}{i}", DAY, dice.randint(1, 3), campuses=frozenset({campus}), kind="care" if i == 3 else "club"
        )
        for campus in "ab"
        for i in range(4)
    ]
    students = [Student(f"p{i}", "ab"[i % 2], 1) for i in range(16)]
    requests = []
    for student in students:
        wished = dice.sample([s.id for s in sections if s.admits(student)], 3)
        tiers = ((wished[0], wished[1]), (wished[2],)) if dice.random() < 0.5 else ((wished[0],),)
        requests.append(Request(student.pid, DAY, tiers, dice.random() < 0.5))
    requests[-1] = replace(requests[-1], tiers=(), any_place=True)
    return Round("two-campuses", Rules("mcf", minimum="report"), sections, students, requests)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_campuses_are_solved_apart_and_their_optima_are_the_optimum(objective, monkeypatch):
    from ortools.graph.python import min_cost_flow

    sizes: list[int] = []

    class Watched(min_cost_flow.SimpleMinCostFlow):
        def set_nodes_supplies(self, nodes, supplies):
            sizes.append(len(supplies))
            super().set_nodes_supplies(nodes, supplies)

    monkeypatch.setattr(min_cost_flow, "SimpleMinCostFlow", Watched)
    for n in range(10):
        sizes.clear()
        round = replace(two_campuses(n), rules=Rules("mcf", minimum="report", objective=objective))
        outcome, _ = optimise(round, objective, in_order(round))
        assert sizes == [8, 8]
        order, wishes = outcome.numbers.order[DAY], round.requests_on[DAY]
        tiers = {pid: len(wishes[pid].tiers) for pid in order}
        costs = Costs(objective, order, tiers, dict.fromkeys(order, 4), len(round.sections), {})
        level = {pid: outcome.level(pid, DAY) for pid in order}
        place = {
            pid: n if n <= tiers[pid] else UNLISTED if n == tiers[pid] + 1 else NOTHING for pid, n in level.items()
        }
        assert sum(costs.of(pid)(place[pid]) for pid in order) == cheapest(round, objective)
