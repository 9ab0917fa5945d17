"""Sessions of a span of days, found, filtered, and held against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q, QuerySet

from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.timetable.models import Session


def sessions_within(school: School, from_on: date, until_on: date) -> QuerySet[Session]:
    """Return a school's sessions of a span of days with all that a page prints, by day and start."""
    return (
        school.sessions.filter(on__gte=from_on, on__lt=until_on)
        .select_related("slot__activity__homeroom", "room", "leader", "term")
        .order_by("on", "starts_at", "slot__activity__name", "pk")
    )


def filtered(
    sessions: QuerySet[Session], *, text: str = "", state: str = "", changed: bool = False
) -> QuerySet[Session]:
    """Return the sessions in whose activity, room or leader a text occurs, in a state, or changed by a hand."""
    if text:
        sessions = sessions.filter(
            Q(slot__activity__name__icontains=text) | Q(room__name__icontains=text) | Q(leader__name__icontains=text)
        )
    if state:
        sessions = sessions.filter(state=state)
    return sessions.filter(changed_by_hand=True) if changed else sessions


def led_by(member: StaffMember, *, until: date) -> list[tuple[str, date, date, int, int]]:
    """Return what somebody has led before a day: activity, first and last day, meetings held, cancelled (one query)."""
    off = Q(state=Session.CANCELLED)
    rows = (
        member.sessions.filter(on__lt=until)
        .values("slot__activity__name")
        .annotate(first=Min("on"), last=Max("on"), held=Count("pk", filter=~off), off=Count("pk", filter=off))
        .order_by("first", "slot__activity__name")
    )
    return [(one["slot__activity__name"], one["first"], one["last"], one["held"], one["off"]) for one in rows]


def busy_then(session: Session) -> dict[int, str]:
    """Return who has another session at the minutes of this one: staff id → what they lead or help then (2 queries)."""
    others = (
        session.school.sessions.filter(
            on=session.on,
            state=Session.PLANNED,
            starts_at__lt=session.ends_at,
            ends_at__gt=session.starts_at,
        )
        .exclude(pk=session.pk)
        .select_related("slot__activity")
        .prefetch_related("slot__activity__helpers")
    )
    found: dict[int, str] = {}
    for other in others:
        helpers = [one.pk for one in other.slot.activity.helpers.all()]
        for key in ([other.leader_id] if other.leader_id else []) + helpers:
            found[key] = other.slot.activity.name
    return found


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sessions that cannot both be: the same room, or the same leader, at the same minutes."""

    what: str  # room, leader
    first: Session
    second: Session


def clashes_in(sessions: Iterable[Session]) -> list[Clash]:
    """Return every pair of planned sessions that want the same room or leader at once (R-VEN-02, R-STAF-03)."""
    by_day: dict[date, list[Session]] = defaultdict(list)
    for session in sessions:
        if session.state == Session.PLANNED:
            by_day[session.on].append(session)
    found = []
    for row in by_day.values():
        row.sort(key=lambda one: one.starts_at)
        for at, first in enumerate(row):
            for second in row[at + 1 :]:
                if second.starts_at >= first.ends_at:
                    break
                found += [Clash(what, first, second) for what in _shared(first, second)]
    return found


def _shared(first: Session, second: Session) -> list[str]:
    return [
        what
        for what in ("room", "leader")
        if getattr(first, f"{what}_id") is not None and getattr(first, f"{what}_id") == getattr(second, f"{what}_id")
    ]
