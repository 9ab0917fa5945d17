"""The bills of a month: made once, explained, adjusted by new lines when the facts have changed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kehou.chapters.attendance.models import Leave, Mark, Register
from kehou.chapters.basis.models import Closure, ParameterVersion
from kehou.chapters.enrolment.models import Agreement, EnrolledDay, Enrolment
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.money import actions as money
from kehou.chapters.money.actions import settling
from kehou.chapters.money.actions.billing import settle_months
from kehou.chapters.money.models import Bill, BillingRun, BillLine, Refund
from kehou.chapters.money.queries import explain
from kehou.chapters.money.queries.bills import bills_of_pupil
from kehou.chapters.money.queries.reckoning import fee_of, latest_reckoning
from kehou.chapters.timetable.models import Session
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM
from kehou.rules import fees
from kehou.rules.verdicts import Refused
from tests.billing import (
    AFTER,
    DECEMBER,
    FIRST,
    NOVEMBER,
    OCTOBER,
    bill_of,
    clear,
    open_books,
    pay,
    register,
    run,
    sick,
)
from tests.groups import enrol, make_session
from tests.world import World, make_pupil, moment


def words(bill: Bill) -> list[str]:
    """Return a bill's lines as the family reads them."""
    return [line.why for line in explain(bills_of_pupil(bill.pupil).get(pk=bill.pk)).lines]


@pytest.mark.clause("2.6.1-d")
def test_a_month_is_billed_for_every_child_explained_and_told(world: World) -> None:
    open_books(world)
    ran = run(world)
    bill = bill_of(world.mei)
    assert (ran.made, ran.bills, ran.due_fen) == (2, 2, 220_00)
    assert (bill.item, bill.gross_fen, bill.due_fen, bill.state) == ("课后延时服务费", 110_00, 110_00, "to_pay")
    assert words(bill) == ["11月21天×5.50元=115.50元（每天2课时）", "每天2课时每月最多110.00元，超出的5.50元不收"]
    letter = Letter.objects.filter(to_account=world.guardian.pk, kind="bill").first()
    assert letter is not None and "110.00元" in letter.title and "每月最多110.00元" in letter.body
    assert Entry.objects.filter(verb="money.bills_run", school_code=world.riverside.school.code).count() == 1


def test_run_again_it_does_nothing(world: World) -> None:
    open_books(world)
    run(world)
    before = list(Bill.objects.order_by("pk").values())
    again = run(world, at=moment(10, on=date(2026, 11, 5)))
    assert (again.made, again.adjusted, again.bills) == (0, 0, 2)
    assert list(Bill.objects.order_by("pk").values()) == before
    assert BillLine.objects.count() == 4 and BillingRun.objects.get().runs == 2


def test_a_child_who_joins_later_is_added_with_the_next_number(world: World) -> None:
    open_books(world)
    run(world)
    late = make_pupil(world.riverside, "后来生", grade=3, guardian=world.guardian)
    enrolment = enrol(late, world.term)
    type(enrolment).objects.filter(pk=enrolment.pk).update(from_on=date(2026, 11, 16))
    assert run(world).made == 1
    bill = bill_of(late)
    assert bill.number.endswith("00003") and bill.due_fen == 11 * 550
    assert any("还没有参加，10天不计费" in line for line in words(bill))


# --- V27: four reasons, four codes ------------------------------------------------------------------------------------


@pytest.mark.clause("2.6.2-f")
def test_before_the_filing_is_accepted_nothing_is_billed(world: World) -> None:
    register(world)
    enrol(world.mei, world.term)
    with pytest.raises(Refused) as no:
        run(world)
    assert {one.code for one in no.value.refusals} == {"R-GATE-00", "R-FILING-02"}
    with pytest.raises(Refused):
        money.ask_for_bills(world.riverside.school, NOVEMBER, by=SYSTEM, at=FIRST)
    assert not Bill.objects.exists() and not jobs.JobReport.objects.exists()


@pytest.mark.clause("2.6.1-e")
def test_without_a_registered_account_nothing_is_billed(world: World) -> None:
    clear(world)
    enrol(world.mei, world.term)
    with pytest.raises(Refused) as no:
        run(world)
    assert [one.key for one in no.value.refusals] == ["R-FEE-05:no_payee"]


@pytest.mark.clause("2.6.1-b")
def test_without_a_signed_agreement_a_child_is_left_out_and_counted(world: World) -> None:
    mei, _ = open_books(world)
    Agreement.objects.filter(pk=mei.agreement_id).update(state="guardian_signed")
    ran = run(world)
    assert (ran.made, ran.unsigned) == (1, 1) and not Bill.objects.filter(pupil=world.mei).exists()
    with pytest.raises(Refused) as no:
        money.make_bill(world.mei, NOVEMBER, by=world.riverside.by("cashier"), at=FIRST)
    assert no.value.refusal.key == "R-FEE-02:agreement_not_signed"


