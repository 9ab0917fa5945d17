"""What we promise families about the draw, each as a property of random rounds."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from benchmarks.allocation_rounds import made_up
from kehou.rules.allocation import (
    CARE,
    Numbers,
    Request,
    Round,
    Rules,
    Section,
    Student,
    allocate,
    numbers,
    preview,
)
from kehou.rules.allocation.serial import DayResult, _Run, serve
from tests.rules.allocation.rounds import DAY, PLAIN, in_order, rounds


def levels(round: Round, drawn: Numbers | None = None) -> dict[str, int]:
    outcome = allocate(round, drawn or in_order(round))
    return {r.pid: outcome.level(r.pid, DAY) for r in round.requests}


def seats(round: Round) -> dict[tuple[str, int], str]:
    return dict(allocate(round, in_order(round)).seat)


# --- what does not matter ---------------------------------------------------------------------------------------------


@given(rounds(pupils=8))
def test_only_the_numbers_count_not_the_pseudonyms(round):
    other = {s.pid: f"z{99 - n}" for n, s in enumerate(round.students)}
    renamed = Round(
        round.id,
        round.rules,
        round.sections,
        [replace(s, pid=other[s.pid]) for s in round.students],
        [replace(r, pid=other[r.pid]) for r in round.requests],
    )
    drawn = in_order(round)
    theirs = Numbers({DAY: {other[pid]: n for pid, n in drawn.value[DAY].items()}})
    assert {(other[p], d): s for (p, d), s in allocate(round, drawn).seat.items()} == dict(
        allocate(renamed, theirs).seat
    )


@given(rounds(pupils=8, any_place=False))
def test_a_section_nobody_wishes_for_changes_nothing(round):
    round = replace(round, requests=[r for r in round.requests if not r.any_place])
    assume(round.requests)
    assert seats(replace(round, sections=[*round.sections, Section("unloved", DAY, 3)])) == seats(round)


@given(rounds(pupils=8), rounds(pupils=1))
def test_the_last_pupils_list_changes_nobody_elses_tier(round, other):
    last = max(r.pid for r in round.requests)
    open_to = {s.id for s in round.sections if s.admits(round.student[last])}
    tiers = tuple(t for tier in other.requests[0].tiers if (t := tuple(s for s in tier if s in open_to)))
    changed = [replace(r, tiers=tiers, any_place=True) if r.pid == last else r for r in round.requests]
    before, after = levels(round), levels(replace(round, requests=changed))
    assert {p: t for p, t in before.items() if p != last} == {p: t for p, t in after.items() if p != last}


# --- what can only help -----------------------------------------------------------------------------------------------


@given(rounds(pupils=10, sections=5, strict=True, any_place=False))
def test_the_short_way_for_strict_lists_gives_what_the_long_way_gives(round):
    round = replace(round, requests=[r for r in round.requests if not r.any_place])
    assume(round.requests)
    order, seats = tuple(sorted(r.pid for r in round.requests)), {s.id: s.cap for s in round.sections}
    short, long = serve(round, DAY, order, seats), DayResult(DAY, order)
    run = _Run(round, DAY, seats, ())
    assert run.lists.strict
    row = {pid: n for n, pid in enumerate(run.lists.pids)}
    run.through(long, [row[pid] for pid in order])
    assert (short.seat, short.tier, short.cut) == (long.seat, long.tier, run.seating.cut)


@given(rounds(pupils=8), st.data())
def test_a_better_number_never_gives_a_worse_tier(round, data):
    order = sorted(r.pid for r in round.requests)
    pid = data.draw(st.sampled_from(order))
    earlier = data.draw(st.integers(0, order.index(pid)))
    moved = [p for p in order if p != pid]
    moved.insert(earlier, pid)
    better = Numbers({DAY: {p: n for n, p in enumerate(moved)}})
    assert levels(round, better)[pid] <= levels(round)[pid]


@given(rounds(pupils=8), st.data())
def test_one_more_seat_hurts_nobody(round, data):
    more = data.draw(st.sampled_from([s.id for s in round.sections]))
    wider = replace(round, sections=[replace(s, cap=s.cap + (s.id == more)) for s in round.sections])
    before, after = levels(round), levels(wider)
    assert all(after[pid] <= before[pid] for pid in before)


@given(rounds(pupils=8), st.data())
def test_one_rival_fewer_hurts_nobody(round, data):
    assume(len(round.requests) > 1)
    gone = data.draw(st.sampled_from([r.pid for r in round.requests]))
    before = levels(round)
    after = levels(replace(round, requests=[r for r in round.requests if r.pid != gone]))
    assert all(after[pid] <= before[pid] for pid in after)


# --- closing positions ------------------------------------------------------------------------------------------------


@given(rounds(pupils=10))
def test_a_closing_position_explains_every_refusal(round):
    outcome = allocate(round, in_order(round))
    filled = Counter(outcome.seat.values())
    for section, cut in outcome.cutoffs.items():
        assert filled[section] == round.section[section].cap
        assert 1 <= cut <= len(round.requests)
    for request in round.requests:
        why = outcome.explain(request.pid, DAY)
        assert all(p.closed_at is not None and p.closed_at <= why.position for p in why.passed)
        for p in why.passed:
            assert outcome.waiting[p.section][p.waiting_place - 1] == request.pid


# --- minimum sizes ----------------------------------------------------------------------------------------------------


@given(rounds(pupils=9, sections=5, seats=5, minimum=4, guarantee=True, rules=Rules(guarantee="flagged")))
def test_no_open_section_is_below_its_minimum(round):
    assume(not round.check())
    outcome = allocate(round, in_order(round))
    filled = Counter(outcome.seat.values())
    there = outcome.days[DAY]
    for section in round.sections:
        if section.id in there.closed:
            assert filled[section.id] == 0
        elif section.id not in there.spared:
            assert filled[section.id] == 0 or filled[section.id] >= section.min
    assert len(set(there.closed)) == len(there.closed)
    assert all((s.pid, DAY) in outcome.seat for s in round.students if s.guaranteed)


def test_the_worst_filled_section_closes_first_and_its_children_move_on():
    sections = [Section("chess", DAY, 4, 4), Section("clay", DAY, 4, 3), Section("choir", DAY, 9)]
    students = [Student(f"p{n}", "c", 1) for n in range(4)]
    wishes = [("chess", "clay", "choir"), ("clay", "choir"), ("clay", "choir"), ("choir",)]
    requests = [
        Request(s.pid, DAY, tuple((w,) for w in listed), False) for s, listed in zip(students, wishes, strict=True)
    ]
    round = Round("r", Rules(guarantee="flagged"), sections, students, requests)
    outcome = allocate(round, in_order(round))
    assert outcome.closed == ("chess",)
    assert outcome.seat["p0", DAY] == "clay"
    (passed,) = outcome.explain("p0", DAY).passed
    assert (passed.section, passed.too_few, passed.closed_at, passed.waiting_place) == ("chess", True, None, None)
    reported = allocate(replace(round, rules=PLAIN), in_order(round))
    assert reported.closed == ()


# --- base care in the hours left over, series -------------------------------------------------------------------------


def test_base_care_fills_the_hours_around_a_club():
    sections = [
        Section("club", DAY, 2, hours=0b010),
        Section("care1", DAY, 2, hours=0b001, kind=CARE),
        Section("care3", DAY, 1, hours=0b100, kind=CARE),
    ]
    students = [Student(f"p{n}", "c", 1) for n in range(3)]
    requests = [
        Request(s.pid, DAY, (("club",),), False, hours)
        for s, hours in zip(students, (0b111, 0b011, 0b111), strict=True)
    ]
    outcome = allocate(round := Round("r", PLAIN, sections, students, requests), in_order(round))
    assert outcome.care["p0", DAY] == ("care1", "care3")
    assert outcome.care["p1", DAY] == ("care1",)
    assert ("p2", DAY) not in outcome.care


@given(rounds(pupils=10, sections=4, seats=4), st.randoms(use_true_random=False))
def test_base_care_takes_no_seat_from_the_draw(round, dice):
    kinds = [replace(s, kind=dice.choice([CARE, "club"]), hours=dice.choice([1, 2, 3, 4, 7])) for s in round.sections]
    round = replace(round, sections=kinds, requests=[replace(r, hours=dice.choice([3, 7])) for r in round.requests])
    outcome = allocate(round, in_order(round))
    used = Counter(outcome.seat.values())
    used.update(s for care in outcome.care.values() for s in care)
    assert all(used[s.id] <= s.cap for s in round.sections)
    clubs_only = replace(round, sections=[replace(s, kind="club") for s in kinds])
    if all(s.kind == "club" for s in kinds):
        assert dict(outcome.seat) == seats(clubs_only)
    for (pid, day), care in outcome.care.items():
        hours = [round.section[outcome.seat[pid, day]].hours, *(round.section[s].hours for s in care)]
        assert sum(hours) == hours[0] | sum(hours[1:])  # no hour twice
        assert not sum(hours[1:]) & ~round.requests_on[day][pid].hours


# --- at scale ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guarantee", ["flagged", "everyone", "block"])
def test_drawing_campus_by_campus_gives_the_same_as_all_at_once(guarantee):
    rules = Rules(guarantee=guarantee)
    district = made_up(
        3000, tiered=True, guaranteed=0.1, care=0.4, any_place=0.5, tightness=1.3, minimum=6, rules=rules
    )
    drawn = numbers(b"district", district.students, district.requests)
    whole = allocate(district, drawn)
    seat, tier, care = {}, {}, {}
    for campus in sorted({s.campus for s in district.students}):
        pids = {s.pid for s in district.students if s.campus == campus}
        part = Round(
            district.id,
            rules,
            [s for s in district.sections if campus in s.campuses],
            [s for s in district.students if s.pid in pids],
            [r for r in district.requests if r.pid in pids],
        )
        own = Numbers({d: {p: n for p, n in there.items() if p in pids} for d, there in drawn.value.items()})
        outcome = allocate(part, own)
        seat.update(outcome.seat)
        tier.update(outcome.tier)
        care.update(outcome.care)
    assert (dict(whole.seat), dict(whole.tier), dict(whole.care)) == (seat, tier, care)


def test_days_drawn_in_processes_of_their_own_give_the_same_as_one_process():
    round = made_up(600, tiered=True, guaranteed=0.1, care=0.4, any_place=0.5, minimum=6, rules=Rules())
    whole = allocate(round, numbers(b"district", round.students, round.requests))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(partial(one_day_of, round), round.days))
    assert {key: seat for part in parts for key, seat in part[0].items()} == dict(whole.seat)
    assert {key: tier for part in parts for key, tier in part[1].items()} == dict(whole.tier)
    assert {section: cut for part in parts for section, cut in part[2].items()} == dict(whole.cutoffs)


def one_day_of(round: Round, day: int) -> tuple[dict, dict, dict]:
    part = allocate(round, numbers(b"district", round.students, round.requests), days=[day])
    return dict(part.seat), dict(part.tier), dict(part.cutoffs)


# --- the numbers a school sees ----------------------------------------------------------------------------------------


@given(rounds(pupils=10, guarantee=True, rules=Rules(guarantee="flagged", minimum="report")))
def test_the_counts_add_up(round):
    assume(not round.check())
    outcome = allocate(round, in_order(round))
    stats = outcome.stats()
    tiers = [outcome.tier.get((r.pid, r.day)) for r in round.requests]
    assert stats["all"]["requests"] == len(tiers)
    assert stats["all"]["first"] == tiers.count(1)
    assert stats["all"]["none"] == tiers.count(None)
    assert stats["all"]["any_place"] == tiers.count(0)
    assert sum(g["placed"] for g in stats["grades"].values()) == stats["all"]["placed"] == len(outcome.seat)
    assert stats["guaranteed"]["none"] == 0
    assert sum(s["filled"] for s in stats["sections"].values()) == len(outcome.seat)


def test_a_preview_shows_ranges_for_two_rules_and_never_a_pupil():
    round = made_up(120, tiered=True, guaranteed=0.2, care=0.3, any_place=0.5)
    round = replace(round, students=[replace(s, groups=n % 2) for n, s in enumerate(round.students)])
    done = []
    seen = preview(
        round, Rules(), Rules(guarantee="flagged", lottery="single"), draws=7, on_draw=lambda *at: done.append(at)
    )
    assert done[-1] == (14, 14)
    assert set(seen.a) >= {"all", "grade:1", "guaranteed", "others", "group:0"}
    for table in (seen.a, seen.b):
        for row in table.values():
            assert all(spread.low <= spread.median <= spread.high for spread in row.values())
        assert table["all"]["requests"].median == 600
        assert table["guaranteed"]["nothing"].high == 0
    again = preview(round, Rules(), draws=7)
    assert (again.a, again.b) == (seen.a, None)
    assert not any(s.pid in repr(seen) for s in round.students)
