"""One meeting on one day: whether it may be held there, then, by them. What a move would break is shown before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

from kehou.rules.calendar import Calendar
from kehou.rules.spans import ClockSpan
from kehou.rules.timetable.hours import refusal_to_end, refusal_to_meet, refusal_to_start
from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session as it is or as it would be. `room` None: in classrooms, which are not booked."""

    what: str
    on: date
    span: ClockSpan
    grades: frozenset[int] = frozenset()
    room: str | None = None
    room_name: str = ""
    leaders: Mapping[str, str] | None = None

    def clashes(self, other: Meeting) -> bool:
        """Return whether both happen at the same minutes of the same day."""
        return self.on == other.on and self.span.overlaps(other.span)


def refusals_to_meet(
    wanted: Meeting,
    calendar: Calendar,
    *,
    dismissals: Mapping[int, time],
    limit: time,
    others: Iterable[Meeting] = (),
    school: str | None = None,
) -> tuple[Refusal, ...]:
    """Return every reason why a session may not be held as wanted.

    `dismissals` by grade are those of the weekday that the day follows; `others` are the sessions of the school without
    the one that is being moved.
    """
    found = [refusal_to_meet(wanted.on, calendar, school), refusal_to_end(wanted.span.end, limit)]
    weekday = calendar.weekday_followed(wanted.on) or wanted.on.isoweekday()
    for grade in sorted(wanted.grades):
        if dismissal := dismissals.get(grade):
            found.append(refusal_to_start(wanted.span.start, dismissal, grade=grade, weekday=weekday))
    for other in others:
        if not wanted.clashes(other):
            continue
        facts = {"day": f"{wanted.on.month}月{wanted.on.day}日", "span": str(other.span), "by": other.what}
        if wanted.room is not None and wanted.room == other.room:
            found.append(refuse("R-VEN-02", "room_taken_that_day", room=wanted.room_name or wanted.room, **facts))
        for leader, name in (wanted.leaders or {}).items():
            if leader in (other.leaders or {}):
                found.append(refuse("R-STAF-03", "leader_taken_that_day", leader=name, **facts))
    return tuple(no for no in found if no is not None)
