"""停组改排: who still sits in a group that the table no longer has, where each would go, placed anew with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.displaced import Displaced, displaced, next_places, refusal_now
from kehou.chapters.people.queries import Seat
from kehou.desks.school.draw import draw_here
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.rules.calendar import weekday_name
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused

ROWS = 60


@require_http_methods(["GET"])
@at_school(Permission.DRAW_SEE)
def cancelled(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show who has to be placed anew and where each would go now."""
    return _page(request, seat)


def _page(request: HttpRequest, seat: Seat, wrong: tuple[Refusal, ...] = ()) -> HttpResponseBase:
    draw = draw_here(seat)
    children = next_places(draw, displaced(draw)) if draw.state == "published" else []
    text = request.GET.get("q", "").strip()
    rows = [one for one in children if text in one.application.pupil.name]
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(name) for name in ("班级", "姓名", "星期", "停掉的活动", "改到")]
        lines = (
            [str(one.application.pupil.homeroom), one.application.pupil.name, weekday_name(one.weekday), *_words(one)]
            for one in rows
        )
        return sheets.download(f"停组改排-{draw.registration.school.name}.xlsx", columns, lines)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "lines": [(one, *_words(one)) for one in page],
        "children": len(children),
        "without": sum(not one.takes for one in children),
        "refusal": refusal_now(draw, len(children)),
        "wrong": wrong,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "school/draw/cancelled.html", context, status=422 if wrong else 200)


def _words(one: Displaced) -> tuple[str, str]:
    """Return what was cancelled and what comes instead."""
    lost = "、".join(seat.slot.activity.name for seat in one.seats)
    return lost, "、".join(slot.activity.name for slot in one.takes) or "没有空位"


@require_http_methods(["POST"])
@at_school(Permission.DRAW_RUN)
def placing_anew(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Place the children of cancelled groups anew."""
    reason = request.POST.get("reason", "")
    try:
        placed = allocation.place_anew(draw_here(seat), reason=reason, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, no.refusals)
    without = sum(not one.takes for one in placed)
    more = f"其中{without}人次没有空位，请与家长联系。" if without else ""
    messages.success(request, f"已改排{len(placed)}人次，家长都收到了来信。{more}")
    return _home(seat)


def _home(seat: Seat) -> HttpResponse:
    return redirect("school:cancelled_groups", seat.school.code)  # type: ignore[union-attr]
