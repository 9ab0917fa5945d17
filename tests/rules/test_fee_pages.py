"""What the public pages say about money is computed by the engine: examples, the calculator, months kept as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules import fees
from kehou.rules.fees import DayReason, FeeDay, ServiceMonth, WaiverSpan
from kehou.rules.fees.asking import Asked, answer
from kehou.rules.fees.examples import examples
from kehou.rules.known_calendars import AUTUMN_2025, AUTUMN_2026
from kehou.rules.money import in_capitals
from kehou.rules.parameters import Parameters
from kehou.rules.spans import Span, month_of

FEE = Parameters.of().fee
NOV = month_of(date(2025, 11, 1))
DAILY_2 = dict.fromkeys(range(1, 6), 2)


@pytest.mark.clause("2.6.1-g", "2.6.1-h", "2.6.1-i")
def test_the_examples_of_2025_are_v1_to_v12() -> None:
    amounts = [one.statement.due_fen for one in examples(AUTUMN_2025, FEE)]
    assert amounts == [
        60_00, 110_00, 160_00, 110_00, 54_00, 99_00, 144_00, 48_00, 88_00, 128_00, 66_00, 77_00, 24_00, 80_00, 144_00,
        55_00,
    ]  # fmt: skip
    assert all(one.why and one.case for one in examples(AUTUMN_2026, FEE))


@pytest.mark.parametrize(
    ("asked", "right", "says"),
    [
        ({"amount_fen": 110_00}, True, "金额正好：应缴110.00元"),
        ({"amount_fen": 160_00}, False, "多收了50.00元"),
        ({"amount_fen": 190_00}, False, "超过了上限"),
        ({"amount_fen": 50_00}, True, "可能是减免"),
        ({"item": "材料费"}, False, "没有“材料费”这个收费项目"),
        ({"payee": "committee"}, False, "不能收这笔钱"),
        ({"joined_on": date(2025, 11, 17), "amount_fen": 55_00}, True, "金额正好"),
        ({"left_on": date(2025, 11, 14), "amount_fen": 110_00}, False, "多收了55.00元"),
        ({"away": [date(2025, 11, day) for day in (3, 4, 5)], "amount_fen": 93_50}, True, "金额正好"),
        ({"joined_on": date(2025, 11, 20), "left_on": date(2025, 11, 10)}, True, "应缴0.00元"),
    ],
)
def test_the_calculator_says_what_is_right_and_what_to_do(asked: dict, right: bool, says: str) -> None:
    found = answer(replace(Asked(NOV, DAILY_2), **asked), AUTUMN_2025, FEE)
    assert found.right is right
    assert any(says in one.words for one in found.findings)
    assert all(one.advice for one in found.findings if not one.right)


@st.composite
def months(draw: st.DrawFn) -> ServiceMonth:
    """Return any month a bill could be about."""
    days = draw(st.lists(st.integers(1, 30), unique=True, max_size=22))
    made = tuple(
        FeeDay(date(2025, 11, day), draw(st.integers(1, 3)), draw(st.sampled_from(DayReason))) for day in sorted(days)
    )
    spans = draw(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30), st.integers(1, 100)), max_size=2))
    waivers = tuple(
        WaiverSpan(Span.through(date(2025, 11, min(a, b)), date(2025, 11, max(a, b))), percent)
        for a, b, percent in spans
    )
    return ServiceMonth(2025, 11, made, len(made) + draw(st.integers(0, 5)), waivers)


@pytest.mark.clause("0-c")
@given(months())
def test_a_month_kept_as_text_is_the_same_month(month: ServiceMonth) -> None:
    assert fees.read_month(fees.write_month(month)) == month


@given(months(), months())
def test_the_lines_between_two_statements_sum_to_the_change(before: ServiceMonth, after: ServiceMonth) -> None:
    first, second = fees.price(before, FEE), fees.price(after, FEE)
    lines = fees.changes(first, second, reason="结算")
    assert sum(one.amount_fen for one in lines) == second.due_fen - first.due_fen
    assert all(one.in_words() for one in lines)
    back = fees.reversal(second.gross_fen, second.waived_fen, reason="作废")
    assert sum(one.amount_fen for one in back) == -second.due_fen


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (6050, "陆拾元伍角整"),
        (11000, "壹佰壹拾元整"),
        (11005, "壹佰壹拾元零伍分"),
        (93, "玖角叁分"),
        (0, "零元整"),
        (1_000_100, "壹万零壹元整"),
        (200_030_000, "贰佰万零叁佰元整"),
    ],
)
def test_a_receipt_writes_the_amount_in_capitals(fen: int, words: str) -> None:
    assert in_capitals(fen) == words
