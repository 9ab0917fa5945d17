"""Worked examples for the price board and the public page: computed from the calendar in force, never typed.

On the calendar of 2025–26 they are V1–V12 of domain/06 section 3.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kehou.rules.calendar import Calendar
from kehou.rules.fees.pricing import price
from kehou.rules.fees.statement import ChosenHours, HoursByWeekday, ServiceMonth, Statement, days_of, hours_in_words
from kehou.rules.parameters.money_groups import Fee
from kehou.rules.spans import Span, months_of

DAYS_LEFT = 10  # of the example that joins late


@dataclass(frozen=True, slots=True)
class Example:
    """One case in words with its statement."""

    case: str
    statement: Statement

    @property
    def why(self) -> str:
        """Return the explanation in one line."""
        return "；".join(self.statement.in_words())


@dataclass(frozen=True, slots=True)
class _Month:
    span: Span
    days: tuple[date, ...]

    @property
    def name(self) -> str:
        return f"{self.span.start.month}月（{len(self.days)}个服务日）"


def examples(calendar: Calendar, fee: Fee) -> tuple[Example, ...]:
    """Return the cases that families ask about, in the months of a term; empty for a term without service days."""
    months = [_Month(month, calendar.service_days(month)) for month in months_of(calendar.service)]
    months = [month for month in months if month.days]
    if not months:
        return ()
    plain = min(months, key=lambda month: (abs(len(month.days) - fee.ref_days), month.span.start))
    long = max(months, key=lambda month: len(month.days))
    short = min(months, key=lambda month: len(month.days))
    other = next((month for month in months if len(short.days) < len(month.days) < len(plain.days)), short)
    return tuple(_cases(calendar, fee, plain, long, other, short))


def _cases(
    calendar: Calendar, fee: Fee, plain: _Month, long: _Month, other: _Month, short: _Month
) -> Iterator[Example]:
    tiers = sorted(fee.tariff)
    middle = tiers[min(1, len(tiers) - 1)]
    for hours in tiers:
        yield _example(calendar, fee, plain, _daily(hours))
    yield _example(calendar, fee, long, _daily(middle))
    for month in dict.fromkeys((other, short)):
        for hours in tiers:
            yield _example(calendar, fee, month, _daily(hours))
    yield _example(calendar, fee, plain, {1: middle, 3: middle, 5: middle})
    yield _example(calendar, fee, long, {1: middle, 3: middle, 5: middle})
    yield _example(calendar, fee, plain, {2: 1, 4: 1})
    yield _example(calendar, fee, plain, {1: middle, 2: 1, 3: middle, 4: 1, 5: 1})
    yield _example(calendar, fee, long, {1: tiers[-1], 2: tiers[-1], 3: tiers[-1], 4: 1, 5: 1})
    if len(plain.days) > DAYS_LEFT:
        yield _example(calendar, fee, plain, _daily(middle), joins=plain.days[-DAYS_LEFT])


def _daily(hours: int) -> dict[int, int]:
    return dict.fromkeys(range(1, 6), hours)


def _example(
    calendar: Calendar, fee: Fee, month: _Month, hours: HoursByWeekday, *, joins: date | None = None
) -> Example:
    span = Span(joins or month.span.start, month.span.end)
    chosen = days_of([ChosenHours(span, hours)], month.days, calendar, outside=True)
    statement = price(ServiceMonth(month.span.start.year, month.span.start.month, chosen, len(month.days)), fee)
    late = f"，{joins.month}月{joins.day}日起参加" if joins else ""
    return Example(f"{month.name}，{hours_in_words(hours)}{late}", statement)
