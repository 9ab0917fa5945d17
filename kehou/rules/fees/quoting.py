"""What a choice would cost, month by month, and the plain sum of several statements."""

from __future__ import annotations

from collections.abc import Iterable

from kehou.rules.calendar import Calendar
from kehou.rules.fees.pricing import price
from kehou.rules.fees.statement import ChosenHours, HoursByWeekday, ServiceMonth, Statement, days_of
from kehou.rules.money import Fen
from kehou.rules.parameters.money_groups import Fee
from kehou.rules.spans import Span, months_of


def quote(
    hours: HoursByWeekday, calendar: Calendar, fee: Fee, *, school: str | None = None, within: Span | None = None
) -> tuple[Statement, ...]:
    """Return what a choice costs month by month, for the live price and the public calculator; without waivers."""
    span = calendar.service if within is None else calendar.service.meet(within)
    if span is None:
        return ()
    choice = (ChosenHours(calendar.service, hours),)
    statements = []
    for month in months_of(span):
        offered = calendar.service_days(month, school=school)
        chosen = tuple(day for day in days_of(choice, offered, calendar) if day.on in span)
        if offered:
            statements.append(price(ServiceMonth(month.start.year, month.start.month, chosen, len(offered)), fee))
    return tuple(statements)


def total_of(statements: Iterable[Statement]) -> Fen:
    """Return the sum of several months or several children: a plain sum, the policy knows no price for siblings."""
    return Fen(sum(statement.due_fen for statement in statements))
