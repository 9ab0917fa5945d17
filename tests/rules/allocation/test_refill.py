"""Refill rounds: nobody loses, no seat is left that somebody wants, and who came last comes first."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.allocation import (
    CARE,
    Base,
    Change,
    Request,
    Round,
    Rules,
    Section,
    Standing,
    Student,
    allocate,
    numbers,
    refill,
    refill_request,
    refill_rules,
    refilled,
    seed,
    verify,
    verify_follows,
    with_changes,
)
from kehou.rules.allocation.follows import main
from kehou.rules.allocation.formats import Malformed, round_from, round_to
from kehou.rules.allocation.lottery import SCALE
from tests.rules.allocation.refills import DAYS, drawn_before, filled, refill_of, run
from tests.rules.allocation.test_record import mutations
from tests.rules.allocation.twin import ask

BEACON = b"ssq:2026140:03-07-12-19-25-31+08"
DICE = st.integers(0, 10**9).map(random.Random)


def a_refill(dice: random.Random, pupils: int = 12) -> Round:
    round = refill_of(drawn_before(dice, pupils), dice)
    assert round.check() == []
    return round


def wants(round: Round, pid: str, day: int, got: str | None) -> list[str]:
    """Return what a pupil likes better than what he got."""
    listed = [section for tier in round.requests_on[day][pid].tiers for section in tier]
    return listed[: listed.index(got)] if got in listed else listed


# --- properties -------------------------------------------------------------------------------------------------------


@given(DICE)
def test_nobody_loses_and_no_group_overflows(dice):
    round = a_refill(dice)
    outcome = run(round)
    for row in round.before:
        got = outcome.seat.get((row.pid, row.day))
        assert row.seat is None or (got is not None and row.seat not in wants(round, row.pid, row.day, got))
    assert all(n <= round.section[s].cap for s, n in filled(outcome).items())
    assert all(round.section[s].admits(round.student[pid]) for (pid, _), s in outcome.seat.items())


@given(DICE)
def test_no_free_seat_is_left_that_somebody_wants(dice):
    round = a_refill(dice)
    outcome = run(round)
    full = filled(outcome)
    for request in round.requests:
        for section in wants(round, request.pid, request.day, outcome.seat.get((request.pid, request.day))):
            assert full[section] == round.section[section].cap


@given(DICE)
def test_who_is_passed_over_has_a_later_number_or_no_right(dice):
    """No justified envy: whoever sits where another wants to be held the seat before, or has the earlier turn."""
    round = a_refill(dice)
    outcome = run(round)
    held = {(row.pid, row.day): row.seat for row in round.before}
    for request in round.requests:
        key = request.pid, request.day
        for section in wants(round, *key, outcome.seat.get(key)):
            for (pid, day), seat in outcome.seat.items():
                if seat == section and held[pid, day] != section:
                    assert outcome.numbers.position(pid, day) < outcome.numbers.position(*key)


@given(DICE)
def test_the_order_in_which_things_come_in_changes_nothing(dice):
    round = a_refill(dice)
    mixed = replace(
        round,
        sections=dice.sample(round.sections, len(round.sections)),
        students=dice.sample(round.students, len(round.students)),
        requests=dice.sample(round.requests, len(round.requests)),
        before=dice.sample(round.before, len(round.before)),
    )
    assert dict(run(mixed).seat) == dict(run(round).seat)
    assert mixed.commitment().root == round.commitment().root


@given(DICE)
def test_no_lie_pays(dice):
    """Strategy-proof: leaving out or turning round what one wants never gets a pupil more."""
    round = a_refill(dice, pupils=6)
    honest = run(round)
    for request in dice.sample(round.requests, min(4, len(round.requests))):
        key = request.pid, request.day
        row = next(one for one in round.before if (one.pid, one.day) == key)
        above = [section for (section,) in request.tiers if section != row.seat]
        lie = dice.sample(above, dice.randint(0, len(above)))
        if row.seat is None and not lie and not request.any_place:
            continue
        told = refill_request(*key, lie, seat=row.seat, any_place=request.any_place, hours=request.hours)
        others = [one for one in round.requests if one is not request]
        got = run(replace(round, requests=[*others, told])).seat.get(key)
        if got in above and honest.seat.get(key) in above:
            assert above.index(honest.seat[key]) <= above.index(got)
        else:
            assert honest.seat.get(key) in above or got not in above


@given(DICE)
def test_it_gives_the_seats_that_the_engine_function_gives(dice):
    """`refill` takes an outcome apart by itself; on strict lists without base care both are the same round."""
    dice_before = random.Random(dice.random())
    before = drawn_before(dice_before)
    strict = [replace(r, any_place=False) for r in before.round.requests]
    before = allocate(replace(before.round, requests=strict), before.numbers)
    gone = [(r.pid, r.day) for r in strict if dice.random() < 0.3]
    expected = refill(before, gone)
    asks = [r for r in strict if (r.pid, r.day) not in gone]
    requests = [
        refill_request(r.pid, r.day, wants(before.round, r.pid, r.day, seat), seat=seat)
        for r in asks
        for seat in [before.seat.get((r.pid, r.day))]
    ]
    rows = [Standing(r.pid, r.day, before.seat.get((r.pid, r.day)), before.numbers.value[r.day][r.pid]) for r in asks]
    round = replace(before.round, rules=refill_rules(), requests=requests, before=rows, base=Base("draw", "00"))
    assert dict(run(round).seat) == dict(expected.seat)


# --- numbers ----------------------------------------------------------------------------------------------------------


@given(DICE)
def test_numbers_are_turned_round_kept_or_new(dice):
    round = a_refill(dice)
    drawn = numbers(b"k", round.students, round.requests, rules=round.rules, before=round.before)
    fresh = numbers(b"k", round.students, round.requests, rules=Rules(siblings="off"))
    for row in round.before:
        expected = {None: fresh.value[row.day][row.pid]}.get(row.number, row.number)
        if row.number is not None and not row.keeps:
            expected = SCALE - 1 - row.number
        assert drawn.value[row.day][row.pid] == expected
        assert 0 <= expected < SCALE


def test_who_lost_his_group_keeps_his_good_number():
    """Number 1 of the draw lost his group; turned round he would come last, so his number stays."""
    sections = [Section("chess", 1, 1)]
    students = [Student(pid, "c", 1) for pid in "ab"]
    requests = [refill_request(pid, 1, ["chess"], seat=None, hours=7) for pid in "ab"]
    for keeps, winner in ((True, "a"), (False, "b")):
        rows = [Standing("a", 1, None, 5, keeps), Standing("b", 1, None, SCALE // 2)]
        round = Round("r", refill_rules(), sections, students, requests, before=rows, base=Base("d", "00"))
        assert dict(run(round).seat) == {(winner, 1): "chess"}


def test_over_two_hundred_draws_the_reversed_lottery_moves_fewer_for_the_same_service():
    """Feigenbaum et al. 2020. The same cancellations, the same newcomers, 200 draws: as many served, fewer moved."""
    moved, served = Counter(), Counter()
    for n in range(200):
        dice = random.Random(n)
        sections = [Section(f"s{k}", 1, 6) for k in range(8)]
        students = [Student(f"p{k:02}", "c", 1) for k in range(60)]
        requests = [Request(s.pid, 1, tuple((x.id,) for x in dice.sample(sections, 4)), False) for s in students]
        before = allocate(
            Round("r", Rules(minimum="report"), sections, students, requests),
            numbers(seed("r", "00", b"%d" % n), students, requests),
        )
        gone = {s.pid for s in dice.sample(students, 6)}
        for turned in (True, False):
            rows, asks = [], []
            for request in (r for r in requests if r.pid not in gone):
                seat, number = before.seat.get((request.pid, 1)), before.numbers.value[1][request.pid]
                above = wants(before.round, request.pid, 1, seat)
                rows.append(Standing(request.pid, 1, seat, number, keeps=not turned))
                asks.append(refill_request(request.pid, 1, above, seat=seat, hours=0))
            told = refilled(
                run(replace(before.round, rules=refill_rules(), requests=asks, before=rows, base=Base("r", "00")))
            )
            moved[turned] += told.moved
            served[turned] += told.served
    assert abs(served[True] - served[False]) <= 0.02 * served[False]
    assert moved[True] / served[True] < 0.8 * moved[False] / served[False]


# --- what may be drawn ------------------------------------------------------------------------------------------------


def spoilt(round: Round) -> dict[str, Round]:
    first = next(row for row in round.before if row.seat is not None)
    asks = {(r.pid, r.day): r for r in round.requests}
    loses = replace(asks[first.pid, first.day], tiers=((f"club0-{first.day}",),), any_place=True)
    others = [r for r in round.requests if (r.pid, r.day) != (first.pid, first.day)]
    return {
        "refill_rules_unfit": replace(round, base=None),
        "refill_rows_differ": replace(round, before=round.before[1:]),
        "refill_seat_not_last": replace(round, requests=[*others, loses]),
        "refill_number_unfit": replace(round, before=[replace(round.before[0], number=SCALE), *round.before[1:]]),
        "refill_more_holders": replace(
            round, sections=[replace(s, cap=1) for s in round.sections]
        ),
    }  # fmt: skip


def test_what_is_not_in_order_is_refused_in_words():
    dice = random.Random(8)
    round = refill_of(drawn_before(dice, 20, seats=4), dice)
    assert max(filled(run(round)).values()) > 1 and not round.check()
    for why, wrong in spoilt(round).items():
        assert why in {problem.why for problem in wrong.check()}
    assert "refill_rules_unfit" in {p.why for p in replace(round, rules=Rules(lottery="reversed")).check()}
    assert "refill_rules_unfit" in {p.why for p in replace(round, rules=Rules("da")).check()}


def test_a_refill_round_survives_its_file():
    round = a_refill(random.Random(4))
    source = json.loads(json.dumps(round_to(round)))
    assert round_from(source) == round
    source["before"][0]["number"] = 7
    with pytest.raises(Malformed, match=r"before\[0\].number"):
        round_from(source)


# --- the record -------------------------------------------------------------------------------------------------------


def recorded(dice: random.Random, pupils: int = 12) -> tuple[dict, dict]:
    """Return the records of a draw with a change or two in its log, and of the refill round after it."""
    before = drawn_before(dice, pupils)
    draw = before.to_record(seed=b"0" * 32)
    held = dict(before.seat)
    clubs = {s.id for s in before.round.sections if s.kind != CARE}
    left = dice.sample(sorted(key for key, seat in held.items() if seat in clubs), 3)
    kinds = ["left", "cancelled", "left"]
    changes = [
        Change(date(2026, 9, 21), kind, pid, day, held[pid, day], None, "家长")  # type: ignore[arg-type]
        for kind, (pid, day) in zip(kinds, left, strict=True)
    ]
    draw = with_changes(draw, changes)
    base = Base(draw["head"][1], draw["root"], 3, draw["changes_seal"])
    lost = {key for kind, key in zip(kinds, left, strict=True) if kind == "cancelled"}
    round = refill_of(before, dice, gone=0, base=base, randomness="ssq:2026140")
    rows = [
        replace(row, seat=None if (row.pid, row.day) in left else row.seat, keeps=(row.pid, row.day) in lost)
        for row in round.before
    ]
    gone = [row for row in rows if (row.pid, row.day) in left]
    requests = [r for r in round.requests if (r.pid, r.day) not in left]
    requests += [refill_request(row.pid, row.day, [f"club0-{row.day}"], seat=None, hours=3) for row in gone]
    round = replace(round, before=rows, requests=requests)
    assert round.check() == []
    key = seed(round.id, round.commitment().root, BEACON)
    later = with_changes(draw, [Change(date(2026, 10, 12), "left", *_still(rows), None, "家长")])
    return json.loads(json.dumps(run(round, key).to_record(beacon=BEACON))), json.loads(json.dumps(later))


def _still(rows: list[Standing]) -> tuple[str, int, str]:
    row = next(row for row in rows if row.seat is not None)
    return row.pid, row.day, row.seat or ""


def test_both_verifiers_accept_a_refill_round_and_see_that_it_follows_from_the_draw(tmp_path, capsys):
    pairs = [recorded(random.Random(n)) for n in range(12)]
    assert [verify(refill) for refill, _ in pairs] == [[]] * 12
    assert [verify_follows(*pair) for pair in pairs] == [[]] * 12
    assert ask("verify", [[refill] for refill, _ in pairs]) == [[]] * 12
    assert ask("verifyFollows", [list(pair) for pair in pairs]) == [[]] * 12
    paths = [tmp_path / "refill.json", tmp_path / "draw.json"]
    for path, record in zip(paths, pairs[0], strict=True):
        path.write_text(json.dumps(record), encoding="utf-8")
    assert main([str(path) for path in paths]) == 0 and "RIGHT" in capsys.readouterr().out
    assert main([str(path) for path in reversed(paths)]) == 1
    assert main([]) == 2 and main(["nowhere", "nowhere"]) == 2


@pytest.mark.clause("2.7.3-c")
def test_every_change_of_one_field_of_a_refill_round_is_rejected_by_both():
    refill, _ = recorded(random.Random(3), pupils=6)
    tampered = list(mutations(refill))
    assert len(tampered) > 1000
    assert [path for path, changed in tampered if not verify(changed)] == []
    answers = ask("verify", [[changed] for _, changed in tampered])
    assert [path for (path, _), answer in zip(tampered, answers, strict=True) if not answer] == []


def committed_anew(refill: dict) -> dict:
    """Return a record whose hashes are made to fit again: what a school could do that lies before it commits."""
    import hashlib

    from kehou.rules.allocation.commitment import text

    made = copy.deepcopy(refill)
    made["head"][6] = hashlib.sha256(text(made["before"])).hexdigest()
    return made


def test_what_only_the_draw_before_can_show_is_shown_by_it():
    """A school that commits to other seats, other numbers or fewer holders is found out beside the draw's record."""
    refill, draw = recorded(random.Random(5))
    rows = refill["before"]
    held = next(n for n, row in enumerate(rows) if row[2] is not None)
    lies = {
        "number": (held, 3, str(int(rows[held][3] or "0") + 1)),
        "keeps": (held, 4, not rows[held][4]),
        "seat": (held, 2, None),
    }
    found = []
    for place, field, value in lies.values():
        lie = committed_anew(refill)
        lie["before"][place][field] = value
        found.append(lie)
    without = copy.deepcopy(refill)
    del without["before"][held]
    other = copy.deepcopy(refill)
    other["head"][9][2] = 2
    found += [without, other]
    assert [bool(verify_follows(lie, draw)) for lie in found] == [True] * 5
    assert [bool(answer) for answer in ask("verifyFollows", [[lie, draw] for lie in found])] == [True] * 5
    altered = copy.deepcopy(draw)
    altered["changes"][0]["by"] = "别人"
    assert verify_follows(refill, altered) and ask("verifyFollows", [[refill, altered]])[0]
    assert verify_follows({}, draw) and ask("verifyFollows", [[{}, draw]])[0]


