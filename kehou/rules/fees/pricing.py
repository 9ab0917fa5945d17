"""Five ways to price a month behind one interface. The default never charges more than the literal reading.

`DAY20_CAP`: the sum over charged days of (monthly price of that day's hours ÷ 20), capped at the monthly price of the
most hours charged. With 60, 110 and 160 yuan a day costs 3.00, 5.50 and 8.00 yuan, always whole fen; for another tariff
the odd fen goes to the family.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from kehou.rules.fees.statement import (
    CHARGED,
    OUTSIDE,
    DayReason,
    FeeDay,
    Line,
    ServiceMonth,
    Statement,
    line,
    say_days,
)
from kehou.rules.money import Fen, yuan
from kehou.rules.parameters.money_groups import Fee
from kehou.rules.verdicts import Refusal, Refused, refuse

DaysByHours = Mapping[int, int]
REMARKS = {
    DayReason.LEAVE: "leave",
    DayReason.SICK: "sick",
    DayReason.SCHOOL_CANCELLED: "school_cancelled",
    DayReason.SHORTENED: "shortened",
    DayReason.NO_SHOW: "no_show",
    DayReason.NOT_JOINED: "not_joined",
    DayReason.LEFT: "left",
}


def refusal_to_price(month: ServiceMonth, fee: Fee) -> Refusal | None:
    """Return why these days have no price: a tier that is not sold, or more days than the month has (R-FEE-07)."""
    if strange := next((day for day in month.days if day.hours not in fee.tariff), None):
        return refuse("R-FEE-07", "no_such_tier", hours=strange.hours, day=strange.on)
    if len({day.on for day in month.days}) < len(month.days):
        return refuse("R-FEE-07", "day_twice", month=month.month)
    if len(month.days) > month.service_days:
        return refuse("R-FEE-07", "more_days_than_offered", month=month.month, days=month.service_days)
    return None


def price(month: ServiceMonth, fee: Fee) -> Statement:
    """Return the fee of one pupil's month under `fee`, explained. :raises Refused: see `refusal_to_price`"""
    if no := refusal_to_price(month, fee):
        raise Refused(no)
    charged = _charged(month, fee)
    days_by_hours = Counter(day.hours for day in charged)
    hours = max(days_by_hours, default=0)
    cap = fee.tariff[hours] if hours else 0
    lines = (
        MODES[fee.mode](month, dict(sorted(days_by_hours.items())), fee)
        if charged
        else [line("no_days", month=month.month)]
    )
    uncapped = sum(one.amount_fen for one in lines)
    if uncapped > cap:
        lines.append(line("capped", cap - uncapped, hours=hours, cap=yuan(cap), less=yuan(uncapped - cap)))
    gross = min(uncapped, cap)
    waived = _waiver_lines(month, charged, gross, fee)
    return Statement(
        year=month.year,
        month=month.month,
        lines=(*lines, *waived, *_remarks(month, fee)),
        charged_days=len(charged),
        hours=hours,
        cap_fen=Fen(cap),
        uncapped_fen=Fen(uncapped),
        gross_fen=Fen(gross),
        waived_fen=Fen(-sum(one.amount_fen for one in waived)),
    )


def _charged(month: ServiceMonth, fee: Fee) -> list[FeeDay]:
    charged = [day for day in month.days if day.reason in CHARGED]
    if charged and fee.proration == "none":
        return [day for day in month.days if day.reason in CHARGED or day.reason in OUTSIDE]
    return charged


def _remarks(month: ServiceMonth, fee: Fee) -> list[Line]:
    """Return one line without amount for each reason that occurred, with its days."""
    by_reason: dict[DayReason, list[date]] = {}
    for day in month.days:
        if day.reason is not DayReason.SERVED and not (fee.proration == "none" and day.reason in OUTSIDE):
            by_reason.setdefault(day.reason, []).append(day.on)
    return [
        line(REMARKS[reason], days=say_days(by_reason[reason]), count=len(by_reason[reason]))
        for reason in DayReason
        if reason in by_reason
    ]


def _by_day(month: ServiceMonth, days_by_hours: DaysByHours, fee: Fee) -> list[Line]:
    return [_share(month, hours, days, fee.tariff[hours], fee.ref_days) for hours, days in days_by_hours.items()]


def _by_planned_days(month: ServiceMonth, days_by_hours: DaysByHours, fee: Fee) -> list[Line]:
    return [_share(month, hours, days, fee.tariff[hours], month.service_days) for hours, days in days_by_hours.items()]


def _share(month: ServiceMonth, hours: int, days: int, monthly: int, divisor: int) -> Line:
    """Return the line for `days` days of one tier at `monthly` ÷ `divisor` a day, rounded down to the fen."""
    amount = monthly * days // divisor
    facts: dict[str, str | int] = {"month": month.month, "days": days, "hours": hours, "amount": yuan(amount)}
    if monthly % divisor == 0:
        return line("days", amount, **facts, unit=yuan(monthly // divisor))
    return line("days_shared", amount, **facts, monthly=yuan(monthly), divisor=divisor)


def _full_month(month: ServiceMonth, days_by_hours: DaysByHours, fee: Fee) -> list[Line]:
    hours = max(days_by_hours)
    amount = fee.tariff[hours]
    return [line("full_month", amount, month=month.month, hours=hours, amount=yuan(amount))]


def _half_month(month: ServiceMonth, days_by_hours: DaysByHours, fee: Fee) -> list[Line]:
    hours, days = max(days_by_hours), sum(days_by_hours.values())
    if 2 * days > month.service_days:
        return _full_month(month, days_by_hours, fee)
    amount = fee.tariff[hours] // 2
    return [line("half_month", amount, month=month.month, days=days, hours=hours, amount=yuan(amount))]


def _by_class_hour(month: ServiceMonth, days_by_hours: DaysByHours, fee: Fee) -> list[Line]:
    count = sum(hours * days for hours, days in days_by_hours.items())
    amount = fee.tariff[1] * count // fee.ref_days
    return [
        line(
            "class_hours",
            amount,
            month=month.month,
            count=count,
            amount=yuan(amount),
            monthly=yuan(fee.tariff[1]),
            divisor=fee.ref_days,
        )
    ]


MODES: dict[str, Callable[[ServiceMonth, DaysByHours, Fee], list[Line]]] = {
    "DAY20_CAP": _by_day,
    "FULL_MONTH": _full_month,
    "PLANNED_DAYS": _by_planned_days,
    "HALF_MONTH": _half_month,
    "BY_CLASS_HOUR": _by_class_hour,
}


def _waiver_lines(month: ServiceMonth, charged: list[FeeDay], gross: int, fee: Fee) -> list[Line]:
    """Return one negative line for each percentage: days weigh by their price, the odd fen goes to the family."""
    weights: Counter[int] = Counter()
    for day in charged:
        percent = max((one.percent for one in month.waivers if day.on in one.span), default=0)
        weights[percent] += fee.tariff[day.hours]
    whole = 100 * sum(weights.values())
    lines, numerator, before = [], 0, 0
    for percent in sorted(weights, reverse=True):
        numerator += gross * weights[percent] * percent
        waived = -(-numerator // whole) if whole else 0
        if percent and waived > before:
            lines.append(line("waived", before - waived, percent=percent, amount=yuan(waived - before)))
        before = waived
    return lines
