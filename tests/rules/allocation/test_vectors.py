"""The test vectors by which a third party can write another verifier; KEHOU_WRITE_VECTORS=1 writes them anew."""

from __future__ import annotations

import copy
import json
import os
import random
from dataclasses import replace
from pathlib import Path

from kehou.rules.allocation import (
    Numbers,
    Round,
    Rules,
    allocate,
    numbers,
    seed,
    verify,
    verify_follows,
    verify_receipt,
)
from kehou.rules.allocation.commitment import leaf_hash
from kehou.rules.allocation.formats import round_from, round_to
from kehou.rules.allocation.lottery import Mac
from kehou.rules.allocation.verifier import numbers_of
from tests.rules.allocation.refills import drawn_before, refill_of
from tests.rules.allocation.test_record import a_week
from tests.rules.allocation.twin import ask

PATH = Path(__file__).resolve().parents[3] / "docs" / "reference" / "draw-vectors.json"
BEACON = "ssq:2026134:03-07-12-19-25-31+08"


def written(drawn: Numbers) -> dict[str, dict[str, str]]:
    return {str(day): {pid: str(u) for pid, u in sorted(there.items())} for day, there in sorted(drawn.value.items())}


def one_vector(name: str, rules: Rules, key: int) -> dict:
    """Return a whole round from applications to record, with every step in between."""
    return vector_of(name, a_week(random.Random(key), rules, pupils=8, randomness="ssq:2026134"))


def refill_vector() -> dict:
    """Return a refill round in the same form, with the record of the draw before it."""
    dice = random.Random(7)
    before = drawn_before(dice, 8)
    round = refill_of(before, dice, gone=0, randomness="ssq:2026134")
    round = replace(round, before=[replace(row, keeps=False) for row in round.before])
    return {**vector_of("refill", round), "draw": before.to_record(seed=bytes(range(32)))}


def vector_of(name: str, round: Round) -> dict:
    """Return one round with every step of its draw."""
    commitment = round.commitment()
    drawn_from = seed(round.id, commitment.root, BEACON.encode())
    mac = Mac(drawn_from)
    drawn = numbers(drawn_from, round.students, round.requests, rules=round.rules, before=round.before)
    record = allocate(round, drawn).to_record(beacon=BEACON.encode())
    pid = record["pupils"][2][0]
    return {
        "name": name,
        "round": round_to(round),
        "leaf_0": leaf_hash(commitment.head).hex(),
        "leaf_3": leaf_hash(record["pupils"][2]).hex(),
        "root": commitment.root,
        "receipt_3": commitment.receipt(pid).to_dict(),
        "beacon": BEACON,
        "seed": drawn_from.hex(),
        "mac": {text: mac(text).hex() for text in (f"{pid}|1", f"{pid}|1|v")},
        "numbers": written(drawn),
        "record": record,
    }


def vectors() -> dict:
    """Return all vectors."""
    kinds = [Rules(), Rules(guarantee="block"), Rules("da"), Rules(lottery="independent"), Rules(lottery="single")]
    names = ["everyone", "block", "priorities", "independent", "single"]
    return {
        "protocol": "sunlot-v1",
        "vectors": [
            *(one_vector(name, rules, key) for key, (name, rules) in enumerate(zip(names, kinds, strict=True))),
            refill_vector(),
        ],
    }


def test_the_published_vectors_are_what_the_engine_gives():
    found = json.loads(json.dumps(vectors()))
    if os.environ.get("KEHOU_WRITE_VECTORS"):
        PATH.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    assert json.loads(PATH.read_text(encoding="utf-8")) == found


def test_both_verifiers_give_the_published_values():
    published = json.loads(PATH.read_text(encoding="utf-8"))["vectors"]
    for vector in published:
        record, lottery = vector["record"], vector["round"]["rules"]["lottery"]
        assert verify(record) == []
        assert verify_receipt(record, vector["receipt_3"]) == []
        theirs = numbers_of(bytes.fromhex(vector["seed"]), record["pupils"], lottery, record.get("before", ()))
        assert written(Numbers(theirs)) == vector["numbers"]
        assert round_to(round_from(vector["round"])) == vector["round"]
    assert ask("verify", [[v["record"]] for v in published]) == [[]] * len(published)
    assert ask("verifyReceipt", [[v["record"], v["receipt_3"]] for v in published]) == [[]] * len(published)
    records = [v["record"] for v in published]
    drawn = ask(
        "numbersOf",
        [
            [v["seed"], r["pupils"], r["head"][2][1], r.get("before", [])]
            for v, r in zip(published, records, strict=True)
        ],
    )
    assert drawn == [v["numbers"] for v in published]
    refill = next(v for v in published if v["name"] == "refill")
    assert verify_follows(refill["record"], refill["draw"]) == []
    assert ask("verifyFollows", [[refill["record"], refill["draw"]]]) == [[]]


def test_a_published_record_with_one_seat_exchanged_is_caught_by_both():
    record = copy.deepcopy(json.loads(PATH.read_text(encoding="utf-8"))["vectors"][0]["record"])
    turns = record["days"]["1"]["turns"]
    turns[0][2], turns[1][2] = turns[1][2], turns[0][2]
    assert verify(record)
    assert ask("verify", [[record]])[0]
