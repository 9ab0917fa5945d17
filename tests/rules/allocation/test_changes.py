"""What is changed after the draw stands in the public record as a change: sealed, listed, and betraying nobody."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import replace
from datetime import date

import pytest

from kehou.rules.allocation import Change, Rules, allocate, numbers, seed, verify, with_changes
from kehou.rules.allocation.verifier import main
from tests.rules.allocation.test_privacy import scarce, with_flags
from tests.rules.allocation.test_record import a_week, drawn, mutations
from tests.rules.allocation.twin import ask

SEPTEMBER = date(2026, 9, 21)
OFFICE = "课后服务管理员"


def a_record() -> dict:
    return drawn(a_week(random.Random(3), Rules(), pupils=8))


def changed(record: dict) -> dict:
    """Return the record with three changes: out of a seat, into another one by hand, and a pupil who came later."""
    placed = [turn for turn in record["days"]["1"]["turns"] if turn[2]]
    pid, seat, care = placed[0][0], placed[0][2], placed[0][4]
    free = next(s[0] for s in record["sections"] if s[1] == 1 and s[0] not in (seat, *care))
    log = [
        Change(SEPTEMBER, "hand", pid, 1, seat, free, OFFICE, "与哥哥同组接送"),
        Change(SEPTEMBER, "left", placed[1][0], 1, placed[1][2], None, "家长"),
        Change(date(2026, 9, 28), "offer", "latecomer", 1, None, placed[1][2], "自动"),
    ]
    return json.loads(json.dumps(with_changes(record, log)))


@pytest.mark.clause("2.7.3-c")
def test_both_verifiers_accept_a_log_of_changes_and_list_it(tmp_path, capsys):
    before = a_record()
    record = changed(before)
    assert {name for name in record if record[name] != before[name]} == {"changes", "changes_seal"}
    assert verify(record) == []
    assert ask("verify", [[record]]) == [[]]
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    assert main([str(path)]) == 0
    said = capsys.readouterr().out
    (told,) = ask("changesOf", [[record]])
    for line, words in zip(record["changes"], told, strict=True):
        assert f"{line['n']} {line['on']} {line['kind']} {line['pid']}" in said
        assert line["on"] in words
        assert line["pid"] in words
    assert "与哥哥同组接送" in said
    assert "与哥哥同组接送" in told[0]


def test_no_line_can_be_altered_added_or_taken_out_unseen():
    record = changed(a_record())
    tampered = [(path, other) for path, other in mutations(record, ("changes", "changes_seal"))]
    assert len(tampered) > 60
    assert [path for path, other in tampered if not verify(other)] == []
    answers = ask("verify", [[other] for _, other in tampered])
    assert [path for (path, _), answer in zip(tampered, answers, strict=True) if not answer] == []


def test_a_log_begun_earlier_is_the_beginning_of_the_later_one():
    record = a_record()
    whole = changed(record)
    lines = [
        Change(date.fromisoformat(x["on"]), x["kind"], x["pid"], x["day"], x["from"], x["to"], x["by"], x["reason"])
        for x in whole["changes"]
    ]
    step = record
    for line in lines:
        step = with_changes(step, [line])
    assert step == whole


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"by": " "}, "role"),
        ({"reason": ""}, "says why"),
        ({"takes": "elsewhere"}, "no section"),
        ({"takes": "care2-0"}, "no section"),
        ({"on": date(2026, 9, 1)}, "comes after"),
    ],
)
def test_a_change_that_explains_nothing_is_refused(wrong, said):
    record = changed(a_record())
    right = Change(date(2026, 9, 30), "hand", "another", 1, None, "care1-0", OFFICE, "插班生")
    assert verify(with_changes(record, [right])) == []
    with pytest.raises(ValueError, match=said):
        with_changes(record, [replace(right, **wrong)])


def test_a_seat_cannot_be_taken_twice():
    record = changed(a_record())
    line = record["changes"][2]
    with pytest.raises(ValueError, match="already"):
        with_changes(record, [Change(date(2026, 9, 30), "offer", "latecomer", 1, None, line["to"], "自动")])


def test_a_kept_seat_that_was_accepted_in_confidence_is_not_in_the_log():
    round = with_flags(scarce(Rules(guarantee="auto")), {"p00", "p05", "p06", "p07"})
    key = seed(round.id, round.commitment().root, b"ssq:2026134:03-07-12-19-25-31+08")
    outcome = allocate(round, numbers(key, round.students, round.requests))
    record = outcome.to_record(beacon=b"ssq:2026134:03-07-12-19-25-31+08")
    (pid, day), kept = next(iter(outcome.offered.items()))
    accepted = Change(SEPTEMBER, "offer", pid, day, None, kept, "家长")
    assert with_changes(record, [accepted]) == record
    moved = replace(accepted, kind="cancelled", frees=kept, takes="club", by=OFFICE)
    (line,) = with_changes(record, [accepted, moved])["changes"]
    assert (line["from"], line["to"], line["kind"]) == (None, "club", "refill")
    assert with_changes(record, [accepted, replace(moved, kind="left", takes=None)]) == record


def test_a_record_whose_results_are_kept_back_takes_no_changes():
    round = with_flags(scarce(Rules(guarantee="flagged")), {"p00"})
    record = drawn(round)
    line = Change(SEPTEMBER, "hand", "p00", 1, None, "club", OFFICE, "插班生")
    assert with_changes(record, [line]) == record
    forced = copy.deepcopy(changed(a_record()))
    record |= {"changes": forced["changes"], "changes_seal": forced["changes_seal"]}
    assert verify(record)
    assert ask("verify", [[record]])[0]
