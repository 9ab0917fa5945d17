"""Equipment of the resource ledger: searched, corrected, struck off, taken out and brought in as a spreadsheet."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Equipment
from kehou.chapters.schools.queries import equipment_of
from kehou.chapters.schools.queries.census import equipment_in_words
from kehou.desks.school.forms_ledger import EquipmentForm, equipment_initial
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.lib.sheets.reading import open_sheets
from kehou.rules.ledger import EQUIPMENT_COLUMNS, LedgerReading, read_equipment
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

ROWS = 50
FIELDS = {
    "room_code_taken": "code",
    "more_good_than_all": "good",
    "none_counted": "quantity",
    "equipment_elsewhere": "room",
}


@at_school(Permission.ROOMS_SEE)
def equipment(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the equipment."""
    if request.GET.get("as") == "sheet":
        names = ("编号", "名称", "型号", "数量", "完好", "存放地点", "本经费购置", "资产编号", "最近检查日期", "保管人")
        columns = [sheets.Column(name, "whole" if name in ("数量", "完好") else "text") for name in names]
        rows = (equipment_in_words(row) for row in _found(request, seat))
        return sheets.download(f"仪器设备台账-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]
    return _list(request, seat)


def _found(request: HttpRequest, seat: Seat):  # type: ignore[no-untyped-def]
    return equipment_of(seat.school, text=request.GET.get("q", "").strip())  # type: ignore[arg-type]


def _list(request: HttpRequest, seat: Seat, reading: LedgerReading | None = None) -> HttpResponse:
    context = {
        "page": Paginator(_found(request, seat), ROWS).get_page(request.GET.get("page")),
        "problems": reading.problems[:100] if reading else (),
        "columns": [names[0] for names in EQUIPMENT_COLUMNS.values()],
    }
    return render(request, "school/resources/equipment.html", context, status=409 if reading else 200)


@at_school(Permission.ROOMS_EDIT)
def new_equipment(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show an empty row; keep it."""
    form = EquipmentForm(seat.school, request.POST or None)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        try:
            kept = schools.add_equipment(seat.school, form.facts(), by=seat.by, at=clock.now())  # type: ignore[arg-type]
        except Refused as no:
            return _form(request, form, None, no)
        messages.success(request, f"“{kept.name}”已登记。")
        return redirect("school:equipment", seat.school.code)  # type: ignore[union-attr]
    return _form(request, form, None)


@at_school(Permission.ROOMS_EDIT)
def equipment_row(request: HttpRequest, seat: Seat, equipment_id: int) -> HttpResponse:
    """Show one row; keep what was changed."""
    standing = get_object_or_404(equipment_of(seat.school), pk=equipment_id)  # type: ignore[arg-type]
    form = EquipmentForm(seat.school, request.POST or None, initial=equipment_initial(standing))  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            schools.change_equipment(standing, form.facts(), by=seat.by, at=clock.now(), seen=seen)
        except Refused as no:
            return _form(request, form, standing, no)
        messages.success(request, f"“{standing.name}”已保存。")
        return redirect("school:equipment", seat.school.code)  # type: ignore[union-attr]
    return _form(request, form, standing)


def _form(
    request: HttpRequest, form: EquipmentForm, standing: Equipment | None, no: Refused | None = None
) -> HttpResponse:
    for refusal in no.refusals if no else ():
        form.add_error(FIELDS.get(refusal.why), say(refusal))
    if no is not None and standing is not None:  # whoever was overtaken has seen what stands now, and may save
        form.data = form.data.copy()
        form.data["seen"] = schools.equipment_version(standing)
    context = {
        "form": form,
        "row": standing,
        "checks": standing.checks.order_by("-checked_on", "-pk")[:12] if standing else (),
        "repairs": standing.repairs.order_by("-opened_at")[:12] if standing else (),
    }
    status = 409 if no else 422 if form.errors else 200
    return render(request, "school/resources/equipment_row.html", context, status=status)


@require_POST
@at_school(Permission.ROOMS_EDIT)
def retirement(request: HttpRequest, seat: Seat, equipment_id: int) -> HttpResponse:
    """Strike equipment off the ledger from today on."""
    standing = get_object_or_404(equipment_of(seat.school), pk=equipment_id)  # type: ignore[arg-type]
    schools.retire_equipment(standing, on=clock.today(), by=seat.by, at=clock.now())
    messages.success(request, f"“{standing.name}”已注销，以前的记录都还在。")
    return redirect("school:equipment", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.ROOMS_EDIT)
def sheet(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Bring in a spreadsheet, whole or not at all, or only try; every problem with its row."""
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, "请选择一个表格文件。")
        return redirect("school:equipment", seat.school.code)  # type: ignore[union-attr]
    only_try = request.POST.get("step") == "try"
    try:
        grid = next(iter(open_sheets(upload.file).grids), None)  # type: ignore[arg-type]
        reading = read_equipment(grid) if grid else LedgerReading()
        if reading.problems:
            return _list(request, seat, reading)
        rows = reading.rooms
        made, changed = schools.take_equipment(seat.school, rows, by=seat.by, at=clock.now(), only_try=only_try)  # type: ignore[arg-type]
    except schools.SheetRefused as no:
        return _list(request, seat, LedgerReading(problems=no.problems))
    except Refused as no:
        return _list(request, seat, LedgerReading(problems=[(0, one) for one in no.refusals]))
    if only_try:
        messages.info(request, f"核对通过，还没有写入：将新增{made}项，修改{changed}项。确认无误后再传一次，选“导入”。")
    else:
        messages.success(request, f"台账已更新：新增{made}项，修改{changed}项。")
    return redirect("school:equipment", seat.school.code)  # type: ignore[union-attr]
