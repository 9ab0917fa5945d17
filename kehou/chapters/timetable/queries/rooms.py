"""Which rooms are free, and how much they are used: read from the sessions, or from the table before there are any."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import calendar_of, parameters_on
from kehou.chapters.programme.models import Slot
from kehou.chapters.schools.models import Room, School
from kehou.chapters.schools.queries import fitness_of, rooms_of
from kehou.chapters.timetable.models import Session
from kehou.rules.resources import flags_of_idle, use_percent
from kehou.rules.spans import ClockSpan, Span
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for: a day of the term (or a weekday of every week), minutes, and what the room must have."""

    span: ClockSpan
    on: date | None = None
    weekday: int | None = None
    pupils: int = 1
    risk_class: str = ""
    kit: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One room that is large enough: free, or taken by whom; `refusal` says why it may not be booked at all."""

    room: Room
    taken_by: tuple[str, ...] = ()
    refusal: Refusal | None = None

    @property
    def is_free(self) -> bool:
        """Return whether the room can be booked."""
        return not self.taken_by and self.refusal is None


def free_rooms(school: School, term: Term, wanted: Search, *, today: date) -> list[Found]:
    """Return the rooms that suit, the free ones first and the smallest first among them: five queries at most.

    A room of a risk class suits activities of that class and of the milder ones.
    """
    taken = _taken(school, term, wanted)
    fitness = fitness_of(school, term, on=today, safety=parameters_on(today).safety)
    weekday = wanted.weekday or (wanted.on.isoweekday() if wanted.on else 0)
    found = [
        Found(room, tuple(taken.get(room.pk, ())), fitness.refusal(room))
        for room in rooms_of(school, text=wanted.kit)
        if room.capacity >= wanted.pupils
        and room.risk_class >= wanted.risk_class
        and (not room.weekdays or weekday in room.weekdays)
    ]
    return sorted(found, key=lambda one: (not one.is_free, one.room.capacity, one.room.code))


def _taken(school: School, term: Term, wanted: Search) -> dict[int, list[str]]:
    """Return who has which room then: the sessions of the day, or the slots of the weekday."""
    found: dict[int, list[str]] = defaultdict(list)
    overlapping = {"starts_at__lt": wanted.span.end, "ends_at__gt": wanted.span.start}
    if wanted.on is not None and _has_sessions(school, term):
        sessions = school.sessions.filter(on=wanted.on, state=Session.PLANNED, room__isnull=False, **overlapping)
        for room, name in sessions.values_list("room", "slot__activity__name"):
            found[room].append(name)
        return found
    weekday = wanted.weekday
    if wanted.on is not None:
        weekday = calendar_of(term).weekday_followed(wanted.on) or wanted.on.isoweekday()
    for slot in _slots(school, term).filter(weekday=weekday, **overlapping):
        found[slot.activity.room_id].append(slot.activity.name)  # type: ignore[index]
    return found


def _has_sessions(school: School, term: Term) -> bool:
    return Session.objects.filter(school=school, term=term).exists()


def _slots(school: School, term: Term):  # type: ignore[no-untyped-def]
    return Slot.objects.filter(
        withdrawn_at=None,
        activity__withdrawn_at=None,
        activity__table__school=school,
        activity__table__term=term,
        activity__room__isnull=False,
    ).select_related("activity")


# --- Use --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Use:
    """How much a room is used in a span of days: meetings, minutes, on how many of its service days, and what for."""

    room: Room
    meetings: int = 0
    minutes: int = 0
    days: int = 0
    percent: int = 0
    activities: tuple[str, ...] = ()

    @property
    def hours(self) -> str:
        """Return the clock hours with one decimal."""
        return f"{self.minutes / 60:.1f}"


@dataclass(frozen=True, slots=True)
class Report:
    """The use of all rooms in a span (2.3-c): `day_minutes` is the service's time of a day; `idle` flags R-RES-03."""

    span: Span
    days: int
    day_minutes: int
    rows: tuple[Use, ...] = ()
    idle: tuple[Refusal, ...] = ()
    from_table: bool = False
    percent: int = field(default=0)


