"""Clock times of class hours, and which tiers a school can lawfully sell.

By default hour `h` ends at dismissal + 10 + h·40 + (h−1)·10 minutes: three hours need dismissal by 16:00, two by 16:50,
one by 17:40, or they would end after 18:30.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from kehou.rules.calendar import Calendar, day_name, sunset, weekday_name
from kehou.rules.parameters import Parameters
from kehou.rules.parameters.composites import Season
from kehou.rules.spans import ClockSpan, later, minute_of
from kehou.rules.verdicts import Refusal, refuse

JUNIOR_FROM = 7


@dataclass(frozen=True, slots=True)
class ClassHour:
    """One class hour of an afternoon: its number from 1 and its minutes."""

    number: int
    span: ClockSpan


def minutes_of_class_hour(parameters: Parameters, grade: int | None = None) -> int:
    """Return the length of a class hour in minutes, which may differ from grade 7 up."""
    junior = grade is not None and grade >= JUNIOR_FROM
    return parameters.slot.junior_class_hour_minutes if junior else parameters.slot.class_hour_minutes


def length_of(hours: int, parameters: Parameters, grade: int | None = None) -> int:
    """Return the minutes from the start of the first of `hours` class hours to the end of the last, breaks included."""
    return hours * minutes_of_class_hour(parameters, grade) + (hours - 1) * parameters.slot.break_minutes


def end_of(hours: int, dismissal: time, parameters: Parameters, grade: int | None = None) -> time | None:
    """Return when so many class hours end after dismissal, None if that is past midnight."""
    return later(dismissal, parameters.slot.gap_after_dismissal_minutes + length_of(hours, parameters, grade))


def class_hours(
    dismissal: time, parameters: Parameters, grade: int | None = None, *, limit: time | None = None
) -> tuple[ClassHour, ...]:
    """Return the class hours of an afternoon that end by the limit, in order."""
    hours = []
    for number in sellable_tiers(dismissal, parameters, grade, limit=limit):
        end = end_of(number, dismissal, parameters, grade)
        assert end is not None
        start = later(end, -minutes_of_class_hour(parameters, grade))
        assert start is not None
        hours.append(ClassHour(number, ClockSpan(start, end)))
    return tuple(hours)


def refusal_to_sell_tier(
    hours: int, dismissal: time, parameters: Parameters, grade: int | None = None, *, limit: time | None = None
) -> Refusal | None:
    """Return why a tier cannot be offered where school ends at `dismissal` (R-TIME-03).

    `limit` is an approved exception to `time.max_end` for that school and day.
    """
    if not 1 <= hours <= parameters.slot.max_per_day:
        return refuse("R-TIME-06", "not_whole_class_hours", hours=hours, most=parameters.slot.max_per_day)
    allowed, end = limit or parameters.time.max_end, end_of(hours, dismissal, parameters, grade)
    if end is None or end > allowed:
        return refuse(
            "R-TIME-03",
            "tier_ends_after_limit",
            hours=hours,
            dismissal=dismissal,
            end=f"{end:%H:%M}" if end else "次日",
            limit=allowed,
        )
    return None


def sellable_tiers(
    dismissal: time, parameters: Parameters, grade: int | None = None, *, limit: time | None = None
) -> tuple[int, ...]:
    """Return the class hours a day that can be chosen where school ends at `dismissal`: (1, 2, 3), (1, 2), … or ()."""
    tiers = range(1, parameters.slot.max_per_day + 1)
    return tuple(h for h in tiers if refusal_to_sell_tier(h, dismissal, parameters, grade, limit=limit) is None)


def latest_dismissal(hours: int, parameters: Parameters, grade: int | None = None) -> time | None:
    """Return the latest dismissal from which so many class hours can be held."""
    return later(
        parameters.time.max_end, -parameters.slot.gap_after_dismissal_minutes - length_of(hours, parameters, grade)
    )


def refusal_to_start(start: time, dismissal: time, *, grade: int, weekday: int) -> Refusal | None:
    """Return why the service may not begin then: not before the normal dismissal of that grade (R-TIME-02)."""
    if start >= dismissal:
        return None
    return refuse(
        "R-TIME-02", "before_dismissal", start=start, dismissal=dismissal, grade=grade, weekday=weekday_name(weekday)
    )


def refusal_to_end(end: time | None, limit: time) -> Refusal | None:
    """Return why the service may not end then: not after the limit without an approved exception (R-TIME-03)."""
    if end is not None and end <= limit:
        return None
    return refuse("R-TIME-03", "ends_after_limit", end=f"{end:%H:%M}" if end else "次日", limit=limit)


def refusal_of_length(start: time, end: time, parameters: Parameters, grade: int | None = None) -> Refusal | None:
    """Return why an activity may not have this length: whole class hours with their breaks only (R-TIME-06)."""
    minutes = minute_of(end) - minute_of(start)
    lengths = [length_of(hours, parameters, grade) for hours in range(1, parameters.slot.max_per_day + 1)]
    if minutes in lengths:
        return None
    return refuse("R-TIME-06", "odd_length", minutes=minutes, lengths="、".join(map(str, lengths)))


def refusal_to_meet(day: date, calendar: Calendar, school: str | None = None) -> Refusal | None:
    """Return why there is no service that day: only on school days within the service of the term (R-TIME-01)."""
    if closure := calendar.closure_on(day, school):
        return refuse("R-TIME-01", "closed", day=day_name(day), reason=closure.reason)
    if not calendar.is_school_day(day, school):
        return refuse("R-TIME-01", "not_a_school_day", day=day_name(day))
    if day not in calendar.service:
        first, last = calendar.service.start, calendar.service.last or day
        return refuse("R-TIME-01", "outside_service", day=day_name(day), first=day_name(first), last=day_name(last))
    return None


def refusal_to_meet_on_weekday(weekday: int) -> Refusal | None:
    """Return why an activity may not be planned for that ISO weekday: Saturdays and Sundays are no school days."""
    if 1 <= weekday <= 5:
        return None
    return refuse("R-TIME-01", "weekend", weekday=weekday_name(weekday) if 1 <= weekday <= 7 else str(weekday))


def season_on(day: date, seasons: Sequence[Season]) -> Season:
    """Return the season in force that day: the last that began, going round the year (R-TIME-05)."""
    begun = [season for season in seasons if (season.month, season.day) <= (day.month, day.day)]
    return max(begun or seasons, key=lambda season: (season.month, season.day))


def warning_of_dark_way_home(release: time, day: date, *, far: bool) -> Refusal | None:
    """Return the warning that a pupil with a far way home would leave after sunset (R-TIME-04)."""
    sun = sunset(day)
    if far and release > sun:
        return refuse("R-TIME-04", "dark_way_home", release=release, sunset=sun, day=day_name(day))
    return None


def warning_of_early_end(last_end: time, parameters: Parameters, *, grade: int) -> Refusal | None:
    """Return the warning that the last class hour ends before offices close (domain/05 C1: both bounds are shown)."""
    if last_end >= parameters.time.min_end:
        return None
    return refuse("R-TIME-03", "ends_before_offices_close", grade=grade, end=last_end, bound=parameters.time.min_end)
