"""Teams that meet on several days: drawn first, over the week; on their days the members ask for nothing else."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.allocation import (
    CARE,
    SERIES,
    SERIES_DAY,
    Request,
    Round,
    Rules,
    Section,
    Student,
    allocate,
    numbers,
    verify,
)
from kehou.rules.allocation.formats import round_from, round_to
from tests.rules.allocation.test_record import a_week, drawn, mutations
from tests.rules.allocation.twin import ask

TEAMS = {"choir": 2, "band": 1}


def with_teams(round: Round, dice: random.Random, minimum: int = 0) -> Round:
    """Return a round with two teams that meet on both days, asked for by about half of the pupils."""
    parts = [Section(f"{t}-{d}", d, n, hours=0b1, kind=SERIES) for t, n in TEAMS.items() for d in (1, 2)]
    teams = [
        Section(f"0-{t}", SERIES_DAY, n, min(minimum, n), kind=SERIES, parts=(f"{t}-1", f"{t}-2"))
        for t, n in TEAMS.items()
    ]
    wishes = []
    for student in round.students:
        if dice.random() < 0.6:
            listed = dice.sample([t.id for t in teams], dice.randint(1, 2))
            tiers = (tuple(listed),) if dice.random() < 0.3 else tuple((s,) for s in listed)
            wishes.append(Request(student.pid, SERIES_DAY, tiers, any_place=False))
    sections = [*round.sections, *parts, *teams]
    return replace(round, sections=tuple(sections), requests=(*round.requests, *wishes))


def outcome_of(round: Round, key: bytes = b"seed"):
    return allocate(round, numbers(key, round.students, round.requests, rules=round.rules))


GUARANTEES = ["everyone", "block", "flagged", "auto"]


@given(st.integers(0, 10_000), st.sampled_from(GUARANTEES), st.sampled_from([0, 2]))
def test_a_member_sits_in_its_team_on_each_of_its_days_and_nobody_else_does(number, guarantee, minimum):
    dice = random.Random(number)
    round = with_teams(a_week(dice, Rules(guarantee=guarantee)), dice, minimum)
    assert round.check() == []
    outcome = outcome_of(round)
    parts = {(part, team.id) for team in round.sections for part in team.parts}
    member = {pid: team for (pid, day), team in outcome.seat.items() if day == SERIES_DAY}
    for pid, team in member.items():
        assert {(outcome.seat[pid, day], team) for day in (1, 2)} <= parts
        assert {outcome.tier[pid, day] for day in (1, 2)} == {1}
        assert outcome.explain(pid, 1).passed == ()
    seated = {(pid, seat) for (pid, day), seat in outcome.seat.items() if day and round.section[seat].kind == SERIES}
    assert {pid for pid, _ in seated} == set(member)
    assert not set(outcome.offered.values()) & {part for part, _ in parts}
    for team in (s for s in round.sections if s.parts):
        filled = sum(won == team.id for won in member.values())
        assert filled <= team.cap
        assert not 0 < filled < team.min


@given(st.integers(0, 10_000))
def test_the_days_are_drawn_as_if_the_members_had_never_asked_for_anything_else(number):
    dice = random.Random(number)
    round = with_teams(a_week(dice, Rules(guarantee="flagged")), dice)
    outcome, drawn_numbers = outcome_of(round), numbers(b"seed", round.students, round.requests, rules=round.rules)
    member = {pid for pid, day in outcome.seat if day == SERIES_DAY}
    without = replace(round, requests=tuple(r for r in round.requests if r.pid not in member and r.day != SERIES_DAY))
    kept = type(drawn_numbers)(
        {day: {p: n for p, n in there.items() if p not in member} for day, there in drawn_numbers.value.items() if day}
    )
    alone = allocate(replace(without, sections=tuple(s for s in round.sections if s.day)), kept)
    assert {key: seat for key, seat in outcome.seat.items() if key[0] not in member and key[1]} == dict(alone.seat)


def test_both_verifiers_repeat_the_teams_and_reject_every_changed_field():
    rounds = []
    for n, guarantee in enumerate([*GUARANTEES[:2], "auto"] * 4):
        dice = random.Random(n)
        rounds.append(with_teams(a_week(dice, Rules(guarantee=guarantee)), dice, n % 3))
    records = [drawn(round) for round in rounds]
    assert any(turn[2] for record in records for turn in record["days"]["0"]["turns"])
    assert [verify(record) for record in records] == [[] for _ in records]
    assert ask("verify", [[record] for record in records]) == [[] for _ in records]
    dice = random.Random(4)
    small = drawn(with_teams(a_week(dice, Rules(), pupils=5), dice))
    changed = list(mutations(small, within=("days", "sections")))
    assert [path for path, one in changed if not verify(one)] == []
    answers = ask("verify", [[one] for _, one in changed])
    assert [path for (path, _), answer in zip(changed, answers, strict=True) if not answer] == []


def test_a_member_moved_to_what_it_would_rather_have_is_caught():
    dice = random.Random(2)
    record = drawn(with_teams(a_week(dice, Rules()), dice))
    member = next(turn[0] for turn in record["days"]["0"]["turns"] if turn[2])
    turn = next(turn for turn in record["days"]["1"]["turns"] if turn[0] == member)
    turn[2] = next(s[0] for s in record["sections"] if s[1] == 1 and s[7] == "club")
    assert verify(record)
    assert ask("verify", [[record]])[0]


@given(st.integers(0, 500))
def test_no_wish_for_the_week_pays_by_leaving_a_team_out_or_asking_for_it_in_another_order(number):
    """Strategy-proof within the run of teams: who truly wants a team most never fares better by another list."""
    dice = random.Random(number)
    round = with_teams(a_week(dice, Rules(guarantee="flagged"), pupils=6), dice)
    true = {r.pid: r for r in round.requests if r.day == SERIES_DAY}
    lists = [(("0-choir",), ("0-band",)), (("0-band",), ("0-choir",)), (("0-choir",),), (("0-band",),)]
    for pid, wish in true.items():
        rank = {section: tier for tier, there in enumerate(wish.tiers, 1) for section in there}
        best = rank.get(outcome_of(round).seat.get((pid, SERIES_DAY)), 9)
        for tiers in lists:
            told = tuple(replace(r, tiers=tiers) if r is wish else r for r in round.requests)
            assert rank.get(outcome_of(replace(round, requests=told)).seat.get((pid, SERIES_DAY)), 9) >= best


def test_the_round_travels_through_json_with_its_teams():
    dice = random.Random(1)
    round = with_teams(a_week(dice, Rules()), dice)
    assert round_from(round_to(round)) == round


PART, OTHER = Section("t-1", 1, 2, kind=SERIES), Section("t-2", 2, 2, kind=SERIES)
TEAM = Section("0-t", SERIES_DAY, 2, kind=SERIES, parts=("t-1", "t-2"))
CARES = (Section("care-1", 1, 9, kind=CARE), Section("care-2", 2, 9, kind=CARE))
ASKS = (
    Request("ann", 0, (("0-t",),), any_place=False),
    Request("ann", 1, (), any_place=False),
    Request("ann", 2, (("care-2",),)),
)


def team_round(sections=(PART, OTHER, TEAM), requests=ASKS, mechanism="gsd"):
    return Round("r", Rules(mechanism), (*CARES, *sections), (Student("ann", "c", 1),), requests)


@pytest.mark.parametrize(
    ("round", "key"),
    [
        (team_round(sections=(PART, replace(OTHER, day=1), TEAM)), "series_parts_unfit"),
        (team_round(sections=(PART, replace(OTHER, cap=1), TEAM)), "series_parts_unfit"),
        (team_round(sections=(PART, replace(OTHER, grades=0b1), TEAM)), "series_parts_unfit"),
        (team_round(sections=(PART, OTHER, replace(TEAM, parts=("t-1", "none")))), "series_parts_unfit"),
        (team_round(sections=(PART, OTHER, TEAM, Section("t-3", 3, 2, kind=SERIES))), "series_malformed"),
        (team_round(sections=(PART, OTHER, replace(TEAM, kind="club"))), "series_malformed"),
        (team_round(requests=ASKS[:2]), "series_needs_its_days"),
        (team_round(requests=(replace(ASKS[0], any_place=True), *ASKS[1:])), "series_needs_its_days"),
        (team_round(requests=(*ASKS[:1], replace(ASKS[1], tiers=(("t-1",),)), ASKS[2])), "wish_for_closed_section"),
        (team_round(mechanism="mcf"), "series_not_here"),
    ],
)
def test_what_is_not_one_team_is_refused_in_words(round, key):
    assert key in {problem.key.partition(":")[2] for problem in round.check()}


def test_a_day_may_be_left_to_the_team_alone_and_who_does_not_win_it_has_nothing_there():
    assert team_round().check() == []
    full = team_round()
    rival = tuple(replace(r, pid="bo") for r in ASKS)
    sections = (replace(PART, cap=1), replace(OTHER, cap=1), replace(TEAM, cap=1))
    two = Round(
        "r", Rules(guarantee="flagged"), (*CARES, *sections), (*full.students, Student("bo", "c", 1)), (*ASKS, *rival)
    )
    assert two.check() == []
    outcome = outcome_of(two)
    (loser,) = {"ann", "bo"} - {pid for pid, day in outcome.seat if day == SERIES_DAY}
    assert (loser, 1) not in outcome.seat
    assert outcome.seat[loser, 2] == "care-2"
