"""No family gains by wishing for anything but what it wants.

The default run tries some 160,000 misreports in a few seconds; KEHOU_EXHAUSTIVE=1 tries more than a million.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

import pytest

from kehou.rules.allocation import Numbers, Request, Round, Rules, Section, Student, allocate
from kehou.rules.allocation.deferred import propose
from kehou.rules.allocation.serial import serve
from tests.rules.allocation.rounds import DAY

INSTANCES = 3000 if os.environ.get("KEHOU_EXHAUSTIVE") else 400

Tiers = tuple[tuple[str, ...], ...]
Rule = Callable[[Round, tuple[str, ...]], Mapping[str, str]]


def ordered_partitions(sections: tuple[str, ...]) -> Iterator[Tiers]:
    """Yield every way to rank all of `sections` with ties."""
    if not sections:
        yield ()
    for size in range(1, len(sections) + 1):
        for best in combinations(sections, size):
            rest = tuple(s for s in sections if s not in best)
            for worse in ordered_partitions(rest):
                yield (best, *worse)


def every_list(sections: tuple[str, ...]) -> list[Tiers]:
    """Return every tiered list over some of `sections`; 26 of three, the empty one included."""
    return [
        tiers
        for size in range(len(sections) + 1)
        for listed in combinations(sections, size)
        for tiers in ordered_partitions(listed)
    ]


def an_instance(dice: random.Random, guarantee: str, *, strict: bool = False) -> Round:
    """Return a small round in which seats are scarce but the guarantee, if any, can be honoured."""
    while True:
        sections = [Section(s, DAY, dice.randint(1, 2), grades=dice.choice((1, 2, 3, 3))) for s in ("a", "b", "c")]
        students = [
            Student(f"p{n}", "c", dice.randint(1, 2), guaranteed=guarantee == "flagged" and dice.random() < 0.5)
            for n in range(dice.randint(3, 6))
        ]
        requests = []
        for student in students:
            open_to = tuple(s.id for s in sections if s.admits(student))
            lists = [t for t in every_list(open_to) if not strict or all(len(tier) == 1 for tier in t)]
            wished = dice.choice(lists)
            requests.append(Request(student.pid, DAY, wished, not wished or dice.random() < 0.5))
        kept = {"none": "flagged", "block": "block"}.get(guarantee, guarantee)
        round = Round("r", Rules(minimum="report", guarantee=kept), sections, students, requests)
        if not round.check():
            return round


def level(wish: Request, section: str | None) -> int:
    """Return how good a seat is for who truly wishes for `wish`: what can be declined is as good as nothing."""
    for tier, options in enumerate(wish.tiers):
        if section in options:
            return tier
    return len(wish.tiers) + (section is None or not wish.any_place)


def profitable(round: Round, rule: Rule, *, strict: bool = False) -> Iterator[tuple[Request, Request]]:
    """Yield each pair (true wish, misreport) that gains under fixed numbers; count them all in `tried`."""
    order = tuple(sorted(r.pid for r in round.requests))
    honest = rule(round, order)
    for request in round.requests:
        student = round.student[request.pid]
        truth = level(request, honest.get(request.pid))
        for tiers in every_list(tuple(s.id for s in round.sections if s.admits(student))):
            if strict and any(len(tier) > 1 for tier in tiers):
                continue
            for tick in (True, False):
                lie = replace(request, tiers=tiers, any_place=tick)
                TRIED.append(1)
                others = [lie if r.pid == request.pid else r for r in round.requests]
                got = rule(replace(round, requests=others), order)
                if level(request, got.get(request.pid)) < truth:
                    yield request, lie


TRIED: list[int] = []


def gsd(round: Round, order: tuple[str, ...]) -> Mapping[str, str]:
    return serve(round, DAY, order, {s.id: s.cap for s in round.sections}).seat


def da(round: Round, order: tuple[str, ...]) -> Mapping[str, str]:
    return propose(round, DAY, order, {s.id: s.cap for s in round.sections}).seat


def boston(round: Round, order: tuple[str, ...]) -> Mapping[str, str]:
    """First wishes first: what many schools do by hand."""
    seats, seat = {s.id: s.cap for s in round.sections}, {}
    for rank in range(4):
        for pid in order:
            listed = [s for tier in round.requests_on[DAY][pid].tiers for s in tier]
            if pid not in seat and rank < len(listed) and seats[listed[rank]]:
                seats[listed[rank]] -= 1
                seat[pid] = listed[rank]
    return seat


def optimised(round: Round, order: tuple[str, ...]) -> Mapping[str, str]:
    numbers = Numbers({DAY: {pid: n for n, pid in enumerate(order)}})
    return allocate(replace(round, rules=replace(round.rules, mechanism="mcf")), numbers).days[DAY].run.seat


@pytest.mark.parametrize("guarantee", ["none", "flagged", "everyone"])
def test_no_misreport_ever_gains_under_the_main_rule(guarantee):
    dice, before = random.Random(guarantee), len(TRIED)
    for _ in range(INSTANCES):
        assert list(profitable(an_instance(dice, guarantee), gsd)) == []
    assert len(TRIED) - before > 50 * INSTANCES


def test_no_misreport_ever_gains_under_deferred_acceptance():
    dice = random.Random(2)
    for _ in range(INSTANCES // 2):
        round = an_instance(dice, "none", strict=True)
        classes = {s.id: {p.pid: dice.randint(0, 2) for p in round.students} for s in round.sections}
        assert list(profitable(replace(round, priorities=classes), da, strict=True)) == []


@pytest.mark.parametrize("rule", [boston, optimised])
def test_the_same_search_finds_profitable_misreports_of_other_rules(rule):
    if rule is optimised:
        pytest.importorskip("ortools")
    dice = random.Random(3)
    found = [pair for _ in range(25) for pair in profitable(an_instance(dice, "none", strict=True), rule, strict=True)]
    assert found


def test_the_known_lie_under_first_wishes_first():
    """The classroom example: three pupils want chess, one of them is refused both chess and, too late, clay."""
    sections = [Section("chess", DAY, 1), Section("clay", DAY, 1), Section("choir", DAY, 9)]
    wishes = {"p0": ("chess", "clay"), "p1": ("chess", "clay", "choir"), "p2": ("clay", "choir")}
    students = [Student(p, "c", 1) for p in wishes]
    requests = [Request(p, DAY, tuple((s,) for s in listed), False) for p, listed in wishes.items()]
    honest = Round("r", Rules(guarantee="flagged"), sections, students, requests)
    lie = replace(honest, requests=[*requests[:1], replace(requests[1], tiers=(("clay",),)), *requests[2:]])
    order = ("p0", "p1", "p2")
    assert (boston(honest, order)["p1"], boston(lie, order)["p1"]) == ("choir", "clay")
    assert gsd(honest, order)["p1"] == "clay" == gsd(lie, order)["p1"]
