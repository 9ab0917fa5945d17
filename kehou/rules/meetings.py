"""Which days a slot meets: every such school day, or the first, second … of each month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kehou.rules.calendar import Calendar


def days_by_weekday(calendar: Calendar) -> dict[int, tuple[date, ...]]:
    """Return the days of the service by the ISO weekday whose timetable they follow; closures are not asked."""
    found: dict[int, list[date]] = {}
    for day in calendar.service.days():
        weekday = calendar.weekday_followed(day)
        if weekday is not None:
            found.setdefault(weekday, []).append(day)
    return {weekday: tuple(days) for weekday, days in found.items()}


def meeting_days(
    by_weekday: Mapping[int, Sequence[date]], weekday: int, week_of_month: int | None = None
) -> tuple[date, ...]:
    """Return the days on which a slot meets, closures not yet taken out.

    With `week_of_month` the n-th of each month, counted over the days that have lessons: a holiday on the first Friday
    moves the whole row of monthly activities by a week, so that two of them never meet on one day. A closure that
    comes later moves nothing: it cancels.
    """
    days = by_weekday.get(weekday, ())
    if week_of_month is None:
        return tuple(days)
    months: dict[tuple[int, int], list[date]] = {}
    for day in days:
        months.setdefault((day.year, day.month), []).append(day)
    return tuple(row[week_of_month - 1] for row in months.values() if len(row) >= week_of_month)
