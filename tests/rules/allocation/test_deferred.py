"""Deferred acceptance against its definition and against PyPI `matching`, an independent oracle."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kehou.rules.allocation import Request, Round, Rules, Section, Student, allocate, numbers, seed
from kehou.rules.allocation.deferred import propose
from kehou.rules.allocation.formats import round_from, round_to
from kehou.rules.allocation.verifier import verify
from kehou.rules.sentences import say
from tests.rules.allocation.rounds import DAY, feasible_levels, in_order, rounds
from tests.rules.allocation.twin import ask

WITH_PRIORITIES = Rules(mechanism="da", minimum="report", guarantee="auto")
INSTANCES = 1000 if os.environ.get("KEHOU_EXHAUSTIVE") else 250


def classes_of(dice: random.Random, round: Round) -> dict[str, dict[str, int]]:
    return {s.id: {p.pid: dice.randint(0, 2) for p in round.students} for s in round.sections}


def seats_of(round: Round) -> dict[str, int]:
    return {s.id: s.cap for s in round.sections}


@given(rounds(pupils=8, strict=True), st.randoms(use_true_random=False))
def test_nobody_envies_with_reason_and_no_seat_is_wasted(round, dice):
    round = replace(round, priorities=classes_of(dice, round))
    order = tuple(r.pid for r in round.requests)
    result = propose(round, DAY, order, seats_of(round))
    inside = {s.id: [p for p, seat in result.seat.items() if seat == s.id] for s in round.sections}
    for turn, pid in enumerate(order):
        for (section,) in round.requests_on[DAY][pid].tiers:
            if result.seat.get(pid) == section:
                break
            ranks = round.priorities[section]
            mine = (-ranks[pid], turn)
            assert len(inside[section]) == round.section[section].cap
            assert all((-ranks[other], order.index(other)) < mine for other in inside[section])


@given(rounds(pupils=5, sections=3, strict=True, any_place=False), st.randoms(use_true_random=False))
def test_of_all_stable_assignments_it_is_the_best_for_every_pupil(round, dice):
    round = replace(round, requests=[r for r in round.requests if not r.any_place], priorities=classes_of(dice, round))
    assume(round.requests)
    order = tuple(r.pid for r in round.requests)
    ours = propose(round, DAY, order, seats_of(round))
    for levels in feasible_levels(round):
        seat = {}
        for pid, level in levels.items():
            tiers = round.requests_on[DAY][pid].tiers
            seat[pid] = tiers[level - 1][0] if level <= len(tiers) else None
        if not _blocked(round, order, seat):
            for pid, level in levels.items():
                assert ours.tier.get(pid, len(round.requests_on[DAY][pid].tiers) + 2) <= level


@given(rounds(pupils=8, strict=True, any_place=False), st.randoms(use_true_random=False))
def test_every_stable_assignment_seats_the_same_pupils_and_fills_as_many_seats(round, dice):
    """Rural hospitals: sections proposing instead of pupils gives the other end of the lattice, and the same counts."""
    round = replace(round, requests=[r for r in round.requests if not r.any_place], priorities=classes_of(dice, round))
    assume(round.requests)
    order = tuple(r.pid for r in round.requests)
    ours, theirs = propose(round, DAY, order, seats_of(round)).seat, sections_propose(round, order)
    assert not _blocked(round, order, {pid: theirs.get(pid) for pid in order})
    assert ours.keys() == theirs.keys()
    assert Counter(ours.values()) == Counter(theirs.values())


def sections_propose(round: Round, order: tuple[str, ...]) -> dict[str, str]:
    lists = {pid: [s for (s,) in round.requests_on[DAY][pid].tiers] for pid in order}
    ranks = {
        s.id: sorted((p for p in order if s.id in lists[p]), key=lambda p: (-round.priorities[s.id][p], order.index(p)))
        for s in round.sections
    }
    seat: dict[str, str] = {}
    moved = True
    while moved:
        moved = False
        for section in round.sections:
            for pid in ranks[section.id]:
                if sum(s == section.id for s in seat.values()) == section.cap or seat.get(pid) == section.id:
                    continue
                if pid not in seat or lists[pid].index(section.id) < lists[pid].index(seat[pid]):
                    seat[pid], moved = section.id, True
    return seat


def _blocked(round, order, seat):
    for turn, pid in enumerate(order):
        for (section,) in round.requests_on[DAY][pid].tiers:
            if seat[pid] == section:
                break
            ranks = round.priorities[section]
            inside = [p for p, s in seat.items() if s == section]
            if len(inside) < round.section[section].cap:
                return True
            if any((-ranks[p], order.index(p)) > (-ranks[pid], turn) for p in inside):
                return True
    return False


@given(rounds(pupils=8, strict=True, any_place=False))
def test_without_priorities_it_is_the_serial_dictatorship(round):
    round = replace(round, requests=[r for r in round.requests if not r.any_place])
    order = tuple(sorted(r.pid for r in round.requests))
    assert dict(propose(round, DAY, order, seats_of(round)).tier) == dict(
        allocate(round, in_order(round)).days[DAY].run.tier
    )


def oracle(lists, classes, seats):
    """Return what PyPI `matching` gives, as section → set of pupils."""
    from matching.games import HospitalResident

    lists = {p: listed for p, listed in lists.items() if listed}
    wanted = {s: [p for p in lists if s in lists[p]] for s in seats}
    turn = {p: n for n, p in enumerate(lists)}
    ranked = {s: sorted(ps, key=lambda p: (-classes[s][p], turn[p])) for s, ps in wanted.items() if ps}
    game = HospitalResident.create_from_dictionaries(lists, ranked, {s: seats[s] for s in ranked})
    return {h.name: {r.name for r in rs} for h, rs in game.solve(optimal="resident").items()}


def test_it_agrees_with_an_independent_program_on_random_instances():
    pytest.importorskip("matching")
    dice = random.Random(4)
    for _ in range(INSTANCES):
        names = [f"s{n}" for n in range(dice.randint(1, 5))]
        seats = {s: dice.randint(1, 4) for s in names}
        lists = {f"p{n:02}": dice.sample(names, dice.randint(1, len(names))) for n in range(dice.randint(1, 14))}
        classes = {s: {p: dice.randint(0, 2) for p in lists} for s in names}
        requests = [Request(p, DAY, tuple((s,) for s in listed), False) for p, listed in lists.items()]
        round = Round(
            "r",
            WITH_PRIORITIES,
            [Section(s, DAY, n) for s, n in seats.items()],
            [Student(p, "c", 1) for p in lists],
            requests,
            priorities=classes,
        )
        ours = propose(round, DAY, tuple(lists), seats).seat
        theirs = {pid: section for section, pids in oracle(lists, classes, seats).items() for pid in pids}
        assert ours == theirs


def reserves_of(dice: random.Random, round: Round) -> dict[str, int]:
    return {s.id: dice.randint(0, s.cap) for s in round.sections if dice.random() < 0.8}


def chosen(round: Round, order: tuple[str, ...], section: str, applicants: set[str]) -> set[str]:
    """Return whom a section takes: reserved seats by class and turn, the others by turn (by its definition)."""
    turn, ranks, cap = {pid: n for n, pid in enumerate(order)}, round.priorities[section], round.section[section].cap
    left = sorted(applicants, key=lambda pid: (-ranks[pid], turn[pid]))
    first = left[: round.reserved.get(section, cap)]
    others = sorted(left[len(first) :], key=turn.__getitem__)
    return {*first, *others[: cap - len(first)]}


@given(rounds(pupils=8, strict=True, any_place=False, seats=4), st.randoms(use_true_random=False))
def test_reserves_are_respected_and_nobody_whom_a_section_would_choose_is_left_out(round, dice):
    round = replace(round, priorities=classes_of(dice, round), reserved=reserves_of(dice, round))
    round = replace(round, requests=[r for r in round.requests if not r.any_place])
    order = tuple(r.pid for r in round.requests)
    result = propose(round, DAY, order, seats_of(round))
    inside = {s.id: {p for p, seat in result.seat.items() if seat == s.id} for s in round.sections}
    for pid in order:
        for (section,) in round.requests_on[DAY][pid].tiers:
            if result.seat.get(pid) == section:
                break
            assert pid not in chosen(round, order, section, inside[section] | {pid})
            ranks, kept = round.priorities[section], round.reserved.get(section, round.section[section].cap)
            higher = sum(ranks[other] >= ranks[pid] for other in inside[section])
            assert higher >= kept, "reserved seats go to whom they are reserved for, as long as there are any"


@given(rounds(pupils=8, strict=True, any_place=False), st.randoms(use_true_random=False))
def test_every_seat_reserved_is_priority_and_none_is_the_lottery(round, dice):
    round = replace(round, requests=[r for r in round.requests if not r.any_place], priorities=classes_of(dice, round))
    order = tuple(r.pid for r in round.requests)
    caps = seats_of(round)
    plain = propose(round, DAY, order, caps)
    assert propose(replace(round, reserved=caps), DAY, order, caps).seat == plain.seat
    bare = propose(replace(round, priorities={}), DAY, order, caps)
    assert propose(replace(round, reserved=dict.fromkeys(caps, 0)), DAY, order, caps).seat == bare.seat


@given(rounds(pupils=4, sections=3, strict=True, any_place=False), st.randoms(use_true_random=False))
def test_with_reserves_no_family_gains_by_another_list(round, dice):
    round = replace(round, requests=[r for r in round.requests if not r.any_place])
    round = replace(round, priorities=classes_of(dice, round), reserved=reserves_of(dice, round))
    order, caps = tuple(r.pid for r in round.requests), seats_of(round)
    truth = propose(round, DAY, order, caps)
    for request in round.requests:
        mine = [s for (s,) in request.tiers]
        rank = {section: n for n, section in enumerate(mine)}
        for length in range(len(mine) + 1):
            for told in permutations(mine, length):
                lie = replace(request, tiers=tuple((s,) for s in told))
                lied = replace(round, requests=[lie if r is request else r for r in round.requests])
                got = propose(lied, DAY, order, caps).seat.get(request.pid)
                assert rank.get(got, len(mine)) >= rank.get(truth.seat.get(request.pid), len(mine))


def test_a_reserved_seat_nobody_of_the_class_wants_is_open_to_all():
    sections, pupils = [Section("chess", 1, 2)], ["ann", "bo", "cy"]
    requests = [Request(pid, DAY, (("chess",),), any_place=False) for pid in pupils]
    round = Round("r", Rules("da"), sections, [Student(p, "c", 1) for p in pupils], requests, reserved={"chess": 1})
    seats = lambda **classes: set(  # noqa: E731
        propose(replace(round, priorities={"chess": classes}), DAY, tuple(pupils), {"chess": 2}).seat
    )
    assert seats() == {"ann", "bo"}
    assert seats(cy=1) == {"ann", "cy"}
    assert seats(bo=1, cy=1) == {"ann", "bo"}, "one seat is reserved, the other goes by turn"


@pytest.mark.parametrize(
    ("rules", "reserved"), [(Rules("da"), {"chess": 3}), (Rules("da"), {"gone": 1}), (Rules(), {"chess": 1})]
)
def test_reserves_that_cannot_be_are_refused(rules, reserved):
    students, requests = [Student("ann", "c", 1)], [Request("ann", DAY, (("chess",),), any_place=False)]
    round = Round("r", rules, [Section("chess", 1, 2)], students, requests)
    assert round.check() == []
    (no,) = replace(round, reserved=reserved).check()
    assert no.why == "reserved_unfit" and say(no)


def test_both_verifiers_repeat_it_with_reserves_and_find_a_changed_one():
    from tests.rules.allocation.test_record import a_week

    records = []
    for n in range(12):
        dice = random.Random(n)
        round = a_week(dice, Rules(mechanism="da"))
        round = replace(round, priorities=classes_of(dice, round), reserved=reserves_of(dice, round))
        round = round_from(json.loads(json.dumps(round_to(round))))  # as the command line reads it
        assert round.check() == []
        beacon = b"ssq:2026134:03-07-12-19-25-31+08"
        drawn = numbers(seed(round.id, round.commitment().root, beacon), round.students, round.requests)
        records.append(allocate(round, drawn).to_record(beacon=beacon))
    assert [verify(record) for record in records] == [[]] * 12
    assert ask("verify", [[record] for record in records]) == [[]] * 12
    for record in records:
        rows = [[s, p, c + 1 if p is None else c] for s, p, c in record["priorities"]]
        assert rows != record["priorities"]
        other = dict(record, priorities=rows)
        assert verify(other)
        assert ask("verify", [[other]])[0]


def test_both_verifiers_repeat_it():
    from tests.rules.allocation.test_record import a_week

    records = []
    for n in range(12):
        dice = random.Random(n)
        round = a_week(dice, Rules(mechanism="da"))
        round = replace(round, priorities=classes_of(dice, round))
        assert (round.check(), round.guarantee) == ([], "block")
        beacon = b"ssq:2026134:03-07-12-19-25-31+08"
        drawn = numbers(seed(round.id, round.commitment().root, beacon), round.students, round.requests)
        records.append(allocate(round, drawn).to_record(beacon=beacon))
    assert [verify(record) for record in records] == [[]] * 12
    assert ask("verify", [[record] for record in records]) == [[]] * 12
    other = dict(records[0], priorities=[[s, p, 2 - c] for s, p, c in records[0]["priorities"]])
    assert verify(other)
    assert ask("verify", [[other]])[0]
