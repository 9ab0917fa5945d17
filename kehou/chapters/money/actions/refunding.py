"""Money that goes back: approved by a second person, paid by finance, told to the family at each step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from kehou.chapters.journal import actions as journal
from kehou.chapters.money import letters
from kehou.chapters.money.actions.settling import settle_up, standing
from kehou.chapters.money.models import Bill, Refund, RefundApproval
from kehou.chapters.people.models import Post
from kehou.chapters.people.queries import guardians_of, held_on
from kehou.lib.actors import Actor
from kehou.rules import fees
from kehou.rules.fees import RefundFacts
from kehou.rules.states import REFUND, refusal_of_lost_race
from kehou.rules.verdicts import Refused, insist, refuse

UNSETTLED = "多缴的钱仍记在您名下，学校更正后会重新办理。有疑问请联系学校办公室。"


def _locked(refunds: Iterable[Refund]) -> list[Refund]:
    ids = [one.pk for one in refunds]
    return list(
        Refund.objects.select_for_update(of=("self",), no_key=True)
        .select_related("bill__school", "bill__pupil")
        .filter(pk__in=ids)
        .order_by("pk")
    )


@transaction.atomic
def approve_refund(refund: Refund, *, by: Actor, at: datetime) -> Refund:
    """Approve a refund; to a bank account a second person approves too (V30).

    :raises Refused: R-FEE-08 by who asked for it or approved already, R-FEE-06 when the sum is no longer right,
        R-FLOW-01 when it is decided
    """
    (refund,) = _locked([refund])
    if refund.state != "made":
        raise Refused(refusal_of_lost_race(REFUND))
    given = [one.account_id for one in refund.standing_approvals]
    if by.account_id is None or by.account_id in given:
        raise Refused(refuse("R-FEE-08", "approved_by_you"))
    facts = _facts_of(refund, (*given, by.account_id), at=at)
    found = fees.refusals_to_refund(facts)
    # One of the two has approved: that is kept, the other is waited for.
    waits = [no for no in found if no.why == "refund_needs_second_person"]
    insist(*(no for no in found if no not in waits))
    RefundApproval.objects.create(
        refund=refund, account_id=by.account_id, approved_by=str(by), approved_at=at, reroute=refund.reroutes
    )
    if not waits:
        Refund.objects.filter(pk=refund.pk, state="made").update(state="approved", decided_at=at, decided_by=str(by))
        letters.of_refunds(
            [refund],
            title="{month}月退费{amount}元已审核",
            body="财政退付后到账，最迟" + f"{refund.due_on.month}月{refund.due_on.day}日。不用您做任何事。",
            at=at,
        )
    journal.write(
        "money.refund_approved",
        about=refund,
        by=by,
        at=at,
        school_code=refund.bill.school.code,
        amount_fen=refund.amount_fen,
        whole=not waits,
    )
    refund.refresh_from_db()
    return refund


def _facts_of(refund: Refund, approved_by: tuple[int, ...], *, at: datetime) -> RefundFacts:
    """Return what the rule must know about a refund that so many people have approved."""
    bill = refund.bill
    return RefundFacts(
        amount_fen=refund.amount_fen,
        refundable_fen=fees.refundable_fen(bill.due_fen, bill.paid_fen, bill.returned_fen - refund.amount_fen),
        requested_by=frozenset(one for one in (refund.made_by_account, refund.rerouted_by_account) if one is not None),
        approved_by=approved_by,
        to_bank_account=refund.route == "bank",
        original_account_open=False,
        account_holder=refund.holder,
        guardians=frozenset(one.name for one in guardians_of(bill.pupil, on=at.date())),
    )


@transaction.atomic
def reroute_refund(refund: Refund, *, holder: str, account_number: str, by: Actor, at: datetime) -> Refund:
    """Send a refund to a guardian's own bank account because the payer's account is closed (V30).

    Approvals given before are for the other route: they stay to be read, and count no more.

    :raises Refused: R-FEE-05 when the holder is no guardian of the child, R-FLOW-01 when it is decided
    """
    (refund,) = _locked([refund])
    if refund.state != "made":
        raise Refused(refusal_of_lost_race(REFUND))
    holders = [one.name for one in guardians_of(refund.bill.pupil, on=at.date())]
    number = account_number.replace(" ", "")
    if holder.strip() not in holders or not number.isdigit():
        raise Refused(refuse("R-FEE-05", "not_guardians_account", holder=holder.strip() or "（未填写）"))
    refund.route, refund.holder, refund.account_number = "bank", holder.strip(), number
    withdrawn = [one.approved_by for one in refund.standing_approvals]
    refund.reroutes += 1
    refund.rerouted_at, refund.rerouted_by, refund.rerouted_by_account = at, str(by), by.account_id
    refund.save(
        update_fields=[
            "route", "holder", "account_number", "reroutes", "rerouted_at", "rerouted_by", "rerouted_by_account",
        ]
    )  # fmt: skip
    journal.write(
        "money.refund_rerouted",
        about=refund,
        by=by,
        at=at,
        school_code=refund.bill.school.code,
        approvals_withdrawn=withdrawn,
    )
    return refund


@transaction.atomic
def refuse_refund(refund: Refund, *, reason: str, by: Actor, at: datetime) -> Refund:
    """Refuse a refund with a reason; family and cashier are told, and the sum is open to be asked for anew.

    :raises Refused: R-FEE-08 without a reason, R-FLOW-01 when it is decided
    """
    reason = reason.strip()
    insist(None if len(reason) >= 4 else refuse("R-FEE-08", "say_why_refused"))
    (bill,) = standing(Bill.objects.filter(pk=refund.bill_id)) or (None,)  # the bill first, as whoever settles does
    (refund,) = _locked([refund])
    if refund.state != "made" or bill is None:
        raise Refused(refusal_of_lost_race(REFUND))
    Refund.objects.filter(pk=refund.pk, state="made").update(
        state="refused", refused_because=reason[:120], decided_at=at, decided_by=str(by)
    )
    Bill.objects.filter(pk=bill.pk).update(returned_fen=F("returned_fen") - refund.amount_fen)
    school = refund.bill.school
    facts = {"amount_fen": refund.amount_fen, "reason": reason}
    journal.write("money.refund_refused", about=refund, by=by, at=at, school_code=school.code, **facts)
    letters.of_refunds(
        [refund],
        title="{month}月退费{amount}元未通过",
        body=f"这笔退费没有通过，原因：{{reason}}。{UNSETTLED}",
        at=at,
        reason=reason,
    )
    cashiers = Post.objects.filter(held_on(at.date()), school=school, role="cashier")
    title = f"{refund.bill.pupil.name}{refund.bill.month.month}月的退费没有通过"
    journal.send_many(
        set(cashiers.values_list("account_id", flat=True)),
        kind="refund",
        title=title,
        body=f"原因：{reason}。改正后可重新提请。",
        link=f"/school/{school.code}/refunds/?state=refused",
        at=at,
        school_code=school.code,
    )
    refund.refresh_from_db()
    return refund


@transaction.atomic
def ask_refund_again(refund: Refund, *, by: Actor, at: datetime) -> Refund:
    """Make a refused refund anew, over what is too much today; others decide it.

    :raises Refused: R-FLOW-01 unless it was refused, R-FEE-06 when nothing is too much any more
    """
    found = standing(Bill.objects.filter(pk=refund.bill_id))
    (refund,) = _locked([refund])
    if refund.state != "refused" or not found:
        raise Refused(refusal_of_lost_race(REFUND))
    settle_up(found, reason=refund.reason, by=by, at=at)
    again = Refund.objects.filter(bill=found[0], state="made").first()
    if again is None:
        raise Refused(refuse("R-FEE-06", "refund_nothing"))
    Refund.objects.filter(pk=refund.pk, state="refused").update(state="replaced")
    journal.write("money.refund_asked_again", about=again, by=by, at=at, school_code=refund.bill.school.code)
    return again


@transaction.atomic
def pay_refunds(refunds: Iterable[Refund], *, voucher: str, by: Actor, at: datetime) -> list[Refund]:
    """Note that finance has paid approved refunds back, under one voucher.

    :raises Refused: R-FLOW-01 when one is not approved or paid already, R-FEE-08 by somebody who approved one of them
        or who has sent one to another account
    """
    rows = _locked(refunds)
    insist(
        None if voucher.strip() else refuse("R-FEE-06", "without_reference"),
        refusal_of_lost_race(REFUND) if not rows or any(one.state != "approved" for one in rows) else None,
        refuse("R-FEE-08", "approver_pays")
        if by.account_id is None or RefundApproval.objects.filter(refund__in=rows, account_id=by.account_id).exists()
        else None,
        refuse("R-FEE-08", "rerouter_pays")
        if by.account_id is not None and any(one.rerouted_by_account == by.account_id for one in rows)
        else None,
    )
    Refund.objects.filter(pk__in=[one.pk for one in rows], state="approved").update(
        state="paid", paid_at=at, paid_by=str(by), voucher=voucher.strip()[:60]
    )
    by_school: dict[str, list[Refund]] = {}
    for one in rows:
        by_school.setdefault(one.bill.school.code, []).append(one)
    for code, mine in by_school.items():
        journal.write_many(
            (
                ("money.refund_paid", one, {"amount_fen": one.amount_fen, "voucher": voucher.strip()[:60]})
                for one in mine
            ),
            by=by,
            at=at,
            school_code=code,
        )
        letters.of_refunds(
            mine, title="{month}月退费{amount}元已退付", body="请在缴费账户里查收；十日内没有到账请联系学校。", at=at
        )
    for one in rows:
        one.refresh_from_db()
    return rows
