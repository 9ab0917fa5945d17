"""The main rule against its definition: brute force, serial dictatorship, coverage, efficiency."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kehou.rules.allocation import Request, Round, Rules, Section, Student, allocate, numbers, seed
from tests.rules.allocation.rounds import DAY, PLAIN, feasible_levels, in_order, rounds


def levels(round: Round) -> dict[str, int]:
    outcome = allocate(round, in_order(round))
    return {r.pid: outcome.level(r.pid, DAY) for r in round.requests}


@given(rounds(pupils=5, sections=3, guarantee=True))
def test_each_turn_gets_the_best_that_is_still_jointly_possible(round):
    assume(not round.check())
    open_still = feasible_levels(round)
    expected = {}
    for pid in sorted(r.pid for r in round.requests):
        expected[pid] = min(levels[pid] for levels in open_still)
        open_still = [levels for levels in open_still if levels[pid] == expected[pid]]
    assert levels(round) == expected


@given(rounds(pupils=5, sections=3, guarantee=True))
def test_no_outcome_is_better_for_one_and_worse_for_none(round):
    assume(not round.check())
    ours = levels(round)
    for other in feasible_levels(round):
        assert other == ours or any(other[pid] > ours[pid] for pid in ours)


@given(rounds(pupils=12, sections=5, seats=4, guarantee=True))
def test_seats_eligibility_and_consent_are_kept(round):
    assume(not round.check())
    outcome = allocate(round, in_order(round))
    filled = Counter(outcome.seat.values())
    for (pid, day), section in outcome.seat.items():
        student, wish = round.student[pid], round.requests_on[day][pid]
        listed = [s for tier in wish.tiers for s in tier]
        assert round.section[section].admits(student)
        assert filled[section] <= round.section[section].cap
        tier = outcome.tier[pid, day]
        if tier:
            assert section in wish.tiers[tier - 1]
        else:
            assert wish.any_place or student.guaranteed
            assert section not in listed or wish.any_place or student.guaranteed


@given(rounds(pupils=8, strict=True, any_place=False))
def test_strict_lists_are_served_as_a_serial_dictatorship(round):
    round = Round(round.id, round.rules, round.sections, round.students, [r for r in round.requests if not r.any_place])
    assume(round.requests)
    seats = {s.id: s.cap for s in round.sections}
    expected = {}
    for request in sorted(round.requests, key=lambda r: r.pid):
        for (section,) in request.tiers:
            if seats[section]:
                seats[section] -= 1
                expected[request.pid, DAY] = section
                break
    assert dict(allocate(round, in_order(round)).seat) == expected


@pytest.mark.clause("2.1-f")
@given(rounds(pupils=10, sections=4, seats=4, guarantee=True))
def test_every_protected_applicant_has_a_seat_when_the_check_passes(round):
    assume(not round.check())
    seat = allocate(round, in_order(round)).seat
    assert all((s.pid, DAY) in seat for s in round.students if s.guaranteed)


@given(rounds(pupils=8, sections=4), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(round, shuffler):
    mixed = [list(part) for part in (round.sections, round.students, round.requests)]
    for part in mixed:
        shuffler.shuffle(part)
    other = Round(round.id, round.rules, *mixed)
    assert dict(allocate(round, in_order(round)).seat) == dict(allocate(other, in_order(other)).seat)


def test_ties_let_a_later_family_in():
    sections = [Section("chess", DAY, 1), Section("clay", DAY, 1)]
    students = [Student("p0", "c", 1), Student("p1", "c", 1)]
    requests = [Request("p0", DAY, (("chess", "clay"),)), Request("p1", DAY, (("chess",), ("clay",)))]
    outcome = allocate(round := Round("r", PLAIN, sections, students, requests), in_order(round))
    assert dict(outcome.seat) == {("p0", DAY): "clay", ("p1", DAY): "chess"}


def test_a_week_is_drawn_day_by_day_and_explained():
    sections = [Section(f"{name}{day}", day, 1) for day in (1, 2) for name in ("chess", "clay")]
    students = [Student(p, "c", 1) for p in ("ann", "bo", "cy")]
    requests = [Request(p, d, ((f"chess{d}",), (f"clay{d}",)), False) for p in ("ann", "bo", "cy") for d in (1, 2)]
    round = Round("r", Rules(), sections, students, requests)
    assert round.check() == []
    drawn = numbers(seed("r", "00", b"x"), round.students, round.requests)
    outcome = allocate(round, drawn)
    for day in (1, 2):
        first, second, third = drawn.order[day]
        assert outcome.seat[first, day] == f"chess{day}"
        assert outcome.seat[second, day] == f"clay{day}"
        why = outcome.explain(third, day)
        assert (why.seat, why.position, why.of) == (None, 3, 3)
        assert [(p.section, p.closed_at, p.waiting_place) for p in why.passed] == [
            (f"chess{day}", 2, 2),
            (f"clay{day}", 3, 1),
        ]
