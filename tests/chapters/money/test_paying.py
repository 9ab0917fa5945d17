"""Money in and back: whole bills, once, several children in one sitting; two persons for a refund; the uses of the fund."""

from __future__ import annotations

from datetime import date

import pytest

from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.money import actions as money
from kehou.chapters.money.models import Bill, Expense, Payment, Refund
from kehou.chapters.money.queries import account_of, available_fen, bills_of_pupil, explain, totals_by_school
from kehou.rules.parameters.money_groups import USES
from kehou.rules.verdicts import Refused
from tests.billing import AFTER, FIRST, NOVEMBER, bill_of, open_books, pay, run, sick
from tests.deciding import put_in_force
from tests.world import World, make_account, moment


@pytest.fixture
def billed(world: World) -> World:
    """Return the world with November's bills."""
    open_books(world)
    run(world)
    return world


@pytest.fixture
def refund(billed: World) -> Refund:
    """Return a refund of 11.00 that waits to be approved."""
    pay(billed, bill_of(billed.mei))
    sick(billed.mei, 3, 4, 5)
    run(billed, at=AFTER)
    return Refund.objects.get()


def test_v28_two_children_are_paid_in_one_sitting_with_two_receipts(billed: World) -> None:
    payments = pay(billed, bill_of(billed.bo), bill_of(billed.mei), given_fen=220_00)
    assert [one.amount_fen for one in payments] == [110_00, 110_00]
    assert len({one.receipt_number for one in payments}) == len({one.check_code for one in payments}) == 2
    assert {one.reference for one in payments} == {"PZ-1"}
    assert set(Bill.objects.values_list("state", "paid_fen")) == {("paid", 110_00)}
    assert Letter.objects.filter(kind="receipt", to_account=billed.guardian.pk).count() == 2
    assert Entry.objects.filter(verb="money.paid").count() == 2


def test_pressed_twice_it_is_the_same_payment(billed: World) -> None:
    first = pay(billed, bill_of(billed.mei))
    assert [one.pk for one in pay(billed, bill_of(billed.mei))] == [one.pk for one in first]
    assert Payment.objects.count() == 1 and bill_of(billed.mei).paid_fen == 110_00
    assert Letter.objects.filter(kind="receipt").count() == 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"given_fen": 100_00}, "whole_bill_only"),
        ({"reference": "  "}, "without_reference"),
    ],
)
def test_a_part_of_a_bill_and_a_payment_without_reference_are_refused(billed: World, more: dict, why: str) -> None:
    with pytest.raises(Refused) as no:
        pay(billed, bill_of(billed.mei), **more)
    assert no.value.refusal.why == why and not Payment.objects.exists()


def test_another_tab_with_another_reference_finds_nothing_to_pay(billed: World) -> None:
    seen = bill_of(billed.mei)
    pay(billed, seen)
    with pytest.raises(Refused) as no:
        pay(billed, seen, reference="PZ-2")
    assert no.value.refusal.why == "nothing_to_pay" and Payment.objects.count() == 1
    with pytest.raises(Refused) as no:
        pay(billed, bill_of(billed.bo), reference="PZ-1")
    assert no.value.refusal.why == "reference_used"


def test_a_bill_of_another_school_and_no_bill_at_all_are_refused(billed: World) -> None:
    bill = bill_of(billed.mei)
    with pytest.raises(Refused) as no:
        money.record_payment(
            billed.hill.school,
            [bill],
            reference="X",
            method="counter",
            payer="",
            by=billed.hill.by("cashier"),
            at=FIRST,
        )
    assert no.value.refusal.why == "bill_not_found"
    with pytest.raises(Refused) as no:
        pay(billed)
    assert no.value.refusal.why == "pick_a_bill"


def test_a_statement_is_entered_once_and_says_which_lines_it_could_not_take(billed: World) -> None:
    by, mei, bo = billed.riverside.by("cashier"), bill_of(billed.mei), bill_of(billed.bo)
    lines = [
        money.Transfer("LS-1", "陈梅妈妈", [mei.pk], moment(11, on=date(2026, 11, 4))),
        money.Transfer("LS-2", "陈梅妈妈", [mei.pk], FIRST),
        money.Transfer("LS-3", "陈梅妈妈", [bo.pk], FIRST, given_fen=50_00),
    ]
    done = money.record_transfers(billed.riverside.school, lines, by=by, at=FIRST)
    assert [one.receipt_number for one in done.payments] == [f"SJ{mei.number[2:]}-1"]
    assert done.payments[0].received_at == moment(11, on=date(2026, 11, 4))
    assert [(reference, no.why) for reference, no in done.refused] == [
        ("LS-2", "nothing_to_pay"),
        ("LS-3", "whole_bill_only"),
    ]
    again = money.record_transfers(billed.riverside.school, lines[:1], by=by, at=FIRST)
    assert (again.known, again.payments, bill_of(billed.mei).paid_fen) == (1, [], 110_00)


