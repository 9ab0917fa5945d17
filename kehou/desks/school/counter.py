"""缴费登记: find the child, tick the bills, look at the sum, confirm, hand out the receipt."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.money import actions as money
from kehou.chapters.money import papers, queries
from kehou.chapters.money.models import Bill, Payment
from kehou.chapters.people.models import Pupil
from kehou.chapters.people.queries import Seat, children_of, guardians_of
from kehou.desks.school.forms_money import PaymentForm
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets, typed
from kehou.rules import fees
from kehou.rules.fees import METHODS
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused

FOUND = 20
ROWS = 50


@at_school(Permission.PAYMENT_RECORD)
def counter(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Find a child by name, pinyin or bill number."""
    text = request.GET.get("q", "").strip()
    bills = queries.bills_of_school(seat.school, state="to_pay", text=text).order_by("pupil__name_sort", "month")  # type: ignore[arg-type]
    pupils: dict[int, tuple[Pupil, int, int]] = {}
    for bill in bills[:200] if text else ():
        pupil, count, sum_fen = pupils.get(bill.pupil_id, (bill.pupil, 0, 0))
        pupils[bill.pupil_id] = (pupil, count + 1, sum_fen + _open(bill))
    return render(request, "school/money/counter.html", {"text": text, "pupils": list(pupils.values())[:FOUND]})


def _open(bill: Bill) -> int:
    return fees.open_fen(bill.due_fen, bill.paid_fen, bill.returned_fen)


def _bills_beside(seat: Seat, pupil: Pupil) -> list[Bill]:
    """Return what is open for a child and its brothers and sisters at this school."""
    on = clock.today()
    children = {child.pk for account in guardians_of(pupil, on=on) for child in children_of(account, on=on)} | {
        pupil.pk
    }
    rows = queries.bills_of_school(seat.school, state="to_pay").filter(pupil__in=children)  # type: ignore[arg-type]
    return list(rows.order_by("pupil__name_sort", "month"))


@at_school(Permission.PAYMENT_RECORD)
def sitting(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Tick the bills to be paid in one sitting; brothers and sisters stand beside."""
    pupil = get_object_or_404(seat.school.pupils, pk=pupil_id)  # type: ignore[union-attr]
    payer = next((one.name for one in guardians_of(pupil, on=clock.today())), "")
    form = PaymentForm(initial={"reference": _new_reference(), "method": "counter", "payer": payer})
    return _sitting(request, seat, pupil, form)


def _new_reference() -> str:
    return f"GT{clock.now():%Y%m%d}-{uuid4().hex[:10]}"


def _sitting(
    request: HttpRequest,
    seat: Seat,
    pupil: Pupil,
    form: PaymentForm,
    *,
    ticked: set[int] | None = None,
    status: int = 200,
) -> HttpResponse:
    bills = _bills_beside(seat, pupil)
    rows = [(bill, _open(bill), ticked is None or bill.pk in ticked) for bill in bills]
    return render(request, "school/money/sitting.html", {"pupil": pupil, "rows": rows, "form": form}, status=status)


@require_POST
@at_school(Permission.PAYMENT_RECORD)
def payment(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Show the sum first; confirmed, record it and go to the receipts."""
    assert seat.school is not None
    pupil = get_object_or_404(seat.school.pupils, pk=pupil_id)
    form = PaymentForm(request.POST)
    ticked = set(typed.wholes(request.POST.getlist("bill")))
    bills = list(queries.bills_of_school(seat.school).filter(pk__in=ticked).order_by("pupil__name_sort", "month"))
    if not form.is_valid():
        return _sitting(request, seat, pupil, form, ticked=ticked, status=409)
    whole = sum(map(_open, bills))
    if bills and not request.POST.get("confirmed"):
        if nothing := [no for one in bills if (no := fees.refusal_to_pay(one.number, open_fen=_open(one)))]:
            form.refuse(Refused(*nothing))
            return _sitting(request, seat, pupil, form, ticked=ticked, status=409)
        values = {"pupil": pupil, "rows": [(one, _open(one)) for one in bills], "form": form, "sum_fen": whole}
        values["method"] = METHODS[form.cleaned_data["method"]]
        return render(request, "school/money/confirm.html", values)
    try:
        money.record_payment(
            seat.school,
            bills,
            **form.cleaned_data,
            given_fen=typed.whole(request.POST.get("sum_fen")) or 0,  # who says no sum has confirmed none
            by=seat.by,
            at=clock.now(),
        )
    except Refused as no:
        form.refuse(no)
        return _sitting(request, seat, pupil, form, ticked=ticked, status=409)
    return redirect("school:receipts", seat.school.code, form.cleaned_data["reference"])


@at_school(Permission.PAYMENT_RECORD)
def receipts(request: HttpRequest, seat: Seat, reference: str) -> HttpResponse:
    """Show what was recorded in one sitting, with the receipts to print."""
    rows = list(queries.payments_of(seat.school).filter(reference=reference))  # type: ignore[arg-type]
    if not rows:
        raise Http404
    values: dict[str, Any] = {"rows": rows, "sum_fen": sum(one.amount_fen for one in rows), "reference": reference}
    return render(request, "school/money/receipts.html", values)


@at_school(Permission.PAYMENT_RECORD)
def payments(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show what was paid, newest first, or take it away for the reconciliation."""
    found = queries.payments_of(seat.school, text=request.GET.get("q", ""))  # type: ignore[arg-type]
    if request.GET.get("as") == "sheet":
        return _sheet(found)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "school/money/payments.html", {"page": page, "methods": METHODS})


def _sheet(found: Any) -> HttpResponseBase:
    columns = [
        sheets.Column("收据编号"), sheets.Column("缴费单"), sheets.Column("班级"), sheets.Column("姓名"),
        sheets.Column("金额（元）", "fen"), sheets.Column("方式"), sheets.Column("凭证号"),
        sheets.Column("时间", "moment"), sheets.Column("经手人"),
    ]  # fmt: skip
    rows = (
        [
            one.receipt_number, one.bill.number, str(one.bill.pupil.homeroom), one.bill.pupil.name, one.amount_fen,
            METHODS[one.method], one.reference, one.received_at, one.received_by,
        ]
        for one in found.iterator(chunk_size=500)
    )  # fmt: skip
    return sheets.download("缴费记录.xlsx", columns, rows)


@at_school(Permission.PAYMENT_RECORD)
def receipt_paper(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Return one receipt as a PDF in two copies."""
    found = get_object_or_404(
        Payment.objects.filter(bill__school=seat.school).select_related(
            "bill__school", "bill__payee", "bill__pupil__homeroom", "bill__enrolment__term"
        ),
        receipt_number=number,
    )
    made = papers.receipt(found, address=request.build_absolute_uri("/"))
    return HttpResponse(made.pdf, content_type="application/pdf")
