"""The questionnaire: the district's core, the school's own, what an answer may be; what the answers propose."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.demand import (
    Assumptions,
    Wish,
    bands,
    bands_of,
    counted,
    hours_wanted,
    ideas_for,
    rounded_up,
    sketches,
    wishes,
)
from kehou.rules.parameters import Parameters
from kehou.rules.sentences import say
from kehou.rules.surveys import (
    NOT_WANTED,
    SCHOOL_ITEMS,
    UNDECIDED,
    WANTED,
    Item,
    Kind,
    core_items,
    counts_of,
    read_answers,
    refusal_of_time,
    refusals_of_item,
    refusals_to_open,
    softened,
    warnings_of_reach,
)

AT = datetime(2026, 6, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CORE = core_items(Parameters().survey.core_items)
ITEMS = (*CORE, *SCHOOL_ITEMS)
FULL = {
    "need": ["0"],
    "hours": ["1"],
    "leave_by": ["2"],
    "wishes": ["2", "3", "4"],
    "worry": ["0", "4"],
    "weekdays": ["0", "2"],
    "remarks": ["想学葫芦丝"],
    "child": ["3"],
}


def opened(items=ITEMS, **changes):
    facts = {"opens_at": AT, "closes_at": AT + timedelta(days=7), "at": AT, "least_days": 3} | changes
    return {no.key for no in refusals_to_open(items, CORE, **facts)}


def test_the_core_is_five_items_comparable_everywhere():
    assert [item.code for item in CORE] == ["need", "hours", "leave_by", "wishes", "worry"]
    assert all(item.is_core for item in CORE)
    assert CORE[0].options == ("需要", "不需要", "再看看")


def test_the_district_may_write_its_own_core():
    one, several, free = core_items(("谁来接：父母/祖辈/自己", "担心什么（多选）：安全、收费", "一句话"))
    assert (one.kind, one.options, one.required) == (Kind.SINGLE, ("父母", "祖辈", "自己"), True)
    assert (several.kind, several.most) == (Kind.MULTI, 2)
    assert free.kind is Kind.TEXT and {item.is_core for item in (one, several, free)} == {True}


@pytest.mark.clause("2.7.1-d")
def test_it_opens_only_with_every_core_item_in_the_districts_words():
    assert opened() == set()
    assert opened(ITEMS[1:]) == {"R-SURV-03:core_item_missing"}
    assert opened((replace(CORE[0], text="是否参加"), *ITEMS[1:])) == {"R-SURV-03:core_item_missing"}
    assert opened((replace(CORE[0], options=("需要", "再看看")), *ITEMS[1:])) == {"R-SURV-03:core_item_missing"}


def test_it_stays_open_for_three_days_at_least():
    assert opened(closes_at=AT + timedelta(days=2)) == {"R-SURV-01:window_too_short"}
    assert opened(closes_at=AT + timedelta(days=2), least_days=2) == set(), "the district may ask for fewer days"
    assert opened(least_days=8) == {"R-SURV-01:window_too_short"}
    assert opened(opens_at=AT - timedelta(days=9), closes_at=AT + timedelta(days=1)) == {"R-SURV-01:window_too_short"}


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (Item("a", Kind.SINGLE, "题", ("一",)), "too_few_options"),
        (Item("a", Kind.SINGLE, "题", ("一", "一")), "option_twice"),
        (Item("a", Kind.TEXT, "  "), "item_without_words"),
        (Item("a", Kind.PICTURE, "题", ("一", "二", "三")), "four_pictures"),
        (Item("a", Kind.RANK, "题", ("一", "二"), most=3), "picks_beyond_options"),
    ],
)
def test_an_item_that_cannot_be_answered_is_refused(item, why):
    assert why in {no.why for no in refusals_of_item(item)}
    assert all(say(no) for no in refusals_of_item(item))


@pytest.mark.clause("2.1-d")
def test_it_warns_where_a_family_was_not_reached_or_too_few_answered():
    def why(**facts):
        return [no.why for no in warnings_of_reach(least_percent=60, **facts)]

    assert why(families=100, reached=100, answered=60) == []
    assert why(families=100, reached=99, answered=59) == ["families_not_reached", "too_few_answers"]
    assert why(families=0, reached=0, answered=0) == []


def test_the_window_is_half_open():
    facts = {"opened": True, "opens_at": AT, "closes_at": AT + timedelta(days=3), "closed": False}
    assert refusal_of_time(at=AT, **facts) is None
    assert refusal_of_time(at=AT - timedelta(seconds=1), **facts).why == "not_open_yet"
    assert refusal_of_time(at=facts["closes_at"], **facts).why == "over"
    assert "6月20日" in say(refusal_of_time(at=AT - timedelta(days=1), **facts))


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_answers_are_kept_as_numbers_of_options_in_the_order_given():
    answers, wrong = read_answers(ITEMS, FULL)
    assert not wrong
    assert answers["wishes"] == [2, 3, 4] and answers["worry"] == [0, 4] and answers["need"] == WANTED


def test_who_needs_nothing_is_asked_nothing_further():
    answers, wrong = read_answers(ITEMS, {"need": ["1"], "hours": ["1"], "remarks": ["爷爷接"]})
    assert not wrong and answers == {"need": NOT_WANTED, "remarks": "爷爷接"}


@pytest.mark.parametrize(
    ("changes", "code", "why"),
    [
        ({"need": []}, "need", "answer_missing"),
        ({"need": ["3"]}, "need", "no_such_option"),
        ({"need": ["x"]}, "need", "no_such_option"),
        ({"need": ["-1"]}, "need", "no_such_option"),
        ({"need": ["0", "1"]}, "need", "one_only"),
        ({"wishes": ["1", "1"]}, "wishes", "picked_twice"),
        ({"wishes": ["1", "2", "3", "4"]}, "wishes", "too_many_picked"),
        ({"remarks": ["长" * 301]}, "remarks", "text_too_long"),
    ],
)
def test_an_answer_that_is_none_is_refused_beside_its_item(changes, code, why):
    _, wrong = read_answers(ITEMS, FULL | changes)
    assert {key: no.why for key, no in wrong.items()} == {code: why}
    assert say(wrong[code])


def test_a_number_is_a_whole_one():
    item = Item("n", Kind.NUMBER, "几个孩子")
    assert read_answers([item], {"n": ["12"]}) == ({"n": 12}, {})
    assert read_answers([item], {"n": ["1.5"]})[1]["n"].why == "not_a_number"


@given(st.dictionaries(st.sampled_from([item.code for item in ITEMS]), st.lists(st.text(max_size=4), max_size=5)))
def test_nothing_typed_is_kept_that_is_not_an_answer(typed):
    answers, wrong = read_answers(ITEMS, typed)
    assert not answers.keys() & wrong.keys()
    for item in ITEMS:
        if item.code in answers and item.options:
            value = answers[item.code]
            picked = value if isinstance(value, list) else [value]
            assert all(0 <= option < len(item.options) for option in picked) and len(picked) <= max(1, item.most)


@given(st.lists(st.integers(0, 2), max_size=30))
def test_of_a_single_choice_the_counts_sum_to_those_who_answered(values):
    answered, counts = counts_of(CORE[0], [{"need": value} for value in values] + [{}])
    assert answered == len(values) == sum(counts)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("我是王小明，电话13800138000", "某某，电话某号码"),
        ("李雪的妈妈觉得太晚", "某某觉得太晚"),
        ("希望6点半放学", "希望6点半放学"),
    ],
)
def test_a_remark_is_told_without_who_wrote_it(text, kept):
    assert softened(text) == kept


# --- What the answers propose -----------------------------------------------------------------------------------------


def sheets(number, grade, need=WANTED, weekdays=(0, 2)):
    return [(grade, {"need": need, "weekdays": list(weekdays), "wishes": [2], "hours": 1})] * number


@given(st.dictionaries(st.integers(1, 9), st.integers(0, 40), min_size=1))
def test_every_grade_is_in_one_band_and_no_band_but_the_only_one_is_small(answered):
    found = bands_of(answered, least=10)
    assert [grade for band in found for grade in band] == sorted(answered)
    if len(found) > 1:
        assert all(sum(answered[grade] for grade in band) >= 10 for band in found)


def test_seats_by_grade_and_weekday_follow_from_the_answers():
    (band,) = bands(
        [*sheets(40, 1), *sheets(20, 1, need=NOT_WANTED)], pupils={1: 60}, least=10, with_=Assumptions(group_size=30)
    )
    assert (band.sure, band.undecided) == (40, 0)
    assert band.seats_by_weekday == (40, 0, 40, 0, 0)
    assert band.groups_by_weekday == (2, 0, 2, 0, 0)


def test_the_undecided_and_the_silent_count_by_the_assumptions():
    own = [*sheets(20, 1), *sheets(20, 1, need=UNDECIDED)]
    (none,) = bands(own, pupils={1: 80}, least=10, with_=Assumptions(0, 0))
    (half,) = bands(own, pupils={1: 80}, least=10, with_=Assumptions(50, 0))
    (all_,) = bands(own, pupils={1: 80}, least=10, with_=Assumptions(100, 100))
    assert [band.seats_by_weekday[0] for band in (none, half, all_)] == [20, 30, 80]


def test_few_are_not_told():
    (band,) = bands(sheets(4, 1), pupils={1: 30}, least=10, with_=Assumptions())
    assert band.seats_by_weekday == (None,) * 5
    (band,) = bands([*sheets(4, 1), *sheets(30, 1, weekdays=(1,))], pupils={1: 34}, least=10, with_=Assumptions())
    assert band.seats_by_weekday[0] is None and band.seats_by_weekday[1] == 30


def test_assumptions_are_taken_from_few_choices():
    assert Assumptions.of("100", "0", "20") == Assumptions(100, 0, 20)
    assert Assumptions.of("37", "x", "") == Assumptions()


@given(st.integers(0, 1000))
def test_counts_are_told_rounded_up_to_fives(count):
    assert rounded_up(count) % 5 == 0 and 0 <= rounded_up(count) - count < 5


def test_wishes_are_told_most_wanted_first_and_small_ones_without_a_count():
    answers = [{"wishes": [2, 0]}] * 31 + [{"wishes": [0, 3]}] * 4
    found = wishes(answers, CORE[3], least=10, with_=Assumptions(group_size=30))
    assert [(wish.category, wish.children, wish.groups) for wish in found] == [
        ("作业辅导", 35, 2),
        ("文体", 35, 2),
        ("科普", None, None),
    ]


def test_a_wanted_category_names_activities_that_the_grades_may_join():
    assert "科学小实验" in ideas_for("科普", {3, 4})
    assert "科学小实验" not in ideas_for("科普", {8})
    assert ideas_for("都不想", {3}) == ()


def test_the_hours_that_most_want():
    assert hours_wanted([{"hours": 1}, {"hours": 1}, {"hours": 2}, {}]) == 2
    assert hours_wanted([]) == 0


@pytest.mark.clause("2.2-f")
@given(st.integers(0, 140), st.integers(0, 3))
def test_every_group_that_a_proposal_comes_to_is_sketched_each_under_its_own_name(groups, others):
    ideas = ideas_for("科普", (1, 2, 3, 4, 5, 6))
    wished = [
        Wish("科普", groups * 20, groups, ideas),
        *(Wish("劳动", 20 * n, n, ideas_for("劳动", (3, 4))) for n in [others]),
    ]
    found = sketches(wished, (), grades=(1, 2, 3, 4, 5, 6), size=20)
    science = [one for one in found if one.template.name in ideas]
    assert len(science) == groups and len({one.name for one in found}) == len(found)
    again = sketches(wished, (), grades=(1, 2, 3, 4, 5, 6), size=20, taken={one.name for one in found[: groups // 2]})
    assert {one.name for one in again} == {one.name for one in found[groups // 2 :]}, "the rest is taken over later"


def test_a_number_is_said_as_in_the_names_of_groups():
    assert [counted(n) for n in (2, 10, 11, 20, 21, 40, 99, 120)] == [
        "二", "十", "十一", "二十", "二十一", "四十", "九十九", "120",
    ]  # fmt: skip
