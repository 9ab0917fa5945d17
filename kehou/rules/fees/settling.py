"""After the month: what is refunded, what is adjusted, and what a choice would cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kehou.rules.calendar import Calendar
from kehou.rules.fees.pricing import price
from kehou.rules.fees.statement import ChosenHours, HoursByWeekday, Line, ServiceMonth, Statement, days_of, line
from kehou.rules.money import Fen, yuan
from kehou.rules.parameters.money_groups import Fee
from kehou.rules.spans import Span, months_of


def refund_due(paid_fen: int, due_fen: int) -> Fen:
    """Return what goes back to the family: never negative, never more than was paid."""
    return Fen(max(0, paid_fen - max(0, due_fen)))


@dataclass(frozen=True, slots=True)
class Settlement:
    """One month settled: `refund_fen` goes back or `owed_fen` is still to pay, never both."""

    paid_fen: Fen
    due_fen: Fen
    refund_fen: Fen
    owed_fen: Fen
    lines: tuple[Line, ...]

    def in_words(self) -> tuple[str, ...]:
        """Return the explanation line by line."""
        return tuple(one.in_words() for one in self.lines)


def settle(statement: Statement, *, paid_fen: int) -> Settlement:
    """Return what happens to a payment when the month is computed again."""
    due = statement.due_fen
    refund, owed = refund_due(paid_fen, due), Fen(max(0, due - paid_fen))
    facts = {"paid": yuan(paid_fen), "due": yuan(due)}
    if refund:
        lines = [line("refund", -refund, **facts, refund=yuan(refund))]
    elif owed:
        lines = [line("to_pay", owed, **facts, owed=yuan(owed))]
    else:
        lines = [line("even", 0, **facts)]
    if not refund and (free := _free_days(statement)) and statement.is_capped:
        lines.append(line("still_capped", free=free, days=statement.charged_days, cap=yuan(statement.cap_fen)))
    return Settlement(Fen(paid_fen), due, refund, owed, tuple(lines))


def _free_days(statement: Statement) -> int:
    free = ("leave", "sick", "school_cancelled", "not_joined", "left")
    return sum(int(dict(one.facts)["count"]) for one in statement.lines if one.key in free)


def adjustment(before: Statement, after: Statement, reason: str) -> Line:
    """Return the signed line that turns one statement into the other; what was billed is never overwritten."""
    change = after.due_fen - before.due_fen
    return line(
        "adjusted", change, before=yuan(before.due_fen), after=yuan(after.due_fen), change=yuan(change), reason=reason
    )


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
