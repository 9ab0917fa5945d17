"""退费: made by themselves, approved here by a second person, paid back by finance; another route only for V30."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.money import actions as money
from kehou.chapters.money import queries
from kehou.chapters.money.models import Refund
from kehou.chapters.people.queries import Seat
from kehou.desks.school.forms_money import RefundPaidForm, RouteForm
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets, typed
from kehou.rules.permissions import Permission
from kehou.rules.states import REFUND
from kehou.rules.verdicts import Refusal, Refused

ROWS = 50
KINDS = {"made": "wait", "approved": "live", "paid": "done", "refused": "refused"}


@at_school(Permission.BILL_SEE)
def refunds(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the refunds that wait first, or take them away as a spreadsheet."""
    found = _found(request, seat)
    if request.GET.get("as") == "sheet":
        return _sheet(found)
    return _page(request, seat)


def _found(request: HttpRequest, seat: Seat) -> Any:
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = queries.refunds_of(seat.school, state=state if state in KINDS else "")  # type: ignore[arg-type]
    if text:
        found = found.filter(bill__pupil__name__icontains=text) | found.filter(bill__number__icontains=text)
    return found


def _page(
    request: HttpRequest,
    seat: Seat,
    refusals: tuple[Refusal, ...] = (),
    form: RefundPaidForm | None = None,
    status: int = 200,
    unsent: tuple[int, str] = (0, ""),
) -> HttpResponse:
    page = Paginator(_found(request, seat), ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "school/money/refunds.html",
        {
            "page": page,
            "rows": [(one, REFUND.labels[one.state], KINDS[one.state]) for one in page],
            "states": [(state, REFUND.labels[state]) for state in KINDS],
            "today": clock.today(),
            "refusals": refusals,
            "form": form or RefundPaidForm(),
            "unsent_id": unsent[0],
            "unsent_reason": unsent[1],
        },
        status=status,
    )


def _sheet(found: Any) -> HttpResponseBase:
    columns = [
        sheets.Column("缴费单"), sheets.Column("班级"), sheets.Column("姓名"), sheets.Column("退费（元）", "fen"),
        sheets.Column("状态"), sheets.Column("最迟到账", "day"), sheets.Column("产生时间", "moment"),
    ]  # fmt: skip
    rows = (
        [
            one.bill.number, str(one.bill.pupil.homeroom), one.bill.pupil.name, one.amount_fen,
            REFUND.labels[one.state], one.due_on, one.made_at,
        ]
        for one in found.iterator(chunk_size=500)
    )  # fmt: skip
    return sheets.download("退费.xlsx", columns, rows)


def _refund(seat: Seat, refund_id: int) -> Refund:
    return get_object_or_404(queries.refunds_of(seat.school), pk=refund_id)  # type: ignore[arg-type]


@require_POST
@at_school(Permission.REFUND_APPROVE)
def approval(request: HttpRequest, seat: Seat, refund_id: int) -> HttpResponse:
    """Approve one refund."""
    try:
        refund = money.approve_refund(_refund(seat, refund_id), by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, no.refusals, status=409)
    whole = refund.state == "approved"
    messages.success(request, "已审核，等财政退付。" if whole else "已审核；退到银行账户还要第二位审核人。")
    return redirect("school:refunds", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.REFUND_APPROVE)
def refusal(request: HttpRequest, seat: Seat, refund_id: int) -> HttpResponse:
    """Refuse one refund with a reason; the family and the cashier read it."""
    try:
        reason = request.POST.get("reason", "")
        money.refuse_refund(_refund(seat, refund_id), reason=reason, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, no.refusals, status=409, unsent=(refund_id, reason))
    messages.success(request, "没有通过，家长和出纳会收到原因。")
    return redirect("school:refunds", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.PAYMENT_RECORD)
def renewal(request: HttpRequest, seat: Seat, refund_id: int) -> HttpResponse:
    """Ask anew for a refund that was refused."""
    try:
        money.ask_refund_again(_refund(seat, refund_id), by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, no.refusals, status=409)
    messages.success(request, "已重新提请，等另一人审核。")
    return redirect("school:refunds", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.REFUND_PAY)
def paying(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Note that finance has paid the ticked refunds back under one voucher."""
    form = RefundPaidForm(request.POST)
    ids = typed.wholes(request.POST.getlist("refund"))
    chosen = list(queries.refunds_of(seat.school).filter(pk__in=ids))  # type: ignore[arg-type]
    if not form.is_valid():
        return _page(request, seat, form=form, status=409)
    try:
        paid = money.pay_refunds(chosen, voucher=form.cleaned_data["voucher"], by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, no.refusals, form=form, status=409)
    messages.success(request, f"已登记{len(paid)}笔退付，家长会收到通知。")
    return redirect("school:refunds", seat.school.code)  # type: ignore[union-attr]


@at_school(Permission.PAYMENT_RECORD)
def route(request: HttpRequest, seat: Seat, refund_id: int) -> HttpResponse:
    """Send a refund to a guardian's own account because the payer's is closed; two persons approve it then."""
    refund, form = _refund(seat, refund_id), RouteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            money.reroute_refund(
                refund,
                holder=form.cleaned_data["holder"],
                account_number=form.cleaned_data["account_number"],
                by=seat.by,
                at=clock.now(),
            )
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, "已改为退到监护人账户，须两人审核。")
            return redirect("school:refunds", seat.school.code)  # type: ignore[union-attr]
    return render(
        request, "school/money/route.html", {"refund": refund, "form": form}, status=409 if form.errors else 200
    )
