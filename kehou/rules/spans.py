"""Half-open spans, of days and of the clock: the end is the first one outside, so neighbours do not overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days from `start` up to, but not including, `end`. `end` None means: until further notice."""

    start: date
    end: date | None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"span ends {self.end} before it starts {self.start}")

    @classmethod
    def through(cls, first: date, last: date) -> Span:
        """Return the span of which `first` and `last` are both inside, as people say it: 9月7日至1月15日."""
        return cls(first, last + DAY)

    @property
    def last(self) -> date | None:
        """Return the last day inside, None for an open end. An empty span has its last day before its start."""
        return None if self.end is None else self.end - DAY

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Span) -> bool:
        """Return whether any day is inside both."""
        return self.meet(other) is not None

    def meet(self, other: Span) -> Span | None:
        """Return the days inside both, or None if there is none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return Span(start, end) if end is None or start < end else None

    def days(self) -> Iterator[date]:
        """Yield each day inside, in order. :raises ValueError: if the end is open"""
        if self.end is None:
            raise ValueError("an open span has no last day")
        for ordinal in range(self.start.toordinal(), self.end.toordinal()):
            yield date.fromordinal(ordinal)


def month_of(day: date) -> Span:
    """Return the calendar month in which a day lies."""
    start = day.replace(day=1)
    return Span(start, (start + 31 * DAY).replace(day=1))


def months_of(span: Span) -> Iterator[Span]:
    """Yield the whole calendar months that a closed span touches, in order."""
    if span.end is None:
        raise ValueError("an open span has no last month")
    month = month_of(span.start)
    while month.start < span.end:
        yield month
        assert month.end is not None
        month = month_of(month.end)


@dataclass(frozen=True, slots=True, order=True)
class ClockSpan:
    """The minutes of one day from `start` up to, but not including, `end`."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"clock span ends {self.end:%H:%M} before it starts {self.start:%H:%M}")

    def __contains__(self, moment: time) -> bool:
        return self.start <= moment < self.end

    def overlaps(self, other: ClockSpan) -> bool:
        """Return whether any minute is inside both."""
        return max(self.start, other.start) < min(self.end, other.end)

    @property
    def minutes(self) -> int:
        """Return the length in minutes."""
        return minute_of(self.end) - minute_of(self.start)

    def __str__(self) -> str:
        """Return the form that pages print: 16:00–16:40."""
        return f"{self.start:%H:%M}–{self.end:%H:%M}"


def minute_of(moment: time) -> int:
    """Return the minutes since midnight."""
    return moment.hour * 60 + moment.minute


def later(moment: time, minutes: int) -> time | None:
    """Return the time of day so many minutes later, or None if that is another day."""
    total = minute_of(moment) + minutes
    return time(total // 60, total % 60) if 0 <= total < 24 * 60 else None
