"""今日看板: which groups have called the roll, who is missing, who is left on site; corrections; the zero count."""

from __future__ import annotations

from datetime import date, time

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance import queries
from kehou.chapters.attendance.models import Alarm, Correction
from kehou.chapters.attendance.queries import GroupToday
from kehou.chapters.money import actions as money
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets, typed
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused
from kehou.rules.wall import on_the_wall

ROWS = 50


def _on(request: HttpRequest) -> date:
    return typed.day(request.GET.get("on")) or clock.today()


def _groups(seat: Seat, on: date, wanted: str) -> list[GroupToday]:
    sessions = queries.sessions_on(seat.school, on)  # type: ignore[arg-type]
    if wanted:
        sessions = sessions.filter(slot__activity__name__icontains=wanted) | sessions.filter(
            leader__name__icontains=wanted
        )
    groups = [group for group in queries.groups_today(sessions) if group.expected]
    return sorted(groups, key=lambda group: (group.closed_at is not None, -group.unknown, group.session.starts_at))


@at_school(Permission.BOARD_SEE)
def board(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the afternoon of a day, what is open first."""
    return _page(request, seat)


def _page(request: HttpRequest, seat: Seat, refusals: tuple[Refusal, ...] = (), status: int = 200) -> HttpResponse:
    on = _on(request)
    groups = _groups(seat, on, request.GET.get("q", "").strip())
    if request.GET.get("as") == "sheet":
        return _sheet(seat, on, groups)
    here = queries.on_site(seat.school, on).order_by("homeroom__grade", "homeroom__number", "name_sort")  # type: ignore[arg-type]
    left = list(here[: ROWS + 1])
    on_site = len(left) if len(left) <= ROWS else here.count()
    return render(
        request,
        "school/board.html",
        {
            "on": on,
            "today": clock.today(),
            "now": clock.now(),
            "page": Paginator(groups, ROWS).get_page(request.GET.get("page")),
            "figures": _figures(groups, on_site, (clock.today(), clock.now().time())),
            "on_site": on_site,
            "left": left[:ROWS],
            "alarms": list(
                Alarm.objects.filter(session__school=seat.school, session__on=on, cleared_at__isnull=True)
                .select_related("pupil__homeroom", "session__slot__activity", "session__leader")
                .order_by("raised_at", "pk")[:ROWS]
            ),
            "closing": queries.is_closed(seat.school, on),  # type: ignore[arg-type]
            "waiting": Correction.objects.filter(register__session__school=seat.school, state="asked").count(),
            "refusals": refusals,
        },
        status=status,
    )


def _figures(groups: list[GroupToday], on_site: int, moment: tuple[date, time]) -> list[dict[str, object]]:
    begun = [group for group in groups if (group.session.on, group.session.starts_at) <= moment]
    unknown = sum(group.unknown for group in begun)
    closed = sum(group.closed_at is not None for group in groups)
    return [
        {"label": "应到", "value": sum(group.expected for group in groups), "unit": "人次"},
        {"label": "已点到", "value": sum(group.here for group in groups), "unit": "人次"},
        {"label": "已开始还未到", "value": unknown, "unit": "人次", "kind": "refused" if unknown else "done"},
        {"label": "已结束点名", "value": closed, "unit": f"/ {len(groups)} 组"},
        {"label": "现在在校", "value": on_site, "unit": "人"},
    ]


def _sheet(seat: Seat, on: date, groups: list[GroupToday]) -> HttpResponse:
    texts = ("活动", "开始", "结束", "地点", "带组人")
    counts = ("应到", "到", "未到")
    columns = [
        *map(sheets.Column, texts),
        *(sheets.Column(name, "whole") for name in counts),
        sheets.Column("点名结束"),
    ]
    rows = [
        (
            group.session.slot.activity.name,
            f"{group.session.starts_at:%H:%M}",
            f"{group.session.ends_at:%H:%M}",
            str(group.session.room or group.session.slot.activity.homeroom or "本班教室"),
            group.session.leader.name if group.session.leader else "",
            group.expected,
            group.here,
            group.unknown,
            f"{on_the_wall(group.closed_at):%H:%M}" if group.closed_at else "",
        )
        for group in groups
    ]
    return sheets.download(f"今日看板-{on:%Y%m%d}.xlsx", columns, rows)


@require_POST
@at_school(Permission.DAY_CLOSE)
def day_closing(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Confirm that nobody is left."""
    try:
        attendance.close_day(seat.school, clock.today(), by=seat.by, at=clock.now())  # type: ignore[arg-type]
    except Refused as no:
        return _page(request, seat, no.refusals, status=409)
    messages.success(request, "今天已经清零：点到的孩子全部离校。")
    return redirect("school:board", seat.school.code)  # type: ignore[union-attr]


@at_school(Permission.CORRECTION_DECIDE)
def corrections(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the corrections of closed registers, those that wait first."""
    rows = (
        Correction.objects.filter(register__session__school=seat.school)
        .select_related("pupil__homeroom", "register__session__slot__activity")
        .order_by("-asked_at")
    )
    if wanted := request.GET.get("q", "").strip():
        rows = rows.filter(pupil__name__icontains=wanted)
    waiting = list(rows.filter(state="asked"))
    decided = rows.exclude(state="asked")
    return render(
        request,
        "school/corrections.html",
        {"waiting": waiting, "page": Paginator(decided, ROWS).get_page(request.GET.get("page"))},
    )


@require_POST
@at_school(Permission.CORRECTION_DECIDE)
def correction_decision(request: HttpRequest, seat: Seat, correction_id: int) -> HttpResponse:
    """Approve or refuse one correction."""
    correction = get_object_or_404(Correction, pk=correction_id, register__session__school=seat.school)
    approve = request.POST.get("decision") == "approve"
    money.decide_correction(correction, approve=approve, by=seat.by, at=clock.now())
    messages.success(request, f"{correction.pupil.name}的更正{'已批准' if approve else '未批准'}。")
    return redirect("school:corrections", seat.school.code)  # type: ignore[union-attr]
