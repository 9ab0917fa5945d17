"""“这笔钱对不对”: what a family was asked for, set beside what the rule says, line by line with what to do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from kehou.rules.calendar import Calendar
from kehou.rules.fees.pricing import price
from kehou.rules.fees.refusals import FEE_ITEM
from kehou.rules.fees.statement import (
    ChosenHours,
    DayReason,
    FeeDay,
    HoursByWeekday,
    ServiceMonth,
    Statement,
    days_of,
    hours_in_words,
)
from kehou.rules.money import yuan
from kehou.rules.parameters.money_groups import Fee
from kehou.rules.spans import DAY, Span

PAYEES = {
    "account": "学校登记的教育收费专户",
    "teacher": "老师或学校的个人账户、收款码",
    "committee": "家委会或家长代表",
    "company": "培训机构、公司或平台",
    "unknown": "不清楚",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a family was asked for. `amount_fen` None asks only what it should be."""

    month: Span
    hours: HoursByWeekday
    joined_on: date | None = None
    left_on: date | None = None  # the last day of taking part
    away: Collection[date] = ()
    amount_fen: int | None = None
    item: str = FEE_ITEM
    payee: str = "account"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer: whether it is right, in words; the rule behind it; what to do if it is not."""

    right: bool
    words: str
    code: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The statement by the rule and the findings beside it."""

    statement: Statement
    findings: tuple[Finding, ...]

    @property
    def right(self) -> bool:
        """Return whether nothing is wrong."""
        return all(one.right for one in self.findings)


def answer(asked: Asked, calendar: Calendar, fee: Fee) -> Answer:
    """Return whether the money is right. :raises Refused: R-FEE-07 for hours that are not sold"""
    planned = calendar.service_days(asked.month)
    start, end = asked.month.start, asked.month.end
    if asked.joined_on:
        start = max(start, asked.joined_on)
    if asked.left_on:
        end = min(end or asked.left_on + DAY, asked.left_on + DAY)
    span = Span(start, max(end, start) if end else None)
    chosen = days_of([ChosenHours(span, asked.hours)], planned, calendar, outside=True)
    away = set(asked.away)
    days = tuple(
        FeeDay(day.on, day.hours, DayReason.LEAVE) if day.on in away and day.reason is DayReason.SERVED else day
        for day in chosen
    )
    statement = price(ServiceMonth(asked.month.start.year, asked.month.start.month, days, len(planned)), fee)
    return Answer(statement, tuple(_findings(asked, statement, fee)))


def _findings(asked: Asked, statement: Statement, fee: Fee) -> list[Finding]:
    found = [_item(asked.item), _payee(asked.payee)]
    words = "；".join(statement.in_words())
    due = statement.due_fen
    if asked.amount_fen is None:
        return [*found, Finding(True, f"{hours_in_words(asked.hours)}，应缴{yuan(due)}元。{words}", "R-FEE-07")]
    if asked.amount_fen > fee.upper_cap:
        found.append(
            Finding(
                False,
                f"每生每月最高{yuan(fee.upper_cap)}元，{yuan(asked.amount_fen)}元超过了上限。",
                "R-FEE-06",
                "不用缴，请向学校要缴费单；学校不更正的，打投诉电话。",
            )
        )
    more = asked.amount_fen - due
    if more > 0:
        said = f"按规则应缴{yuan(due)}元，多收了{yuan(more)}元。{words}"
        advice = "请学校按天重新结算，多收的应退回原账户，不能抵作下月。"
        found.append(Finding(False, said, "R-FEE-07", advice))
    elif more < 0:
        said = f"按规则应缴{yuan(due)}元，少收了{yuan(-more)}元：可能是减免，也可能还有请假没有算进来。{words}"
        found.append(Finding(True, said, "R-FEE-07", "家长页面“账单”里有逐行说明。"))
    else:
        found.append(Finding(True, f"金额正好：应缴{yuan(due)}元。{words}", "R-FEE-07"))
    return found


def _item(item: str) -> Finding:
    name = item.strip() or FEE_ITEM
    if name == FEE_ITEM:
        return Finding(True, f"项目是“{FEE_ITEM}”，这是课后服务唯一的收费项目。", "R-FEE-04")
    return Finding(
        False,
        f"课后服务没有“{name}”这个收费项目，只能收“{FEE_ITEM}”。",
        "R-FEE-04",
        "不用缴；请留下通知或截图，打投诉电话。",
    )


def _payee(payee: str) -> Finding:
    if payee == "account":
        return Finding(True, "缴到学校登记的教育收费专户，收款人对。", "R-FEE-05")
    if payee == "unknown":
        return Finding(
            True, "请核对收款人：只能是收费公示牌上写的教育收费专户。", "R-FEE-05", "账户在学校页和公示牌上。"
        )
    return Finding(
        False,
        f"收款人是“{PAYEES.get(payee, payee)}”，不能收这笔钱。",
        "R-FEE-05",
        "不要转账；已经转的请保留记录，打投诉电话要求退回。",
    )
