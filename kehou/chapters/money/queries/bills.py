"""Bills as people ask for them: a child's, a school's, one with its reasons, what waits to be approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kehou.chapters.money.models import Bill, BillingRun, Expense, Payee, Payment, Refund
from kehou.chapters.money.queries.reckoning import fee_of, latest_reckoning
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import School
from kehou.lib.prepared import Prepared
from kehou.rules import fees
from kehou.rules.fees import DayReason, Fen, Line

WHAT = {
    "capped": "按月封顶",
    "waived": "减免",
    "waived_anew": "减免重算",
    "recounted": "重新计算",
    "voided": "作废冲销",
    "leave": "请假",
    "sick": "病假",
    "school_cancelled": "学校取消",
    "shortened": "课时减少",
    "no_show": "未请假未到",
    "not_joined": "尚未参加",
    "left": "已退出",
    "no_days": "没有计费的天数",
    "price_kept": "按协议标准",
}
BECAME = {
    DayReason.SERVED: "计费",
    DayReason.SHORTENED: "部分课时取消，按实际计费",
    DayReason.NO_SHOW: "没请假也没到，照常计费",
    DayReason.LEAVE: "请假，不计费",
    DayReason.SICK: "病假，不计费",
    DayReason.SCHOOL_CANCELLED: "学校取消，不计费",
    DayReason.NOT_JOINED: "还没参加，不计费",
    DayReason.LEFT: "已退出，不计费",
}
SORTS = {
    "number": "number",
    "name": "pupil__name_sort",
    "class": "pupil__homeroom__grade",
    "due": "due_fen",
    "month": "month",
    "state": "state",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of 为什么是这个数, as the component prints it."""

    what: str
    why: str
    fen: int
    less: bool


@dataclass(frozen=True, slots=True)
class DayPriced:
    """One chosen day with what became of it; `fen` is its price where a day has one."""

    on: date
    hours: int
    words: str
    charged: bool
    fen: int | None


