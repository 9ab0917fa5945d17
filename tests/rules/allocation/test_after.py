"""After the round: offers in the order of numbers, refills in which nobody loses, swaps that please all who move."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kehou.rules.allocation import (
    CARE,
    Numbers,
    Request,
    Round,
    Section,
    Student,
    allocate,
    numbers,
    offers,
    refill,
    seed,
    trade,
)
from tests.rules.allocation.rounds import DAY, PLAIN, in_order, rounds


def checked(round: Round):
    assume(not round.check())
    return allocate(round, in_order(round))


# --- offers -----------------------------------------------------------------------------------------------------------


@given(rounds(pupils=8, sections=3, any_place=False))
def test_a_seat_is_offered_to_those_on_its_waiting_list_in_their_order(round):
    outcome = checked(round)
    for section, queue in outcome.waiting.items():
        offered = list(offers(outcome, section))
        assert [o.pid for o in offered if o.releases or not round.requests_on[DAY][o.pid].any_place] == [
            pid for pid in queue if outcome.seat.get((pid, DAY)) or not round.requests_on[DAY][pid].any_place
        ]
        assert [o.place for o in offered] == list(range(1, len(offered) + 1))
        assert all(o.releases == outcome.seat.get((o.pid, DAY)) for o in offered)


def test_who_takes_an_offer_releases_what_he_had():
    sections = [Section("chess", DAY, 1), Section("clay", DAY, 1)]
    students = [Student(f"p{n}", "c", 1) for n in range(3)]
    requests = [Request(s.pid, DAY, (("chess",), ("clay",)), False) for s in students]
    outcome = allocate(round := Round("r", PLAIN, sections, students, requests), in_order(round))
    (first, *_) = offers(outcome, "chess")
    assert (first.pid, first.releases) == ("p1", "clay")
    now = dict(outcome.seat) | {("p1", DAY): "chess"}
    del now["p0", DAY]
    assert [offer.pid for offer in offers(outcome, "clay", held=now)] == ["p0", "p2"]


# --- refill -----------------------------------------------------------------------------------------------------------


@given(rounds(pupils=9, sections=4), st.randoms(use_true_random=False), st.sampled_from(["reverse", "same", "fresh"]))
def test_nobody_who_stays_is_worse_off_after_a_refill(round, dice, lottery):
    outcome = checked(round)
    gone = [(r.pid, DAY) for r in round.requests if dice.random() < 0.3]
    more = {s.id: s.cap + dice.randint(0, 2) for s in round.sections}
    drawn = numbers(b"second", round.students, round.requests)
    after = refill(outcome, gone, (), more, lottery, drawn=drawn)
    for request in after.round.requests:
        assert after.level(request.pid, DAY) <= outcome.level(request.pid, DAY)
    assert not {key for key in after.seat if key in gone}
    assert all(n <= more[s] for s, n in Counter(after.seat.values()).items())


@given(rounds(pupils=9, sections=4))
def test_a_refill_without_news_changes_nothing(round):
    outcome = checked(round)
    assert dict(refill(outcome).seat) == dict(outcome.seat)


@given(rounds(pupils=6, sections=3, strict=True, any_place=False), st.randoms(use_true_random=False))
def test_after_a_refill_nobody_wants_a_seat_that_is_free(round, dice):
    round = replace(round, requests=[r for r in round.requests if not r.any_place])
    assume(round.requests)
    outcome = checked(round)
    after = refill(outcome, [(r.pid, DAY) for r in round.requests if dice.random() < 0.4])
    filled = Counter(after.seat.values())
    for request in after.round.requests:
        for (section,) in request.tiers[: after.level(request.pid, DAY) - 1]:
            assert filled[section] == round.section[section].cap


def test_newcomers_join_with_numbers_of_their_own():
    outcome = allocate(
        round := Round("r", PLAIN, [Section("s", DAY, 2)], [Student("p", "c", 1)], [Request("p", DAY, (("s",),))]),
        in_order(round),
    )
    newcomer = (Student("q", "c", 1), (Request("q", DAY, (("s",),)),))
    with pytest.raises(ValueError, match="numbers of a draw"):
        refill(outcome, newcomers=[newcomer])
    after = refill(outcome, newcomers=[newcomer], drawn=Numbers({DAY: {"q": 7}}))
    assert dict(after.seat) == {("p", DAY): "s", ("q", DAY): "s"}


def test_children_of_a_cancelled_group_are_placed_anew_with_their_own_numbers():
    sections = [Section("chess", DAY, 2), Section("clay", DAY, 1), Section("care", DAY, 5, kind=CARE)]
    students = [Student(f"p{n}", "c", 1) for n in range(3)]
    requests = [Request(s.pid, DAY, (("chess",), ("clay",)), True) for s in students]
    outcome = allocate(round := Round("r", PLAIN, sections, students, requests), in_order(round))
    assert [outcome.seat[f"p{n}", DAY] for n in range(3)] == ["chess", "chess", "clay"]
    after = refill(outcome, new_capacities={"chess": 0, "clay": 2})
    assert [after.seat[f"p{n}", DAY] for n in range(3)] == ["clay", "care", "clay"]
    assert after.tier["p1", DAY] == 0


def test_the_reversed_lottery_moves_fewer_children():
    moved = {"reverse": 0, "same": 0, "fresh": 0}
    for n in range(40):
        dice = random.Random(n)
        sections = [Section(f"s{k}", DAY, 6) for k in range(8)]
        students = [Student(f"p{k:02}", "c", 1) for k in range(60)]
        requests = [Request(s.pid, DAY, tuple((x.id,) for x in dice.sample(sections, 4)), False) for s in students]
        round = Round("r", PLAIN, sections, students, requests)
        drawn = numbers(seed("r", "00", b"%d" % n), students, requests)
        outcome = allocate(round, drawn)
        gone = [(s.pid, DAY) for s in dice.sample(students, 6)]
        for lottery in moved:
            after = refill(outcome, gone, lottery=lottery, drawn=numbers(b"%d" % n, students, requests))
            moved[lottery] += sum(outcome.seat.get(key, seat) != seat for key, seat in after.seat.items())
    assert moved["reverse"] < moved["fresh"] < moved["same"]


# --- swaps ------------------------------------------------------------------------------------------------------------


def wishes_of(round: Round, outcome, dice: random.Random) -> dict[tuple[str, int], list[str]]:
    wishes = {}
    for request in round.requests:
        student, seat = round.student[request.pid], outcome.seat.get((request.pid, DAY))
        better = [s.id for s in round.sections if s.admits(student) and s.id != seat]
        if better and dice.random() < 0.8:
            wishes[request.pid, DAY] = dice.sample(better, dice.randint(1, len(better)))
    return wishes


def after_trade(outcome, cycles) -> dict[tuple[str, int], str]:
    seat = dict(outcome.seat)
    for cycle in cycles:
        for pid, origin, to in cycle.moves:
            assert seat.get((pid, cycle.day)) == origin
            seat[pid, cycle.day] = to
    return seat


@given(rounds(pupils=7, sections=4), st.randoms(use_true_random=False))
def test_who_moves_moves_to_something_better_and_no_section_overflows(round, dice):
    outcome = checked(round)
    wishes = wishes_of(round, outcome, dice)
    cycles = trade(outcome, wishes)
    seat = after_trade(outcome, cycles)
    for cycle in cycles:
        assert all(to in wishes[pid, DAY] for pid, _, to in cycle.moves)
    assert all(n <= round.section[s].cap for s, n in Counter(seat.values()).items())
    assert set(outcome.seat) <= set(seat)
    assert {key: s for key, s in seat.items() if key not in wishes} == {
        key: s for key, s in outcome.seat.items() if key not in wishes
    }


@given(rounds(pupils=5, sections=4, seats=2), st.randoms(use_true_random=False))
def test_no_further_swap_would_please_all_who_take_part(round, dice):
    outcome = checked(round)
    wishes = wishes_of(round, outcome, dice)
    seat = after_trade(outcome, trade(outcome, wishes))
    rank = {key: {s: n for n, s in enumerate(listed)} for key, listed in wishes.items()}

    def likes(key, section):
        return rank[key].get(section, len(rank[key])) if section else len(rank[key]) + 1

    filled = Counter(seat.values())
    for key in wishes:
        for section in wishes[key][: likes(key, seat.get(key))]:
            assert filled[section] >= round.section[section].cap
    for size in range(2, len(wishes) + 1):
        for group in permutations(wishes, size):
            gains = [
                likes(a, seat.get(b)) < likes(a, seat.get(a)) for a, b in zip(group, group[1:] + group[:1], strict=True)
            ]
            assert not all(gains)


@given(rounds(pupils=5, sections=3, seats=2), st.randoms(use_true_random=False))
def test_false_wishes_do_not_help_in_a_swap(round, dice):
    outcome = checked(round)
    wishes = wishes_of(round, outcome, dice)
    honest = after_trade(outcome, trade(outcome, wishes))
    for key, listed in wishes.items():
        for size in range(1, len(listed) + 1):
            for lie in permutations(listed, size):
                got = after_trade(outcome, trade(outcome, {**wishes, key: list(lie)})).get(key)
                rank = {s: n for n, s in enumerate(listed)}
                assert rank.get(honest.get(key), 9) <= rank.get(got, 9)


@given(rounds(pupils=7, sections=4), st.randoms(use_true_random=False))
def test_the_order_in_which_wishes_come_in_changes_no_swap(round, dice):
    outcome = checked(round)
    wishes = wishes_of(round, outcome, dice)
    mixed = dict(dice.sample(sorted(wishes.items()), len(wishes)))
    assert trade(outcome, mixed) == trade(outcome, wishes)


def test_two_who_want_each_others_seats_swap():
    sections = [Section("chess", DAY, 1), Section("clay", DAY, 1)]
    students = [Student("p0", "c", 1), Student("p1", "c", 1)]
    requests = [Request("p0", DAY, (("chess",),)), Request("p1", DAY, (("clay",),))]
    outcome = allocate(round := Round("r", PLAIN, sections, students, requests), in_order(round))
    (cycle,) = trade(outcome, {("p0", DAY): ["clay"], ("p1", DAY): ["chess"]})
    assert set(cycle.moves) == {("p0", "chess", "clay"), ("p1", "clay", "chess")}
    with pytest.raises(ValueError, match="not open"):
        trade(outcome, {("p0", DAY): ["choir"]})
