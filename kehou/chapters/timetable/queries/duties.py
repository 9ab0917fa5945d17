"""Who is on duty, and which service days still have a gap (3.2-c)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import calendar_of
from kehou.chapters.schools.models import School
from kehou.chapters.timetable.models import Duty
from kehou.rules.calendar import day_name
from kehou.rules.spans import Span
from kehou.rules.staffing import DUTIES, missing_duties
from kehou.rules.timetable import refusal_to_meet
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class DutyDay:
    """One day of the roster: who has which duty, and what is missing; `closed` where there is no service."""

    on: date
    duties: dict[str, list[Duty]]
    missing: Refusal | None
    closed: Refusal | None

    @property
    def name(self) -> str:
        """Return the day as pages print it."""
        return day_name(self.on)


def duties_within(school: School, from_on: date, until_on: date) -> QuerySet[Duty]:
    """Return who is on duty in a span of days, by day."""
    return school.duties.filter(on__gte=from_on, on__lt=until_on).select_related("staff").order_by("on", "kind", "pk")


def roster_of(school: School, term: Term, week: Span) -> list[DutyDay]:
    """Return the roster of a week, Monday to Friday and any swap day: four queries."""
    calendar = calendar_of(term)
    duties = list(duties_within(school, week.start, week.end or week.start))
    rows = []
    for day in week.days():
        closed = refusal_to_meet(day, calendar, school.code)
        if closed and day.isoweekday() > 5:
            continue
        own = {kind: [duty for duty in duties if duty.on == day and duty.kind == kind] for kind in DUTIES}
        missing = None if closed else missing_duties(kind for kind, row in own.items() if row)
        rows.append(DutyDay(day, own, missing, closed))
    return rows
