"""安全检查: what is due, a walk recorded in one go, faults and their mending."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.queries import current_term, parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools import queries
from kehou.chapters.schools.models import Equipment, Repair, Room, SafetyCheck
from kehou.desks.school.forms_ledger import CheckForm, RepairForm
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission
from kehou.rules.resources import Gravity
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

ROWS = 50


@at_school(Permission.ROOMS_SEE)
def checks(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show what must be looked at by when; record a walk through the buildings."""
    if request.GET.get("as") == "sheet":
        return _sheet(seat)
    return _checks(request, seat, CheckForm(initial={"checked_on": clock.today(), "checker": seat.by.name}))


def _checks(request: HttpRequest, seat: Seat, form: CheckForm, no: Refused | None = None) -> HttpResponse:
    today, school = clock.today(), seat.school
    assert school is not None
    safety = parameters_on(today).safety
    fitness = queries.fitness_of(school, current_term(today), on=today, safety=safety)
    text = request.GET.get("q", "").strip()
    due = queries.checks_due(fitness, [*queries.rooms_of(school, text=text), *queries.equipment_of(school, text=text)])
    ticked = set(request.POST.getlist("what"))
    rows = [(one, f"{'room' if isinstance(one.row, Room) else 'equipment'}:{one.row.pk}") for one in due]
    context = {
        "form": form,
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "ticked": ticked,
        "overdue": sum(one.overdue for one in due),
        "safety": safety,
        "refused": no.refusals if no else (),
    }
    wrong = no is not None or (form.is_bound and bool(form.errors))
    return render(request, "school/resources/checks.html", context, status=409 if wrong else 200)


def _rows(seat: Seat, keys: list[str]) -> list[Room | Equipment]:
    """Return the rows of this school that are named (`room:3`, `equipment:7`)."""
    by_kind: dict[str, list[int]] = {"room": [], "equipment": []}
    for one in keys[:500]:
        kind, _, key = one.partition(":")
        if kind in by_kind and key.isdecimal() and len(key) < 12:
            by_kind[kind].append(int(key))
    rooms = queries.rooms_of(seat.school).filter(pk__in=by_kind["room"])  # type: ignore[arg-type]
    return [*rooms, *queries.equipment_of(seat.school).filter(pk__in=by_kind["equipment"])]  # type: ignore[arg-type]


@require_POST
@at_school(Permission.ROOMS_EDIT)
def walk(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Record that somebody looked at the ticked places and equipment."""
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _checks(request, seat, form, None)
    rows = _rows(seat, request.POST.getlist("what"))
    try:
        made = schools.record_checks(seat.school, rows, **form.cleaned_data, by=seat.by, at=clock.now())  # type: ignore[arg-type]
    except Refused as no:
        return _checks(request, seat, form, no)
    messages.success(request, f"{len(made)}处检查已登记。有坏的，请在下面“维修”里登记故障。")
    return redirect("school:checks", seat.school.code)  # type: ignore[union-attr]


def _sheet(seat: Seat) -> HttpResponseBase:
    columns = [
        sheets.Column("检查日期", "day"), sheets.Column("编号"), sheets.Column("名称"), sheets.Column("检查人"),
        sheets.Column("发现了什么"), sheets.Column("登记人"), sheets.Column("登记时间", "moment"),
    ]  # fmt: skip
    found = SafetyCheck.objects.filter(school=seat.school).select_related("room", "equipment").order_by("-checked_on")
    rows = (
        (one.checked_on, _of(one).code, _of(one).name, one.checker, one.found, one.recorded_by, one.recorded_at)
        for one in found.iterator(chunk_size=500)
    )
    return sheets.download(f"安全检查记录-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]


def _of(one: SafetyCheck | Repair) -> Room | Equipment:
    row = one.room or one.equipment
    assert row is not None, "the database holds one of the two"
    return row


# --- Repairs ----------------------------------------------------------------------------------------------------------


@at_school(Permission.ROOMS_SEE)
def repairs(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the faults: those that are open, or all."""
    found = (
        Repair.objects.filter(school=seat.school)
        .select_related("room", "equipment")
        .order_by("closed_at", "-opened_at")
    )
    if request.GET.get("as") == "sheet":
        return _repair_sheet(seat, found)
    which = request.GET.get("which", "open")
    found = found if which == "all" else found.filter(closed_at=None).order_by("gravity", "opened_at")
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "which": which,
        "labels": dict(Gravity.choices()),
    }
    return render(request, "school/resources/repairs.html", context)


def _repair_sheet(seat: Seat, found) -> HttpResponseBase:  # type: ignore[no-untyped-def]
    columns = [
        sheets.Column("编号"), sheets.Column("名称"), sheets.Column("故障"), sheets.Column("处置"),
        sheets.Column("报修人"), sheets.Column("报修时间", "moment"), sheets.Column("怎样修好"),
        sheets.Column("完成时间", "moment"),
    ]  # fmt: skip
    rows = (
        (
            _of(one).code, _of(one).name, one.fault, Gravity(one.gravity).label, one.opened_by, one.opened_at,
            one.outcome, one.closed_at,
        )
        for one in found
    )  # fmt: skip
    return sheets.download(f"维修记录-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]


@at_school(Permission.ROOMS_EDIT)
def new_repair(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Note a fault of a place or of equipment (`?what=room:3`)."""
    what = request.POST.get("what") or request.GET.get("what", "")
    row = next(iter(_rows(seat, [what])), None)
    if row is None:
        return redirect("school:checks", seat.school.code)  # type: ignore[union-attr]
    form = RepairForm(request.POST or None, initial={"what": what})
    if request.method == "POST" and form.is_valid():
        fault, gravity = form.cleaned_data["fault"], form.cleaned_data["gravity"]
        try:
            schools.open_repair(row, fault=fault, gravity=gravity, by=seat.by, at=clock.now())
        except Refused as no:
            form.add_error(None, say(no.refusal))
        else:
            messages.success(request, f"“{row.name}”的故障已登记。")
            return redirect("school:repairs", seat.school.code)  # type: ignore[union-attr]
    status = 409 if form.is_bound else 200
    return render(request, "school/resources/repair.html", {"form": form, "row": row}, status=status)


@require_POST
@at_school(Permission.ROOMS_EDIT)
def repair_end(request: HttpRequest, seat: Seat, repair_id: int) -> HttpResponse:
    """Close a repair with what was done."""
    repair = get_object_or_404(Repair.objects.select_related("school"), school=seat.school, pk=repair_id)
    try:
        schools.close_repair(repair, outcome=request.POST.get("outcome", ""), by=seat.by, at=clock.now())
    except Refused as no:
        messages.error(request, say(no.refusal))
    else:
        messages.success(request, "已修好，场地可以安排了。")
    return redirect("school:repairs", seat.school.code)  # type: ignore[union-attr]
