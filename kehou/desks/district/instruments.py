"""The shelf of legal instruments."""

from __future__ import annotations

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis import queries
from kehou.chapters.basis.models import Instrument
from kehou.chapters.journal.queries import history_of
from kehou.chapters.people.queries import Seat
from kehou.desks.district.forms import CorrectionForm, InstrumentForm
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, wanted
from kehou.desks.district.telling import status_of, tell
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission as P
from kehou.rules.verdicts import Refused

_CRUMBS = [("政策依据", "/district/instruments/")]


@in_district(P.PARAMETER_SEE)
def instruments(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the instruments on which everything rests."""
    rows = queries.instruments(text=wanted(request))
    columns = [
        *map(sheets.Column, ("文号", "标题", "发文机关")), sheets.Column("成文", "day"), sheets.Column("生效", "day"),
        sheets.Column("失效", "day"), sheets.Column("备注"),
    ]  # fmt: skip
    cells = rows.values_list("number", "title", "issuer", "issued_on", "valid_from_on", "valid_until_on", "note")
    if answer := sheet(request, "政策依据", columns, cells):
        return answer
    context = {"page": page_of(request, rows), "today": clock.today(), "sheet_url": sheet_url(request)}
    return render(request, "district/instruments.html", context)


@in_district(P.INSTRUMENT_EDIT)
def new_instrument(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Put an instrument on the shelf."""
    form = InstrumentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            basis.add_instrument(**form.cleaned_data, by=seat.by, at=clock.now())
            messages.success(request, "已登记。")
            return redirect("district:instruments")
        except Refused as no:
            tell(form, no, instrument_twice="number", instrument_ends_first="valid_until_on")
    context = {"form": form, "title": "登记文件", "crumbs": _CRUMBS, "button": "登记"}
    return render(request, "district/form.html", context, status=status_of(form))


@in_district(P.PARAMETER_SEE, to_post=P.INSTRUMENT_EDIT)
def instrument(request: HttpRequest, seat: Seat, instrument_id: int) -> HttpResponse:
    """Show one instrument, what rests on it, and correct it."""
    one = get_object_or_404(Instrument, pk=instrument_id)
    may = P.INSTRUMENT_EDIT in seat.permissions
    initial = model_to_dict(one) | {"seen": basis.instrument_version(one)}
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        typed = {key: value for key, value in form.cleaned_data.items() if key != "number"}
        typed["valid_from_on"] = typed["valid_from_on"] or typed["issued_on"]
        try:
            basis.edit_instrument(one, **typed, by=seat.by, at=clock.now())
            messages.success(request, "已更正。")
            return redirect("district:instrument", one.pk)
        except Refused as no:
            tell(form, no, instrument_ends_first="valid_until_on")
            one.refresh_from_db()
            form.data = form.data.copy()  # whoever was overtaken has seen what stands now, and may save
            form.data["seen"] = basis.instrument_version(one)
    context = {
        "one": one,
        "form": form if may else None,
        "versions": [(row, queries.say(row)) for row in one.parameterversion_set.order_by("-from_on")],
        "days": one.calendarday_set.count(),
        "entries": history_of(one)[:20],
        "crumbs": _CRUMBS,
    }
    return render(
        request, "district/instrument.html", context, status=status_of(form) if request.method == "POST" else 200
    )