# --- Refunds ----------------------------------------------------------------------------------------------------------


def test_a_refund_is_approved_by_another_and_paid_by_a_third(billed: World, refund: Refund) -> None:
    with pytest.raises(Refused) as no:
        money.approve_refund(refund, by=billed.riverside.by("cashier"), at=AFTER)  # asked for it by running the bills
    assert no.value.refusal.key == "R-FEE-08:refund_needs_approval"
    with pytest.raises(Refused) as no:
        money.pay_refunds([refund], voucher="TK-1", by=billed.by_district("finance"), at=AFTER)
    assert no.value.refusal.why == "moved_meanwhile"
    approved = money.approve_refund(refund, by=billed.riverside.by("principal"), at=AFTER)
    assert approved.state == "approved" and approved.approvals.count() == 1
    with pytest.raises(Refused) as no:
        money.pay_refunds([refund], voucher="TK-1", by=billed.riverside.by("principal"), at=AFTER)
    assert no.value.refusal.why == "approver_pays"
    (paid,) = money.pay_refunds([refund], voucher="TK-1", by=billed.by_district("finance"), at=AFTER)
    assert (paid.state, paid.voucher) == ("paid", "TK-1")
    assert Letter.objects.filter(kind="refund", to_account=billed.guardian.pk).count() == 2
    with pytest.raises(Refused):
        money.pay_refunds([refund], voucher="TK-2", by=billed.by_district("finance"), at=AFTER)


def test_it_is_due_in_fifteen_working_days(refund: Refund) -> None:
    assert refund.due_on == date(2026, 12, 22)


def test_v30_to_a_bank_account_two_persons_approve_and_it_is_a_guardians(billed: World, refund: Refund) -> None:
    by = billed.riverside.by("cashier")
    with pytest.raises(Refused) as no:
        money.reroute_refund(refund, holder="班主任", account_number="6217 0000", by=by, at=AFTER)
    assert no.value.refusal.why == "not_guardians_account"
    rerouted = money.reroute_refund(refund, holder="陈梅妈妈", account_number="6217 0000", by=by, at=AFTER)
    assert rerouted.account_number == "62170000"
    half = money.approve_refund(refund, by=billed.riverside.by("principal"), at=AFTER)
    assert half.state == "made" and half.approvals.count() == 1
    with pytest.raises(Refused) as no:
        money.approve_refund(refund, by=billed.riverside.by("principal"), at=AFTER)
    assert no.value.refusal.why == "approved_by_you"
    assert money.approve_refund(refund, by=billed.by_district("finance"), at=AFTER).state == "approved"


# --- Spending ---------------------------------------------------------------------------------------------------------


def appropriate(world: World, fen: int = 1_000_00) -> None:
    """Put money at Riverside's disposal."""
    money.record_appropriation(
        world.riverside.school, on=date(2026, 11, 10), amount_fen=fen, voucher="BF-1", by=world.by_district("finance"),
        at=FIRST,
    )  # fmt: skip


def spend(world: World, **changes) -> Expense:
    """Return an expense of 200.00 for consumables, or what `changes` make of it."""
    facts = {
        "use": "U5",
        "description": "科学小实验耗材",
        "voucher": "V-1",
        "amount_fen": 200_00,
        "on": date(2026, 11, 12),
    }
    return money.record_expense(
        world.riverside.school, **{**facts, **changes}, by=world.riverside.by("cashier"), at=FIRST
    )


@pytest.mark.parametrize(
    ("use", "title", "description"),
    [
        pytest.param("U1", "校内教师补助", "十一月教师补助", marks=pytest.mark.clause("2.6.3-c")),
        pytest.param("U2", "外聘人员补助", "外聘剪纸师傅劳务报酬", marks=pytest.mark.clause("2.6.3-d")),
        pytest.param("U5", "耗材补充", "科学小实验耗材", marks=pytest.mark.clause("2.6.3-g")),
    ],
)
def test_the_fund_pays_for_a_permitted_use_under_its_name_and_not_once_the_list_is_without_it(
    world: World, use: str, title: str, description: str
) -> None:
    appropriate(world)
    spend(world, use=use, description=description, voucher="V-2")
    (line,) = [one for one in account_of(world.riverside.school, world.term).spending if one.fen]
    assert (line.use, line.title, line.fen, line.share) == (use, title, 200_00, 1000)
    others = tuple(one for one in USES if not one.startswith(use))
    put_in_force("fund.uses", others, world=world, from_on=date(2026, 11, 1))
    with pytest.raises(Refused) as no:
        spend(world, use=use, description=description, voucher="V-3")
    assert [one.key for one in no.value.refusals] == ["R-FUND-03:use_not_permitted"]


