"""Later ends than the limit: reasoned, approved, with an end date (2.2-c)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import EndException
from kehou.desks.district.forms import ExceptionForm
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, wanted
from kehou.desks.district.telling import status_of, tell
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission as P
from kehou.rules.verdicts import Refused


@in_district(P.DISTRICT_SEE)
def exceptions(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show which school may end later, until when and why."""
    rows = EndException.objects.select_related("school").order_by("-from_on", "-pk")
    rows = rows.filter(school__name__icontains=wanted(request))
    columns = [
        sheets.Column("学校"), sheets.Column("最晚结束", "clock"), sheets.Column("从", "day"),
        sheets.Column("到（不含）", "day"), *map(sheets.Column, ("理由", "批准文号", "批准人")),
    ]  # fmt: skip
    cells = rows.values_list(
        "school__name", "latest_end", "from_on", "until_on", "reason", "approval_reference", "approved_by"
    )
    if answer := sheet(request, "延时例外", columns, cells):
        return answer
    today = clock.today()
    context = {
        "page": page_of(request, rows),
        "today": today,
        "limit": parameters_on(today).time.max_end,
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/exceptions.html", context)


@in_district(P.END_EXCEPTION)
def new_exception(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Let one school end later for some days."""
    form = ExceptionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed, rules = form.cleaned_data, parameters_on(clock.today()).time
        try:
            schools.approve_end_exception(
                typed["school"], latest_end=typed["latest_end"], days=typed["days"], reason=typed["reason"],
                approval_reference=typed["approval_reference"], limit=rules.max_end, accepted=rules.end_exception,
                by=seat.by, at=clock.now(),
            )  # fmt: skip
            messages.success(request, f"已批准{typed['school'].name}延时。")
            return redirect("district:exceptions")
        except Refused as no:
            tell(form, no, exception_not_later="latest_end", exception_without_days="last")
    crumbs = [("延时例外", "/district/end-exceptions/")]
    context = {"form": form, "title": "批准延时例外", "crumbs": crumbs, "button": "批准"}
    return render(request, "district/form.html", context, status=status_of(form))
