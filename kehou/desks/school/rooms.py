"""Places of the resource ledger: searched, paged, corrected, taken out and brought in as a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.queries import current_term, parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Room
from kehou.chapters.schools.queries import fitness_of, rooms_of
from kehou.chapters.schools.queries.census import days_in_words
from kehou.desks.school.forms_ledger import RoomForm, room_initial
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.lib.sheets.reading import open_sheets
from kehou.rules.ledger import COLUMNS, DAYS, LedgerReading, read_rooms
from kehou.rules.permissions import Permission
from kehou.rules.resources import KINDS_OF_PART, Part
from kehou.rules.schools import ROOM_KINDS
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

ROWS = 50
PARTS = {part.value: kinds for part, kinds in KINDS_OF_PART.items()}
ORDERS = {"code": "code", "name": "name", "capacity": "capacity", "checked_on": "checked_on"}


def _rooms(request: HttpRequest, seat: Seat) -> QuerySet[Room]:
    rooms = rooms_of(seat.school, text=request.GET.get("q", "").strip())  # type: ignore[arg-type]
    if kinds := PARTS.get(request.GET.get("part", "")):
        rooms = rooms.filter(kind__in=kinds)
    order = request.GET.get("sort", "")
    if order.lstrip("-") in ORDERS:
        rooms = rooms.order_by(("-" if order.startswith("-") else "") + ORDERS[order.lstrip("-")], "code")
    standing = Q(activities__withdrawn_at=None, activities__table__term__until_on__gt=clock.today())
    return rooms.annotate(uses=Count("activities", filter=standing, distinct=True))


@at_school(Permission.ROOMS_SEE)
def rooms(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the ledger."""
    found = _rooms(request, seat)
    if request.GET.get("as") == "sheet":
        return _sheet(seat, found)
    return _list(request, seat, found)


def _list(
    request: HttpRequest, seat: Seat, found: QuerySet[Room], reading: LedgerReading | None = None
) -> HttpResponse:
    part = request.GET.get("part", "")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    today = clock.today()
    fitness = fitness_of(seat.school, current_term(today), on=today, safety=parameters_on(today).safety)  # type: ignore[arg-type]
    return render(
        request,
        "school/rooms/rooms.html",
        {
            "page": page,
            "rows": [(room, fitness.refusal(room), fitness.due_on(room)) for room in page],
            "kinds": ROOM_KINDS,
            "part": part if part in PARTS else "",
            "title": Part(part).label if part in PARTS else "场地",
            "places": [one for one in Part if one.value in PARTS],
            "problems": reading.problems[:100] if reading else (),
            "columns": [names[0] for names in COLUMNS.values()],
        },
        status=409 if reading else 200,
    )


