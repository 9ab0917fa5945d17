"""What a month's fee is computed from, and what comes out: lines in words that sum to the amount."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kehou.rules.calendar import WEEKDAYS, Calendar
from kehou.rules.money import Fen, yuan
from kehou.rules.sentences.fees import LINES
from kehou.rules.spans import Span

HoursByWeekday = Mapping[int, int]


class DayReason(StrEnum):
    """Why a chosen service day is charged or not."""

    SERVED = "served"
    SHORTENED = "shortened"  # the school cancelled some of the day's class hours; `hours` are those that remained
    NO_SHOW = "no_show"
    LEAVE = "leave"
    SICK = "sick"
    SCHOOL_CANCELLED = "school_cancelled"
    NOT_JOINED = "not_joined"
    LEFT = "left"


CHARGED = frozenset({DayReason.SERVED, DayReason.SHORTENED, DayReason.NO_SHOW})
OUTSIDE = frozenset({DayReason.NOT_JOINED, DayReason.LEFT})


@dataclass(frozen=True, slots=True)
class FeeDay:
    """One service day that the family chose: its class hours and what became of it."""

    on: date
    hours: int
    reason: DayReason = DayReason.SERVED


@dataclass(frozen=True, slots=True)
class WaiverSpan:
    """Days of which so many percent are waived. Why they are waived is not the fee's business."""

    span: Span
    percent: int


@dataclass(frozen=True, slots=True)
class ChosenHours:
    """The hours that a family chose by ISO weekday, for the days of a span: a change of hours opens a new span."""

    span: Span
    hours: HoursByWeekday


@dataclass(frozen=True, slots=True)
class ServiceMonth:
    """One pupil's month. `service_days` counts all service days of the school in it, chosen or not."""

    year: int
    month: int
    days: tuple[FeeDay, ...]
    service_days: int
    waivers: tuple[WaiverSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: a signed amount (zero for a remark), and the sentence with its facts.

    Facts are strings and whole numbers only, so that a line can be stored as JSON and said again years later.
    """

    key: str
    amount_fen: Fen
    facts: tuple[tuple[str, str | int], ...] = ()

    def in_words(self) -> str:
        """Return the line as the guardian reads it: 11月12天×5.50元=66.00元."""
        return LINES[self.key].format(**dict(self.facts))


def line(key: str, amount_fen: int = 0, **facts: str | int) -> Line:
    """Return a line with its facts in the order given."""
    return Line(key, Fen(amount_fen), tuple(facts.items()))


@dataclass(frozen=True, slots=True)
class Statement:
    """The fee of one month, explained. The amounts of `lines` sum to `due_fen`."""

    year: int
    month: int
    lines: tuple[Line, ...]
    charged_days: int
    hours: int
    cap_fen: Fen
    uncapped_fen: Fen
    gross_fen: Fen
    waived_fen: Fen

    @property
    def due_fen(self) -> Fen:
        """Return what the family owes for the month."""
        return Fen(self.gross_fen - self.waived_fen)

    @property
    def is_capped(self) -> bool:
        """Return whether the monthly cap is reached: fewer days might cost the same."""
        return self.charged_days > 0 and self.uncapped_fen >= self.cap_fen

    def in_words(self) -> tuple[str, ...]:
        """Return the explanation line by line."""
        return tuple(one.in_words() for one in self.lines)


def days_of(
    choices: Sequence[ChosenHours], service_days: Sequence[date], calendar: Calendar, *, outside: bool = False
) -> tuple[FeeDay, ...]:
    """Return the chosen service days, each with the hours of the weekday whose timetable it follows.

    A swap day counts as that weekday: who chose Wednesday comes on the Sunday that follows Wednesday. A choice may hold
    one weekday or several; spans of different weekdays may overlap. With `outside`, the days before the first choice
    and after the last are returned too, marked, for a district that does not charge by day (`fee.proration` none).
    """
    days = []
    for day in service_days:
        if (weekday := calendar.weekday_followed(day)) is None:
            continue
        standing, reason = [choice for choice in choices if day in choice.span], DayReason.SERVED
        if not standing and outside and choices:
            before = day < min(choice.span.start for choice in choices)
            standing, reason = list(choices), DayReason.NOT_JOINED if before else DayReason.LEFT
        if hours := max((choice.hours.get(weekday, 0) for choice in standing), default=0):
            days.append(FeeDay(day, hours, reason))
    return tuple(days)


def hours_in_words(hours: HoursByWeekday) -> str:
    """Return a choice as people say it: 每周一三五各2课时, 每天2课时, 每周一三各2课时、二各1课时."""
    chosen = {weekday: count for weekday, count in sorted(hours.items()) if count}
    if not chosen:
        return "没有选择"
    counts = sorted(set(chosen.values()), reverse=True)
    if len(counts) == 1 and list(chosen) == [1, 2, 3, 4, 5]:
        return f"每天{counts[0]}课时"
    parts = []
    for count in counts:
        weekdays = [weekday for weekday in chosen if chosen[weekday] == count]
        names = "".join(WEEKDAYS[weekday - 1] for weekday in weekdays)
        parts.append(f"{names}{'各' if len(weekdays) > 1 else ''}{count}课时")
    return f"每周{'、'.join(parts)}"


def say_days(days: Sequence[date]) -> str:
    """Return days of one month as people say them: 11月3日、4日、5日."""
    first, *others = sorted(days)
    return "、".join([f"{first.month}月{first.day}日", *(f"{day.day}日" for day in others)])


def summary(statement: Statement, hours: HoursByWeekday) -> str:
    """Return one sentence for a live price: 每周一三五各2课时，11月12天，66.00元."""
    return f"{hours_in_words(hours)}，{statement.month}月{statement.charged_days}天，{yuan(statement.due_fen)}元"
