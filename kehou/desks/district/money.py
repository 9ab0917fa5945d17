"""经费汇总 by school for finance and the office; the refunds of all schools that are approved and not yet paid back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import current_term, terms
from kehou.chapters.money import actions as money
from kehou.chapters.money import queries
from kehou.chapters.money.models import Refund
from kehou.chapters.people.queries import Seat
from kehou.desks.district.gate import in_district
from kehou.lib import clock, sheets, typed
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refusal, Refused

ROWS = 50
SORTS = {
    "name": "",
    "gross": "gross_fen",
    "waived": "waived_fen",
    "paid": "collected_fen",
    "refunded": "refunded_fen",
    "spent": "spent_fen",
}


def _term(request: HttpRequest) -> Term:
    wanted = request.GET.get("term", "")
    term = terms().filter(code=wanted).first() if wanted else current_term(clock.today())
    if term is None:
        raise Http404
    return term


def _rows(request: HttpRequest, term: Term, month: date | None) -> list[queries.SchoolTotals]:
    rows = queries.totals_by_school(term, month=month, text=request.GET.get("q", ""))
    sort = request.GET.get("sort", "")
    if column := SORTS.get(sort.lstrip("-"), ""):
        rows.sort(key=lambda row: getattr(row.account, column), reverse=sort.startswith("-"))
    return rows


@in_district(Permission.MONEY_TOTALS)
def totals(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show billed, waived, collected, refunded, appropriated and spent by school; as a spreadsheet too."""
    term = _term(request)
    months = queries.months_of_term(term)
    month = next((one for one in months if f"{one:%Y-%m}" == request.GET.get("month", "")), None)
    rows = _rows(request, term, month)
    flags = {} if month else queries.warnings_by_school(rows, term, on=clock.today())
    only = request.GET.get("only") == "flagged"
    rows = [row for row in rows if flags.get(row.school.pk)] if only else rows
    if request.GET.get("as") == "sheet":
        return _sheet(rows, term, month, flags)
    page = Paginator([(row, flags.get(row.school.pk, ())) for row in rows], ROWS).get_page(request.GET.get("page"))
    values = {
        "flagged": sum(bool(one) for one in flags.values()),
        "only": only,
        "term": term,
        "terms": terms()[:8],
        "month": month,
        "months": months,
        "page": page,
        "account": queries.district_account(term, month=month),
        "sheet_url": f"?term={term.code}&month={request.GET.get('month', '')}&as=sheet",
    }
    return render(request, "district/money/totals.html", values)


def _sheet(rows: list[Any], term: Term, month: date | None, flags: dict[int, tuple[Refusal, ...]]) -> HttpResponseBase:
    names = ("应收", "减免", "应缴", "实收", "已退", "退费中", "拨付", "未拨付", "减免补偿", "支出", "结余")
    columns = [sheets.Column("学校标识码"), sheets.Column("学校"), sheets.Column("缴费单", "whole")]
    columns += [*(sheets.Column(f"{name}（元）", "fen") for name in names), sheets.Column("要办理")]
    lines = (
        [
            row.school.code, row.school.name, account.bills, account.gross_fen, account.waived_fen, account.due_fen,
            account.collected_fen, account.refunded_fen, account.refunding_fen, account.appropriated_fen,
            account.unappropriated_fen, account.compensated_fen, account.spent_fen, account.balance_fen,
            " ".join(say(one) for one in flags.get(row.school.pk, ())),
        ]
        for row in rows
        for account in (row.account,)
    )  # fmt: skip
    return sheets.download(f"经费汇总-{f'{month:%Y-%m}' if month else term.code}.xlsx", columns, lines)


# --- Refunds ----------------------------------------------------------------------------------------------------------


class VoucherForm(forms.Form):
    """The voucher under which refunds were paid back."""

    voucher = forms.CharField(label="退付凭证号", max_length=60)


@in_district(Permission.REFUND_PAY)
def refunds(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the approved refunds that wait to be paid, and those that wait for the second approval (V30)."""
    return _refunds(request)


def _refunds(
    request: HttpRequest,
    refusals: tuple[Refusal, ...] = (),
    form: VoucherForm | None = None,
    status: int = 200,
    unsent: tuple[int, str] = (0, ""),
) -> HttpResponse:
    page = Paginator(queries.refunds_waiting(text=request.GET.get("q", "")), ROWS).get_page(request.GET.get("page"))
    second = _second().order_by("due_on", "pk")[:ROWS]
    values = {
        "page": page,
        "second": second,
        "today": clock.today(),
        "form": form or VoucherForm(),
        "refusals": refusals,
        "unsent_id": unsent[0],
        "unsent_reason": unsent[1],
    }
    return render(request, "district/money/refunds.html", values, status=status)


def _second() -> Any:
    rows = Refund.objects.filter(state="made", route="bank", approvals__reroute=F("reroutes")).distinct()
    return rows.select_related("bill__school")


@require_POST
@in_district(Permission.REFUND_PAY)
def paying(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Note that the ticked refunds were paid back under one voucher."""
    form = VoucherForm(request.POST)
    ids = typed.wholes(request.POST.getlist("refund"))
    if not form.is_valid():
        return _refunds(request, form=form, status=409)
    chosen = list(queries.refunds_waiting().filter(pk__in=ids))
    try:
        paid = money.pay_refunds(chosen, voucher=form.cleaned_data["voucher"], by=seat.by, at=clock.now())
    except Refused as no:
        return _refunds(request, no.refusals, form, status=409)
    messages.success(request, f"已登记{len(paid)}笔退付。")
    return redirect("district:refunds")


@require_POST
@in_district(Permission.REFUND_APPROVE)
def approval(request: HttpRequest, seat: Seat, refund_id: int) -> HttpResponse:
    """Approve, as the second person, a refund to a guardian's own account."""
    try:
        money.approve_refund(get_object_or_404(_second(), pk=refund_id), by=seat.by, at=clock.now())
    except Refused as no:
        return _refunds(request, no.refusals, status=409)
    messages.success(request, "已审核，可以退付。")
    return redirect("district:refunds")


@require_POST
@in_district(Permission.REFUND_APPROVE)
def refusal(request: HttpRequest, seat: Seat, refund_id: int) -> HttpResponse:
    """Refuse, as the second person, a refund to a guardian's own account; family and cashier read the reason."""
    reason = request.POST.get("reason", "")
    try:
        money.refuse_refund(get_object_or_404(_second(), pk=refund_id), reason=reason, by=seat.by, at=clock.now())
    except Refused as no:
        return _refunds(request, no.refusals, status=409, unsent=(refund_id, reason))
    messages.success(request, "没有通过，家长和出纳会收到原因。")
    return redirect("district:refunds")
