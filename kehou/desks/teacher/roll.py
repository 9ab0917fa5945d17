"""Roll call with one thumb; the same on paper for a power cut."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance import queries
from kehou.chapters.attendance.models import Register
from kehou.chapters.attendance.queries import Child
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.timetable.models import Session
from kehou.desks.teacher.gate import at_school
from kehou.desks.teacher.today import my_sessions
from kehou.lib import clock, typed
from kehou.rules import attendance as rules
from kehou.rules.attendance import MarkState
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused

# One line of log from a short list of kinds: what a teacher says of an afternoon, nothing more (domain/09 row 27).
LOG_KINDS = {
    "as_planned": "按计划进行",
    "homework": "完成作业与答疑",
    "reading": "自主阅读",
    "practice": "活动与练习",
    "outdoor": "户外活动",
    "changed_place": "改在室内进行",
    "incident": "有情况，已报告",
}
REACH_DAYS = 14


def _session(seat: Seat, session_id: int) -> Session:
    """Return a session whose roll this person may take; somebody else's is as good as none."""
    on = clock.today()
    mine = my_sessions(seat, from_on=on - timedelta(REACH_DAYS), until_on=on + timedelta(REACH_DAYS))
    return get_object_or_404(mine, pk=session_id)


def _row(child: Child, number: int, alarm: str) -> dict[str, Any]:
    notes = [str(child.pupil.homeroom)]
    if child.leave:
        notes.append("病假" if child.leave == "sick" else "事假")
    if child.health_note:
        notes.append(child.health_note)
    return {
        "key": child.pupil.pk,
        "number": number,
        "name": child.pupil.name,
        "note": " · ".join(notes),
        "state": child.state.value if child.state is not MarkState.ABSENT else "unknown",
        "absent": child.state is MarkState.ABSENT,
        "alarm": alarm,
        "phone": child.phone if alarm else "",
        "who": child.who,
    }


def _page(
    request: HttpRequest, session: Session, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    now = clock.now()
    children = queries.roll(session)
    register = Register.objects.filter(session=session).first()
    closed = bool(register and register.closed_at)
    begun = queries.starts(session, now)
    standing = rules.refusal_to_mark(cancelled=session.state == "cancelled", closed=closed, starts=begun, now=now)
    states = [child.state for child in children]
    minutes = parameters_on(session.on).attendance.alarm_minutes
    context = {
        "alarm_minutes": minutes,
        "alarm_in": rules.seconds_to_alarm(starts=begun, now=now, alarm_minutes=minutes),
        "session": session,
        "register": register,
        "closed": closed,
        "rows": _rows(request, children, closed=closed, begun=begun, now=now, minutes=minutes),
        "children": children,
        "expected": len(children),
        **{state.value: states.count(state) for state in MarkState},
        "corrections": list(register.corrections.select_related("pupil").order_by("-asked_at")) if register else [],
        "log_kinds": LOG_KINDS,
        "refusals": refusals,
        "not_now": standing,
        "states": [(state.value, state.label) for state in MarkState if state is not MarkState.UNKNOWN],
    }
    return render(request, "teacher/roll.html", context, status=status)


def _rows(
    request: HttpRequest, children: list[Child], *, closed: bool, begun: datetime, now: datetime, minutes: int
) -> list[dict[str, Any]]:
    """Return the rows of the roll; what was tapped and not kept yet stands as it was tapped."""
    rows = []
    for number, child in enumerate(children, start=1):
        red = not closed and rules.is_alarming(child.state, starts=begun, now=now, alarm_minutes=minutes)
        row = _row(child, number, f"开始已过{minutes}分钟，还没有见到" if red else "")
        row["state"] = request.POST.get(f"mark_{child.pupil.pk}", row["state"])
        rows.append(row)
    return rows


def _marks(request: HttpRequest) -> dict[int, MarkState]:
    """Return what was tapped. :raises Http404: for a form that is not ours"""
    try:
        return {
            int(key.removeprefix("mark_")): MarkState(value)
            for key, value in request.POST.items()
            if key.startswith("mark_")
        }
    except ValueError:
        raise Http404 from None


@at_school(Permission.ROLL_CALL)
def roll(request: HttpRequest, seat: Seat, session_id: int) -> HttpResponse:
    """Show the roll; POST keeps what was tapped."""
    session = _session(seat, session_id)
    if request.method != "POST":
        return _page(request, session)
    try:
        attendance.mark(session, _marks(request), by=seat.by, at=clock.now(), event=request.POST.get("event", "")[:40])
    except Refused as no:
        return _page(request, session, no.refusals, status=409)
    messages.success(request, "点名已保存。")
    return redirect("teacher:roll", seat.school.code, session.pk)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.ROLL_CALL)
def closure(request: HttpRequest, seat: Seat, session_id: int) -> HttpResponse:
    """Keep what was tapped and close the register; children still unknown may be stated absent one by one."""
    session = _session(seat, session_id)
    kind = request.POST.get("log_kind", "")
    marks = _marks(request)
    looked_for = set(typed.wholes(request.POST.getlist("looked_for")))
    marks |= {key: MarkState.ABSENT for key in looked_for if marks.get(key, MarkState.UNKNOWN) is MarkState.UNKNOWN}
    try:
        attendance.finish_roll(
            session,
            marks,
            by=seat.by,
            at=clock.now(),
            log_kind=kind if kind in LOG_KINDS else "as_planned",
            log_line=request.POST.get("log_line", "")[:120],
        )
    except Refused as no:
        return _page(request, session, no.refusals, status=409)
    messages.success(request, "点名已结束。")
    return redirect("teacher:today", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.CORRECTION_ASK)
def corrections(request: HttpRequest, seat: Seat, session_id: int) -> HttpResponse:
    """Ask for a mark of a closed register to be put right."""
    session = _session(seat, session_id)
    register = get_object_or_404(Register, session=session)
    children = {child.pupil.pk: child.pupil for child in queries.roll(session)}
    try:
        pupil = children[typed.whole(request.POST.get("pupil")) or 0]
        becomes = MarkState(request.POST.get("becomes", ""))
    except (KeyError, ValueError):
        raise Http404 from None
    try:
        attendance.ask_correction(
            register, pupil, becomes, reason=request.POST.get("reason", ""), by=seat.by, at=clock.now()
        )
    except Refused as no:
        return _page(request, session, no.refusals, status=409)
    messages.success(request, f"已提交对{pupil.name}的更正，等管理员批准。")
    return redirect("teacher:roll", seat.school.code, session.pk)  # type: ignore[union-attr]


@at_school(Permission.ROLL_CALL)
def sheet(request: HttpRequest, seat: Seat, session_id: int) -> HttpResponse:
    """Print the roll for a power cut."""
    session = _session(seat, session_id)
    return render(
        request,
        "teacher/roll_sheet.html",
        {"session": session, "children": queries.roll(session), "printed_at": clock.now()},
    )
