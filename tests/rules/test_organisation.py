"""The leading group: its posts, its head, its letter, the months to be confirmed; the safety matrix; the cards; drills."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.emergency import (
    BY_CODE,
    CARDS,
    OPEN,
    DrillFact,
    filled,
    open_places,
    problem_of_drills,
    refusals_of_drill,
)
from kehou.rules.organisation import (
    POSTS,
    Holder,
    missing_deputies,
    months_to_confirm,
    problem_of_letter,
    problems_of_group,
    refusals_to_appoint,
)
from kehou.rules.safety_matrix import Cell, Need, problems_of_matrix, refusals_of_assignment, rows_of

FULL = [Holder(post.code, f"某{number}", is_principal=post.code == "head") for number, post in enumerate(POSTS)]


@pytest.mark.clause("2.5-a")
@pytest.mark.parametrize("post", POSTS, ids=lambda post: post.title)
def test_a_mandatory_post_without_a_holder_is_named(post) -> None:
    (problem,) = problems_of_group([one for one in FULL if one.post != post.code])
    assert (problem.key, problem.fact("post")) == ("R-ORG-01:post_unfilled", post.title)


def test_a_full_group_has_no_problem_and_a_deputy_fills_no_post() -> None:
    assert problems_of_group(FULL) == ()
    only_deputy = [one for one in FULL if one.post != "safety"] + [Holder("safety", "乙", is_deputy=True)]
    assert problems_of_group(only_deputy)[0].fact("post") == "安全负责人"


@pytest.mark.clause("3.1-h")
def test_the_head_of_the_group_is_the_principal() -> None:
    other = [Holder("head", "副校长"), *FULL[1:]]
    (problem,) = problems_of_group(other)
    assert (problem.key, problem.fact("name")) == ("R-ORG-02:head_is_not_principal", "副校长")
    said = {"is_deputy": False, "from_on": date(2026, 9, 1), "holder": "", "other": ""}
    assert refusals_to_appoint("head", "副校长", is_principal=False, **said)[0].code == "R-ORG-02"
    assert refusals_to_appoint("head", "校长", is_principal=True, **said) == ()


def test_nobody_is_their_own_deputy_and_nobody_is_put_where_they_are() -> None:
    said = {"is_principal": False, "from_on": date(2026, 9, 1)}
    assert refusals_to_appoint("aid", "甲", is_deputy=True, holder="", other="甲", **said)[0].why == "own_deputy"
    assert refusals_to_appoint("aid", "甲", is_deputy=False, holder="甲", other="", **said)[0].why == "holds_it_already"
    assert refusals_to_appoint("king", "甲", is_deputy=False, holder="", other="", **said)[0].why == "no_such_post"
    assert missing_deputies([Holder(post.code, "乙", is_deputy=True) for post in POSTS]) == ()
    assert "组长（校长）" in missing_deputies([])


def test_a_letter_of_an_earlier_principal_does_not_hold() -> None:
    assert problem_of_letter(term="秋", signed=False, signed_by=None, head=1).why == "letter_unsigned"
    assert problem_of_letter(term="秋", signed=True, signed_by=2, head=1, name="前任").why == "letter_of_another"
    assert problem_of_letter(term="秋", signed=True, signed_by=1, head=1) is None


def test_a_month_is_to_be_confirmed_when_it_is_over() -> None:
    first, last = date(2026, 9, 7), date(2027, 1, 15)
    assert months_to_confirm(first, last, on=date(2026, 9, 30)) == []
    assert months_to_confirm(first, last, on=date(2026, 10, 1)) == [date(2026, 9, 1)]
    assert len(months_to_confirm(first, last, on=date(2027, 1, 16))) == 5


# --- The matrix -------------------------------------------------------------------------------------------------------

ROOM = Need("room:1", "科学室", 1, 1, ("王老师",))


@pytest.mark.clause("3.1-j")
def test_every_place_and_time_in_use_needs_somebody() -> None:
    rows = rows_of([ROOM, Need("room:1", "科学室", 3, 2), Need("point:1", "正门", 1, 1)], [])
    assert [(one.fact("place"), one.fact("times")) for one in problems_of_matrix(rows)] == [
        ("正门", "周一第一课时"), ("科学室", "周三第二课时"),
    ]  # fmt: skip
    planned = [Cell("room:1", 3, 2, "李老师"), Cell("point:1", 1, 1, "门卫")]
    assert (
        problems_of_matrix(rows_of([ROOM, Need("room:1", "科学室", 3, 2), Need("point:1", "正门", 1, 1)], planned))
        == ()
    )


def test_the_plan_comes_before_the_leader_of_the_table() -> None:
    (row,) = rows_of([ROOM], [Cell("room:1", 1, 1, "李老师")])
    assert (row.spots[1, 1].persons, row.spots[1, 1].planned) == (("李老师",), True)
    (row,) = rows_of([ROOM], [])
    assert (row.spots[1, 1].persons, row.spots[1, 1].planned) == (("王老师",), False)


needs = st.lists(
    st.builds(Need, st.sampled_from("abc"), st.just("甲"), st.integers(1, 5), st.integers(1, 3)), max_size=12
)
cells = st.lists(
    st.builds(Cell, st.sampled_from("abc"), st.integers(1, 5), st.integers(1, 3), st.just("人")), max_size=12
)


@given(needs, cells)
def test_a_gap_is_exactly_a_need_without_a_cell_or_leader(asked: list[Need], planned: list[Cell]) -> None:
    gaps = {(row.place, *when) for row in rows_of(asked, planned) for when in row.gaps}
    have = {(one.place, one.weekday, one.hour) for one in planned}
    assert gaps == {(one.place, one.weekday, one.hour) for one in asked} - have


def test_nobody_is_at_two_places_at_once() -> None:
    found = refusals_of_assignment("甲", "b", [(1, 1), (1, 2)], [Cell("a", 1, 1, "甲"), Cell("b", 1, 2, "甲")])
    assert [one.fact("time") for one in found] == ["周一第一课时"]
    assert refusals_of_assignment("甲", "b", [], [])[0].why == "no_time_chosen"


# --- Cards and drills -------------------------------------------------------------------------------------------------


def test_there_are_ten_cards_and_each_answers_the_four_questions() -> None:
    assert len(CARDS) == 10
    for card in CARDS:
        assert len(card.first) == 3
        assert card.calls and card.stays and card.children and card.after


def test_a_card_speaks_with_the_names_of_the_school() -> None:
    one = filled(BY_CODE["fire"], {"leader": "邓强", "assembly": "足球场"})
    assert "邓强报告校长" in one.calls
    assert OPEN in one.calls  # the principal is not known yet
    assert one.children.startswith("全部到足球场")
    assert "紧急集合点" in open_places({}) and "紧急集合点" not in open_places({"assembly": "足球场"})


FIRST, LAST = date(2026, 9, 1), date(2027, 1, 15)


@pytest.mark.parametrize(
    ("drills", "on", "why"),
    [
        ([], date(2026, 9, 10), "no_drill_planned"),
        ([DrillFact(date(2026, 10, 20))], date(2026, 9, 10), None),
        ([DrillFact(date(2026, 10, 20))], date(2026, 10, 21), "drill_overdue"),
        ([DrillFact(date(2026, 10, 20), date(2026, 10, 22))], date(2026, 11, 1), None),
        ([DrillFact(date(2026, 10, 20))], date(2027, 1, 16), "term_without_drill"),
    ],
)
def test_a_term_has_a_drill(drills: list[DrillFact], on: date, why: str | None) -> None:
    found = problem_of_drills(drills, least=1, on=on, last=LAST)
    assert (found.why if found else None) == why


def test_a_drill_is_one_of_the_ten_scenes_on_a_day_of_the_term() -> None:
    assert refusals_of_drill(planned_on=date(2026, 10, 20), first=FIRST, last=LAST, scenario="fire") == ()
    found = refusals_of_drill(planned_on=date(2027, 3, 1), first=FIRST, last=LAST, scenario="flood")
    assert [one.why for one in found] == ["no_such_scene", "outside_term"]
