"""Bad input is refused in words, all of it at once, before anything is drawn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given

from kehou.rules.allocation import CARE, SERIES, Request, Round, Rules, Section, Student, allocate, numbers
from kehou.rules.allocation.__main__ import main
from kehou.rules.allocation.coverage import shortage
from kehou.rules.allocation.formats import round_to
from kehou.rules.allocation.randomness import refusal_to_draw, refusal_to_name, sealed_word
from kehou.rules.sentences import SENTENCES, say
from tests.rules.allocation.rounds import DAY, rounds

ONE = Round("r", Rules(), [Section("s", 1, 1)], [Student("p", "c", 1)], [Request("p", 1, (("s",),))])


def whys(round: Round) -> list[str]:
    """Return the reasons of a refusal, each of which must be sayable."""
    problems = round.check()
    assert all(say(problem) for problem in problems)
    return [problem.why for problem in problems]


def test_one_pupil_and_one_seat_are_a_draw():
    assert whys(ONE) == []
    assert allocate(ONE, numbers(b"x", ONE.students, ONE.requests)).seat["p", 1] == "s"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"requests": ()}, "no_requests"),
        ({"sections": ()}, "no_sections"),
        ({"id": "a|b"}, "round_id_unfit"),
        ({"rules": Rules(version="sunlot-v0")}, "rules_version_unknown"),
        ({"sections": [Section("s", 1, 0)]}, "section_without_seats"),
        ({"sections": [Section("s", 1, 2, 3)]}, "minimum_above_seats"),
        ({"sections": [Section("s", 1, 1, hours=0)]}, "section_malformed"),
        ({"sections": [Section("s", 1, 1)] * 2}, "section_twice"),
        ({"students": [Student("p", "c", 1)] * 2}, "pupil_twice"),
        ({"students": [Student("p", "c", 10)]}, "grade_unknown"),
        ({"students": [Student("q", "c", 1)]}, "pupil_unknown"),
        ({"students": [Student("p", "c c", 1)]}, "id_unfit"),
        ({"students": [Student("p", "c", 1, "q"), Student("q", "c", 1)]}, "family_is_a_pupil"),
        ({"requests": [Request("p", 1, (("s",),))] * 2}, "request_twice"),
        ({"requests": [Request("p", 1, (("closed",),))]}, "wish_for_closed_section"),
        ({"requests": [Request("p", 1, (("s",),)), Request("p", 2, (("s",),))]}, "wish_for_closed_section"),
        ({"requests": [Request("p", 1, (("s",), ("s",)))]}, "wished_twice"),
        ({"requests": [Request("p", 1, ((),))]}, "empty_tier"),
        ({"requests": [Request("p", 1, (), any_place=False)]}, "nothing_wished"),
        ({"requests": [Request("p", 1, (("s",),), hours=8)]}, "hours_malformed"),
        ({"sections": [Section("s", 1, 1, grades=0b10)]}, "wish_not_open_to_pupil"),
        ({"sections": [Section("s", 1, 1, campuses=frozenset({"d"}))]}, "wish_not_open_to_pupil"),
        ({"requests": [Request("p", day, ()) for day in range(1, 8)]}, "too_many_days"),
        ({"randomness": "coin:3"}, "beacon_unknown_kind"),
        ({"randomness": "ssq:26134"}, "beacon_malformed"),
    ],
)
def test_it_names_what_is_not_in_order(change, why):
    assert why in whys(replace(ONE, **change))


def test_it_names_everything_at_once():
    bad = replace(ONE, sections=[Section("s", 1, 0)], students=[Student("p", "c", 10)], id="")
    assert {"section_without_seats", "grade_unknown", "round_id_unfit"} <= set(whys(bad))


@pytest.mark.clause("2.1-f")
def test_a_shortage_of_kept_places_names_campus_grades_and_seats():
    sections = [Section("care", 1, 2, grades=0b11, kind=CARE), Section("chess", 1, 9, grades=0b1100)]
    students = [Student(f"p{n}", "east", 1 + n % 4, guaranteed=True) for n in range(8)]
    round = Round("r", Rules(), sections, students, [Request(s.pid, 1, ()) for s in students])
    (problem,) = round.check()
    assert dict(problem.facts) == {
        "day": 1,
        "campuses": "east",
        "grades": "1、2",
        "pupils": 4,
        "seats": 2,
        "missing": 2,
    }
    assert "还缺2个" in say(problem)


@given(rounds(pupils=10, sections=4, guarantee=True))
def test_a_shortage_is_a_true_hall_violator(round):
    students = [s for s in round.students if s.guaranteed]
    short = shortage(round.sections, DAY, students)
    if short is None:
        return
    grades = set(short.grades)
    caught = [s for s in students if s.grade in grades]
    reached = {x.id for x in round.sections if any(x.admits(s) for s in caught)}
    assert short.pupils == len(caught)
    assert short.seats == sum(s.cap for s in round.sections if s.id in reached)
    assert short.missing > 0


def test_every_sentence_can_be_reached_by_a_refusal():
    ours = {key for key in SENTENCES if key.partition(":")[0] in ("R-ALLOC-02", "R-GRP-01", "R-PRIO-01")}
    assert "R-PRIO-01:guarantee_short_of_seats" in ours


def test_numbers_of_other_requests_are_refused():
    with pytest.raises(ValueError, match="not those of its requests"):
        allocate(ONE, numbers(b"x", [Student("q", "c", 1)], [Request("q", 1, (("s",),))]))


# --- randomness -------------------------------------------------------------------------------------------------------

WORDS = ("481-jade", "902-river", "117-pine")
WITNESSES = ",".join(map(sealed_word, WORDS))


@pytest.mark.parametrize("named", ["", "ssq:2026134", "ssq:2026134,dlt:26134", "drand:quicknet:15000000", WITNESSES])
def test_randomness_that_can_be_named(named):
    assert refusal_to_name(named) is None


@pytest.mark.parametrize(
    "named", ["ssq", "ssq:1", "drand:other:5", ",".join(map(sealed_word, WORDS[:2])), "ssq:2026134,"]
)
def test_randomness_that_cannot_be_named(named):
    assert say(refusal_to_name(named))


@pytest.mark.parametrize(
    ("named", "beacon", "reveals"),
    [
        ("ssq:2026134", "ssq:2026134:03-07-12-19-25-31+08", ()),
        ("ssq:2026134,dlt:26134", "ssq:2026134:03-07-12-19-25-31+08,dlt:26134:05-11-17-22-35+03-09", ()),
        ("drand:quicknet:15", "drand:quicknet:15:" + "0f" * 32, ()),
        (WITNESSES, "ceremony", WORDS),
        (f"ssq:2026134,{WITNESSES}", "ssq:2026134:03-07-12-19-25-31+08", WORDS),
    ],
)
def test_results_of_what_was_named(named, beacon, reveals):
    assert refusal_to_draw(named, beacon, reveals) is None


@pytest.mark.parametrize(
    ("named", "beacon", "reveals"),
    [
        ("ssq:2026134", "ssq:2026135:03-07-12-19-25-31+08", ()),
        ("ssq:2026134", "ssq:2026134:03-07-12-19-25-34+08", ()),
        ("ssq:2026134", "ssq:2026134:03-07-12-19-31-25+08", ()),
        ("ssq:2026134", "ssq:2026134:03-07-12-19-25-25+08", ()),
        ("ssq:2026134", "ssq:2026134:03-07-12-19-25-31+17", ()),
        ("ssq:2026134", "ssq:2026134:3-7-12-19-25-31+08", ()),
        ("ssq:2026134", "", ()),
        ("ssq:2026134,dlt:26134", "ssq:2026134:03-07-12-19-25-31+08", ()),
        ("drand:quicknet:15", "drand:quicknet:15:0f", ()),
        (WITNESSES, "ceremony", WORDS[:2]),
        (WITNESSES, "ceremony", (WORDS[1], WORDS[0], WORDS[2])),
        (WITNESSES, "something", WORDS),
        (sealed_word("a|b"), "ceremony", ("a|b",)),
    ],
)
def test_anything_else_is_refused_in_words(named, beacon, reveals):
    assert say(refusal_to_draw(named, beacon, reveals))


# --- the command line -------------------------------------------------------------------------------------------------


def test_the_command_line_draws_and_verifies(tmp_path, capsys):
    source, record, receipt = tmp_path / "round.json", tmp_path / "record.json", tmp_path / "receipt.json"
    source.write_text(json.dumps(round_to(ONE)), encoding="utf-8")
    assert main(["check", str(source)]) == 0
    assert main(["commit", str(source), "--receipts", str(tmp_path / "receipts.json")]) == 0
    assert json.loads(capsys.readouterr().out)["root"] == ONE.commitment().root
    assert main(["receipt", str(source), "p"]) == 0
    receipt.write_text(capsys.readouterr().out, encoding="utf-8")
    assert json.loads((tmp_path / "receipts.json").read_text(encoding="utf-8")) == {
        "p": json.loads(receipt.read_text())
    }
    assert main(["receipt", str(source), "q"]) == 2
    assert main(["draw", str(source), "--seed", "00ff" * 16, "--out", str(record)]) == 0
    assert main(["verify", str(record), "--receipt", str(receipt)]) == 0
    said = capsys.readouterr().out
    assert "RIGHT" in said
    assert "演练" in said
    changed = json.loads(record.read_text(encoding="utf-8"))
    changed["days"]["1"]["turns"][0][2] = None
    record.write_text(json.dumps(changed), encoding="utf-8")
    assert main(["verify", str(record)]) == 1
    assert "turn 1" in capsys.readouterr().out


def test_the_command_line_draws_nothing_that_is_not_in_order(tmp_path, capsys):
    source, record = tmp_path / "round.json", tmp_path / "record.json"
    source.write_text(json.dumps(round_to(replace(ONE, requests=()))), encoding="utf-8")
    assert main(["draw", str(source), "--seed", "00", "--out", str(record)]) == 1
    assert "还没有人报名" in capsys.readouterr().err
    source.write_text("{", encoding="utf-8")
    assert main(["draw", str(source), "--seed", "00", "--out", str(record)]) == 2
    assert not record.exists()
    with pytest.raises(SystemExit):
        main(["draw", str(source), "--seed", "xyz"])


BAD = {
    "an empty round": ({"sections": (), "students": (), "requests": ()}, "还没有可报的课程"),
    "nobody asks": ({"requests": ()}, "还没有人报名"),
    "no seats": ({"sections": [Section("s", 1, 0)]}, "“s”没有名额"),
    "a closed section": ({"requests": [Request("p", 1, (("chess",),))]}, "这天没有开这门课"),
    "a pupil twice": ({"students": [Student("p", "c", 1)] * 2}, "出现了两次"),
    "a request twice": ({"requests": [Request("p", 1, (("s",),))] * 2}, "有两份志愿"),
    "a pupil unknown": ({"students": ()}, "不在名单上"),
    "a grade unknown": ({"students": [Student("p", "c", 12)]}, "只能是一至九年级"),
    "randomness unknown": ({"randomness": "coin:3"}, "不认识“coin”"),
    "half a team": ({"sections": [Section("s", 1, 1, kind=SERIES)]}, "没有和队对上"),
}


@pytest.mark.parametrize(("change", "words"), BAD.values(), ids=BAD)
def test_the_command_line_refuses_bad_rounds_in_words_and_writes_nothing(change, words, tmp_path):
    """As a process of its own: the exit code is 1, the reason stands on the error channel, no traceback, no file."""
    source, record = tmp_path / "round.json", tmp_path / "record.json"
    source.write_text(json.dumps(round_to(replace(ONE, **change))), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "kehou.rules.allocation",
        "draw",
        str(source),
        "--seed",
        "00ff",
        "--out",
        str(record),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONUTF8": "1"})
    assert (done.returncode, done.stdout, record.exists()) == (1, "", False)
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", ["", "[]", "{", '{"id": 1}', '"text"', '{"id":"r","sections":[{}]}', "\x00"])
def test_the_command_line_says_where_a_file_cannot_be_read(content, tmp_path, capsys):
    source, record = tmp_path / "round.json", tmp_path / "record.json"
    source.write_text(content, encoding="utf-8")
    assert main(["draw", str(source), "--seed", "00", "--out", str(record)]) == 2
    assert "cannot read" in capsys.readouterr().err
    source.write_bytes(b"\xff\xfe{")
    assert main(["draw", str(source), "--seed", "00"]) == 2
    assert main(["draw", str(tmp_path / "nowhere.json"), "--seed", "00"]) == 2
    assert not record.exists()


@pytest.mark.parametrize("beacon", ["heads", "ssq:2026134", "ssq:2026134:03-07-12-19-25-34+08", "ceremony", "a|b"])
@pytest.mark.parametrize("named", ["", "ssq:2026134"])
def test_the_command_line_draws_nothing_from_a_beacon_of_the_wrong_form(named, beacon, tmp_path, capsys):
    source, record = tmp_path / "round.json", tmp_path / "record.json"
    source.write_text(json.dumps(round_to(replace(ONE, randomness=named))), encoding="utf-8")
    assert main(["draw", str(source), "--beacon", beacon, "--out", str(record)]) == 1
    assert "R-ALLOC-02" in capsys.readouterr().err
    assert not record.exists()


def test_the_result_of_another_draw_is_told_from_one_that_cannot_be_read(tmp_path, capsys):
    source = tmp_path / "round.json"
    source.write_text(json.dumps(round_to(replace(ONE, randomness="ssq:2026077"))), encoding="utf-8")
    assert main(["draw", str(source), "--beacon", "ssq:2026134:03-07-12-19-25-31+08"]) == 1
    said = capsys.readouterr().err
    assert "事先定的是“ssq:2026077”，这是“ssq:2026134”的结果" in said
    assert main(["draw", str(source), "--beacon", "ssq:2026077:03"]) == 1
    assert "应写成“ssq:2026077:03-07-12-19-25-31+08”" in capsys.readouterr().err


def test_a_place_where_nothing_can_be_written_is_said(tmp_path, capsys):
    source, nowhere = tmp_path / "round.json", tmp_path / "nowhere" / "record.json"
    source.write_text(json.dumps(round_to(ONE)), encoding="utf-8")
    for command in (
        ["draw", str(source), "--seed", "00", "--out", str(nowhere)],
        ["commit", str(source), "--receipts", str(nowhere)],
    ):
        with pytest.raises(SystemExit) as left:
            main(command)
        assert left.value.code == 2
        assert "cannot write" in capsys.readouterr().err


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    source, first, second = tmp_path / "round.json", tmp_path / "1.json", tmp_path / "2.json"
    source.write_text(json.dumps(round_to(ONE)), encoding="utf-8")
    for target in (first, second):
        assert main(["draw", str(source), "--beacon", "ssq:2026134:03-07-12-19-25-31+08", "--out", str(target)]) == 0
    assert first.read_bytes() == second.read_bytes()
