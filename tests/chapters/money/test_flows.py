"""What families paid reaches the schools whole and in time, and nothing is earned by it (2.6.1-c, 2.6.3-h, 3.1-e)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.disclosure.queries import account_content
from kehou.chapters.money import actions as money
from kehou.chapters.money.queries import (
    account_of,
    held_by_school,
    totals_by_school,
    warning_of_surplus,
    warnings_by_school,
)
from kehou.chapters.people import actions as people
from kehou.rules import fund
from kehou.rules.parameters import Parameters
from kehou.rules.sentences import say
from kehou.rules.spans import month_of
from kehou.rules.verdicts import Refused
from tests.billing import FIRST, NOVEMBER, bill_of, open_books, pay, run
from tests.deciding import put_in_force
from tests.world import World, moment

RULES = Parameters().fund
IN_TIME = date(2026, 12, 31)  # thirty days after November
LATE = date(2027, 1, 1)


@pytest.fixture
def paid(world: World, at_moment) -> World:
    """Return the world with November's 220 yuan in the special account."""
    at_moment(FIRST)
    open_books(world)
    run(world)
    pay(world, bill_of(world.mei), bill_of(world.bo))
    return world


def give(world: World, fen: int, *, voucher: str = "BF-1", on: date = date(2026, 12, 10), source: str = "fees"):
    by = world.by_district("finance")
    return money.record_appropriation(
        world.riverside.school, on=on, source=source, amount_fen=fen, voucher=voucher, by=by, at=moment(on=on)
    )


def page(client: Client, world: World, who: str = "finance", query: str = "") -> str:
    client.force_login(world.district[who])
    return client.get(reverse("district:money") + query).content.decode()


# --- 不得截留 ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.6.3-h")
def test_income_that_is_not_passed_on_in_time_is_flagged_with_the_sum_and_the_days_until_it_is(
    client: Client, paid: World, at_moment
) -> None:
    school, key = paid.riverside.school, paid.riverside.school.pk
    held = held_by_school(paid.term, on=IN_TIME)[key]
    assert (held.fen, held.month, held.days) == (220_00, NOVEMBER, 30)
    assert fund.warning_of_holding_back(held, RULES) is None, "on the last day it is in time"
    give(paid, 219_99)
    at_moment(moment(on=LATE))
    said = page(client, paid)
    assert "11月收的费到现在还有0.01元没有拨付给学校，已过31天" in said and "1所学校" in said
    assert "双桂湖畔" in page(client, paid, query="?only=flagged")
    assert paid.hill.school.name not in page(client, paid, query="?only=flagged")
    client.force_login(paid.riverside.who["cashier"])
    own = client.get(reverse("school:account", args=(school.code,))).content.decode()
    assert "0.01元没有拨付" in own and "收费不得截留" in own
    give(paid, 1, voucher="BF-2")
    assert held_by_school(paid.term, on=LATE) == {}
    assert "没有拨付给学校" not in page(client, paid)


@pytest.mark.clause("2.6.3-h")
@pytest.mark.clause("2.6.1-c")
def test_both_warnings_are_said_together_and_a_school_in_order_is_not_named(paid: World) -> None:
    key, over = paid.riverside.school.pk, paid.term.service_until_on
    give(paid, 210_00)
    rows = totals_by_school(paid.term)
    found = warnings_by_school(rows, paid.term, on=over)
    assert {school: {one.key for one in said} for school, said in found.items()} == {
        key: {"R-FUND-06:held_back", "R-FEE-03:surplus_refund"}
    }
    assert warnings_by_school(rows, paid.term, on=over, school=paid.riverside.school) == found
    assert warnings_by_school(rows, paid.term, on=IN_TIME) == {}


@pytest.mark.clause("2.6.3-h")
def test_the_district_may_shorten_the_days_and_money_of_its_own_passes_nothing_on(paid: World) -> None:
    give(paid, 220_00, source="waiver")
    held = held_by_school(paid.term, on=date(2026, 12, 12), school=paid.riverside.school)[paid.riverside.school.pk]
    assert held.fen == 220_00
    put_in_force("fund.appropriation_days", 10, world=paid, from_on=date(2026, 12, 1))
    no = fund.warning_of_holding_back(held, parameters_on(date(2026, 12, 12)).fund)
    assert no is not None and no.key == "R-FUND-06:held_back"


