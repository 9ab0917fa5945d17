"""The public record: both verifiers accept what the engine made and reject whatever differs from it."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.allocation import CARE, Request, Round, Rules, Section, Student, allocate, numbers, seed
from kehou.rules.allocation.formats import Malformed, round_from, round_to
from kehou.rules.allocation.randomness import sealed_word
from kehou.rules.allocation.verifier import verify, verify_receipt
from tests.rules.allocation.rounds import rounds
from tests.rules.allocation.twin import ask


def drawn(round: Round, beacon: bytes = b"ssq:2026134:03-07-12-19-25-31+08", **more) -> dict:
    """Return the record of a round as it looks after a journey through JSON."""
    key = seed(round.id, round.commitment().root, beacon, more.get("reveals", ()))
    outcome = allocate(round, numbers(key, round.students, round.requests, rules=round.rules))
    return json.loads(json.dumps(outcome.to_record(beacon=beacon, **more)))


def a_week(dice: random.Random, rules: Rules, pupils: int = 14, **more) -> Round:
    """Return a round of two days with everything in it: ties, care, siblings, minimum sizes, hours, two campuses."""
    sections = [
        Section(f"club{n}-{d}", d, dice.randint(1, 4), dice.randint(0, 1) * 2, 0b1 << n % 3)
        for n in range(4)
        for d in (1, 2)
    ]
    sections = [Section(s.id, s.day, max(s.cap, s.min), s.min, s.hours, fee=n % 2) for n, s in enumerate(sections)]
    sections += [Section(f"care{d}-{h}", d, pupils, hours=1 << h, kind=CARE) for d in (1, 2) for h in (0, 1)]
    students = [
        Student(
            f"{dice.getrandbits(40):010x}",
            f"c{dice.randint(0, 1)}",
            dice.randint(1, 9),
            f"fam{n // 2}" if n < 6 else None,
            n % 3 == 0,
        )
        for n in range(pupils)
    ]
    requests = []
    for student in students:
        for day in (1, 2):
            listed = dice.sample([s.id for s in sections if s.day == day and s.kind != CARE], dice.randint(1, 4))
            cut = dice.randint(1, len(listed))
            tiers = tuple(tuple(part) for part in (listed[:cut], listed[cut:]) if part)
            requests.append(Request(student.pid, day, tiers, dice.random() < 0.7, dice.choice((0b11, 0b111))))
    return Round("week", rules, sections, students, requests, **more)


RULES = [
    Rules(),
    Rules(guarantee="block"),
    Rules(guarantee="block", minimum="report", lottery="independent"),
    Rules(guarantee="everyone", lottery="single", siblings="off"),
]


def test_both_verifiers_accept_what_the_engine_made():
    records = [drawn(a_week(random.Random(n), rules)) for rules in RULES for n in range(12)]
    assert [verify(record) for record in records] == [[] for _ in records]
    assert ask("verify", [[record] for record in records]) == [[] for _ in records]


def test_the_bureaus_record_of_a_flagged_round_is_accepted_and_the_public_one_holds_no_results():
    for n in range(12):
        round = a_week(random.Random(n), Rules(guarantee="flagged"), salt="5a17")
        full, public = drawn(round, for_bureau=True), drawn(round)
        assert verify(full) == [] == verify(public)
        assert (public["days"], "sealed" in public) == (None, False)
        assert ask("verify", [[full], [public]]) == [[], []]
        full["sealed"]["flags"][0][1] ^= True
        assert verify(full)
        assert ask("verify", [[full]])[0]


@given(rounds(pupils=8, sections=4, guarantee=True, rules=Rules(), minimum=2))
def test_the_verifier_accepts_every_small_round(round):
    if not round.check():
        assert verify(drawn(round)) == []


# --- mutations --------------------------------------------------------------------------------------------------------


def places(value, path=()):
    """Yield the path of every value inside a record."""
    yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def mutations(record, within=()):
    """Yield records that differ from `record` in one field: another value, one entry dropped, doubled or moved.

    `within` names the fields to change at the top; all of them if it is empty.
    """
    words = sorted({value for path in places(record) if isinstance(value := at(record, path), str)})
    for path in places(record):
        if not path or (within and path[0] not in within):
            continue
        old = at(record, path)
        for new in others(old, words):
            changed = copy.deepcopy(record)
            at(changed, path[:-1])[path[-1]] = new
            yield path, changed


def others(old, words):
    """Return values near to or like `old` but different."""
    if isinstance(old, bool):
        return [not old]
    if isinstance(old, int):
        return [old + 1, old - 1, None]
    if old is None:
        return [0, 1, words[len(words) // 2]]
    if isinstance(old, str):
        digit = [str(int(old) + 1)] if old.isdigit() else []
        place = words.index(old)
        return [old + "0", None, *digit, words[place - 1], words[(place + 7) % len(words)]]
    if isinstance(old, list) and old:
        swapped = [[old[1], old[0], *old[2:]]] if len(old) > 1 and old[0] != old[1] else []
        return [old[1:], old[:-1], [*old, old[-1]], *swapped]
    return [{}] if isinstance(old, dict) and old else [["x"]] if isinstance(old, list) else []


MUTATED = {
    "everyone": Rules(),
    "block": Rules(guarantee="block"),
    "flagged": Rules(guarantee="flagged"),
    "priorities": Rules("da"),
    "single": Rules(lottery="single", siblings="off", minimum="report"),
}


@pytest.mark.clause("2.7.3-c")
@pytest.mark.parametrize("rules", MUTATED.values(), ids=MUTATED)
def test_every_change_of_one_field_is_rejected_by_both(rules):
    round = a_week(random.Random(3), rules, pupils=6, salt="5a17")
    if rules.mechanism == "da":
        classes = {s.id: {p.pid: n % 3 for n, p in enumerate(round.students)} for s in round.sections[:3]}
        round = replace(round, priorities=classes, reserved={s.id: n % 2 for n, s in enumerate(round.sections[:3])})
    record = drawn(round, for_bureau=rules.guarantee == "flagged")
    tampered = list(mutations(record))
    assert len(tampered) > 1000
    unseen = [path for path, changed in tampered if not verify(changed)]
    assert unseen == []
    answers = ask("verify", [[changed] for _, changed in tampered])
    assert [path for (path, _), answer in zip(tampered, answers, strict=True) if not answer] == []


def test_a_day_on_which_nobody_asks_for_anything_is_in_order():
    round = a_week(random.Random(1), Rules())
    round = Round(round.id, round.rules, [*round.sections, Section("lonely", 3, 5, 2)], round.students, round.requests)
    record = drawn(round)
    assert record["days"]["3"]["turns"] == []
    assert (verify(record), ask("verify", [[record]])) == ([], [[]])


def test_a_record_made_with_other_numbers_is_rejected():
    round = a_week(random.Random(1), Rules())
    other = numbers(b"another seed", round.students, round.requests)
    record = allocate(round, other).to_record(beacon=b"ssq:2026134:03-07-12-19-25-31+08")
    assert verify(record)


def test_the_named_randomness_binds():
    words = [f"witness {n}" for n in range(3)]
    named = ",".join(["ssq:2026134", *map(sealed_word, words)])
    round = a_week(random.Random(1), Rules(), randomness=named)
    reveals = [word.encode() for word in words]
    right = drawn(round, reveals=reveals)
    later = drawn(round, b"ssq:2026135:03-07-12-19-25-31+08", reveals=reveals)
    exchanged = drawn(round, reveals=[reveals[1], reveals[0], reveals[2]])
    silent = drawn(round, reveals=reveals[:2])
    answers = [verify(record) for record in (right, later, exchanged, silent)]
    assert [bool(answer) for answer in answers] == [False, True, True, True]
    assert [bool(a) for a in ask("verify", [[r] for r in (right, later, exchanged, silent)])] == [
        False,
        True,
        True,
        True,
    ]


# --- receipts ---------------------------------------------------------------------------------------------------------


@given(st.integers(1, 40))
def test_every_receipt_leads_to_the_root_and_no_other_leaf_does(pupils):
    section = Section("s", 1, 5)
    students = [Student(f"p{n:02}", "c", 1) for n in range(pupils)]
    round = Round("r", Rules(), [section], students, [Request(s.pid, 1, (("s",),)) for s in students])
    commitment = round.commitment()
    for student in students:
        receipt = commitment.receipt(student.pid)
        assert receipt.verify(commitment.root)
        forged = copy.replace(receipt, leaf=["x"]) if hasattr(copy, "replace") else None
        assert forged is None or not forged.verify(commitment.root)
    assert not receipt.verify("00" * 32)


def test_a_receipt_shows_a_changed_or_missing_application():
    round = a_week(random.Random(5), Rules())
    record, pid = drawn(round), round.students[4].pid
    receipt = json.loads(json.dumps(round.commitment().receipt(pid).to_dict()))
    changed = copy.deepcopy(receipt)
    changed["leaf"][4][0][2] ^= True
    without = Round(round.id, round.rules, round.sections, round.students, [r for r in round.requests if r.pid != pid])
    pairs = [[record, receipt], [record, changed], [drawn(without), receipt], [record, {}]]
    assert [bool(verify_receipt(*pair)) for pair in pairs] == [False, True, True, True]
    assert [bool(answer) for answer in ask("verifyReceipt", pairs)] == [False, True, True, True]


def test_the_twin_hashes_like_everybody():
    texts = ["", "abc", "课后" * 40, "x" * 55, "x" * 56, "x" * 64, "x" * 1000]
    assert ask("sha256", [[text] for text in texts]) == [hashlib.sha256(text.encode()).hexdigest() for text in texts]


# --- the format -------------------------------------------------------------------------------------------------------


def test_a_round_survives_its_file():
    round = a_week(random.Random(2), Rules(), salt="s", randomness="dlt:26134")
    assert round_from(json.loads(json.dumps(round_to(round)))) == round


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (lambda r: r.pop("sections"), "sections"),
        (lambda r: r["students"][0].pop("grade"), "students[0]"),
        (lambda r: r["sections"][1].update(cap="many"), "sections[1].cap"),
        (lambda r: r["requests"][2].update(tiers=["a"]), "requests[2].tiers"),
        (lambda r: r["rules"].update(mechanism="fastest"), "rules.mechanism"),
        (lambda r: r["sections"][0].update(colour="red"), "colour"),
        (lambda r: r.update(format="sunlot-round-2"), "sunlot-round-2"),
    ],
)
def test_a_damaged_file_is_refused_with_the_place(damage, place):
    source = json.loads(json.dumps(round_to(a_week(random.Random(2), Rules()))))
    damage(source)
    with pytest.raises(Malformed) as refused:
        round_from(source)
    assert place in str(refused.value)
