"""场地台账: searched, paged, corrected, taken out and brought in as a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Room
from kehou.chapters.schools.queries import rooms_of
from kehou.desks.school.forms import RoomForm
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.lib.sheets.reading import open_sheets
from kehou.rules.ledger import COLUMNS, LedgerReading, read_rooms
from kehou.rules.permissions import Permission
from kehou.rules.schools import ROOM_KINDS
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

ROWS = 50
ORDERS = {"code": "code", "name": "name", "capacity": "capacity", "checked_on": "checked_on"}


def _rooms(request: HttpRequest, seat: Seat) -> QuerySet[Room]:
    rooms = rooms_of(seat.school, text=request.GET.get("q", "").strip())
    order = request.GET.get("sort", "")
    if order.lstrip("-") in ORDERS:
        rooms = rooms.order_by(("-" if order.startswith("-") else "") + ORDERS[order.lstrip("-")], "code")
    standing = Q(activities__withdrawn_at=None, activities__table__term__until_on__gt=clock.today())
    return rooms.annotate(uses=Count("activities", filter=standing, distinct=True))


@at_school(Permission.ROOMS_EDIT)
def rooms(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the ledger."""
    found = _rooms(request, seat)
    if request.GET.get("as") == "sheet":
        return _sheet(seat, found)
    return _list(request, found)


def _list(request: HttpRequest, found: QuerySet[Room], reading: LedgerReading | None = None) -> HttpResponse:
    return render(
        request,
        "school/rooms/rooms.html",
        {
            "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
            "kinds": ROOM_KINDS,
            "problems": reading.problems[:100] if reading else (),
            "columns": [names[0] for names in COLUMNS.values()],
        },
        status=409 if reading else 200,
    )


def _sheet(seat: Seat, found: QuerySet[Room]) -> HttpResponseBase:
    kinds = {"area_m2": "whole", "seats": "whole", "capacity": "whole", "exits": "whole", "checked_on": "day"}
    columns = [sheets.Column(names[0], kinds.get(name, "text")) for name, names in COLUMNS.items()]  # type: ignore[arg-type]
    rows = (
        [ROOM_KINDS[room.kind] if name == "kind" else getattr(room, name) for name in COLUMNS]
        for room in found.iterator(chunk_size=500)
    )
    return sheets.download(f"场地台账-{seat.school.name}.xlsx", columns, rows)


@at_school(Permission.ROOMS_EDIT)
def new_room(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show an empty row of the ledger; keep it."""
    form = RoomForm(seat.school, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = schools.add_room(seat.school, form.facts(), by=seat.by, at=clock.now())
        except Refused as no:
            return _form(request, form, None, no)
        messages.success(request, f"“{kept.name}”已登记。")
        return redirect("school:rooms", seat.school.code)
    return _form(request, form, None)


@at_school(Permission.ROOMS_EDIT)
def room(request: HttpRequest, seat: Seat, room_id: int) -> HttpResponse:
    """Show one row of the ledger; keep what was changed."""
    standing = get_object_or_404(rooms_of(seat.school), pk=room_id)
    initial = {name: getattr(standing, name) for name in RoomForm.base_fields}
    form = RoomForm(seat.school, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            schools.change_room(standing, form.facts(), by=seat.by, at=clock.now())
        except Refused as no:
            return _form(request, form, standing, no)
        messages.success(request, f"“{standing.name}”已保存。")
        return redirect("school:rooms", seat.school.code)
    return _form(request, form, standing)


FIELDS = {"room_code_taken": "code", "rain_room_is_itself": "rain_room", "room_takes_more_than_its_seats": "capacity"}


def _form(request: HttpRequest, form: RoomForm, standing: Room | None, no: Refused | None = None) -> HttpResponse:
    for refusal in no.refusals if no else ():
        form.add_error(FIELDS.get(refusal.why, "capacity" if refusal.code == "R-GRP-01" else None), say(refusal))
    context: dict[str, Any] = {"form": form, "room": standing}
    if standing is not None:
        context["activities"] = standing.activities.filter(withdrawn_at=None).select_related("table__term")
    return render(request, "school/rooms/room.html", context, status=409 if no else 200)


@require_POST
@at_school(Permission.ROOMS_EDIT)
def retirement(request: HttpRequest, seat: Seat, room_id: int) -> HttpResponse:
    """Take a room out of use from today on."""
    standing = get_object_or_404(rooms_of(seat.school), pk=room_id)
    try:
        programme.retire_room(standing, on=clock.today(), by=seat.by, at=clock.now())
    except Refused as no:
        form = RoomForm(seat.school, initial={name: getattr(standing, name) for name in RoomForm.base_fields})
        messages.error(request, say(no.refusal))
        return _form(request, form, standing, None)
    messages.success(request, f"“{standing.name}”已停用，以前的记录都还在。")
    return redirect("school:rooms", seat.school.code)


@require_POST
@at_school(Permission.ROOMS_EDIT)
def sheet(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Bring in a spreadsheet, whole or not at all; every problem with its row."""
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, "请选择一个表格文件。")
        return redirect("school:rooms", seat.school.code)
    try:
        grid = next(iter(open_sheets(upload.file).grids), None)  # type: ignore[arg-type]
        reading = read_rooms(grid) if grid else LedgerReading()
        if reading.problems:
            return _list(request, _rooms(request, seat), reading)
        made, changed = schools.take_rooms(seat.school, reading.rooms, by=seat.by, at=clock.now())
    except schools.SheetRefused as no:
        return _list(request, _rooms(request, seat), LedgerReading(problems=no.problems))
    except Refused as no:
        return _list(request, _rooms(request, seat), LedgerReading(problems=[(0, one) for one in no.refusals]))
    messages.success(request, f"台账已更新：新增{made}处，修改{changed}处。")
    return redirect("school:rooms", seat.school.code)
