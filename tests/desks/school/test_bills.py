"""缴费单, 缴费登记 and 退费 at the school desk: who may, what happens, what is told, what it costs."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kehou.chapters.money import actions as money
from kehou.chapters.money.models import Bill, Payment, Refund
from kehou.lib import jobs
from tests.billing import AFTER, FIRST, NOVEMBER, bill_of, open_books, pay, register, run, sick
from tests.groups import enrol
from tests.world import World, make_pupil, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def billed(world: World, at_moment) -> World:
    """Return the world with November's bills, on the 2nd of November."""
    at_moment(FIRST)
    open_books(world)
    run(world)
    return world


def url(name: str, world: World, *args: object) -> str:
    """Return the address of a page at Riverside."""
    return reverse(f"school:{name}", args=(world.riverside.school.code, *args))


def as_(client: Client, world: World, role: str) -> Client:
    """Let the client be Riverside's holder of a role."""
    client.force_login(world.riverside.who[role])
    return client


@pytest.mark.parametrize(
    ("page", "role", "status"),
    [
        ("bills", "cashier", 200),
        ("bills", "asp_manager", 200),
        ("bills", "teacher", 403),
        ("counter", "cashier", 200),
        ("counter", "principal", 403),
        ("payments", "cashier", 200),
        ("refunds", "principal", 200),
        ("refunds", "aid_officer", 403),
        ("payee", "cashier", 200),
        ("payee", "principal", 403),
        ("account", "parents_committee", 200),
        ("account", "asp_manager", 403),
        ("care", "aid_officer", 200),
        ("care", "cashier", 200),
        ("care", "asp_manager", 403),
        ("care", "principal", 403),
        ("publications", "principal", 200),
        ("publications", "aid_officer", 403),
    ],
)
def test_who_may_open_a_page_of_money(
    client: Client, world: World, at_moment, page: str, role: str, status: int
) -> None:
    at_moment(FIRST)
    assert as_(client, world, role).get(url(page, world)).status_code == status


@pytest.mark.parametrize(
    "page", ["bills", "counter", "payments", "refunds", "payee", "account", "care", "publications"]
)
def test_another_school_and_a_stranger_find_nothing(client: Client, billed: World, page: str) -> None:
    for account in (billed.hill.who["cashier"], billed.stranger, billed.guardian):
        client.force_login(account)
        assert client.get(url(page, billed)).status_code == 404
    client.logout()
    assert client.get(url(page, billed)).status_code == 302


def test_before_the_filing_the_button_says_why(client: Client, world: World, at_moment) -> None:
    at_moment(FIRST)
    register(world)
    page = as_(client, world, "cashier").get(url("bills", world)).content.decode()
    assert "本学期备案还没有通过，不能开缴费单" in page and 'aria-disabled="true"' in page
    refused = client.post(url("bill_run", world), {"month": "2026-11"})
    assert refused.status_code == 409 and not jobs.JobReport.objects.exists()


def test_the_run_is_asked_for_once_and_its_progress_can_be_watched(client: Client, world: World, at_moment) -> None:
    at_moment(FIRST)
    open_books(world)
    as_(client, world, "cashier")
    assert client.post(url("bill_run", world), {"month": "2026-11"}).status_code == 302
    assert "正在进行" in client.get(url("bills", world) + "?month=2026-11").content.decode()
    assert client.get(url("bill_progress", world) + "?month=2026-11").status_code == 200
    jobs.work_off()
    over = client.get(url("bill_progress", world) + "?month=2026-11", headers={"HX-Request": "true"})
    assert over.headers["HX-Refresh"] == "true"
    page = client.get(url("bills", world) + "?month=2026-11").content.decode()
    assert "新开2张" in page and "陈小梅" in page and "110.00" in page


def test_only_the_cashier_sees_amounts_and_nobody_sees_who_is_waived(client: Client, billed: World) -> None:
    from kehou.chapters.money.actions.care import Ground

    ground = Ground(billed.mei, "dibao_family", "名单", date(2026, 9, 1))
    money.recognise(ground, by=billed.riverside.by("aid_officer"), at=FIRST)
    pay(billed, bill_of(billed.bo))
    page = as_(client, billed, "asp_manager").get(url("bills", billed)).content.decode()
    assert "110.00" not in page and page.count("已结清") == 2 and "减免" not in page
    # Neither by order nor by filter can it be found out.
    assert client.get(url("bills", billed) + "?sort=due").content.decode().count("已结清") == 2
    sheet = client.get(url("bills", billed) + "?as=sheet")
    assert sheet.status_code == 200 and "attachment" in sheet.headers["Content-Disposition"]
    assert client.get(url("bill", billed, bill_of(billed.mei).number)).status_code == 403