@pytest.mark.clause("2.6.3-h")
@given(
    st.dictionaries(st.integers(1, 12), st.integers(-50_00, 500_00), max_size=12),
    st.integers(0, 3_000_00),
    st.dates(date(2026, 1, 1), date(2027, 3, 1)),
)
def test_what_is_held_back_is_the_difference_and_its_month_the_first_that_was_not_covered(
    by_month: dict[int, int], given_fen: int, on: date
) -> None:
    income = {date(2026, month, 1): fen for month, fen in by_month.items()}
    over = {month: fen for month, fen in income.items() if month_of(month).end <= on}  # type: ignore[operator]
    held = fund.held_back(income, given_fen, on)
    if sum(over.values()) <= given_fen:
        assert held is None
        return
    assert held is not None and held.fen == sum(over.values()) - given_fen
    before = sum(fen for month, fen in over.items() if month < held.month)
    assert before <= given_fen < before + over[held.month]
    assert held.days == (on - month_of(held.month).end).days >= 0  # type: ignore[operator]


# --- 非营利 -----------------------------------------------------------------------------------------------------------


def spend(world: World, fen: int, voucher: str = "V-1") -> None:
    facts = {"use": "U5", "description": "科学小实验耗材", "on": date(2026, 12, 20)}
    money.record_expense(
        world.riverside.school, **facts, voucher=voucher, amount_fen=fen, by=world.riverside.by("cashier"), at=FIRST
    )  # fmt: skip


@pytest.mark.clause("2.6.1-c")
def test_at_the_end_of_the_term_a_surplus_above_the_share_is_flagged_to_school_finance_and_public(
    client: Client, paid: World, at_moment
) -> None:
    school, over = paid.riverside.school, paid.term.service_until_on
    give(paid, 220_00)
    spend(paid, 208_99)
    account = account_of(school, paid.term)
    assert warning_of_surplus(account, paid.term, on=over - timedelta(days=1)) is None, "the term is not over"
    no = warning_of_surplus(account, paid.term, on=over)
    assert no is not None and no.key == "R-FEE-03:surplus_refund"
    assert say(no) == "结余11.01元，占收入5.0%，超过5%：课后服务不营利，超出的0.01元应退还家长。"
    at_moment(moment(on=over))
    assert "超出的0.01元应退还家长" in page(client, paid)
    client.force_login(paid.riverside.who["principal"])
    assert "超出的0.01元" in client.get(reverse("school:account", args=(school.code,))).content.decode()
    assert "超出的0.01元" in account_content(school, paid.term, month=None, on=over)["surplus"]
    spend(paid, 1, "V-2")
    assert warning_of_surplus(account_of(school, paid.term), paid.term, on=over) is None, "five in a hundred may stay"
    assert account_content(school, paid.term, month=None, on=over)["surplus"] == ""


@pytest.mark.clause("2.6.1-c")
def test_what_becomes_of_a_surplus_is_the_districts_choice(paid: World) -> None:
    put_in_force("fund.surplus_rule", {"percent": 0, "then": "lower_price"}, world=paid, from_on=date(2026, 11, 1))
    no = warning_of_surplus(account_of(paid.riverside.school, paid.term), paid.term, on=paid.term.service_until_on)
    assert no is not None and no.key == "R-FEE-03:surplus_lower_price" and "下学期降价" in say(no)


# --- 财政保障 ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.1-e")
def test_finance_sees_what_was_waived_what_it_has_made_up_for_and_what_is_passed_on(
    client: Client, world: World, at_moment
) -> None:
    at_moment(FIRST)
    open_books(world)
    by = world.riverside.by("aid_officer")
    people.record_care(world.mei, "dibao_family", source="区名单", from_on=date(2026, 9, 1), by=by, at=FIRST)
    run(world)
    pay(world, bill_of(world.bo))
    account = account_of(world.riverside.school, world.term)
    assert (account.waived_fen, account.compensated_fen, account.uncompensated_fen) == (110_00, 0, 110_00)
    assert "减免的还有110.00元没有补偿" in page(client, world)
    with pytest.raises(Refused) as no:
        give(world, 110_00, source="loan")
    assert no.value.refusal.key == "R-FUND-06:source_unknown"
    give(world, 110_00, voucher="BC-1", source="waiver")
    with pytest.raises(Refused):
        give(world, 110_00, voucher="BC-1", source="fees")  # the same voucher is the same money
    account = account_of(world.riverside.school, world.term)
    assert (account.appropriated_fen, account.compensated_fen, account.uncompensated_fen) == (0, 110_00, 0)
    assert account.unappropriated_fen == 110_00, "making up for a waiver does not pass on what Bo's family paid"
    assert "减免的已补足" in page(client, world)
    spend(world, 110_00)
    for who in ("price", "police"):
        client.force_login(world.district[who])
        assert client.get(reverse("district:money")).status_code == 403