@pytest.mark.clause("2.6.1-d")
@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ({"item": "材料费"}, "R-FEE-04:other_item"),
        ({"account_number": "6217 班主任"}, "R-FEE-05:payee_not_registered"),
    ],
)
def test_a_second_item_or_another_account_is_refused(world: World, wanted: dict[str, str], key: str) -> None:
    open_books(world)
    with pytest.raises(Refused) as no:
        money.make_bill(world.mei, NOVEMBER, by=world.riverside.by("cashier"), at=FIRST, **wanted)
    assert [one.key for one in no.value.refusals] == [key]
    assert money.make_bill(world.mei, NOVEMBER, by=world.riverside.by("cashier"), at=FIRST).due_fen == 110_00


def test_a_private_school_and_a_month_without_service_have_no_bills(world: World) -> None:
    open_books(world)
    with pytest.raises(Refused) as no:
        run(world, date(2027, 2, 1))
    assert no.value.refusal.why == "no_service_in_month"
    type(world.riverside.school).objects.filter(pk=world.riverside.school.pk).update(charges_fee=False)
    world.riverside.school.refresh_from_db()
    with pytest.raises(Refused) as no:
        run(world)
    assert no.value.refusal.why == "school_charges_nothing"


# --- After the month --------------------------------------------------------------------------------------------------


def test_leave_becomes_a_new_line_and_a_refund_by_itself(world: World) -> None:
    open_books(world)
    run(world)
    pay(world, bill_of(world.mei))
    first_lines = list(bill_of(world.mei).lines.values())
    sick(world.mei, 3, 4, 5)
    assert run(world, at=AFTER).adjusted == 1
    bill = bill_of(world.mei)
    refund = Refund.objects.get()
    assert (bill.due_fen, refund.amount_fen, bill.returned_fen, bill.state) == (99_00, 11_00, 11_00, "settled")
    assert list(bill.lines.order_by("turn").values())[: len(first_lines)] == first_lines
    assert words(bill)[-2:] == [
        "11月3日、4日、5日请病假，3天不计费",
        "按新的情况重算：原计110.00元，现计99.00元，调整-11.00元（按实际天数结算）",
    ]
    assert refund.made_by_account == world.riverside.who["cashier"].pk
    letter = Letter.objects.get(kind="bill_adjusted")
    assert "共退11.00元" in letter.body
    assert run(world, at=AFTER).adjusted == 0 and Refund.objects.count() == 1


def test_a_leave_before_paying_lowers_what_is_open_and_one_withdrawn_raises_it(world: World) -> None:
    open_books(world)
    run(world)
    sick(world.mei, 3, 4, 5)
    run(world, at=AFTER)
    assert not Refund.objects.exists() and bill_of(world.mei).due_fen == 99_00
    pay(world, bill_of(world.mei), at=AFTER)
    Leave.objects.update(withdrawn_at=AFTER)
    run(world, at=AFTER)
    bill = bill_of(world.mei)
    assert (bill.due_fen, bill.state) == (110_00, "to_pay")
    (payment,) = pay(world, bill, reference="PZ-2", at=AFTER)
    assert payment.amount_fen == 11_00 and payment.receipt_number.endswith("-2")


def test_a_refund_not_yet_approved_is_replaced_by_the_right_one(world: World) -> None:
    open_books(world)
    run(world)
    pay(world, bill_of(world.mei))
    sick(world.mei, 3, 4)
    run(world, at=AFTER)
    sick(world.mei, 5, 6)
    run(world, at=AFTER)
    assert list(Refund.objects.order_by("pk").values_list("state", "amount_fen")) == [
        ("replaced", 5_50),
        ("made", 16_50),
    ]
    assert bill_of(world.mei).returned_fen == 16_50


def test_v15_days_beyond_the_cap_give_nothing_back_and_say_so(world: World) -> None:
    open_books(world)
    run(world, DECEMBER)
    pay(world, bill_of(world.mei, DECEMBER))
    sick(world.mei, 1, 2, 3, month=DECEMBER)
    assert run(world, DECEMBER, at=moment(9, on=date(2027, 1, 4))).adjusted == 0
    bill = bill_of(world.mei, DECEMBER)
    assert bill.due_fen == 110_00 and not Refund.objects.exists()
    assert words(bill)[-2:] == [
        "12月1日、2日、3日请病假，3天不计费",
        "虽有3天不计费，其余20天的费用仍达到每月110.00元的上限，所以没有可退的钱",
    ]