CURRENT = ' aria-current="page"'


def test_the_page_begins_with_the_last_month_that_is_over(client: Client, world: World, at_moment) -> None:
    at_moment(moment(on=date(2026, 11, 18)))
    page = as_(client, world, "cashier").get(url("bills", world)).content.decode()
    assert f"{CURRENT}>2026年10月<" in page
    at_moment(moment(on=date(2026, 11, 30)))  # no service day of November is left
    assert f"{CURRENT}>2026年11月<" in client.get(url("bills", world)).content.decode()


def test_the_bill_says_why_and_can_be_voided_with_a_reason(client: Client, billed: World) -> None:
    bill = bill_of(billed.mei)
    page = as_(client, billed, "cashier").get(url("bill", billed, bill.number)).content.decode()
    assert "11月21天×5.50元=115.50元" in page and "11月2日 周一" in page
    assert client.post(url("bill_voiding", billed, bill.number), {"reason": ""}).status_code == 409
    assert client.post(url("bill_voiding", billed, bill.number), {"reason": "开错班级"}).status_code == 302
    assert Bill.objects.get(pk=bill.pk).state == "void"
    assert client.get(url("bill", billed, "JF0")).status_code == 404


# --- The counter ------------------------------------------------------------------------------------------------------


def test_find_tick_confirm_receipt(client: Client, billed: World) -> None:
    as_(client, billed, "cashier")
    assert "2张待缴" not in client.get(url("counter", billed)).content.decode()
    assert "陈小梅" in client.get(url("counter", billed) + "?q=小梅").content.decode()
    page = client.get(url("sitting", billed, billed.mei.pk)).content.decode()
    assert "陈小波" in page and "110.00元" in page  # the brother stands beside
    form = {
        "bill": [bill_of(billed.mei).pk, bill_of(billed.bo).pk],
        "reference": "GT-1",
        "method": "counter",
        "payer": "",
    }
    shown = client.post(url("payment", billed, billed.mei.pk), form)
    assert shown.status_code == 200 and "220.00元" in shown.content.decode() and not Payment.objects.exists()
    done = client.post(url("payment", billed, billed.mei.pk), {**form, "confirmed": "1", "sum_fen": "22000"})
    assert done.status_code == 302 and Payment.objects.count() == 2
    receipts = client.get(done["Location"]).content.decode()
    number = Payment.objects.first().receipt_number
    assert number in receipts
    pdf = client.get(url("receipt_paper", billed, number))
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF")


def test_two_tabs_and_a_double_click_pay_once(client: Client, billed: World) -> None:
    as_(client, billed, "cashier")
    form = {"bill": bill_of(billed.mei).pk, "method": "counter", "payer": "妈妈", "confirmed": "1", "sum_fen": "11000"}
    address = url("payment", billed, billed.mei.pk)
    for _ in range(2):  # the same page sent twice
        assert client.post(address, {**form, "reference": "GT-1"}).status_code == 302
    other = client.post(address, {**form, "reference": "GT-2"})  # the other tab
    assert other.status_code == 409 and "没有要缴的金额" in other.content.decode()
    again = client.post(address, {**form, "reference": "GT-3", "confirmed": ""})  # and a tab left at its first step
    assert again.status_code == 409 and "没有要缴的金额" in again.content.decode()
    assert Payment.objects.count() == 1 and bill_of(billed.mei).paid_fen == 110_00


def test_what_changed_meanwhile_is_not_taken_for_what_was_seen(client: Client, billed: World) -> None:
    as_(client, billed, "cashier")
    sick(billed.mei, 3, 4, 5)
    run(billed, at=AFTER)
    form = {
        "bill": bill_of(billed.mei).pk,
        "reference": "GT-1",
        "method": "counter",
        "confirmed": "1",
        "sum_fen": "11000",
    }
    answer = client.post(url("payment", billed, billed.mei.pk), form)
    assert answer.status_code == 409 and "99.00元，要一次缴清" in answer.content.decode()
    for said in ("", "十一元", None):  # nobody confirms a sum that was not said
        sent = {name: value for name, value in {**form, "sum_fen": said}.items() if value is not None}
        assert client.post(url("payment", billed, billed.mei.pk), sent).status_code == 409
    assert not Payment.objects.exists()


