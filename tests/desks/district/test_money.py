"""经费汇总 and 待退付 at the district desk."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kehou.chapters.journal.models import Letter
from kehou.chapters.money import actions as money
from kehou.chapters.money.models import Refund
from kehou.chapters.schools.models import School
from tests.billing import AFTER, FIRST, bill_of, open_books, pay, run, sick
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund(world: World, at_moment) -> Refund:
    """Return an approved refund of 11.00 at Riverside."""
    at_moment(FIRST)
    open_books(world)
    run(world)
    pay(world, bill_of(world.mei))
    sick(world.mei, 3, 4, 5)
    run(world, at=AFTER)
    return Refund.objects.get()


@pytest.mark.parametrize(
    ("role", "totals", "refunds"),
    [("finance", 200, 200), ("basic_education", 200, 403), ("police", 403, 403), ("price", 403, 403)],
)
def test_who_may_see_sums_and_pay_refunds(
    client: Client, world: World, at_moment, role: str, totals: int, refunds: int
) -> None:
    at_moment(FIRST)
    client.force_login(world.district[role])
    assert client.get(reverse("district:money")).status_code == totals
    assert client.get(reverse("district:refunds")).status_code == refunds
    client.force_login(world.riverside.who["cashier"])
    assert client.get(reverse("district:money")).status_code == 404


def test_sums_by_school_are_found_sorted_and_taken_away(client: Client, world: World, refund: Refund) -> None:
    client.force_login(world.district["finance"])
    page = client.get(reverse("district:money")).content.decode()
    assert "双桂湖畔小学" in page and "209.00" in page and "110.00" in page and "陈小" not in page
    assert (
        "双桂湖畔"
        not in client.get(reverse("district:money") + "?q=明月山").content.decode().split("listing__frame")[1]
    )
    assert client.get(reverse("district:money") + "?month=2026-11&sort=-gross").status_code == 200
    assert client.get(reverse("district:money") + "?as=sheet").status_code == 200


def test_finance_pays_what_the_school_approved_and_nothing_else(client: Client, world: World, refund: Refund) -> None:
    client.force_login(world.district["finance"])
    early = client.post(reverse("district:refund_paying"), {"refund": refund.pk, "voucher": "TK-1"})
    assert early.status_code == 409
    money.approve_refund(refund, by=world.riverside.by("principal"), at=AFTER)
    assert bill_of(world.mei).number in client.get(reverse("district:refunds")).content.decode()
    assert client.post(reverse("district:refund_paying"), {"refund": refund.pk, "voucher": ""}).status_code == 409
    assert client.post(reverse("district:refund_paying"), {"refund": refund.pk, "voucher": "TK-1"}).status_code == 302
    assert Refund.objects.get().state == "paid"


def test_v30_finance_is_the_second_approver_of_another_route(client: Client, world: World, refund: Refund) -> None:
    money.reroute_refund(refund, holder="陈梅妈妈", account_number="6217", by=world.riverside.by("cashier"), at=AFTER)
    client.force_login(world.district["finance"])
    address = reverse("district:refund_approval", args=(refund.pk,))
    assert client.post(address).status_code == 404  # the school has not approved yet
    money.approve_refund(refund, by=world.riverside.by("principal"), at=AFTER)
    assert "等第二位审核人" in client.get(reverse("district:refunds")).content.decode()
    assert client.post(address).status_code == 302
    assert Refund.objects.get().state == "approved"


def test_a_hundred_schools_cost_what_two_cost(client: Client, world: World, refund: Refund) -> None:
    client.force_login(world.district["finance"])
    client.get(reverse("district:money"))

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("district:money"))
        return len(found)

    few = cost()
    School.objects.bulk_create(
        School(code=f"21509977{number:02d}", name=f"第{number}小学（演示）", kind="primary", town="梁山街道")
        for number in range(30)
    )
    assert cost() == few


def test_v30_finance_says_no_with_a_reason_that_family_and_cashier_read(
    client: Client, world: World, refund: Refund
) -> None:
    money.reroute_refund(refund, holder="陈梅妈妈", account_number="6217", by=world.riverside.by("cashier"), at=AFTER)
    address = reverse("district:refund_refusal", args=(refund.pk,))
    client.force_login(world.district["finance"])
    assert client.post(address, {"reason": "账户和户名对不上"}).status_code == 404  # the school has not approved yet
    money.approve_refund(refund, by=world.riverside.by("principal"), at=AFTER)
    short = client.post(address, {"reason": "不"})
    assert short.status_code == 409 and 'value="不"' in short.content.decode()
    client.force_login(world.district["basic_education"])
    assert client.post(address, {"reason": "账户和户名对不上"}).status_code == 403
    client.force_login(world.district["finance"])
    assert client.post(address, {"reason": "账户和户名对不上"}).status_code == 302
    refund.refresh_from_db()
    assert (refund.state, refund.refused_because) == ("refused", "账户和户名对不上")
    assert Letter.objects.filter(to_account=world.guardian.pk, body__contains="账户和户名对不上").exists()
    assert client.post(address, {"reason": "账户和户名对不上"}).status_code == 404  # settled