def _sheet(seat: Seat, found: QuerySet[Room]) -> HttpResponseBase:
    whole = {"area_m2", "seats", "capacity", "exits", "distance_m"}
    columns = [
        sheets.Column(names[0], "whole" if name in whole else "day" if name in DAYS else "text")
        for name, names in COLUMNS.items()
    ]
    rows = (
        [_SAID.get(name, _as_it_is)(getattr(room, name)) for name in COLUMNS] for room in found.iterator(chunk_size=500)
    )
    return sheets.download(f"场地台账-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]


def _as_it_is(value: Any) -> Any:
    return value


# What stands otherwise in the sheet than in the ledger.
_SAID: dict[str, Any] = {
    "kind": ROOM_KINDS.__getitem__,
    "has_light": lambda value: "有" if value else "无",
    "weekdays": days_in_words,
}


@at_school(Permission.ROOMS_EDIT)
def new_room(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show an empty row of the ledger (`?kind=ground` with the fields of a ground); keep it."""
    kind = request.POST.get("kind") or request.GET.get("kind", "room")
    form = RoomForm(seat.school, request.POST or None, kind=kind, initial={"kind": kind, "has_light": True})  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        try:
            kept = schools.add_room(seat.school, form.facts(), by=seat.by, at=clock.now())  # type: ignore[arg-type]
        except Refused as no:
            return _form(request, form, None, no)
        messages.success(request, f"“{kept.name}”已登记。")
        return redirect("school:rooms", seat.school.code)  # type: ignore[union-attr]
    return _form(request, form, None)


@at_school(Permission.ROOMS_EDIT)
def room(request: HttpRequest, seat: Seat, room_id: int) -> HttpResponse:
    """Show one row of the ledger; keep what was changed."""
    standing = get_object_or_404(rooms_of(seat.school), pk=room_id)  # type: ignore[arg-type]
    kind = request.POST.get("kind") or request.GET.get("kind") or standing.kind
    form = RoomForm(seat.school, request.POST or None, kind=kind, initial=room_initial(standing) | {"kind": kind})  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        facts, seen = form.facts(schools.facts_of(standing)), form.cleaned_data["seen"]
        try:
            schools.change_room(standing, facts, by=seat.by, at=clock.now(), seen=seen)
        except Refused as no:
            return _form(request, form, standing, no)
        messages.success(request, f"“{standing.name}”已保存。")
        return redirect("school:rooms", seat.school.code)  # type: ignore[union-attr]
    return _form(request, form, standing)


FIELDS = {"room_code_taken": "code", "rain_room_is_itself": "rain_room", "room_takes_more_than_its_seats": "capacity"}


def _form(
    request: HttpRequest, form: RoomForm, standing: Room | None, no: Refused | None = None, *, status: int = 0
) -> HttpResponse:
    for refusal in no.refusals if no else ():
        form.add_error(FIELDS.get(refusal.why, "capacity" if refusal.code == "R-GRP-01" else None), say(refusal))
    context: dict[str, Any] = {"form": form, "room": standing, "kinds": ROOM_KINDS, "kind": form["kind"].value()}
    if standing is not None:
        if no is not None:  # whoever was overtaken has seen what stands now, and may save
            form.data = form.data.copy()
            form.data["seen"] = schools.version_of(standing)
        context["checks"] = standing.checks.order_by("-checked_on", "-pk")[:12]
        context["repairs"] = standing.repairs.order_by("-opened_at")[:12]
        context["activities"] = standing.activities.filter(withdrawn_at=None).select_related("table__term")
    status = status or (409 if no else 422 if form.errors else 200)
    return render(request, "school/rooms/room.html", context, status=status)


@require_POST
@at_school(Permission.ROOMS_EDIT)
def retirement(request: HttpRequest, seat: Seat, room_id: int) -> HttpResponse:
    """Take a room out of use from today on."""
    standing = get_object_or_404(rooms_of(seat.school), pk=room_id)
    try:
        programme.retire_room(standing, on=clock.today(), by=seat.by, at=clock.now())
    except Refused as no:
        form = RoomForm(seat.school, kind=standing.kind, initial=room_initial(standing))
        messages.error(request, say(no.refusal))
        return _form(request, form, standing, status=409)
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
            return _list(request, seat, _rooms(request, seat), reading)
        only_try = request.POST.get("step") == "try"
        made, changed = schools.take_rooms(
            seat.school,  # type: ignore[arg-type]
            reading.rooms,
            by=seat.by,
            at=clock.now(),
            only_try=only_try,
        )
    except schools.SheetRefused as no:
        return _list(request, seat, _rooms(request, seat), LedgerReading(problems=no.problems))
    except Refused as no:
        return _list(request, seat, _rooms(request, seat), LedgerReading(problems=[(0, one) for one in no.refusals]))
    if only_try:
        messages.info(request, f"核对通过，还没有写入：将新增{made}处，修改{changed}处。确认无误后再传一次，选“导入”。")
    else:
        messages.success(request, f"台账已更新：新增{made}处，修改{changed}处。")
    return redirect("school:rooms", seat.school.code)