@pytest.mark.clause("2.6.3-i", "2.6.3-j")
@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"use": "U9"}, "R-FUND-03:use_not_permitted"),
        ({"description": "课后服务管理费"}, "R-FUND-07:management_fee"),
        ({"description": "按8%提取用于统筹"}, "R-FUND-07:management_fee"),
        ({"description": "教师节招待用餐"}, "R-FUND-08:unrelated_cost"),
        ({"amount_fen": 1_000_01}, "R-FUND-02:more_than_appropriated"),
        ({"voucher": ""}, "R-FUND-03:without_voucher"),
        ({"amount_fen": 0}, "R-FUND-03:no_amount"),
    ],
)
def test_it_pays_for_nothing_else(world: World, changes: dict, key: str) -> None:
    appropriate(world)
    with pytest.raises(Refused) as no:
        spend(world, **changes)
    assert [one.key for one in no.value.refusals] == [key] and not Expense.objects.exists()


@pytest.mark.clause("2.6.3-b")
def test_what_families_pay_cannot_be_spent_and_what_is_appropriated_can_to_the_last_fen(billed: World) -> None:
    """Two lines: the first ends in the special account, the second begins at the appropriation."""
    pay(billed, bill_of(billed.mei), bill_of(billed.bo))
    assert available_fen(billed.riverside.school) == 0  # 220 yuan came in
    with pytest.raises(Refused) as no:
        spend(billed, amount_fen=1)
    assert no.value.refusal.key == "R-FUND-02:more_than_appropriated"
    appropriate(billed, 150_00)
    spend(billed, amount_fen=149_99)
    with pytest.raises(Refused):
        spend(billed, amount_fen=2, voucher="V-2")
    spend(billed, amount_fen=1, voucher="V-3")
    account = account_of(billed.riverside.school, billed.term)
    assert (account.collected_fen, account.appropriated_fen, account.spent_fen) == (220_00, 150_00, 150_00)
    assert account.unappropriated_fen == 70_00, "income is not netted against spending"
    named = {field.related_model for field in Expense._meta.get_fields() if field.is_relation}
    assert not named & {Bill, Payment}, "an expense cannot name income"


def test_a_voucher_counts_once(world: World) -> None:
    appropriate(world)
    spend(world)
    with pytest.raises(Refused) as no:
        spend(world)
    assert no.value.refusal.why == "voucher_twice"


# --- Accounts ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.6.3-k")
def test_the_account_is_the_bills_the_payments_and_the_vouchers(billed: World, refund: Refund) -> None:
    appropriate(billed)
    spend(billed)
    money.approve_refund(refund, by=billed.riverside.by("principal"), at=AFTER)
    money.pay_refunds([refund], voucher="TK-1", by=billed.by_district("finance"), at=AFTER)
    account = account_of(billed.riverside.school, billed.term)
    assert (account.bills, account.gross_fen, account.collected_fen) == (2, 209_00, 110_00)
    assert (account.refunded_fen, account.income_fen, account.spent_fen) == (11_00, 99_00, 200_00)
    assert (account.pupils, account.pupil_days) == (2, 18 + 21)
    assert [one.use for one in account.spending] == ["U1", "U2", "U3", "U4", "U5", "U6"]
    assert account_of(billed.riverside.school, billed.term, month=NOVEMBER).gross_fen == 209_00
    rows = {one.school.code: one.account for one in totals_by_school(billed.term)}
    assert rows[billed.riverside.school.code].gross_fen == 209_00 and rows[billed.hill.school.code].bills == 0
    assert [one.school for one in totals_by_school(billed.term, text="明月山")] == [billed.hill.school]


def test_the_lines_of_every_bill_sum_to_it_whatever_happened(billed: World, refund: Refund) -> None:
    money.void_bill(bill_of(billed.bo), reason="重开一张", by=billed.riverside.by("cashier"), at=AFTER)
    run(billed, at=AFTER)
    for pupil in (billed.mei, billed.bo):
        for bill in bills_of_pupil(pupil):
            explained = explain(bill)
            assert sum(line.fen for line in explained.lines) == bill.due_fen
            waivers = sum(line.amount_fen for line in bill.lines.all() if line.kind == "waiver")
            assert (-waivers, bill.due_fen + bill.waived_fen) == (bill.waived_fen, bill.gross_fen)


def test_a_new_account_closes_the_one_before(world: World) -> None:
    open_books(world)
    payee = money.register_payee(
        world.riverside.school, account_name="新专户", bank="农行", account_number="6228 9", by=world.riverside.by("cashier"),
        at=moment(9),
    )  # fmt: skip
    assert payee.account_number == "62289"
    assert world.riverside.school.payees.filter(closed_on__isnull=True).count() == 1
    with pytest.raises(Refused):
        money.register_payee(
            world.riverside.school, account_name="", bank="农行", account_number="1", by=world.riverside.by("cashier"),
            at=moment(9),
        )  # fmt: skip


def test_a_stranger_is_never_a_holder(billed: World, refund: Refund) -> None:
    make_account("陈梅妈妈二")
    with pytest.raises(Refused):
        money.reroute_refund(
            refund, holder="陈梅妈妈二", account_number="1", by=billed.riverside.by("cashier"), at=AFTER
        )
