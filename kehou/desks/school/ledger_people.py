"""师资: the fourth part of the ledger, searched, taken out as a sheet, corrected and brought back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.schools import queries
from kehou.chapters.schools.actions import SheetRefused
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.queries import people_in_words, person_in_sheet, staff_of
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.lib.sheets.reading import open_sheets
from kehou.rules.ledger import STAFF_COLUMNS, LedgerReading, read_people
from kehou.rules.permissions import Permission
from kehou.rules.resources import Part
from kehou.rules.verdicts import Refused

ROWS = 100
SHOWN = 100
# What the sheet says: the columns that can be brought in again, and the certificates, which the skills give.
SHEET = (*(names[0] for names in STAFF_COLUMNS.values()), "资格证书")


@at_school(Permission.ROOMS_SEE)
def people(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the fourth part: who can what, on which days, with which certificates."""
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(name, "whole" if name == "每周课时" else "text") for name in SHEET]
        rows = (person_in_sheet(one) for one in _found(request, seat))
        return sheets.download(f"师资台账-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]
    return _list(request, seat)


def _found(request: HttpRequest, seat: Seat):  # type: ignore[no-untyped-def]
    return staff_of(seat.school, text=request.GET.get("q", "").strip())  # type: ignore[arg-type]


def _list(request: HttpRequest, seat: Seat, reading: LedgerReading | None = None) -> HttpResponse:
    page = Paginator(_found(request, seat), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, people_in_words([one])[one.pk]) for one in page],
        "columns": queries.COLUMNS[Part.STAFF],
        "sheet_columns": SHEET[:-1],
        "problems": reading.problems[:SHOWN] if reading else (),
    }
    return render(request, "school/resources/people.html", context, status=409 if reading else 200)


@require_POST
@at_school(Permission.STAFF_EDIT)
def sheet(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Bring in a spreadsheet, whole or not at all, or only try; every problem with its row."""
    upload, only_try = request.FILES.get("file"), request.POST.get("step") == "try"
    if upload is None:
        messages.error(request, "请选择一个表格文件。")
        return redirect("school:resource_staff", seat.school.code)  # type: ignore[union-attr]
    try:
        grid = next(iter(open_sheets(upload.file).grids), None)  # type: ignore[arg-type]
        reading = read_people(grid) if grid else LedgerReading()
        if reading.problems:
            return _list(request, seat, reading)
        made, changed = staffing.take_people(
            seat.school,
            reading.rooms,
            by=seat.by,
            at=clock.now(),
            only_try=only_try,  # type: ignore[arg-type]
        )
    except SheetRefused as no:
        return _list(request, seat, LedgerReading(problems=no.problems))
    except Refused as no:
        return _list(request, seat, LedgerReading(problems=[(0, one) for one in no.refusals]))
    if only_try:
        messages.info(request, f"核对通过，还没有写入：将新增{made}人，修改{changed}人。确认无误后再传一次，选“导入”。")
    else:
        messages.success(request, f"师资台账已更新：新增{made}人，修改{changed}人。")
    return redirect("school:resource_staff", seat.school.code)  # type: ignore[union-attr]
