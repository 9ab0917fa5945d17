"""After the draw: who sits where, who waits, one seat by hand with a reason, free seats for the queue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Draw, Placement
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.people.queries import Seat
from kehou.desks.school.draw import draw_here, draw_home
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets, typed
from kehou.rules.calendar import weekday_name
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused

ROWS = 60
SOURCES = {
    "draw": "摇号",
    "base_care": "基础托管",
    "offer": "候补",
    "manual": "手工调整",
    "move": "调班",
    "swap": "互换",
    "renewal": "续报",
}


@require_GET
@at_school(Permission.DRAW_SEE)
def placements(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """List who sits where; searched, by group, paged, as a spreadsheet."""
    standing = draw_here(seat)
    slot = _slot(request)
    rows = queries.placements_of(standing, text=request.GET.get("q", "").strip(), slot=slot)
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(name) for name in ("年级", "班级", "姓名", "星期", "活动", "时间", "来源")]
        lines = (
            [
                one.application.pupil.homeroom.grade, str(one.application.pupil.homeroom), one.application.pupil.name,
                weekday_name(one.weekday), one.slot.activity.name,
                f"{one.slot.starts_at:%H:%M}–{one.slot.ends_at:%H:%M}", SOURCES[one.source],
            ]
            for one in rows.iterator(chunk_size=500)
        )  # fmt: skip
        return sheets.download(f"录取名单-{standing.registration.school.name}.xlsx", columns, lines)
    context = {**_list(request, standing, rows, slot), "sources": SOURCES}
    return render(request, "school/draw/placements.html", context)


@require_GET
@at_school(Permission.DRAW_SEE)
def waiting(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """List the queues in their order."""
    standing = draw_here(seat)
    slot = _slot(request)
    rows = queries.waiting_of(standing, text=request.GET.get("q", "").strip(), slot=slot)
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(name) for name in ("星期", "活动")] + [sheets.Column("顺序", "whole")]
        columns += [sheets.Column(name) for name in ("班级", "姓名")]
        lines = (
            [
                weekday_name(one.slot.weekday), one.slot.activity.name, one.position,
                str(one.application.pupil.homeroom), one.application.pupil.name,
            ]
            for one in rows.iterator(chunk_size=500)
        )  # fmt: skip
        return sheets.download(f"候补名单-{standing.registration.school.name}.xlsx", columns, lines)
    return render(request, "school/draw/waiting.html", _list(request, standing, rows, slot))


def _list(request: HttpRequest, standing: Draw, rows: QuerySet[Any], slot: int | None) -> dict[str, Any]:
    """Return what both lists show around their rows: the page, and the groups to choose from."""
    return {
        "draw": standing,
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "slots": slots_of(standing.registration),
        "slot": slot,
    }


def _slot(request: HttpRequest) -> int | None:
    return typed.whole(request.GET.get("slot"))


@require_http_methods(["GET", "POST"])
@at_school(Permission.DRAW_RUN)
def placement(request: HttpRequest, seat: Seat, placement_id: int) -> HttpResponse:
    """Change one seat by hand, with a reason that stands beside the result."""
    standing = draw_here(seat)
    mine = Placement.objects.filter(application__registration=standing.registration, ended_at=None)
    one = get_object_or_404(
        mine.select_related(
            "application__pupil__homeroom", "application__pupil__school", "application__registration__term",
            "application__registration__school", "slot__activity",
        ),
        pk=placement_id,
    )  # fmt: skip
    wrong: tuple[Refusal, ...] = ()
    if request.method == "POST":
        try:
            _change(request, seat, one)
        except Refused as no:
            wrong = no.refusals
        else:
            messages.success(request, f"{one.application.pupil.name}的安排已调整，家长已收到通知。")
            return redirect("school:placements", seat.school.code)  # type: ignore[union-attr]
    options = [group for group in queries.results(standing) if group.slot.weekday == one.weekday]
    context = {
        "one": one,
        "options": [
            group
            for group in options
            if group.slot.pk != one.slot_id and one.application.pupil.homeroom.grade in group.slot.activity.grades
        ],
        "wrong": wrong,
        "typed": request.POST,
        "day": weekday_name(one.weekday),
    }
    return render(request, "school/draw/placement.html", context, status=422 if wrong else 200)


def _change(request: HttpRequest, seat: Seat, one: Placement) -> None:
    reason, slot = request.POST.get("reason", ""), typed.whole(request.POST.get("slot"))
    if slot is not None:
        allocation.place(one.application, slot, reason=reason, by=seat.by, at=clock.now(), instead_of=one)
    else:
        allocation.remove(one, reason=reason, by=seat.by, at=clock.now())


@require_POST
@at_school(Permission.DRAW_RUN)
def offers(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask the next in every queue whose group has a free seat."""
    standing = draw_here(seat)
    if standing.state != "published":
        messages.error(request, "结果公布后才有候补可问。")
        return redirect(draw_home(seat))
    slots = slots_of(standing.registration).values_list("pk", flat=True)
    made = allocation.offer_free_seats(list(slots), by=seat.by, at=clock.now())
    messages.success(request, f"已按候补顺序问了{len(made)}家。" if made else "没有空位可以给候补。")
    return redirect("school:waiting", seat.school.code)  # type: ignore[union-attr]
