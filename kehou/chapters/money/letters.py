"""What families are told about money: the new bill, what changed, the receipt, the refund. One letter a bill.

A letter goes to the guardian who answers first for the child, and to nobody else: no list of a class is ever made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Q

from kehou.chapters.journal import actions as journal
from kehou.chapters.money.models import Bill, Payment, Refund
from kehou.chapters.people.models import Guardianship
from kehou.rules import fees
from kehou.rules.fees import Line
from kehou.rules.money import yuan


def guardians_of(pupil_ids: Iterable[int], *, on: date) -> dict[int, int]:
    """Return the account that answers first for each child: one statement."""
    rows = Guardianship.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gt=on), pupil__in=list(pupil_ids), from_on__lte=on
    ).order_by("is_main", "-pk")
    return dict(rows.values_list("pupil_id", "account_id"))


def address(pupil_id: int) -> str:
    """Return the family's page of bills."""
    return f"/guardian/{pupil_id}/bills/"


def of_bills(
    month: date, rows: Iterable[tuple[int, str, int, Sequence[Line]]], *, at: datetime, school_code: str
) -> None:
    """Tell each family its new bill. `rows` are (pupil, name, due, lines)."""
    rows = list(rows)
    to = guardians_of([pupil for pupil, *_ in rows], on=at.date())
    journal.send_rows(
        (
            (
                to[pupil],
                f"{name}{month.month}月课后服务" + (f"缴费单：{yuan(due)}元" if due else "免缴费"),
                "\n".join(one.in_words() for one in lines)
                + ("\n只有“课后延时服务费”这一项，缴入学校登记的专户。" if due else "\n本月不用缴费。"),
                address(pupil),
            )
            for pupil, name, due, lines in rows
            if pupil in to
        ),
        kind="bill",
        at=at,
        school_code=school_code,
    )


def of_adjustments(rows: Sequence[tuple[Bill, Sequence[Line]]], *, at: datetime) -> None:
    """Tell each family what was computed again and what follows from it."""
    if not rows:
        return
    to = guardians_of([bill.pupil_id for bill, _ in rows], on=at.date())
    journal.send_rows(
        (
            (
                to[bill.pupil_id],
                f"{bill.month.month}月缴费单有调整：现应缴{yuan(bill.due_fen)}元",
                "\n".join(one.in_words() for one in lines) + "\n" + _what_follows(bill),
                address(bill.pupil_id),
            )
            for bill, lines in rows
            if bill.pupil_id in to
        ),
        kind="bill_adjusted",
        at=at,
        school_code=rows[0][0].school.code,
    )


def _what_follows(bill: Bill) -> str:
    if owed := fees.open_fen(bill.due_fen, bill.paid_fen, bill.returned_fen):
        return f"还需缴{yuan(owed)}元。"
    if bill.returned_fen:
        return f"已缴{yuan(bill.paid_fen)}元，共退{yuan(bill.returned_fen)}元，不用您申请，审核后退回原账户。"
    return "不用再缴，也没有要退的。"


def of_reminders(bills: Sequence[Bill], *, at: datetime) -> None:
    """Remind each family of the one bill that nobody has paid."""
    to = guardians_of([one.pupil_id for one in bills], on=at.date())
    journal.send_rows(
        (
            (
                to[one.pupil_id],
                f"{one.pupil.name}{one.month.month}月缴费单还没有缴："
                f"{yuan(fees.open_fen(one.due_fen, one.paid_fen, one.returned_fen))}元",
                "可以到学校柜台缴，也可以转账到缴费单上的专户。已经缴了的请不用理会，入账要一两天。"
                "孩子照常参加，不会因为没有缴费停课。有困难请告诉班主任或学校资助专员。",
                address(one.pupil_id),
            )
            for one in bills
            if one.pupil_id in to
        ),
        kind="bill_unpaid",
        at=at,
        school_code=bills[0].school.code,
    )


def of_payments(payments: Sequence[Payment], *, at: datetime) -> None:
    """Send each family the receipt."""
    to = guardians_of([one.bill.pupil_id for one in payments], on=at.date())
    journal.send_rows(
        (
            (
                to[one.bill.pupil_id],
                f"已收到{one.bill.month.month}月课后服务费{yuan(one.amount_fen)}元",
                f"收据编号{one.receipt_number}，可在缴费单里下载。",
                address(one.bill.pupil_id),
            )
            for one in payments
            if one.bill.pupil_id in to
        ),
        kind="receipt",
        at=at,
        school_code=payments[0].bill.school.code,
    )


def of_refunds(refunds: Sequence[Refund], *, title: str, body: str, at: datetime, reason: str = "") -> None:
    """Tell each family how far its refund has come; `title` and `body` may hold {month}, {amount}, {reason}."""
    to = guardians_of([one.bill.pupil_id for one in refunds], on=at.date())
    told = [
        (one, {"month": one.bill.month.month, "amount": yuan(one.amount_fen), "reason": reason})
        for one in refunds
        if one.bill.pupil_id in to
    ]
    journal.send_rows(
        (
            (to[one.bill.pupil_id], title.format(**facts), body.format(**facts), address(one.bill.pupil_id))
            for one, facts in told
        ),
        kind="refund",
        at=at,
        school_code=refunds[0].bill.school.code if refunds else "",
    )