def test_a_closed_school_and_a_cancelled_session_are_not_charged(world: World) -> None:
    open_books(world)
    session = make_session(world.riverside, world.term, [world.mei], on=date(2026, 11, 18))
    run(world)
    Closure.objects.create(
        school_code=world.riverside.school.code, from_on=date(2026, 11, 12), until_on=date(2026, 11, 14),
        reason="暴雨停课", approved_by="基教科", approved_at=FIRST,
    )  # fmt: skip
    Session.objects.filter(pk=session.pk).update(state="cancelled")
    run(world, at=AFTER)
    # 18 whole days and one of which an hour was cancelled: 18×5.50 + 3.00.
    assert (bill_of(world.mei).due_fen, bill_of(world.bo).due_fen) == (102_00, 19 * 550)
    assert "11月12日、13日学校取消服务，2天不计费" in words(bill_of(world.mei))
    assert "11月18日学校取消了部分课时，1天按实际上的课时计费" in words(bill_of(world.mei))


def test_v16_who_was_absent_without_leave_is_charged_and_told(world: World) -> None:
    open_books(world)
    run(world)
    session = make_session(world.riverside, world.term, [world.mei, world.bo])
    register_ = Register.objects.create(session=session, opened_at=FIRST, opened_by="老师")
    Mark.objects.create(register=register_, pupil=world.mei, state="absent", marked_at=FIRST, marked_by="老师")
    sick(world.bo, 18)
    Mark.objects.create(register=register_, pupil=world.bo, state="present", marked_at=FIRST, marked_by="老师")
    run(world, at=AFTER)
    assert (bill_of(world.mei).due_fen, bill_of(world.bo).due_fen) == (110_00, 110_00)
    assert words(bill_of(world.mei))[-1] == "11月18日没有请假也没有到，1天照常计费"
    assert not any("请病假" in line for line in words(bill_of(world.bo)))  # came in spite of the leave: was served


def test_v21_more_hours_from_a_day_on(world: World) -> None:
    mei, _ = open_books(world, hours=1)
    EnrolledDay.objects.filter(enrolment=mei).update(until_on=date(2026, 11, 16))
    EnrolledDay.objects.bulk_create(
        EnrolledDay(enrolment=mei, weekday=day, hours=2, from_on=date(2026, 11, 16), until_on=mei.until_on)
        for day in range(1, 6)
    )
    run(world)
    assert bill_of(world.mei).due_fen == 10 * 300 + 11 * 550


def test_v13_who_leaves_gets_back_what_was_paid_for_the_days_after(world: World) -> None:
    mei, _ = open_books(world)
    run(world)
    pay(world, bill_of(world.mei), bill_of(world.bo))
    money.leave(mei, by=world.by_guardian(), at=moment(10, on=date(2026, 11, 13)))
    bill = bill_of(world.mei)
    assert (bill.due_fen, Refund.objects.get().amount_fen) == (10 * 550, 55_00)
    assert "11月16日、17日、18日、19日、20日、23日、24日、25日、26日、27日、30日已经退出，11天不计费" in words(bill)
    assert bill_of(world.bo).due_fen == 110_00


def test_the_worker_settles_every_month_that_is_over(world: World, at_moment) -> None:
    open_books(world)
    run(world)
    pay(world, bill_of(world.mei))
    sick(world.mei, 3)
    at_moment(AFTER)
    jobs.ask(settle_months, key="settle", title="结算", by=SYSTEM, at=AFTER)
    jobs.work_off()
    assert BillingRun.objects.get().settled_at is not None and bill_of(world.mei).state == "settled"


def test_a_school_whose_month_is_refused_holds_no_other_back(world: World, at_moment) -> None:
    open_books(world)
    # The month without a service day comes first.
    BillingRun.objects.create(school=world.hill.school, month=date(2026, 8, 1), started_by="", started_at=FIRST)
    run(world)
    mine = BillingRun.objects.get(school=world.riverside.school)
    at_moment(AFTER)
    report = jobs.ask(settle_months, key="settle", title="结算", by=SYSTEM, at=AFTER)
    jobs.work_off()
    report.refresh_from_db()
    assert (report.state, report.result) == ("done", {"settled": 1, "refused": 1})
    mine.refresh_from_db()
    assert mine.settled_at is not None
    assert not BillingRun.objects.filter(school=world.hill.school, settled_at__isnull=False).exists()


