"""今天的组: place, count, who is on leave already; and the sessions of the days to come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kehou.chapters.attendance import queries
from kehou.chapters.attendance.queries import GroupToday
from kehou.chapters.enrolment.queries import registration_of, review_due, waiting_for_review
from kehou.chapters.people.queries import Seat
from kehou.chapters.timetable.models import Duty, Session
from kehou.desks.teacher.gate import at_school
from kehou.desks.teacher.opinions import asked_now
from kehou.lib import clock, typed
from kehou.lib.prepared import Prepared
from kehou.rules.permissions import Permission

_LEADS = Prepared(
    lambda school, on, account: Duty.objects.filter(school=school, on=on, kind="leader", staff__account=account)[:1],
    school=int,
    on=date,
    account=int,
)


def my_sessions(seat: Seat, *, from_on: date, until_on: date) -> QuerySet[Session]:
    """Return the sessions somebody may take the roll of: their own, and all of the school for its duty leader.

    Who stands at the gate or is on patrol that day has a duty too, but no business with other people's rolls.
    """
    sessions = (
        Session.objects.filter(school=seat.school, on__gte=from_on, on__lt=until_on)
        .select_related("slot__activity__homeroom", "room", "leader", "school")
        .order_by("on", "starts_at", "slot__activity__name")
    )
    if "duty_leader" in seat.roles:
        return sessions
    own = Q(leader__account=seat.account)
    return sessions.filter(own | Q(on=clock.today()) if leads_today(seat) else own)


def leads_today(seat: Seat) -> bool:
    """Return whether somebody is the school's duty leader of today by the roster."""
    assert seat.school is not None
    return bool(_LEADS.rows(school=seat.school.pk, on=clock.today(), account=seat.account.pk))


def _order(group: GroupToday) -> tuple[bool, object]:
    return (group.closed_at is not None, group.session.starts_at)


def _to_review(seat: Seat) -> dict[str, Any] | None:
    """Return how many applications wait for a class teacher and until when to review; None outside that time."""
    if Permission.CLASS_REVIEW not in seat.permissions or not seat.homerooms or seat.school is None:
        return None
    registration = registration_of(seat.school, on=clock.today())
    if registration is None or registration.frozen_at is not None:
        return None
    count = waiting_for_review([homeroom.pk for homeroom in seat.homerooms], registration)
    return {"count": count, "due": review_due(registration)} if count else None


@at_school(Permission.GROUP_SEE)
def today(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the groups of this afternoon, those still to do first."""
    on, now = clock.today(), clock.now()
    sessions = list(my_sessions(seat, from_on=on, until_on=on + timedelta(1)))
    groups = sorted(queries.groups_today([s for s in sessions if s.state == "planned"]), key=_order)
    upcoming = None
    if not sessions:
        upcoming = my_sessions(seat, from_on=on + timedelta(1), until_on=on + timedelta(60)).first()
    return render(
        request,
        "teacher/today.html",
        {
            "groups": [group for group in groups if group.expected],
            "idle": [group.session for group in groups if not group.expected],
            "cancelled": [session for session in sessions if session.state == "cancelled"],
            "upcoming": upcoming,
            "time": now.time(),
            "on": on,
            "opinions": asked_now(seat, now),
            "to_review": _to_review(seat),
        },
    )


@at_school(Permission.GROUP_SEE)
def week(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show somebody's sessions of a week."""
    monday = typed.day(request.GET.get("from")) or clock.today()
    monday -= timedelta(days=monday.weekday())
    sessions = my_sessions(seat, from_on=monday, until_on=monday + timedelta(7))
    return render(
        request,
        "teacher/week.html",
        {
            "sessions": list(sessions),
            "monday": monday,
            "sunday": monday + timedelta(6),
            "before": monday - timedelta(7),
            "after": monday + timedelta(7),
            "on": clock.today(),
        },
    )
