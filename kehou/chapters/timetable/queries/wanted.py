"""What the table and the calendar together ask for: each slot on each of its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import calendar_of, parameters_on
from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.chapters.programme.queries import standing, times_of
from kehou.chapters.programme.queries.table import service_span
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import seasons_within
from kehou.rules.calendar import Calendar
from kehou.rules.meetings import days_by_weekday, meeting_days
from kehou.rules.spans import ClockSpan, Span


@dataclass(frozen=True, slots=True)
class Wanted:
    """One meeting as the table gives it. `closed` is the reason why it cannot be held after all."""

    slot_id: int
    on: date
    starts_at: time
    ends_at: time
    room_id: int | None
    leader_id: int | None
    closed: str = ""
    activity_id: int | None = None


def wanted_sessions(table: ActivityTable) -> dict[tuple[int, date], Wanted]:
    """Return every meeting of a table by (slot, day), those of closed days included with the reason: nine queries."""
    school, term = table.school, table.term
    calendar = calendar_of(term)
    days = days_by_weekday(calendar)
    seasons = seasons_within(school, service_span(term))
    parameters = parameters_on(term.service_from_on)
    found: dict[tuple[int, date], Wanted] = {}
    for activity in standing(table):
        times = times_of(activity, seasons, parameters)
        for slot in activity.slots.all():
            spans = [(season.span, span) for season, span in times[slot.weekday]]
            for day in meeting_days(days, slot.weekday, activity.week_of_month):
                if span := _span_on(day, spans):
                    found[slot.pk, day] = _wanted(slot.pk, activity, day, span, calendar, school)
    return found


def _span_on(day: date, spans: list[tuple[Span, ClockSpan | None]]) -> ClockSpan | None:
    return next((span for season, span in spans if day in season), None)


def _wanted(slot_id: int, activity: Activity, day: date, span: ClockSpan, calendar: Calendar, school: School) -> Wanted:
    closure = calendar.closure_on(day, school.code)
    return Wanted(
        slot_id=slot_id,
        on=day,
        starts_at=span.start,
        ends_at=span.end,
        room_id=activity.room_id,
        leader_id=activity.leader_id,
        closed=closure.reason if closure else "",
        activity_id=activity.pk,
    )


def table_in_force(school: School, term: Term) -> ActivityTable | None:
    """Return the table if it is published and not being changed, else None."""
    return (
        ActivityTable.objects.filter(school=school, term=term, state="published")
        .select_related("school", "term")
        .first()
    )