@dataclass(frozen=True, slots=True)
class Explained:
    """A bill with everything a family may ask about it."""

    bill: Bill
    lines: tuple[Reason, ...]
    days: tuple[DayPriced, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    open_fen: Fen


def explain(bill: Bill) -> Explained:
    """Return a bill with its lines in words, its days, its payments and refunds; prefetched by `bills_of_pupil`."""
    fee = fee_of(bill)
    month = fees.read_month(latest_reckoning(bill))
    by_day = fee.mode == "DAY20_CAP"
    days = tuple(
        DayPriced(
            on=day.on,
            hours=day.hours,
            words=BECAME[day.reason],
            charged=day.reason in fees.CHARGED,
            fen=(fee.tariff[day.hours] // fee.ref_days if day.reason in fees.CHARGED else 0) if by_day else None,
        )
        for day in month.days
    )
    return Explained(
        bill=bill,
        lines=reasons_of(bill),
        days=days,
        payments=tuple(sorted(bill.payments.all(), key=lambda one: one.pk)),
        refunds=tuple(sorted((one for one in bill.refunds.all() if one.state != "replaced"), key=lambda one: one.pk)),
        open_fen=Fen(fees.open_fen(bill.due_fen, bill.paid_fen, bill.returned_fen)),
    )


def reasons_of(bill: Bill) -> tuple[Reason, ...]:
    """Return the lines of a bill in the order in which they were written; their amounts sum to what is due."""
    lines = sorted(bill.lines.all(), key=lambda one: one.turn)
    return tuple(
        Reason(
            what=WHAT.get(one.key, "服务费"),
            why=Line(one.key, Fen(one.amount_fen), tuple(one.facts.items())).in_words(),
            fen=one.amount_fen,
            less=one.amount_fen < 0,
        )
        for one in lines
    )


def _whole(bills: QuerySet[Bill]) -> QuerySet[Bill]:
    return bills.select_related("terms", "payee", "school", "pupil__homeroom").prefetch_related(
        "lines", "adjustments", "payments", "refunds"
    )


def bills_of_pupil(pupil: Pupil) -> QuerySet[Bill]:
    """Return a child's bills with all that explains them, newest first: five statements."""
    return _whole(Bill.objects.filter(pupil=pupil)).order_by("-month", "-pk")


_TO_PAY = Prepared(lambda pupil: Bill.objects.filter(pupil=pupil, state="to_pay").order_by("-month"), pupil=int)


def bills_to_pay(pupil: Pupil) -> list[Bill]:
    """Return the bills of a child that wait to be paid, newest first."""
    return _TO_PAY.rows(pupil=pupil.pk)


def bill_by_number(school: School, number: str) -> Bill | None:
    """Return one bill of a school with all that explains it, or None."""
    return _whole(Bill.objects.filter(school=school, number=number)).first()


def bills_of_school(school: School, *, month: date | None = None, state: str = "", text: str = "") -> QuerySet[Bill]:
    """Return a school's bills; `text` is looked for in the child's name, its pinyin and the number."""
    bills = Bill.objects.filter(school=school).select_related("pupil__homeroom")
    if month:
        bills = bills.filter(month=month.replace(day=1))
    if state:
        bills = bills.filter(state=state)
    if text := text.strip():
        bills = bills.filter(
            Q(pupil__name__icontains=text) | Q(pupil__name_sort__icontains=text) | Q(number__icontains=text)
        )
    return bills


def sort_of_bills(wanted: str) -> list[str]:
    """Return the columns for a sort asked for by a page (`due`, `-name`), always ending in the number."""
    down, key = wanted.startswith("-"), wanted.removeprefix("-")
    return [f"{'-' if down else ''}{SORTS[key]}", "number"] if key in SORTS else ["-month", "number"]


_PAYEE = Prepared(
    lambda school: Payee.objects.filter(school=school, closed_on__isnull=True).order_by("pk")[:1], school=int
)


def payee_of(school: School) -> Payee | None:
    """Return the registered account that a school's bills name now, or None."""
    return _PAYEE.first(school=school.pk)


def runs_of(school: School) -> QuerySet[BillingRun]:
    """Return a school's billing runs, newest month first."""
    return BillingRun.objects.filter(school=school).order_by("-month")


def payments_of(school: School, *, text: str = "") -> QuerySet[Payment]:
    """Return the payments recorded at a school, newest first."""
    rows = Payment.objects.filter(bill__school=school).select_related("bill__pupil__homeroom").order_by("-pk")
    if text := text.strip():
        rows = rows.filter(
            Q(bill__pupil__name__icontains=text) | Q(receipt_number__icontains=text) | Q(reference__icontains=text)
        )
    return rows


def payment_by_code(code: str) -> Payment | None:
    """Return the payment behind the verification code of a receipt, for the public page that names nobody."""
    return Payment.objects.filter(check_code=code).select_related("bill__school").first()


def refunds_of(school: School, *, state: str = "") -> QuerySet[Refund]:
    """Return a school's refunds, those that wait first, with who approved them."""
    rows = Refund.objects.filter(bill__school=school).exclude(state="replaced")
    if state:
        rows = rows.filter(state=state)
    return (
        rows.select_related("bill__pupil__homeroom", "bill__school")
        .prefetch_related("approvals")
        .order_by("due_on", "pk")
    )


def refunds_waiting(*, text: str = "") -> QuerySet[Refund]:
    """Return the approved refunds of the whole district that finance has still to pay, the most urgent first."""
    rows = Refund.objects.filter(state="approved").select_related("bill__school").order_by("due_on", "pk")
    if text := text.strip():
        rows = rows.filter(Q(bill__school__name__icontains=text) | Q(bill__number__icontains=text))
    return rows


def expenses_of(school: School, *, from_on: date, until_on: date) -> QuerySet[Expense]:
    """Return what a school spent in a span of days, newest first."""
    return Expense.objects.filter(school=school, on__gte=from_on, on__lt=until_on).order_by("-on", "-pk")
