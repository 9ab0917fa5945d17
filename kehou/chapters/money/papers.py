"""The receipt on paper: two copies, every line explained, with a number, a hash and a QR to check both."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kehou.chapters.money.models import Payment
from kehou.chapters.money.queries.bills import reasons_of
from kehou.chapters.schools.queries import school_term
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.fees import METHODS
from kehou.rules.money import in_capitals

BASIS = "《关于梁平区中小学生课后服务工作的实施意见（试行）》二（六）1"


def receipt(payment: Payment, *, address: str) -> Paper:
    """Return the receipt of a payment, the same bytes each time; `address` is where this installation answers.

    It says what was paid and why, as the bill stood then; whether a part was waived is for the family's page only.
    """
    bill = payment.bill
    return issue(
        "receipt",
        _content(payment),
        title="课后延时服务费缴费收据",
        number=payment.receipt_number,
        school=bill.school.name,
        term=bill.enrolment.term.name,
        version="1",
        basis=BASIS,
        issued_at=payment.received_at,
        verify_url=f"{address.rstrip('/')}{reverse('public:verify', args=(payment.check_code,))}",
    )


def _content(payment: Payment) -> dict[str, Any]:
    bill = payment.bill
    extra = school_term(bill.school, bill.enrolment.term)
    return {
        "kind": "缴费收据",
        "pupil": bill.pupil.name,
        "homeroom": str(bill.pupil.homeroom),
        "month": f"{bill.month.year}年{bill.month.month}月",
        "payer": payment.payer or "学生家长",
        "method": METHODS[payment.method],
        "paid_at": payment.received_at,
        "payee": bill.payee.account_name,
        "account": f"{bill.payee.bank} {bill.payee.account_number}",
        "item": bill.item,
        "lines": _lines(payment),
        "due_fen": payment.amount_fen,
        "paid_fen": payment.amount_fen,
        "in_words": in_capitals(payment.amount_fen),
        "cashier": payment.received_by,
        "note": "财政电子票据另行开具。",
        "telephone": extra.complaint_phone if extra else bill.school.phone,
    }


def _lines(payment: Payment) -> list[dict[str, Any]]:
    """Return the lines that sum to the payment; where they do not, one line with the sum."""
    lines = [
        {"what": one.what, "fen": one.fen, "why": one.why}
        for one in reasons_of(payment.bill)
        if one.fen and one.what not in ("减免", "减免重算")
    ]
    if sum(line["fen"] for line in lines) == payment.amount_fen:
        return lines
    # Paid in two steps, waived in part, or computed again since: the sum alone is what this paper is about.
    return [{"what": "服务费", "fen": payment.amount_fen, "why": f"缴费单{payment.bill.number}"}]
