"""缴费单: the month's run with its progress, the list by status, one bill with its reasons, the registered account."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.queries import service_days
from kehou.chapters.money import actions as money
from kehou.chapters.money import queries
from kehou.chapters.money.models import Bill
from kehou.chapters.people.queries import Seat
from kehou.desks.school.forms_money import PayeeForm, VoidForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock, jobs, sheets, typed
from kehou.rules.permissions import Permission
from kehou.rules.spans import DAY
from kehou.rules.states import BILL
from kehou.rules.verdicts import Refusal, Refused

ROWS = 50
# To everybody but the cashier 已缴 and 结清 are one: a bill settled without a payment would say who is waived.
PLAIN = {"to_pay": "待缴", "paid": "已结清", "settled": "已结清", "void": "作废"}
KINDS = {"to_pay": "wait", "paid": "done", "settled": "done", "void": "plain"}


def month_in(request: HttpRequest, seat: Seat) -> date:
    """Return the month of the page: `?month=2026-11`, else the present one, kept inside the term.

    Most schools make bills when a month is over: until then there is nothing to see of the present one, and the page
    begins with the month before.
    """
    wanted = request.GET.get("month") or request.POST.get("month") or ""
    if month := typed.day(f"{wanted}-01"):
        return month
    term, today = this_term(request), clock.today()
    months = queries.months_of_term(term)
    month = today.replace(day=1)
    ahead = [on for on in service_days(term, school_code=seat.school.code) if on > today]  # type: ignore[union-attr]
    goes_on = any(on.replace(day=1) == month for on in ahead)
    if goes_on and not queries.runs_of(seat.school).filter(month=month).exists():  # type: ignore[arg-type]
        month = (month - DAY).replace(day=1)
    return min(max(month, months[0]), months[-1])


def _found(request: HttpRequest, seat: Seat, month: date | None) -> Any:
    state = request.GET.get("state", "")
    # Who may not see amounts may not ask for them by state or order either.
    states = {"to_pay", "void"} if not _sees_amounts(seat) else set(BILL.labels)
    bills = queries.bills_of_school(
        seat.school,
        month=month,
        state=state if state in states else "",
        text=request.GET.get("q", ""),  # type: ignore[arg-type]
    )
    sort = request.GET.get("sort", "")
    if not _sees_amounts(seat) and sort.lstrip("-") in ("due", "state"):
        sort = ""
    return bills.order_by(*queries.sort_of_bills(sort))


def _sees_amounts(seat: Seat) -> bool:
    return Permission.PAYMENT_RECORD in seat.permissions


@at_school(Permission.BILL_SEE)
def bills(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the bills of a month by status, or take them away as a spreadsheet."""
    month = month_in(request, seat)
    if request.GET.get("as") == "sheet":
        return _sheet(seat, _found(request, seat, month), month)
    return _page(request, seat, month)


