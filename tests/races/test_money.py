"""The same bill paid twice, two offices approving one refund, two workers making one school's bills: on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from kehou.chapters.money import actions as money
from kehou.chapters.money.models import Bill, BillingRun, BillLine, Expense, Payment, Refund, RefundApproval
from kehou.lib.actors import SYSTEM, Actor
from kehou.rules.verdicts import Refused
from tests.billing import AFTER, FIRST, NOVEMBER, bill_of, open_books, pay, run, sick
from tests.groups import enrol
from tests.world import World, build, make_pupil

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 6


@pytest.fixture
def stage() -> World:
    """The world with six more children and open books, written for good: threads see only what is committed."""
    world = build()
    open_books(world)
    for number in range(THREADS):
        enrol(make_pupil(world.riverside, f"学生{number}", grade=5, guardian=world.guardian), world.term)
    return world


def race(*acts):
    """Run the acts at the same instant, each on its own connection; return what each returned, or its refusal."""
    start = Barrier(len(acts))

    def once(act):
        try:
            start.wait(timeout=20)
            return act()
        except Refused as no:
            return no
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(once, act) for act in acts]]


def test_a_bill_is_paid_once_however_many_tabs_are_open(stage: World) -> None:
    run(stage)
    bill = bill_of(stage.mei)
    results = race(*[lambda n=n: pay(stage, bill, reference=f"PZ-{n}") for n in range(THREADS)])
    assert sum(isinstance(one, Refused) for one in results) == THREADS - 1
    assert Payment.objects.count() == 1 and bill_of(stage.mei).paid_fen == 110_00


def test_a_double_click_is_one_payment_for_both(stage: World) -> None:
    run(stage)
    mei, bo = bill_of(stage.mei), bill_of(stage.bo)
    # The two orders of ticking must not wait for one another for ever.
    results = race(*[lambda n=n: pay(stage, *((mei, bo) if n % 2 else (bo, mei))) for n in range(THREADS)])
    assert not [one for one in results if isinstance(one, Refused)]
    assert {tuple(payment.pk for payment in one) for one in results} == {tuple(sorted(p.pk for p in results[0]))}
    assert Payment.objects.count() == 2


def test_two_workers_make_a_school_s_bills_once(stage: World) -> None:
    def again():
        return money.run_bills(stage.riverside.school, NOVEMBER, by=SYSTEM, at=FIRST)

    results = race(*[again for _ in range(4)])
    assert sorted(one.made for one in results) == [0, 0, 0, THREADS + 2]
    numbers = list(Bill.objects.order_by("number").values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == THREADS + 2 and BillingRun.objects.get().runs == 4
    assert BillLine.objects.count() == 2 * (THREADS + 2)


def test_paying_while_the_month_is_settled_loses_no_fen(stage: World) -> None:
    run(stage)
    bill = bill_of(stage.mei)
    sick(stage.mei, 3, 4, 5)
    race(
        lambda: pay(stage, bill, at=AFTER),
        lambda: money.run_bills(stage.riverside.school, NOVEMBER, by=SYSTEM, at=AFTER),
    )
    settled = bill_of(stage.mei)
    # Either the counter was first and the difference goes back, or it took the smaller sum.
    assert settled.due_fen == 99_00
    assert settled.paid_fen - settled.returned_fen == 99_00
    assert settled.returned_fen == sum(Refund.objects.values_list("amount_fen", flat=True))
    assert settled.paid_fen == sum(Payment.objects.values_list("amount_fen", flat=True))


def test_a_refund_is_approved_and_paid_once(stage: World) -> None:
    run(stage)
    pay(stage, bill_of(stage.mei))
    sick(stage.mei, 3, 4, 5)
    money.run_bills(stage.riverside.school, NOVEMBER, by=SYSTEM, at=AFTER)
    refund = Refund.objects.get()
    approvers = [Actor(10_000 + n, f"校长{n}", "校长", stage.riverside.school.code) for n in range(4)]
    results = race(*[lambda by=by: money.approve_refund(refund, by=by, at=AFTER) for by in approvers])
    assert sum(isinstance(one, Refused) for one in results) == 3 and RefundApproval.objects.count() == 1
    finance = stage.by_district("finance")
    results = race(
        *[lambda n=n: money.pay_refunds([refund], voucher=f"TK-{n}", by=finance, at=AFTER) for n in range(4)]
    )
    assert sum(isinstance(one, Refused) for one in results) == 3
    assert Refund.objects.get().state == "paid"


def test_the_fund_is_never_overspent(stage: World) -> None:
    school, by = stage.riverside.school, stage.riverside.by("cashier")
    on = date(2026, 11, 10)
    money.record_appropriation(school, on=on, amount_fen=250_00, voucher="BF-1", by=by, at=FIRST)

    def spend(n: int):
        return money.record_expense(
            school, on=on, use="U5", description="科学小实验耗材", voucher=f"V-{n}", amount_fen=100_00, by=by, at=FIRST
        )

    results = race(*[lambda n=n: spend(n) for n in range(5)])
    assert sum(isinstance(one, Refused) for one in results) == 3
    assert sum(Expense.objects.values_list("amount_fen", flat=True)) == 200_00