def test_the_job_is_one_for_a_school_and_month_and_runs_again_when_asked(world: World, at_moment) -> None:
    open_books(world)
    at_moment(FIRST)
    by = world.riverside.by("cashier")
    report = money.ask_for_bills(world.riverside.school, NOVEMBER, by=by, at=FIRST)
    assert money.ask_for_bills(world.riverside.school, date(2026, 11, 20), by=by, at=FIRST).pk == report.pk
    jobs.work_off()
    report.refresh_from_db()
    assert (report.state, report.result["made"]) == ("done", 2)
    sick(world.mei, 3, 4, 5)
    money.ask_for_bills(world.riverside.school, NOVEMBER, by=by, at=FIRST)
    jobs.work_off()
    assert bill_of(world.mei).due_fen == 99_00


# --- The numbers of the day -------------------------------------------------------------------------------------------


@pytest.mark.clause("0-c")
def test_an_old_bill_is_computed_again_under_the_parameters_of_its_day(world: World) -> None:
    open_books(world)
    run(world)
    from uuid import uuid4

    ParameterVersion.objects.create(
        key="fee.tariff", value={"1": 5000, "2": 9000, "3": 14000}, from_on=date(2026, 11, 1), state="in_force",
        proposed_by="价格科", proposed_at=FIRST, decided_at=FIRST, decision=1, stamp=uuid4(),
    )  # fmt: skip
    bill = bill_of(world.mei)
    assert fees.price(fees.read_month(latest_reckoning(bill)), fee_of(bill)).due_fen == 110_00
    sick(world.mei, 3, 4, 5)
    run(world, at=AFTER)
    assert bill_of(world.mei).due_fen == 99_00  # 18 × 5.50, not 18 × 4.50
    run(world, DECEMBER, at=AFTER)
    assert bill_of(world.mei, DECEMBER).due_fen == 90_00


def test_void_only_by_lines_that_reverse(world: World) -> None:
    open_books(world)
    run(world)
    by = world.riverside.by("cashier")
    with pytest.raises(Refused) as no:
        money.void_bill(bill_of(world.mei), reason="", by=by, at=FIRST)
    assert no.value.refusal.why == "void_without_reason"
    bill = money.void_bill(bill_of(world.mei), reason="开错班级", by=by, at=FIRST)
    assert (bill.state, bill.due_fen, bill.lines.count()) == ("void", 0, 3)
    assert sum(bill.lines.values_list("amount_fen", flat=True)) == 0
    assert run(world).made == 1  # the facts still ask for a bill: a new one, with a new number
    pay(world, bill_of(world.bo))
    with pytest.raises(Refused) as no:
        money.void_bill(bill_of(world.bo), reason="试一试", by=by, at=FIRST)
    assert no.value.refusal.why == "void_after_payment"


def test_a_bill_moves_only_along_its_path(world: World) -> None:
    open_books(world)
    run(world)
    bill = money.void_bill(bill_of(world.mei), reason="开错班级", by=world.riverside.by("cashier"), at=FIRST)
    bill.due_fen = 110_00
    with pytest.raises(Refused) as no:
        settling.move(bill, FIRST)  # a void bill is never opened again, whatever its sums say
    assert (no.value.refusal.code, no.value.refusal.why, bill.state) == ("R-FLOW-01", "final_state", "void")
    with pytest.raises(Refused) as no:
        money.void_bill(bill, reason="再作废一次", by=world.riverside.by("cashier"), at=FIRST)
    assert no.value.refusal.code == "R-FLOW-01"


def test_a_line_of_the_ledger_cannot_be_saved_twice(world: World) -> None:
    open_books(world)
    run(world)
    line = BillLine.objects.first()
    line.amount_fen = 1
    with pytest.raises(TypeError):
        line.save()
    # Nor by those who come past the model: the database itself refuses.
    for act in (lambda: BillLine.objects.update(amount_fen=1), lambda: BillLine.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            act()


def test_a_run_costs_the_same_number_of_statements_whatever_the_size(world: World) -> None:
    open_books(world)
    run(world, OCTOBER)  # the terms of the price are written with the first bill ever
    few = (counted(world, NOVEMBER, FIRST), counted_after_leave(world, NOVEMBER))
    for number in range(18):
        enrol(make_pupil(world.riverside, f"同学{number}", grade=3, guardian=world.guardian), world.term)
    many = (counted(world, DECEMBER, FIRST), counted_after_leave(world, DECEMBER))
    assert few == many


def counted(world: World, month: date, at) -> int:
    """Return how many statements a run makes."""
    with CaptureQueriesContext(connection) as found:
        run(world, month, at=at)
    return len(found)


def counted_after_leave(world: World, month: date) -> int:
    """Return how many statements settling a month makes in which every child was ill."""
    for enrolment in Enrolment.objects.select_related("pupil"):
        sick(enrolment.pupil, 2, 3, 4, 7, 8, 9, month=month)
    return counted(world, month, moment(9, on=date(2027, 1, 4)))