def _page(
    request: HttpRequest, seat: Seat, month: date, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    assert seat.school is not None
    page = Paginator(_found(request, seat, month), ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "school/money/bills.html",
        {
            "month": month,
            "month_key": f"{month:%Y-%m}",
            "sheet_url": f"?month={month:%Y-%m}&as=sheet",
            "months": queries.months_of_term(this_term(request)),
            "page": page,
            "rows": [(bill, PLAIN[bill.state], KINDS[bill.state]) for bill in page],
            "kept": queries.billed_as_agreed(seat.school, month),
            "run": queries.runs_of(seat.school).filter(month=month).first(),
            "amounts": _sees_amounts(seat),
            "states": [("to_pay", "待缴"), ("void", "作废")],
            "payee": queries.payee_of(seat.school),
            "blocked": queries.refusals_before_billing(seat.school, month),
            "job": _job(seat, month),
            "refusals": refusals,
        },
        status=status,
    )


def _sheet(seat: Seat, found: Any, month: date) -> HttpResponseBase:
    columns = [sheets.Column("编号"), sheets.Column("班级"), sheets.Column("姓名"), sheets.Column("状态")]
    amounts = _sees_amounts(seat)
    if amounts:
        columns += [
            sheets.Column("应缴（元）", "fen"),
            sheets.Column("已缴（元）", "fen"),
            sheets.Column("退费（元）", "fen"),
        ]
    rows = (
        [bill.number, str(bill.pupil.homeroom), bill.pupil.name, PLAIN[bill.state]]
        + ([bill.due_fen, bill.paid_fen, bill.returned_fen] if amounts else [])
        for bill in found.iterator(chunk_size=500)
    )
    return sheets.download(f"缴费单-{month:%Y年%m月}.xlsx", columns, rows)


# --- The run ----------------------------------------------------------------------------------------------------------


def _job(seat: Seat, month: date) -> dict[str, Any] | None:
    """Return the month's job as the progress bar prints it, or None before the first."""
    assert seat.school is not None
    report = jobs.JobReport.objects.filter(key=f"bills:{seat.school.code}:{month:%Y-%m}").first()
    if report is None:
        return None
    kind = {"done": "done", "failed": "refused"}.get(report.state, "live")
    result = report.result
    said = report.problem or report.saying or "在等前面的任务"
    if report.state == "done":
        made, adjusted, unsigned = (result.get(name, 0) for name in ("made", "adjusted", "unsigned"))
        said = f"新开{made}张，调整{adjusted}张，协议未签未开{unsigned}人"
    return {"title": report.title, "kind": kind, "percent": report.percent, "step": said, "at": report.asked_at}


@require_POST
@at_school(Permission.BILL_RUN)
def run(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask the worker for the bills of a month; asked again it adjusts what has changed."""
    assert seat.school is not None
    month = month_in(request, seat)
    try:
        money.ask_for_bills(seat.school, month, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, month, no.refusals, status=409)
    messages.success(request, "已交给后台，做完在这一页看结果。")
    return _to_month(seat, month)


def _to_month(seat: Seat, month: date) -> HttpResponse:
    answer = redirect("school:bills", seat.school.code)  # type: ignore[union-attr]
    answer["Location"] += f"?month={month:%Y-%m}"
    return answer


@at_school(Permission.BILL_SEE)
def progress(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show how far the month's run has come; the bar asks for itself until it is over."""
    month = month_in(request, seat)
    job = _job(seat, month)
    if job is None:
        raise Http404
    if job["kind"] != "live" and request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "school/money/progress.html", {"job": job, "month_key": f"{month:%Y-%m}"})


# --- One bill ---------------------------------------------------------------------------------------------------------


def bill_of(seat: Seat, number: str) -> Bill:
    """Return a bill of the school with all that explains it. :raises Http404: for any other"""
    found = queries.bill_by_number(seat.school, number)  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


@at_school(Permission.PAYMENT_RECORD)
def bill(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Show one bill with its reasons, days, payments and refunds to the cashier."""
    return _bill(request, bill_of(seat, number))


def _bill(request: HttpRequest, found: Bill, form: VoidForm | None = None, status: int = 200) -> HttpResponse:
    return render(
        request,
        "school/money/bill.html",
        {
            "bill": found,
            "explained": queries.explain(found),
            "state": BILL.labels[found.state],
            "kind": KINDS[found.state],
            "form": form or VoidForm(),
        },
        status=status,
    )


@require_POST
@at_school(Permission.BILL_RUN)
def voiding(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Take back a bill that should not have been made."""
    found, form = bill_of(seat, number), VoidForm(request.POST)
    if form.is_valid():
        try:
            money.void_bill(found, reason=form.cleaned_data["reason"], by=seat.by, at=clock.now())
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, "缴费单已作废，冲销记录保留在这一页。")
            return redirect("school:bill", seat.school.code, number)  # type: ignore[union-attr]
    return _bill(request, found, form, status=409)


@at_school(Permission.BILL_RUN)
def payee(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the registered special account; POST registers the one that follows it."""
    assert seat.school is not None
    form = PayeeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            money.register_payee(seat.school, **form.cleaned_data, by=seat.by, at=clock.now())
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, "收款账户已登记，之后的缴费单都写这个账户。")
            return redirect("school:payee", seat.school.code)
    past = seat.school.payees.order_by("-registered_on", "-pk")
    values = {"form": form, "payee": queries.payee_of(seat.school), "past": past.exclude(closed_on=None)}
    return render(request, "school/money/payee.html", values, status=409 if form.errors else 200)
