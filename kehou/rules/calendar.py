"""The school calendar: which days are school days, which weekday a swap day follows, how working days are counted.

The holiday notice of the state says which weekdays are off and which weekend days are worked (调休). Whether a worked
weekend day is a teaching day, and which weekday's timetable it follows, is the school side's decision (`swap_days`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from kehou.rules.spans import DAY, Span

WEEKDAYS = "一二三四五六日"


def weekday_name(weekday: int) -> str:
    """Return the Chinese name of an ISO weekday: 周一 for 1."""
    return f"周{WEEKDAYS[weekday - 1]}"


def day_name(day: date) -> str:
    """Return a day as pages print it: 9月7日 周一."""
    return f"{day.month}月{day.day}日 {weekday_name(day.isoweekday())}"


@dataclass(frozen=True, slots=True)
class Holidays:
    """The notices of the state: weekdays that are off, weekend days that are worked."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Return whether offices work on that day."""
        return day in self.worked or (day.isoweekday() <= 5 and day not in self.off)

    def working_day_after(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`: the last day of a period of so many working days."""
        while count > 0:
            day += DAY
            count -= self.is_working_day(day)
        return day


@dataclass(frozen=True, slots=True)
class Closure:
    """Days without lessons: for all schools, or for the schools named. The reason is printed to families."""

    span: Span
    reason: str
    schools: frozenset[str] | None = None

    def concerns(self, school: str | None) -> bool:
        """Return whether a school is closed by it; None asks for the whole district only."""
        return self.schools is None or school in self.schools


@dataclass(frozen=True, slots=True)
class Calendar:
    """One term. `swap_days` gives each weekend teaching day the ISO weekday whose timetable it follows."""

    name: str
    teaching: Span
    service: Span
    holidays: Holidays = Holidays()
    swap_days: Mapping[date, int] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()

    def weekday_followed(self, day: date) -> int | None:
        """Return the ISO weekday whose timetable is taught on that day by the district's calendar, None for none.

        Closures are not asked: see `is_school_day`.
        """
        if day not in self.teaching:
            return None
        if day in self.swap_days:
            return self.swap_days[day]
        return day.isoweekday() if day.isoweekday() <= 5 and day not in self.holidays.off else None

    def closure_on(self, day: date, school: str | None = None) -> Closure | None:
        """Return what closes the school that day, or None."""
        return next((one for one in self.closures if day in one.span and one.concerns(school)), None)

    def is_school_day(self, day: date, school: str | None = None) -> bool:
        """Return whether that school has lessons that day."""
        return self.weekday_followed(day) is not None and self.closure_on(day, school) is None

    def is_service_day(self, day: date, school: str | None = None) -> bool:
        """Return whether that school may hold the service that day."""
        return day in self.service and self.is_school_day(day, school)

    def school_days(self, within: Span | None = None, *, school: str | None = None) -> tuple[date, ...]:
        """Return the school days of the term, or of `within` only."""
        span = self.teaching if within is None else self.teaching.meet(within)
        return tuple(day for day in _days(span) if self.is_school_day(day, school))

    def service_days(self, within: Span | None = None, *, school: str | None = None) -> tuple[date, ...]:
        """Return the service days of the term, or of `within` only."""
        span = self.service if within is None else self.service.meet(within)
        return self.school_days(span, school=school) if span else ()

    def next_service_day(self, after: date, *, school: str | None = None) -> date | None:
        """Return the first service day after a day, None when the service of the term is over."""
        if self.service.end is None or after >= self.service.end - DAY:
            return None
        rest = Span(max(after + DAY, self.service.start), self.service.end)
        return next((day for day in rest.days() if self.is_service_day(day, school)), None)


def school_days(calendar: Calendar, within: Span | None = None, *, school: str | None = None) -> tuple[date, ...]:
    """Return the school days of the term, or of `within` only."""
    return calendar.school_days(within, school=school)


def service_days(calendar: Calendar, within: Span | None = None, *, school: str | None = None) -> tuple[date, ...]:
    """Return the service days of the term, or of `within` only."""
    return calendar.service_days(within, school=school)


def count_by_month(days: Iterable[date]) -> dict[tuple[int, int], int]:
    """Return how many of the days lie in each (year, month), in order."""
    counts: dict[tuple[int, int], int] = {}
    for day in sorted(days):
        counts[day.year, day.month] = counts.get((day.year, day.month), 0) + 1
    return counts


def _days(span: Span | None) -> Iterator[date]:
    return iter(()) if span is None else span.days()


LIANGPING = (30.67, 107.80)


def sunset(day: date, *, latitude: float = LIANGPING[0], longitude: float = LIANGPING[1]) -> time:
    """Return when the sun sets, in Beijing time, to the minute; for places between the polar circles.

    The usual low-precision formula of NOAA, good to about a minute.
    """
    angle = 2 * math.pi / (366 if _is_leap(day.year) else 365) * (day.timetuple().tm_yday - 1 + (18 - 12) / 24)
    minutes_of_time = 229.18 * (
        0.000075
        + 0.001868 * math.cos(angle)
        - 0.032077 * math.sin(angle)
        - 0.014615 * math.cos(2 * angle)
        - 0.040849 * math.sin(2 * angle)
    )
    declination = (
        0.006918
        - 0.399912 * math.cos(angle)
        + 0.070257 * math.sin(angle)
        - 0.006758 * math.cos(2 * angle)
        + 0.000907 * math.sin(2 * angle)
        - 0.002697 * math.cos(3 * angle)
        + 0.00148 * math.sin(3 * angle)
    )
    phi = math.radians(latitude)
    # 90.833 degrees: refraction and the sun's own radius.
    cosine = math.cos(math.radians(90.833)) / (math.cos(phi) * math.cos(declination)) - math.tan(phi) * math.tan(
        declination
    )
    minutes = 720 - 4 * (longitude - math.degrees(math.acos(cosine))) - minutes_of_time + 8 * 60
    return time(int(minutes) // 60, int(minutes) % 60)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
