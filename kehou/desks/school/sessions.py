"""课次: the week as a grid, the list, one session with its history; a change shows its consequences first."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.queries import calendar_of
from kehou.chapters.people.queries import Seat
from kehou.chapters.planning.queries import refusal_before_clearance
from kehou.chapters.programme.queries import place_of
from kehou.chapters.staffing.queries import choice_of
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Session
from kehou.chapters.timetable.queries import Change, busy_then, clashes_in, consequences_of, filtered, sessions_within
from kehou.desks.school.forms import SessionChangeForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.rules.calendar import day_name
from kehou.rules.clauses import clauses_of
from kehou.rules.gates import Step
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.timetable import refusal_to_meet
from kehou.rules.verdicts import Refused

ROWS = 50
WEEK = timedelta(days=7)
STATES = {"planned": "照常", "cancelled": "取消"}
KINDS = {"cancelled": "取消", "moved": "调整", "substituted": "代课", "restored": "恢复"}
_HAPPENED = {**KINDS, "vacated": "停止带组", "returned": "恢复带组"}  # the last two the files do, not a hand
BY = {"room": "按地点", "leader": "按带组人"}


def _day(text: str | None, otherwise: date) -> date:
    return typed.day(text) or otherwise


def _monday(on: date) -> date:
    return on - timedelta(days=on.isoweekday() - 1)


@at_school(Permission.SESSION_SEE)
def sessions(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the sessions of a span of days: found, filtered, paged, taken away."""
    term = this_term(request)
    first = _day(request.GET.get("from"), max(clock.today(), term.service_from_on))
    last = _day(request.GET.get("to"), term.service_until_on)
    found = filtered(
        sessions_within(seat.school, first, last + timedelta(days=1)),
        text=request.GET.get("q", "").strip(),
        state=request.GET.get("state", "") if request.GET.get("state") in STATES else "",
        changed="changed" in request.GET,
    )
    if request.GET.get("as") == "sheet":
        return _sheet(seat, found)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(
        request,
        "school/sessions/sessions.html",
        {
            "term": term,
            "page": page,
            "rows": [(one, place(one)) for one in page],
            "first": first,
            "last": last,
            "states": STATES,
            "gate": refusal_before_clearance(seat.school, term, of=Step.SESSION),
            "monday": _monday(max(clock.today(), term.service_from_on)),
        },
    )


def place(session: Session) -> str:
    """Return where a session is held."""
    return session.room.name if session.room else place_of(session.slot.activity)


def _sheet(seat: Seat, found: QuerySet[Session]) -> HttpResponseBase:
    columns = [
        sheets.Column("日期", "day"),
        sheets.Column("开始", "clock"),
        sheets.Column("结束", "clock"),
        *map(sheets.Column, ("活动", "地点", "带组人", "状态", "有调整")),
    ]
    rows = (
        (
            one.on,
            one.starts_at,
            one.ends_at,
            one.slot.activity.name,
            place(one),
            one.leader.name if one.leader else "",
            STATES[one.state],
            "是" if one.changed_by_hand else "",
        )
        for one in found.iterator(chunk_size=1000)
    )
    return sheets.download(f"课次-{seat.school.name}.xlsx", columns, rows)