def test_the_formats_are_not_mistaken_for_each_other():
    refill, draw = recorded(random.Random(1))
    for record, name in ((refill, "sunlot-record-1"), (draw, "sunlot-refill-1")):
        wrong = {**record, "format": name}
        assert verify(wrong) and ask("verify", [[wrong]])[0]


def test_a_list_that_does_not_end_at_the_seat_is_rejected_though_everything_fits():
    """The school commits to a list without the holder's own seat: hashes and replay agree, and yet he may lose it."""
    sections = [Section("a", 1, 1), Section("b", 1, 1)]
    students = [Student("p", "c", 1), Student("q", "c", 1)]
    requests = [Request("p", 1, (("b",),), False, 7), refill_request("q", 1, ["a", "b"], seat=None, hours=7)]
    rows = [Standing("p", 1, "a", 9), Standing("q", 1, None, SCALE - 2)]
    round = Round("r", refill_rules(), sections, students, requests, before=rows, base=Base("d", "00"))
    record = json.loads(json.dumps(run(round).to_record(seed=b"1" * 32)))
    assert any("may lose" in why for why in verify(record))
    assert any("可能失去" in one["why"] for one in ask("verify", [[record]])[0])


def test_counts_tell_who_moved_and_who_was_served():
    round = a_refill(random.Random(11))
    told = refilled(run(round))
    asking = sum(len(r.tiers) > (row.seat is not None) or r.any_place for r, row in _paired(round))
    assert told.asked == asking == told.moved + told.served + told.unchanged
    assert {row.day for row in round.before} <= set(DAYS)


def _paired(round: Round) -> list[tuple[Request, Standing]]:
    rows = {(row.pid, row.day): row for row in round.before}
    return [(request, rows[request.pid, request.day]) for request in round.requests]
