"""Handing over: by list, by the pick-up person's name, by a telephone check."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html_join
from django.views.decorators.http import require_POST

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance import queries
from kehou.chapters.attendance.models import Release
from kehou.chapters.people.queries import Seat
from kehou.desks.teacher.gate import at_school
from kehou.desks.teacher.today import leads_today
from kehou.lib import clock
from kehou.rules.attendance import Way
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused

CHECKED_BY = {"list": "名单", "code": "接送码", "telephone": "电话核对", "signature": "签字"}
# The same in every row: written once.
_CHECKED_BY = format_html_join("", '<option value="{}">{}</option>', CHECKED_BY.items())
ROWS = 30
ALL_OF_SCHOOL = {"duty_leader", "gatekeeper"}


def _my_slots(seat: Seat) -> list[int] | None:
    """Return the groups whose children this person hands over: a teacher's own, None for the whole school."""
    if seat.roles & ALL_OF_SCHOOL or leads_today(seat):
        return None
    mine = queries.sessions_on(seat.school, clock.today()).filter(leader__account=seat.account)  # type: ignore[arg-type]
    return list(mine.values_list("slot_id", flat=True))


def _page(
    request: HttpRequest, seat: Seat, refusals: tuple[Refusal, ...] = (), about: int = 0, status: int = 200
) -> HttpResponse:
    on = clock.today()
    rows = queries.leaving(seat.school, on, slot_ids=_my_slots(seat))  # type: ignore[arg-type]
    wanted = request.GET.get("q", "").strip()
    if wanted:
        rows = [row for row in rows if wanted in row.name or wanted.lower() in row.name_sort]
    gone = [row for row in rows if row.is_gone]
    # Whoever is being asked about stands first, wherever the page of the list would be.
    waiting = sorted((row for row in rows if not row.is_gone), key=lambda row: row.pupil_id != about)
    page = Paginator(waiting, ROWS).get_page(request.GET.get("page"))
    page.object_list = queries.departures(page.object_list, on)
    return render(
        request,
        "teacher/departures.html",
        {
            "page": page,
            "waiting": len(waiting),
            "gone": queries.departures(gone[:ROWS], on),
            "gone_count": len(gone),
            "closing": queries.is_closed(seat.school, on),  # type: ignore[arg-type]
            "ways": [(way.value, way.label) for way in Way],
            "taker": request.POST.get("taker", ""),
            "checked_by": _CHECKED_BY,
            "refusals": refusals,
            "about": about,
            "on": on,
        },
        status=status,
    )


@at_school(Permission.RELEASE)
def departures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show who is still here, soonest to leave first, and who has gone."""
    return _page(request, seat)


@require_POST
@at_school(Permission.RELEASE)
def release(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Hand one child over."""
    rows = queries.leaving(seat.school, clock.today(), slot_ids=_my_slots(seat))  # type: ignore[arg-type]
    mine = seat.school.pupils.filter(pk__in=[row.pupil_id for row in rows])  # type: ignore[union-attr]
    pupil = get_object_or_404(mine.select_related("school", "homeroom"), pk=pupil_id)
    checked_by = request.POST.get("checked_by", "list")
    way_typed, _, to_name = request.POST.get("taker", "").partition(":")
    try:
        way = Way(way_typed)
        attendance.release(
            pupil,
            clock.today(),
            way=way,
            by=seat.by,
            at=clock.now(),
            to_name=to_name[:60],
            checked_by=checked_by if checked_by in CHECKED_BY else "list",
            event=request.POST.get("event", "")[:40],
        )
    except ValueError:
        messages.error(request, f"请选择{pupil.name}跟谁走。")
        return redirect("teacher:departures", seat.school.code)  # type: ignore[union-attr]
    except Refused as no:
        return _page(request, seat, no.refusals, about=pupil.pk, status=409)
    messages.success(request, f"{pupil.name}已登记离校。")
    return redirect("teacher:departures", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.RELEASE)
def removal(request: HttpRequest, seat: Seat, pupil_id: int) -> HttpResponse:
    """Take back a hand-over entered for the wrong child."""
    rows = queries.leaving(seat.school, clock.today(), slot_ids=_my_slots(seat))  # type: ignore[arg-type]
    mine = Release.objects.filter(pupil__in=[row.pupil_id for row in rows])
    standing = get_object_or_404(mine, school=seat.school, pupil_id=pupil_id, on=clock.today())
    try:
        attendance.take_back_release(standing, reason=request.POST.get("reason", ""), by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, no.refusals, about=pupil_id, status=409)
    messages.success(request, f"已撤销{standing.pupil.name}的离校登记。")
    return redirect("teacher:departures", seat.school.code)  # type: ignore[union-attr]