@require_POST
@at_school(Permission.SESSION_CHANGE)
def making(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Make the sessions of the term, or bring them in line with table and closures."""
    done = timetable.make_sessions(seat.school, this_term(request), by=seat.by, at=clock.now())
    counts = (done.made, len(done.cancelled), len(done.restored), len(done.brought_in_line))
    words = zip(("新排", "取消", "恢复", "调整"), counts, strict=True)
    said = "，".join(f"{word}{count}次" for word, count in words if count)
    messages.success(request, f"课次已对齐项目表和校历：{said or '没有变化'}。")
    for no in done.refusals:
        behind = "；".join(f"{one.section}“{one.words}”（{one.id}）" for one in clauses_of(no.code))
        messages.warning(request, f"{say(no)}依据：{behind}。")
    return redirect("school:sessions", seat.school.code)


@at_school(Permission.SESSION_SEE)
def week(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show a week as a grid by place or by leader, what clashes in words and colour."""
    term = this_term(request)
    monday = _monday(_day(request.GET.get("on"), max(clock.today(), term.service_from_on)))
    by = request.GET.get("by", "room")
    by = by if by in BY else "room"
    found = list(filtered(sessions_within(seat.school, monday, monday + WEEK), text=request.GET.get("q", "").strip()))
    clashing = {one.pk for clash in clashes_in(found) for one in (clash.first, clash.second)}
    calendar = calendar_of(term)
    days = [monday + timedelta(days=number) for number in range(7)]
    days = [day for day in days if day.isoweekday() <= 5 or any(one.on == day for one in found)]
    return render(
        request,
        "school/sessions/week.html",
        {
            "term": term,
            "by": by,
            "views": BY,
            "monday": monday,
            "before": monday - WEEK,
            "after": monday + WEEK,
            "days": [(day, refusal_to_meet(day, calendar, seat.school.code)) for day in days],
            "rows": _grid(found, days, by, clashing),
            "clashes": len(clashing),
        },
    )


def _grid(found: list[Session], days: list[date], by: str, clashing: set[int]) -> list[tuple[str, list[Any]]]:
    """Return (place or leader, [the sessions of each day as (session, clashes)])."""
    cells: dict[tuple[Any, ...], dict[date, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        cells[_row(one, by)][one.on].append((one, one.pk in clashing))
    return [(key[-1], [(day, row[day]) for day in days]) for key, row in sorted(cells.items())]


def _row(session: Session, by: str) -> tuple[Any, ...]:
    """Return where a session stands in the grid: rooms by their code, then classrooms by grade; leaders by name."""
    if by == "leader":
        return (session.leader is None, 0, 0, session.leader.name if session.leader else "还没有带组人")
    if session.room:
        return (0, 0, 0, session.room.code, session.room.name)
    homeroom = session.slot.activity.homeroom
    return (1, homeroom.grade if homeroom else 0, homeroom.number if homeroom else 0, "", place(session))


# --- One session ------------------------------------------------------------------------------------------------------


def _session(seat: Seat, session_id: int) -> Session:
    rows = Session.objects.select_related(
        "school", "term", "slot__activity__table", "slot__activity__homeroom", "room", "leader"
    )
    return get_object_or_404(rows, pk=session_id, school=seat.school)


@at_school(Permission.SESSION_SEE)
def session(request: HttpRequest, seat: Seat, session_id: int) -> HttpResponse:
    """Show one session: what, where, who, what has been changed; what can be done."""
    return _page_of(request, seat, _session(seat, session_id))


def _page_of(
    request: HttpRequest, seat: Seat, standing: Session, form: SessionChangeForm | None = None
) -> HttpResponse:
    """Return the page of a session; `form` is a move that cannot be read, with what was typed."""
    changes = standing.changes.order_by("-changed_at", "-pk")
    initial = {"on": standing.on, "starts_at": standing.starts_at, "room": standing.room_id}
    substitutes, missing = _substitutes(seat, standing)
    return render(
        request,
        "school/sessions/session.html",
        {
            "session": standing,
            "place": place(standing),
            "states": STATES,
            "events": [
                {"what": _HAPPENED[one.kind], "who": one.changed_by, "at": one.changed_at, "note": one.reason}
                for one in changes
            ],
            "form": form or SessionChangeForm(seat.school, initial=initial),
            "substitutes": substitutes,
            "missing": missing,
            "over": (standing.on, standing.starts_at) <= (clock.today(), clock.now().time()),
        },
        status=422 if form else 200,
    )


def _substitutes(seat: Seat, standing: Session) -> tuple[list[tuple[str, list[tuple[int, str]]]], list[Any]]:
    """Return who could take the session, the free ones first; and who is not offered, and why."""
    busy = busy_then(standing)
    choice = choice_of(seat.school, standing.term, on=standing.on)
    people = [one for one in choice.offered if one.pk != standing.leader_id]
    free = [
        (one.pk, f"{one.name}（{one.subject}）" if one.subject else one.name) for one in people if one.pk not in busy
    ]
    taken = [(one.pk, f"{one.name}（在“{busy[one.pk]}”）") for one in people if one.pk in busy]
    return [("这个时间有空", free), ("这个时间有别的组", taken)], choice.missing


@at_school(Permission.SESSION_CHANGE)
def session_change(request: HttpRequest, seat: Seat, session_id: int) -> HttpResponse:
    """GET shows what the change would do; POST does it."""
    standing = _session(seat, session_id)
    form = SessionChangeForm(seat.school, request.POST if request.method == "POST" else request.GET)
    if not form.is_valid() and form.data.get("kind") == "moved":
        return _page_of(request, seat, standing, form)
    if not form.is_valid() or form.cleaned_data["kind"] not in KINDS:
        return redirect("school:session", seat.school.code, standing.pk)
    typed = form.cleaned_data
    moves = typed["kind"] == "moved"
    wanted = Change(
        typed["kind"],
        on=typed["on"] if moves else None,
        starts_at=typed["starts_at"] if moves else None,
        room=typed["room"] if moves else None,
        leader=typed["leader"] if typed["kind"] == "substituted" else None,
    )
    refusals: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            timetable.change(standing, wanted, reason=typed["reason"], by=seat.by, at=clock.now())
        except Refused as no:
            refusals = no.refusals
        else:
            messages.success(request, f"“{standing.slot.activity.name}”已{KINDS[wanted.kind]}，家长和老师已收到通知。")
            return redirect("school:session", seat.school.code, standing.pk)
    found = consequences_of(standing, wanted, at=clock.now())
    return render(
        request,
        "school/sessions/change.html",
        {
            "session": standing,
            "found": found,
            "kind": KINDS[wanted.kind],
            "typed": typed,
            "refusals": dict.fromkeys((*found.refusals, *refusals)),
            "changes": _changes(found),
        },
        status=409 if refusals else 200,
    )


def _changes(found: Any) -> list[tuple[str, str, str]]:
    """Return what is now and what will be, only where they differ."""
    rows = []
    for label, before, after in (
        ("日期", day_name(found.session.on), day_name(found.becomes.on)),
        ("时间", _span(found.session), _span(found.becomes)),
        ("地点", place(found.session), place(found.becomes)),
        ("带组人", str(found.session.leader or "未定"), str(found.becomes.leader or "未定")),
        ("状态", STATES[found.session.state], STATES[found.becomes.state]),
    ):
        if before != after:
            rows.append((label, before, after))
    return rows


def _span(session: Session) -> str:
    return f"{session.starts_at:%H:%M}–{session.ends_at:%H:%M}"
