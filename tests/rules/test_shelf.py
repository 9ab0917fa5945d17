"""The shelf of policy documents: what is missing, what is overdue, and twenty-two full texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.parameters import Parameters
from kehou.rules.policy_documents import (
    BY_NUMBER,
    KINDS,
    REQUIRED,
    Chapter,
    Standing,
    articles,
    blocks,
    months_later,
    numeral,
    problems_of_shelf,
    refusals_to_sign,
)
from kehou.rules.policy_texts import OPEN, chapters_of, is_complete, words_of_parameters

ON = date(2026, 9, 7)
GOOD = Standing(date(2026, 8, 25), date(2027, 8, 25))
WHOLE = dict.fromkeys(BY_NUMBER, GOOD)
NAMES = (
    "aid", "assembly", "committee", "complaint_phone", "deputy", "finance", "gate", "gate_place", "hospital",
    "hospital_phone", "latest_pick_up", "leader", "manager", "medical", "night", "phone", "police", "police_phone",
    "principal", "privacy", "quality", "safety", "school", "wait", "term",
)  # fmt: skip
FACTS = {**dict.fromkeys(NAMES, "甲乙"), **words_of_parameters(Parameters(), in_force=date(2026, 8, 25))}


@pytest.mark.clause("2.5-b", "2.5-c", "2.5-d", "2.5-g")
@pytest.mark.parametrize("number", REQUIRED)
def test_a_shelf_without_a_required_document_names_it(number: int) -> None:
    missing = {key: one for key, one in WHOLE.items() if key != number}
    (problem,) = problems_of_shelf(missing, on=ON)
    assert (problem.key, problem.fact("title")) == (
        "R-DOC-01:not_adopted", f"{BY_NUMBER[number].mark}{BY_NUMBER[number].title}"
    )  # fmt: skip
    assert blocks(problem)


def test_the_eleven_required_ones_are_those_of_the_policy() -> None:
    titles = [BY_NUMBER[number].title for number in REQUIRED]
    assert titles == [
        "管理机构及工作职责", "经费管理制度", "突发事件应急预案", "传染病防控管理制度", "传染病应急预案", "管理人员工作制度",
        "准入和退出管理制度", "安全管理制度", "场地设施设备安全管理制度", "门卫登记制度", "家校安全联系责任制",
    ]  # fmt: skip
    assert len(KINDS) == 22


@pytest.mark.clause("2.5-h")
@pytest.mark.parametrize("number", [kind.number for kind in KINDS if not kind.required])
def test_an_advised_document_that_is_missing_is_named_and_keeps_nothing_back(number: int) -> None:
    (problem,) = problems_of_shelf({key: one for key, one in WHOLE.items() if key != number}, on=ON)
    assert problem.key == "R-DOC-02:not_adopted"
    assert not blocks(problem)


@pytest.mark.parametrize(
    ("standing", "why", "stops"),
    [
        (Standing(has_draft=True), "only_a_draft", True),
        (Standing(ON + timedelta(days=1), date(2027, 9, 1)), "not_yet_in_force", True),
        (Standing(date(2025, 9, 1), ON - timedelta(days=1)), "review_overdue", False),
    ],
)
def test_a_draft_a_later_day_and_an_overdue_review_are_told_apart(standing: Standing, why: str, stops: bool) -> None:
    (problem,) = problems_of_shelf({**WHOLE, 8: standing}, on=ON)
    assert (problem.why, blocks(problem)) == (why, stops)


def test_the_day_of_the_review_itself_is_in_time() -> None:
    assert problems_of_shelf({**WHOLE, 8: Standing(date(2025, 9, 1), ON)}, on=ON) == ()


# --- Texts ------------------------------------------------------------------------------------------------------------


def test_every_kind_has_a_text() -> None:
    assert is_complete()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.title)
def test_a_template_is_a_whole_document_and_not_an_outline(kind) -> None:
    chapters = chapters_of(kind.number, FACTS)
    text = "".join(chapter.body for chapter in chapters)
    assert len(chapters) >= 4
    assert sum(len(rows) for _, rows in articles(chapters)) >= 9
    assert len(text) >= 400
    assert OPEN not in text
    assert "{" not in text
    assert "2026年8月25日起施行" in text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.title)
def test_what_nobody_has_said_reads_open_and_keeps_the_principal_from_signing(kind) -> None:
    chapters = chapters_of(kind.number, words_of_parameters(Parameters(), in_force=ON))
    text = "".join(chapter.body for chapter in chapters)
    found = refusals_to_sign(chapters, scanned=False, responsible="甲", in_force_from=ON, on=ON)
    assert [one.why for one in found] == (["place_left_open"] if OPEN in text else [])


def test_a_text_says_what_the_district_has_set_on_its_day() -> None:
    own = Parameters.of(
        {"attendance.alarm_minutes": 7, "pay.mgmt_share_cap": 12, "fund.surplus_rule": {"percent": 3, "then": "refund"}}
    )
    words = {**FACTS, **words_of_parameters(own, in_force=ON)}
    assert "点名开始7分钟后" in "".join(one.body for one in chapters_of(12, words))
    fund = "".join(one.body for one in chapters_of(2, words))
    assert "不超过12%" in fund
    assert "结余不超过收入3%" in fund


def test_a_scan_stands_for_the_text_and_nothing_at_all_does_not() -> None:
    wanted = {"responsible": "甲", "in_force_from": ON, "on": ON}
    assert refusals_to_sign([], scanned=True, **wanted) == ()
    assert [one.why for one in refusals_to_sign([Chapter("总则", " ")], scanned=False, **wanted)] == ["without_text"]


def test_who_is_responsible_and_from_when_must_be_said() -> None:
    found = refusals_to_sign(
        [Chapter("总则", "好")], scanned=False, responsible=" ", in_force_from=ON - timedelta(days=1), on=ON
    )
    assert [one.why for one in found] == ["nobody_responsible", "in_force_before_signing"]


def test_articles_are_numbered_through_the_whole_document() -> None:
    found = articles([Chapter("甲", "一\n\n二"), Chapter("乙", "三")])
    assert found == [("甲", [("第一条", "一"), ("第二条", "二")]), ("乙", [("第三条", "三")])]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (21, "二十一"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (115, "一百一十五"),
        (230, "二百三十"),
    ],
)
def test_numerals_are_those_of_a_chinese_text(number: int, said: str) -> None:
    assert numeral(number) == said


@given(st.integers(1, 999), st.integers(1, 999))
def test_no_two_numbers_have_one_numeral(one: int, other: int) -> None:
    assert (numeral(one) == numeral(other)) == (one == other)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_later_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_the_period_of_review_is_the_districts() -> None:
    shelf = replace(Parameters().shelf, review_months=6)
    assert months_later(date(2026, 8, 31), shelf.review_months) == date(2027, 2, 28)
