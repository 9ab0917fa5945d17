"""The holiday notice as a file: read dry, shown, taken whole."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import Instrument
from kehou.chapters.people.queries import Seat
from kehou.chapters.timetable import actions as timetable
from kehou.desks.district.forms import NoticeForm
from kehou.desks.district.gate import in_district
from kehou.desks.district.telling import status_of, tell
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission as P
from kehou.rules.verdicts import Refused

_SALT = "holiday notice"
_CRUMBS = [("学期与校历", "/district/calendar/")]
_EXAMPLE = [
    ("2027-01-01", "放假", "", "元旦"),
    ("2027-01-02", "放假", "", "元旦"),
    ("2027-01-09", "上课", "星期一", "元旦调休"),
]


@in_district(P.CALENDAR_EDIT)
def notice(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Read a notice and show what taking it would do; write nothing."""
    if request.GET.get("as") == "sheet":
        return sheets.download("放假安排样表.xlsx", [sheets.Column(name) for name in basis.COLUMNS], _EXAMPLE)
    form = NoticeForm(request.POST or None, request.FILES or None)
    read = None
    if form.is_valid():
        try:
            read = basis.read_notice(form.cleaned_data["file"])
        except Refused as no:
            tell(form, no)
    instrument = form.cleaned_data.get("instrument") if read else None
    context = {
        "form": form,
        "read": read,
        "parcel": _pack(read, instrument) if read and read.is_clean else "",
        "changes": sum(day.becomes != "same" for day in read.days) if read else 0,
        "crumbs": _CRUMBS,
    }
    return render(request, "district/notice.html", context, status=status_of(form))


def _pack(read: basis.Notice, instrument: Instrument | None) -> str:
    """Return the days that were shown, signed, so that exactly these are taken."""
    days = [[str(value) if isinstance(value, date) else value for value in astuple(day)] for day in read.days]
    return signing.dumps({"days": days, "instrument": instrument.pk if instrument else None}, salt=_SALT, compress=True)


@require_POST
@in_district(P.CALENDAR_EDIT)
def taking(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take the notice that was shown."""
    try:
        parcel = signing.loads(request.POST.get("parcel", ""), salt=_SALT, max_age=3600)
    except signing.BadSignature:
        messages.error(request, "预览已过期，请重新上传。")
        return redirect("district:notice")
    days = [basis.DayRow(row, date.fromisoformat(on), *rest) for row, on, *rest in parcel["days"]]
    instrument = Instrument.objects.filter(pk=parcel["instrument"]).first()
    new, changed = timetable.take_notice(days, instrument=instrument, by=seat.by, at=clock.now())
    messages.success(request, f"校历已更新：新增{new}天，改动{changed}天。")
    return redirect("district:calendar")
