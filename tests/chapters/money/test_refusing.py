"""A refund refused with its reason, asked for anew; another route keeps the history and asks for other hands."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.money import actions as money
from kehou.chapters.money.models import Bill, Refund, RefundApproval
from kehou.rules.verdicts import Refused
from tests.billing import AFTER, bill_of, open_books, pay, run, sick
from tests.world import World

REASON = "病假证明看不清，请重新核对"


@pytest.fixture
def refund(world: World) -> Refund:
    """Return what goes back to Mei's mother because Mei was ill after the month was paid."""
    open_books(world)
    run(world)
    pay(world, bill_of(world.mei))
    sick(world.mei, 9, 10, 11)
    money.settle_pupils([world.mei], reason="病假", by=world.riverside.by("cashier"), at=AFTER)
    return Refund.objects.get()


def refuse(world: World, refund: Refund, reason: str = REASON) -> Refund:
    return money.refuse_refund(refund, reason=reason, by=world.riverside.by("principal"), at=AFTER)


def test_the_principal_refuses_with_a_reason_that_cashier_and_family_read(
    client: Client, world: World, refund: Refund, at_moment
) -> None:
    at_moment(AFTER)
    with pytest.raises(Refused, match="say_why_refused"):
        refuse(world, refund, " 不")
    returned = bill_of(world.mei).returned_fen
    assert refuse(world, refund).state == "refused"
    assert bill_of(world.mei).returned_fen == returned - refund.amount_fen == 0
    family = Letter.objects.get(to_account=world.guardian.pk, kind="refund", title__contains="未通过")
    cashier = Letter.objects.get(to_account=world.riverside.who["cashier"].pk, kind="refund")
    assert REASON in family.body and REASON in cashier.body
    client.force_login(world.guardian)
    assert REASON in client.get(reverse("guardian:bills", args=[world.mei.pk])).content.decode()
    client.force_login(world.riverside.who["cashier"])
    page = client.get(reverse("school:refunds", args=[world.riverside.school.code]) + "?state=refused").content.decode()
    assert REASON in page and "重新提请" in page
    for act in (
        lambda: refuse(world, refund),
        lambda: money.approve_refund(refund, by=world.by_district("finance"), at=AFTER),
    ):
        with pytest.raises(Refused, match="moved_meanwhile"):
            act()


def test_what_was_refused_is_asked_for_anew_once_and_decided_by_another(world: World, refund: Refund) -> None:
    cashier = world.riverside.by("cashier")
    with pytest.raises(Refused, match="moved_meanwhile"):
        money.ask_refund_again(refund, by=cashier, at=AFTER)  # it waits still
    refuse(world, refund)
    again = money.ask_refund_again(refund, by=cashier, at=AFTER)
    assert (again.amount_fen, again.state) == (refund.amount_fen, "made")
    assert bill_of(world.mei).returned_fen == again.amount_fen
    assert [one.state for one in Refund.objects.order_by("pk")] == ["replaced", "made"]
    with pytest.raises(Refused, match="moved_meanwhile"):
        money.ask_refund_again(refund, by=cashier, at=AFTER)
    with pytest.raises(Refused, match="refund_needs_approval"):
        money.approve_refund(again, by=cashier, at=AFTER)
    assert money.approve_refund(again, by=world.riverside.by("principal"), at=AFTER).state == "approved"


def test_another_route_keeps_the_approval_that_no_longer_counts(world: World, refund: Refund) -> None:
    principal, finance = world.riverside.by("principal"), world.by_district("finance")
    Refund.objects.filter(pk=refund.pk).update(route="bank", holder="陈梅妈妈", account_number="62170000")
    money.approve_refund(refund, by=principal, at=AFTER)
    cashier = world.riverside.by("cashier")
    moved = money.reroute_refund(refund, holder="陈梅妈妈", account_number="6217 0001", by=cashier, at=AFTER)
    assert RefundApproval.objects.get().account_id == principal.account_id, "nothing is deleted"
    assert (moved.standing_approvals, len(moved.withdrawn_approvals)) == ([], 1)
    assert Entry.objects.get(verb="money.refund_rerouted").facts["approvals_withdrawn"] == [str(principal)]
    assert (moved.made_by_account, moved.rerouted_by_account) == (refund.made_by_account, cashier.account_id)
    assert money.approve_refund(refund, by=principal, at=AFTER).state == "made", "one of two again"
    assert money.approve_refund(refund, by=finance, at=AFTER).state == "approved"


def test_who_sent_it_to_another_account_neither_approves_nor_pays_it(world: World, refund: Refund) -> None:
    cashier, principal = world.riverside.by("cashier"), world.riverside.by("principal")
    Refund.objects.update(made_by_account=None)  # made by itself, when the family left
    money.reroute_refund(refund, holder="陈梅妈妈", account_number="6217 0000", by=cashier, at=AFTER)
    with pytest.raises(Refused, match="refund_needs_approval"):
        money.approve_refund(refund, by=cashier, at=AFTER)
    money.approve_refund(refund, by=principal, at=AFTER)
    money.approve_refund(refund, by=world.by_district("finance"), at=AFTER)
    with pytest.raises(Refused, match="rerouter_pays"):
        money.pay_refunds([refund], voucher="TK-1", by=cashier, at=AFTER)
    (paid,) = money.pay_refunds([refund], voucher="TK-1", by=world.riverside.by("asp_manager"), at=AFTER)
    assert paid.state == "paid" and Bill.objects.filter(pk=paid.bill_id, returned_fen=paid.amount_fen).exists()
