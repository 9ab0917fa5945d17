"""A month as one line of text, so that what a bill was computed from is kept with it and can be computed again (0-c).

`2025-11/20/3:2,5:2,10:2 leave/1-30:100` reads: twenty service days; two hours on the 3rd and the 5th, leave on the
10th; all of it waived by 100 percent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kehou.rules.fees.statement import DayReason, FeeDay, Line, ServiceMonth, Statement, WaiverSpan, line
from kehou.rules.money import yuan
from kehou.rules.spans import Span


def write_month(month: ServiceMonth) -> str:
    """Return a month as text; `read_month` gives the same month back."""
    days = ",".join(_write_day(day) for day in month.days)
    waivers = ",".join(_write_waiver(one) for one in month.waivers)
    return f"{month.year}-{month.month:02d}/{month.service_days}/{days}/{waivers}"


def read_month(text: str) -> ServiceMonth:
    """Return the month that was written. :raises ValueError: if it is none"""
    head, service_days, days, waivers = text.split("/")
    year, month = (int(part) for part in head.split("-"))
    return ServiceMonth(
        year=year,
        month=month,
        days=tuple(_read_day(date(year, month, 1), one) for one in days.split(",") if one),
        service_days=int(service_days),
        waivers=tuple(_read_waiver(date(year, month, 1), one) for one in waivers.split(",") if one),
    )


def waivers_within(month: Span, waivers: Iterable[WaiverSpan]) -> tuple[WaiverSpan, ...]:
    """Return the parts of waivers that lie in a month, in one order, those of nothing left out."""
    parts = {WaiverSpan(part, one.percent) for one in waivers if one.percent and (part := one.span.meet(month))}
    return tuple(sorted(parts, key=lambda one: (one.span, one.percent)))


def _write_day(day: FeeDay) -> str:
    remark = "" if day.reason is DayReason.SERVED else f" {day.reason.value}"
    return f"{day.on.day}:{day.hours}{remark}"


def _read_day(first: date, text: str) -> FeeDay:
    plain, _, reason = text.partition(" ")
    day, hours = plain.split(":")
    return FeeDay(first.replace(day=int(day)), int(hours), DayReason(reason or "served"))


def _write_waiver(waiver: WaiverSpan) -> str:
    last = waiver.span.last
    assert last is not None, "a waiver of a month ends with it"
    return f"{waiver.span.start.day}-{last.day}:{waiver.percent}"


def _read_waiver(first: date, text: str) -> WaiverSpan:
    days, percent = text.split(":")
    start, last = (first.replace(day=int(day)) for day in days.split("-"))
    return WaiverSpan(Span.through(start, last), int(percent))


def changes(before: Statement, after: Statement, *, reason: str) -> tuple[Line, ...]:
    """Return the signed lines that turn one statement into another: what is new, what the fee and the waiver become.

    Their amounts sum to the change of what is due; what was billed stays as it was written.
    """
    known = set(before.lines)
    lines = [one for one in after.lines if kind_of(one) == "remark" and one not in known]
    for key, was, becomes, sign in (
        ("recounted", before.gross_fen, after.gross_fen, 1),
        ("waived_anew", before.waived_fen, after.waived_fen, -1),
    ):
        if becomes != was:
            facts = {"before": yuan(was), "after": yuan(becomes), "change": yuan(becomes - was), "reason": reason}
            lines.append(line(key, sign * (becomes - was), **facts))
    free = _free_days(after)
    if after.due_fen == before.due_fen and after.is_capped and free > _free_days(before):  # V15: nothing comes back
        lines.append(line("still_capped", 0, free=free, days=after.charged_days, cap=yuan(after.cap_fen)))
    return tuple(lines)


def _free_days(statement: Statement) -> int:
    """Return how many days of the month cost nothing although the child was enrolled at its beginning or its end."""
    free = ("leave", "sick", "school_cancelled", "not_joined", "left")
    return sum(int(dict(one.facts)["count"]) for one in statement.lines if one.key in free)


def reversal(fee_fen: int, waived_fen: int, *, reason: str) -> tuple[Line, ...]:
    """Return the lines that take a bill back to nothing (R-FEE-06): it stays readable, it asks for nothing."""
    lines = [line("voided", -fee_fen, amount=yuan(fee_fen), reason=reason)]
    if waived_fen:
        facts = {"before": yuan(waived_fen), "after": yuan(0), "change": yuan(-waived_fen), "reason": reason}
        lines.append(line("waived_anew", waived_fen, **facts))
    return tuple(lines)


WAIVERS = frozenset({"waived", "waived_anew"})


def kind_of(one: Line) -> str:
    """Return what a line does to a bill: fee, waiver, change, void, or remark for one without amount."""
    if one.key in WAIVERS:
        return "waiver"
    if one.key == "voided":
        return "void"
    if one.amount_fen == 0 and one.key not in ("no_days",):
        return "remark"
    return "change" if one.key == "recounted" else "fee"
