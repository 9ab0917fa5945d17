"""账单 on the family's phone: every line in words, every day visible, the receipt, the refund, what leaving would mean."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kehou.chapters.money import actions as money
from kehou.chapters.money.actions.care import Ground
from kehou.chapters.money.models import Payment, Refund
from tests.billing import AFTER, FIRST, NOVEMBER, OCTOBER, bill_of, open_books, pay, run, sick
from tests.world import World, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def billed(world: World, at_moment) -> World:
    """Return the world with November's bills."""
    at_moment(FIRST)
    open_books(world)
    run(world)
    return world


def page(client: Client, world: World) -> str:
    """Return the bills page of Mei."""
    answer = client.get(reverse("guardian:bills", args=(world.mei.pk,)))
    assert answer.status_code == 200
    return answer.content.decode()


def test_only_the_family_sees_it(client: Client, billed: World) -> None:
    address = reverse("guardian:bills", args=(billed.mei.pk,))
    assert client.get(address).status_code == 302
    for account in (billed.other_guardian, billed.stranger, billed.riverside.who["homeroom_teacher"]):
        client.force_login(account)
        assert client.get(address).status_code == 404
    client.force_login(billed.guardian)
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.clause("2.6.1-e")
def test_one_item_one_payee_and_every_line_in_words(client: Client, billed: World) -> None:
    client.force_login(billed.guardian)
    said = page(client, billed)
    for words in (
        "课后延时服务费",
        "11月21天×5.50元=115.50元（每天2课时）",
        "每天2课时每月最多110.00元",
        "11月2日 周一",
        "6228000000000001",
    ):
        assert words in said
    assert "陈小波" in said  # the switch to the other child


def test_a_waiver_is_shown_to_the_family_without_its_ground(client: Client, billed: World) -> None:
    ground = Ground(billed.mei, "dibao_family", "名单", date(2026, 9, 1))
    money.recognise(ground, by=billed.riverside.by("aid_officer"), at=FIRST)
    client.force_login(billed.guardian)
    said = page(client, billed)
    assert "原免0.00元，现免110.00元" in said and "低保" not in said and "没有要缴的" in said


def test_paid_receipt_refund_and_its_state(client: Client, billed: World, at_moment) -> None:
    pay(billed, bill_of(billed.mei))
    sick(billed.mei, 3, 4, 5)
    run(billed, at=AFTER)
    at_moment(AFTER)
    client.force_login(billed.guardian)
    said = page(client, billed)
    assert "11月2日已缴 110.00元" in said and "退 11.00元" in said and "待审核" in said and "12月22日" in said
    number = Payment.objects.get().receipt_number
    pdf = client.get(reverse("guardian:bill_receipt", args=(billed.mei.pk, number)))
    assert pdf.content.startswith(b"%PDF")
    assert client.get(reverse("guardian:bill_receipt", args=(billed.bo.pk, number))).status_code == 404
    money.approve_refund(Refund.objects.get(), by=billed.riverside.by("principal"), at=AFTER)
    assert "已审核，待退付" in page(client, billed)


@pytest.mark.clause("2.2-i")
def test_it_says_what_leaving_today_would_mean_before_anything_is_pressed(
    client: Client, billed: World, at_moment
) -> None:
    pay(billed, bill_of(billed.mei))
    at_moment(moment(10, on=date(2026, 11, 13)))
    client.force_login(billed.guardian)
    said = page(client, billed)
    assert "如果今天退出" in said and "从11月16日 周一起不再计费" in said and "退回 <b>55.00元</b>" in said
    assert bill_of(billed.mei).due_fen == 110_00


def test_an_empty_page_says_what_will_stand_here(client: Client, world: World, at_moment) -> None:
    at_moment(FIRST)
    client.force_login(world.guardian)
    assert "还没有账单" in page(client, world)


def test_the_number_of_months_costs_nothing(client: Client, billed: World) -> None:
    client.force_login(billed.guardian)
    page(client, billed)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            page(client, billed)
        return len(found)

    pay(billed, bill_of(billed.mei, NOVEMBER))
    few = cost()
    run(billed, OCTOBER)
    run(billed, date(2026, 9, 1))
    pay(billed, bill_of(billed.mei, OCTOBER), reference="PZ-9")
    assert cost() == few


def test_an_unpaid_bill_is_one_of_the_errands(client: Client, billed: World) -> None:
    client.force_login(billed.guardian)
    home = reverse("guardian:home", args=(billed.mei.pk,))
    assert "缴11月课后延时服务费" in client.get(home).content.decode()
    pay(billed, bill_of(billed.mei))
    assert "缴11月课后延时服务费" not in client.get(home).content.decode()