def room_use(school: School, term: Term, span: Span) -> Report:
    """Return how much each room is used on the service days of a span: five queries.

    The time of a day runs from the first beginning to the last end of the school's meetings in the span.
    """
    days = [day for day in calendar_of(term).service_days(school=school.code) if day in span]
    from_table = not _has_sessions(school, term)
    meetings = _by_table(school, term, days) if from_table else _by_sessions(school, span)
    starts, ends = [one[1].start for one in meetings], [one[1].end for one in meetings]
    day_minutes = ClockSpan(min(starts), max(ends)).minutes if meetings else 0
    by_room: Mapping[int, list[tuple[date, ClockSpan, str]]] = _grouped(meetings)
    rows = [
        _use(room, by_room.get(room.pk, []), len(days), day_minutes)
        for room in rooms_of(school).exclude(kind="off_campus")
    ]
    whole = use_percent(sum(one.minutes for one in rows), days=len(days) * max(1, len(rows)), day_minutes=day_minutes)
    idle = flags_of_idle((one.room.name, one.minutes) for one in rows)
    return Report(span, len(days), day_minutes, tuple(sorted(rows, key=_order)), idle, from_table, whole)


Meeting = tuple[date, ClockSpan, str, int]


def _order(one: Use) -> tuple[int, str]:
    return (one.minutes, one.room.code)


def _grouped(meetings: Iterable[Meeting]) -> dict[int, list[tuple[date, ClockSpan, str]]]:
    found: dict[int, list[tuple[date, ClockSpan, str]]] = defaultdict(list)
    for day, span, name, room in meetings:
        found[room].append((day, span, name))
    return found


def _by_sessions(school: School, span: Span) -> list[Meeting]:
    rows = school.sessions.filter(state=Session.PLANNED, room__isnull=False, on__gte=span.start)
    if span.end is not None:
        rows = rows.filter(on__lt=span.end)
    values = rows.values_list("on", "starts_at", "ends_at", "slot__activity__name", "room")
    return [(day, ClockSpan(starts, ends), name, room) for day, starts, ends, name, room in values]


def _by_table(school: School, term: Term, days: list[date]) -> list[Meeting]:
    calendar = calendar_of(term)
    by_weekday: dict[int, list[date]] = defaultdict(list)
    for day in days:
        by_weekday[calendar.weekday_followed(day) or day.isoweekday()].append(day)
    return [
        (day, ClockSpan(slot.starts_at, slot.ends_at), slot.activity.name, slot.activity.room_id)  # type: ignore[misc]
        for slot in _slots(school, term)
        for day in by_weekday[slot.weekday]
        if slot.activity.week_of_month is None or (day.day - 1) // 7 + 1 == slot.activity.week_of_month
    ]


def _use(room: Room, meetings: list[tuple[date, ClockSpan, str]], days: int, day_minutes: int) -> Use:
    minutes = sum(span.minutes for _, span, _ in meetings)
    return Use(
        room=room,
        meetings=len(meetings),
        minutes=minutes,
        days=len({day for day, _, _ in meetings}),
        percent=use_percent(minutes, days=days, day_minutes=day_minutes),
        activities=tuple(dict.fromkeys(name for _, _, name in meetings)),
    )


def week_of(day: date) -> Span:
    """Return the week, Monday to Sunday, in which a day lies."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=7))


def sessions_in_shut_rooms(school: School, term: Term, *, at: datetime, days: int = 7) -> list[tuple[Session, Refusal]]:
    """Return the sessions of the next days whose room may not be used now, each with the reason (R-SAFE-05)."""
    today = at.date()
    fitness = fitness_of(school, term, on=today, safety=parameters_on(today).safety)
    ahead = school.sessions.filter(
        on__gte=today, on__lt=today + timedelta(days=days), state=Session.PLANNED, room__isnull=False
    ).select_related("room", "slot__activity")
    found = []
    for session in ahead.order_by("on", "starts_at"):
        assert session.room is not None
        is_over = (session.on, session.ends_at) <= (today, _clock(at))
        if not is_over and (no := fitness.refusal(session.room)):
            found.append((session, no))
    return found


def _clock(at: datetime) -> time:
    return at.time()
