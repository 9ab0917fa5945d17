"""The fund-management plan: whole fen, five uses, no management fee, no rate above its cap."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.fund_plan import (
    FundPlan,
    Line,
    Management,
    Tier,
    amounts_by_use,
    checks,
    percent,
    refusals_to_sign,
    shares,
    starting_plan,
    sums_of,
)
from kehou.rules.parameters import Parameters

P = Parameters()
PLAN = starting_plan(P, months=5, people_by_tier=[(1, 158), (2, 792), (3, 106)], waived=66)


def reds(plan: FundPlan) -> list[str]:
    """Return the keys of what keeps a plan from being signed."""
    return [one.key for one in refusals_to_sign(plan, P)]


def test_the_figures_of_the_monthly_example() -> None:
    sums = sums_of(replace(PLAN, months=1), P.fee.tariff)
    assert (sums.gross, sums.waived, sums.billed) == (11_356_000, 726_000, 10_630_000)
    assert sums.income == sums.gross


def test_a_plan_to_begin_with_can_be_signed() -> None:
    assert reds(PLAN) == []
    assert FundPlan.of(PLAN.as_json()) == PLAN


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"tiers": ()}, "R-FILING-02:without_forecast"),
        ({"tiers": (Tier(2, 10, 11),)}, "R-FILING-02:more_waived_than_people"),
        ({"lines": (Line("U9", 100),)}, "R-FUND-03:use_not_permitted"),
        ({"lines": (*PLAN.lines, Line("U4", 100, "提取管理费"))}, "R-FUND-07:management_fee"),
        ({"lines": (*PLAN.lines, Line("U4", 100, "教师节奖金"))}, "R-FUND-08:unrelated_cost"),
        ({"lines": (Line("U1", 100_000_00), Line("U3", 20_000_00))}, "R-FUND-04:utilities_above_cap"),
        ({"rates": (("featured", 6001),)}, "R-PAY-02:rate_above_cap"),
        ({"rates": (("bonus", 1),)}, "R-PAY-01:type_not_in_scheme"),
        ({"management": (Management("值班领导", 9_000, 4000),)}, "R-PAY-02:management_above_cap"),
        ({"management": (Management("值班领导", 1, 4001),)}, "R-PAY-02:rate_above_cap"),
        ({"lines": (Line("U1", 900_000_00),)}, "R-FILING-02:spends_more_than_it_has"),
        ({"publication": " "}, "R-FILING-02:left_unsaid"),
    ],
)
def test_a_red_check_keeps_the_principal_from_signing(changed: dict[str, object], key: str) -> None:
    assert key in reds(replace(PLAN, **changed))


def test_a_surplus_is_yellow_it_has_to_be_explained() -> None:
    rich = replace(PLAN, lines=PLAN.lines[:1])
    yellow = [one for one in checks(rich, P) if one.colour == "wait"]
    assert [one.refusal.code for one in yellow] == ["R-FEE-03"]
    assert "R-FEE-03:plan_surplus_above" not in reds(rich)


def test_the_share_of_management_may_be_exactly_its_cap() -> None:
    lines = (Line("U1", 100_000_00),)
    at_cap = replace(PLAN, lines=lines, management=(Management("值班", 375, 4000),))
    assert not [key for key in reds(at_cap) if key.startswith("R-PAY")]
    above = replace(at_cap, management=(Management("值班", 376, 4000),))
    assert "R-PAY-02:management_above_cap" in reds(above)


@given(st.dictionaries(st.sampled_from(("U1", "U2", "U3", "U4", "U5")), st.integers(0, 10**10), min_size=1))
def test_shares_sum_to_the_whole(amounts: dict[str, int]) -> None:
    assert sum(shares(amounts).values()) == (10_000 if sum(amounts.values()) else 0)


lines = st.lists(st.builds(Line, st.sampled_from(("U1", "U2", "U3")), st.integers(0, 10**9)), max_size=8)


@given(lines, st.lists(st.builds(Tier, st.integers(1, 3), st.integers(0, 3000), st.integers(0, 100)), max_size=3))
def test_sums_add_up_to_the_fen(budget: list[Line], tiers: list[Tier]) -> None:
    plan = replace(PLAN, lines=tuple(budget), tiers=tuple(tiers))
    sums = sums_of(plan, P.fee.tariff)
    assert sums.spent == sum(one.amount_fen for one in budget) == sum(amounts_by_use(plan).values())
    assert sums.billed + sums.waived == sums.income == sums.gross
    assert sums.balance == sums.income - sums.spent


@given(st.integers(50, 3000), st.integers(1, 6), st.integers(0, 40))
def test_any_plan_to_begin_with_has_no_red(people: int, months: int, waived: int) -> None:
    assert reds(starting_plan(P, months=months, people_by_tier=[(2, people)], waived=waived)) == []


def test_a_share_is_cut_off_and_nothing_of_nothing_is_nothing() -> None:
    assert (percent(1, 3), percent(1, 0), percent(-5, 100)) == ("33.3", "0.0", "-5.0")
