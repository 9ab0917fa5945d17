"""The filing's number and clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.filing import (
    PARTS,
    Check,
    Evidence,
    Part,
    Section,
    Table,
    answer_due_on,
    checks_of,
    correction_due_on,
    differences,
    digest_of,
    manifest_of,
    receipt_number,
    refusal_in_bulk,
    refusal_of_acceptance,
    refusal_of_ink,
    refusal_of_note,
    refusal_of_return,
    refusals_to_sign,
    report_due_on,
    unformed,
)
from kehou.rules.known_calendars import HOLIDAYS
from kehou.rules.parameters import Parameters
from kehou.rules.sentences import say

OURS = Parameters.of()


def test_the_number_says_term_school_and_order():
    assert receipt_number(term_code="2026-autumn", school_code="2150990001", order=1) == "LP-KHFW-2026秋-2150990001-01"
    assert receipt_number(term_code="2027-spring", school_code="2150990001", order=12) == "LP-KHFW-2027春-2150990001-12"


@pytest.mark.parametrize(
    ("submitted", "due"),
    [
        (date(2026, 8, 28), date(2026, 9, 4)),  # Friday: five working days later
        (date(2026, 9, 24), date(2026, 10, 9)),  # Mid-Autumn and the National Day week lie between
        (date(2026, 9, 18), date(2026, 9, 24)),  # the Sunday that is worked counts
    ],
)
def test_the_answer_is_due_in_working_days(submitted, due):
    at = datetime(submitted.year, submitted.month, submitted.day, 9, tzinfo=UTC)
    assert answer_due_on(at, working_days=5, holidays=HOLIDAYS) == due


def test_words_are_needed():
    assert say(refusal_of_note(" "))
    assert say(refusal_of_return({}))
    assert refusal_of_note("方案、名单、项目表") is None
    assert refusal_of_return({"F3": "名单少一人"}) is None
    assert say(refusal_of_return({"F3": "名单少一人", "F4": " "})).startswith("学生课后服务内容项目表")


# --- Clocks -----------------------------------------------------------------------------------------------------------


def test_reporting_is_due_ten_working_days_before_the_service_and_correction_three_after_the_return():
    assert report_due_on(date(2026, 9, 7), working_days=10, holidays=HOLIDAYS) == date(2026, 8, 24)
    returned = datetime(2026, 9, 24, 9, tzinfo=UTC)
    assert correction_due_on(returned, working_days=3, holidays=HOLIDAYS) == date(2026, 9, 30)


@given(st.dates(date(2026, 3, 1), date(2026, 12, 1)), st.integers(0, 15))
def test_reporting_in_time_leaves_so_many_working_days(first, days):
    due = report_due_on(first, working_days=days, holidays=HOLIDAYS)
    between = [due + timedelta(days=n) for n in range((first - due).days)]
    assert sum(HOLIDAYS.is_working_day(day) for day in between) == days


# --- Packs ------------------------------------------------------------------------------------------------------------


def roster(*names: str, **measures: object) -> Part:
    rows = tuple((name, "在职教职工") for name in names)
    return Part(
        "F3", formed=True, facts=(("人数", f"{len(names)}人"),), tables=(Table("名单", ("姓名", "类型"), rows),),
        sections=(Section("说明", ("自愿参加",)),), evidence=(Evidence("台账"),),
        measures={"people": len(names), "in_service": len(names), "names": list(names), **measures},
    )  # fmt: skip


def table(*leaders: str) -> Part:
    return Part("F4", formed=True, measures={"leaders": list(leaders), "basic": 1})


def pack(*parts: Part) -> dict:
    whole = {code: unformed(code, "还没有").content() for code in PARTS if code != "F9"}
    return whole | {part.code: part.content() for part in parts}


def test_what_is_required_is_asked_for_by_its_own_rule():
    missing = refusals_to_sign(pack(), amendment=False)
    assert {no.code for no in missing} == {kind.rule for kind in PARTS.values() if kind.required}
    assert all(say(no) for no in missing)
    assert "R-FILING-01:nothing_to_amend" in [no.key for no in refusals_to_sign(pack(), amendment=True)]


@pytest.mark.clause("2.4-p")
def test_a_leader_who_stands_on_no_list_is_red_with_the_name():
    def said(leaders: tuple[str, ...]) -> list[str]:
        checks = checks_of(pack(roster("李舒", "周婷"), table(*leaders)), OURS, amendment=False)
        return [say(one.refusal) for one in checks if one.part == "F4" and one.state == "red"]

    assert said(("李舒",)) == []
    assert said(("李舒", "王强")) == ["王强在项目表里带组，却不在服务人员名单上。请补入名单或换人。"]


def test_somebody_without_all_proofs_is_red_and_a_proof_that_ends_is_a_remark():
    checks = checks_of(pack(roster("甲", "乙", not_cleared=["乙"], ending=["甲"])), OURS, amendment=False)
    assert [one.state for one in checks if one.code == "R-FILE-03"] == ["red", "remark"]


def test_a_red_check_needs_a_reason_and_never_goes_in_bulk():
    red = [Check("F3", "x", "R-FILING-01", refusal_of_note(""))]
    green = [Check("F3", "x", "R-FILING-01")]
    assert say(refusal_of_acceptance(red, despite=" ")) and refusal_of_acceptance(red, despite="说明") is None
    assert say(refusal_in_bulk(red)) and refusal_in_bulk(green) is None
    assert refusal_of_acceptance(green, despite="") is None


def test_ink_is_needed():
    assert say(refusal_of_ink(drawn=False, confirmed=False))
    assert refusal_of_ink(drawn=True, confirmed=False) is None and refusal_of_ink(drawn=False, confirmed=True) is None


def test_differences_are_told_field_by_field():
    before, after = roster("甲", "乙").content(), roster("甲", "丙", "丁").content()
    found = [(one.field, one.kind, one.before, one.after) for one in differences(before, after)]
    assert found == [
        ("人数", "changed", "2人", "3人"),
        ("名单 · 丙", "added", "—", "类型：在职教职工"),
        ("名单 · 丁", "added", "—", "类型：在职教职工"),
        ("名单 · 乙", "removed", "类型：在职教职工", "—"),
    ]


NAMES = st.lists(st.text("甲乙丙丁戊", min_size=1, max_size=2), max_size=6)


@given(NAMES, NAMES)
def test_equal_parts_have_no_difference_and_a_difference_turns_around(one, other):
    left, right = roster(*one).content(), roster(*other).content()
    assert differences(left, left) == ()
    there, back = differences(left, right), differences(right, left)
    assert {(d.field, d.before, d.after) for d in there} == {(d.field, d.after, d.before) for d in back}
    assert bool(there) == (left["facts"] != right["facts"] or sorted(one) != sorted(other))


@given(st.sampled_from(["school", "term", "kind", "note"]), st.text(max_size=5))
def test_the_hash_of_the_whole_hangs_on_every_word_of_it(key, words):
    given_words = {"school": "1", "term": "t", "kind": "first", "note": "n"}
    contents = [roster("甲").content()]
    one = manifest_of(contents, order=1, **given_words)
    two = manifest_of(contents, order=1, **{**given_words, key: words})
    assert (digest_of(one) == digest_of(two)) == (given_words[key] == words)
    assert digest_of(manifest_of([roster("乙").content()], order=1, **given_words)) != digest_of(one)
