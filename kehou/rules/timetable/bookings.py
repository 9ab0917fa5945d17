"""Who and what is taken at which minutes: a room holds one group at a time, a leader is in one place at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kehou.rules.calendar import weekday_name
from kehou.rules.spans import ClockSpan
from kehou.rules.verdicts import Refusal, refuse

EVERY_WEEK = frozenset({1, 2, 3, 4, 5})


@dataclass(frozen=True, slots=True)
class Booking:
    """A weekly use of a room and of leaders; `weeks` of the month for what does not happen every week.

    A lesson, a duty or a leave of a teacher is a booking without a room.
    """

    what: str
    weekday: int
    span: ClockSpan
    room: str | None = None
    leaders: frozenset[str] = frozenset()
    weeks: frozenset[int] = EVERY_WEEK

    def clashes(self, other: Booking) -> bool:
        """Return whether both happen at the same minutes of some day."""
        return self.weekday == other.weekday and bool(self.weeks & other.weeks) and self.span.overlaps(other.span)


def refusal_to_book_room(wanted: Booking, others: Iterable[Booking], room_name: str) -> Refusal | None:
    """Return what already uses the room then (R-VEN-02)."""
    for other in others:
        if wanted.room is not None and other.room == wanted.room and wanted.clashes(other):
            return refuse(
                "R-VEN-02",
                "room_taken",
                room=room_name,
                weekday=weekday_name(other.weekday),
                span=str(other.span),
                by=other.what,
            )
    return None


def refusal_to_assign(leader: str, wanted: Booking, others: Iterable[Booking], leader_name: str) -> Refusal | None:
    """Return where the leader already is then (R-STAF-03)."""
    for other in others:
        if leader in other.leaders and wanted.clashes(other):
            return refuse(
                "R-STAF-03",
                "leader_taken",
                leader=leader_name,
                weekday=weekday_name(other.weekday),
                span=str(other.span),
                by=other.what,
            )
    return None
