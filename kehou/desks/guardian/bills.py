"""账单: one item, one payee, every line explained; receipt, refund and its state; “如果今天退出” before pressing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.queries import enrolment_on
from kehou.chapters.money import papers, queries
from kehou.chapters.money.models import Bill, Payment
from kehou.chapters.people.queries import Parenthood, children_gone
from kehou.chapters.schools.queries import school_term
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import show
from kehou.lib import clock
from kehou.rules.permissions import Permission
from kehou.rules.states import BILL, REFUND

KINDS = {"to_pay": "wait", "paid": "done", "settled": "done", "void": "plain"}
SHOWN = 12  # months on the page; older ones follow on request


@require_safe
@beside_child(Permission.CHILD_BILLS)
def bills(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show a child's bills, newest first, and what leaving today would mean for this month's."""
    found = list(queries.bills_of_pupil(beside.pupil)[: None if request.GET.get("all") else SHOWN])
    cards = [_card(bill) for bill in found]
    on = clock.today()
    return show(
        request,
        beside,
        "guardian/bills.html",
        {
            "cards": cards,
            "open_fen": sum(card["explained"].open_fen for card in cards),
            "payee": queries.payee_of(beside.school),
            "if_left": _if_left(beside, found),
            "days": parameters_on(on).fee.refund_working_days,
            "more": len(found) == SHOWN and not request.GET.get("all"),
            "complaint_phone": _telephone(beside, found),
            "gone": [child for child in children_gone(beside.account, on=on) if child.pk != beside.pupil.pk],
        },
        name="guardian:bills",
    )


def _card(bill: Bill) -> dict[str, Any]:
    explained = queries.explain(bill)
    kinds = {"paid": "done", "refused": "refused"}
    refunds = [(one, REFUND.labels[one.state], kinds.get(one.state, "wait")) for one in explained.refunds]
    return {
        "bill": bill,
        "explained": explained,
        "state": BILL.labels[bill.state],
        "kind": KINDS[bill.state],
        "refunds": refunds,
    }


def _if_left(beside: Parenthood, found: list[Bill]) -> Any:
    """Return what this month's bill would become if the child left today, None without one."""
    today = clock.today()
    standing = enrolment_on(beside.pupil, today)
    day = enrolment.exit_day(standing, today) if standing else None
    if day is None:
        return None
    this_month = next((one for one in found if one.month == day.replace(day=1) and one.state != "void"), None)
    return queries.if_left_today(this_month, day) if this_month else None


def _telephone(beside: Parenthood, found: list[Bill]) -> str:
    standing = enrolment_on(beside.pupil, clock.today())
    extra = school_term(beside.school, standing.term) if standing else None
    return extra.complaint_phone if extra else ""


@require_safe
@beside_child(Permission.CHILD_BILLS)
def receipt(request: HttpRequest, beside: Parenthood, number: str) -> HttpResponse:
    """Return the receipt of a payment as a PDF."""
    found = get_object_or_404(
        Payment.objects.filter(bill__pupil=beside.pupil).select_related(
            "bill__school", "bill__payee", "bill__pupil__homeroom", "bill__enrolment__term"
        ),
        receipt_number=number,
    )
    made = papers.receipt(found, address=request.build_absolute_uri("/"))
    return HttpResponse(made.pdf, content_type="application/pdf")