def test_nothing_ticked_keeps_the_page(client: Client, billed: World) -> None:
    as_(client, billed, "cashier")
    form = {"reference": "GT-1", "method": "counter", "payer": "奶奶"}
    answer = client.post(url("payment", billed, billed.mei.pk), form)
    assert answer.status_code == 409
    assert "请先勾选" in answer.content.decode() and "奶奶" in answer.content.decode()


def test_payments_are_found_and_taken_away(client: Client, billed: World) -> None:
    pay(billed, bill_of(billed.mei), reference="LS-77")
    as_(client, billed, "cashier")
    assert "LS-77" in client.get(url("payments", billed) + "?q=LS-77").content.decode()
    assert "LS-77" not in client.get(url("payments", billed) + "?q=没有").content.decode()
    assert client.get(url("payments", billed) + "?as=sheet").status_code == 200
    assert client.get(url("receipts", billed, "nothing")).status_code == 404


# --- Refunds ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def refund(billed: World) -> Refund:
    """Return a refund of 11.00 asked for by the worker."""
    from kehou.lib.actors import SYSTEM

    pay(billed, bill_of(billed.mei))
    sick(billed.mei, 3, 4, 5)
    money.run_bills(billed.riverside.school, NOVEMBER, by=SYSTEM, at=AFTER)
    return Refund.objects.get()


def test_the_principal_approves_and_the_cashier_pays(client: Client, billed: World, refund: Refund) -> None:
    as_(client, billed, "cashier")
    assert client.post(url("refund_approval", billed, refund.pk)).status_code == 403
    as_(client, billed, "principal")
    assert "11.00" in client.get(url("refunds", billed)).content.decode()
    assert client.post(url("refund_approval", billed, refund.pk)).status_code == 302
    assert client.post(url("refund_approval", billed, refund.pk)).status_code == 409
    as_(client, billed, "cashier")
    assert client.post(url("refund_paying", billed), {"refund": refund.pk, "voucher": ""}).status_code == 409
    assert client.post(url("refund_paying", billed), {"refund": refund.pk, "voucher": "TK-1"}).status_code == 302
    assert Refund.objects.get().state == "paid"
    assert "TK-1" in client.get(url("refunds", billed) + "?state=paid").content.decode()
    assert client.get(url("refunds", billed) + "?as=sheet").status_code == 200


def test_another_route_needs_a_guardian_and_a_closed_account(client: Client, billed: World, refund: Refund) -> None:
    as_(client, billed, "cashier")
    wrong = client.post(
        url("refund_route", billed, refund.pk), {"holder": "班主任", "account_number": "62", "closed": "on"}
    )
    assert wrong.status_code == 409 and "不是孩子的监护人" in wrong.content.decode()
    right = {"holder": "陈梅妈妈", "account_number": "6217", "closed": "on"}
    assert client.post(url("refund_route", billed, refund.pk), right).status_code == 302
    assert Refund.objects.get().route == "bank"


# --- Cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["bills", "payments", "refunds"])
def test_a_list_costs_the_same_whatever_its_length(client: Client, billed: World, page: str) -> None:
    as_(client, billed, "cashier")

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url(page, billed)).status_code == 200
        return len(found)

    fill(billed, "甲", 2)
    client.get(url(page, billed))
    few = cost()
    fill(billed, "乙", 12)
    assert cost() == few


def fill(world: World, name: str, count: int) -> None:
    """Add children with a paid bill and a refund each."""
    for number in range(count):
        child = make_pupil(world.riverside, f"{name}{number}", grade=3, guardian=world.guardian)
        enrol(child, world.term)
        sick(child, 3)
    run(world)
    unpaid = list(Bill.objects.filter(state="to_pay", pupil__name__startswith=name))
    pay(world, *unpaid, reference=f"PZ-{name}", at=moment(12, on=date(2026, 11, 20)))
    for bill in unpaid:
        sick(bill.pupil, 4, 5)
    run(world, at=AFTER)
