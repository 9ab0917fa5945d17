"""Who is protected cannot be read from what is published (protocol, section 7, point 5)."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kehou.rules.allocation import CARE, Request, Round, Rules, Section, Student, allocate, numbers, seed
from tests.rules.allocation.rounds import rounds

BEACON = b"ssq:2026134:03-07-12-19-25-31+08"


def published(round: Round) -> str:
    """Return everything the public sees of a round, before and after the draw."""
    commitment = round.commitment()
    key = seed(round.id, commitment.root, BEACON)
    outcome = allocate(round, numbers(key, round.students, round.requests, rules=round.rules))
    receipts = [commitment.receipt(r.pid).to_dict() for r in round.requests]
    return json.dumps([outcome.to_record(beacon=BEACON), receipts, outcome.cutoffs, outcome.waiting])


def with_flags(round: Round, flagged: set[str]) -> Round:
    students = [replace(s, guaranteed=s.pid in flagged, groups=5 if s.pid in flagged else 0) for s in round.students]
    return Round(round.id, round.rules, round.sections, students, round.requests, round.randomness)


def scarce(rules: Rules, pupils: int = 12) -> Round:
    """Return a round with too few seats for all, so that a guarantee has something to do."""
    sections = [Section("club", 1, 3), Section("care", 1, 5, kind=CARE)]
    students = [Student(f"p{n:02}", "c", 1 + n % 2) for n in range(pupils)]
    requests = [Request(s.pid, 1, (("club",),), n % 3 > 0) for n, s in enumerate(students)]
    return Round("r", rules, sections, students, requests)


@pytest.mark.clause("2.1-f")
def test_where_all_fit_the_public_record_does_not_depend_on_who_is_protected():
    round = scarce(Rules(), pupils=8)
    dice = random.Random(1)
    sets = [set(dice.sample([s.pid for s in round.students], k)) for k in range(1, 9) for _ in range(4)]
    assert len({published(with_flags(round, flagged)) for flagged in sets}) == 1
    assert with_flags(round, sets[0]).guarantee == "everyone"


@given(rounds(pupils=8, sections=4, seats=5, rules=Rules(guarantee="block")), st.randoms(use_true_random=False))
def test_where_seats_are_scarce_only_the_number_of_kept_seats_shows(round, dice):
    classes: dict[tuple[str, int], list[str]] = {}
    for request in round.requests:
        student = round.student[request.pid]
        classes.setdefault((student.campus, student.grade), []).append(student.pid)
    sizes = {klass: dice.randint(0, len(pids)) for klass, pids in classes.items()}
    flags = [{p for klass, pids in classes.items() for p in dice.sample(pids, sizes[klass])} for _ in range(3)]
    marked = [with_flags(round, flagged) for flagged in flags]
    assume(any(flags) and not marked[0].check())
    assert len({published(round) for round in marked}) == 1


def test_kept_seats_go_to_the_protected_and_are_offered_in_confidence():
    round = with_flags(scarce(Rules(guarantee="auto")), {"p00", "p05", "p06", "p07"})
    assert (round.check(), round.guarantee) == ([], "block")
    outcome = allocate(round, numbers(b"seed", round.students, round.requests))
    assert outcome.days[1].aside == {"care": 4}
    for pid in ("p00", "p05", "p06", "p07"):
        assert ((pid, 1) in outcome.seat) != ((pid, 1) in outcome.offered)
    assert set(outcome.offered.values()) <= {"care"}
    assert {pid for pid, _ in outcome.offered} <= {"p00", "p05", "p06", "p07"}


def test_a_draw_that_keeps_places_inside_would_betray_them_so_its_public_record_has_no_results():
    round = scarce(Rules(guarantee="flagged"))
    first, second = with_flags(round, {"p00", "p02"}), with_flags(round, {"p04", "p06"})
    drawn = [allocate(r, numbers(b"seed", r.students, r.requests)) for r in (first, second)]
    assert dict(drawn[0].seat) != dict(drawn[1].seat)  # the results alone would tell
    records = [json.dumps(outcome.to_record(seed=b"seed")) for outcome in drawn]
    assert records[0] == records[1]
    assert '"days": null' in records[0]


def test_names_groups_and_flags_are_nowhere_in_the_public_record():
    round = with_flags(scarce(Rules(), pupils=8), {"p03"})
    record = allocate(round, numbers(b"seed", round.students, round.requests)).to_record(seed=b"seed")
    assert set(record) == {
        "format",
        "head",
        "root",
        "leaves",
        "randomness",
        "seed",
        "sections",
        "pupils",
        "days",
        "changes",
        "changes_seal",
    }
    assert [len(row) for row in record["pupils"]] == [5] * 8
    assert [len(turn) for turn in record["days"]["1"]["turns"]] == [5] * 8


def test_the_sealed_list_cannot_be_guessed_without_the_salt_but_can_be_opened_with_it():
    round = scarce(Rules(guarantee="block"))
    one, two = (replace(with_flags(round, {"p01"}), salt=salt) for salt in ("5a17", "c0de"))
    assert one.commitment().sealed != two.commitment().sealed
    assert replace(one, salt="").commitment().sealed is None
