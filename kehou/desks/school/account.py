"""收支: where every yuan of a term or month went, what was appropriated, what was spent and on what."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.models import Term
from kehou.chapters.money import actions as money
from kehou.chapters.money import queries
from kehou.chapters.people.queries import Seat
from kehou.desks.school.forms_money import AppropriationForm, ExpenseForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules import fund
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused

ROWS = 50


def _month(request: HttpRequest, term: Term) -> date | None:
    wanted = request.GET.get("month", "")
    return next((month for month in queries.months_of_term(term) if f"{month:%Y-%m}" == wanted), None)


@at_school(Permission.ACCOUNT_SEE)
def account(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the account of a term or month with the five uses; take the vouchers away as a spreadsheet."""
    term = this_term(request)
    if request.GET.get("as") == "sheet":
        return _sheet(_expenses(seat, term))
    return _page(request, seat, term)


def _expenses(seat: Seat, term: Term) -> Any:
    end = Term.objects.filter(from_on__gte=term.until_on).order_by("from_on").values_list("from_on", flat=True).first()
    return queries.expenses_of(seat.school, from_on=term.from_on, until_on=end or date.max)  # type: ignore[arg-type]


def _page(
    request: HttpRequest,
    seat: Seat,
    term: Term,
    expense_form: ExpenseForm | None = None,
    appropriation_form: AppropriationForm | None = None,
) -> HttpResponse:
    assert seat.school is not None
    month, on = _month(request, term), clock.today()
    today = {"on": on}
    refused = bool((expense_form and expense_form.errors) or (appropriation_form and appropriation_form.errors))
    return render(
        request,
        "school/money/account.html",
        {
            "term": term,
            "month": month,
            "months": queries.months_of_term(term),
            "account": (figures := queries.account_of(seat.school, term, month=month)),
            "warnings": [] if month else _warnings(seat, term, figures, on),
            "available_fen": queries.available_fen(seat.school),
            "page": Paginator(_expenses(seat, term), ROWS).get_page(request.GET.get("page")),
            "uses": {use: title for use, (title, _) in fund.USES.items()},
            "expense_form": expense_form or ExpenseForm(initial=today),
            "appropriation_form": appropriation_form or AppropriationForm(initial=today),
        },
        status=409 if refused else 200,
    )


def _warnings(seat: Seat, term: Term, figures: queries.Account, on: date) -> list[Refusal]:
    """Return what is not right in a term's account: income kept back, a surplus after it (2.6.3-h, 2.6.1-c)."""
    assert seat.school is not None
    rows = [queries.SchoolTotals(seat.school, figures)]
    return list(queries.warnings_by_school(rows, term, on=on, school=seat.school).get(seat.school.pk, ()))


def _sheet(found: Any) -> HttpResponseBase:
    columns = [
        sheets.Column("日期", "day"), sheets.Column("用途"), sheets.Column("内容"), sheets.Column("凭证号"),
        sheets.Column("金额（元）", "fen"),
    ]  # fmt: skip
    rows = (
        [one.on, f"{one.use} {fund.USES[one.use][0]}", one.description, one.voucher, one.amount_fen]
        for one in found.iterator(chunk_size=500)
    )
    return sheets.download("课后服务支出.xlsx", columns, rows)


@require_POST
@at_school(Permission.EXPENSE_RECORD)
def expense(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Record one expense under a permitted use."""
    form = ExpenseForm(request.POST)
    if form.is_valid():
        try:
            money.record_expense(seat.school, **form.cleaned_data, by=seat.by, at=clock.now())  # type: ignore[arg-type]
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, "支出已登记。")
            return redirect("school:account", seat.school.code)  # type: ignore[union-attr]
    return _page(request, seat, this_term(request), expense_form=form)


@require_POST
@at_school(Permission.EXPENSE_RECORD)
def appropriation(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Record what finance has put at the school's disposal."""
    form = AppropriationForm(request.POST)
    if form.is_valid():
        try:
            money.record_appropriation(seat.school, **form.cleaned_data, by=seat.by, at=clock.now())  # type: ignore[arg-type]
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, "拨付已登记。")
            return redirect("school:account", seat.school.code)  # type: ignore[union-attr]
    return _page(request, seat, this_term(request), appropriation_form=form)
