"""The stage of money: Riverside cleared, its account registered, Mei and Bo enrolled for two hours every day.

November 2026 has 21 service days: every day for two hours is 115.50, capped at 110.00.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kehou.chapters.attendance.models import Leave
from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.money import actions as money
from kehou.chapters.money.models import Bill, Payee
from kehou.chapters.people.models import Pupil
from kehou.chapters.planning.models import Clearance
from tests.groups import enrol
from tests.world import World, moment

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (9, 10, 11, 12))
FIRST = moment(9, on=date(2026, 11, 2))
AFTER = moment(9, on=date(2026, 12, 1))


def clear(world: World) -> None:
    """Let Riverside's filing be accepted."""
    Clearance.objects.create(
        school=world.riverside.school,
        term=world.term,
        receipt_number="LP-KHFW-2026秋-0001",
        cleared_by="基教科",
        cleared_at=moment(9, on=date(2026, 8, 28)),
    )


def register(world: World) -> Payee:
    """Return Riverside's special account."""
    return money.register_payee(
        world.riverside.school,
        account_name="梁平区教育收费专户",
        bank="重庆农商行梁平支行",
        account_number="6228 0000 0000 0001",
        by=world.riverside.by("cashier"),
        at=moment(9, on=date(2026, 8, 30)),
    )


def open_books(world: World, *, hours: int = 2, weekdays: Iterable[int] = range(1, 6)) -> tuple[Enrolment, Enrolment]:
    """Return Mei's and Bo's enrolments at a school that may make bills."""
    clear(world)
    register(world)
    weekdays = tuple(weekdays)
    return (
        enrol(world.mei, world.term, hours=hours, weekdays=weekdays),
        enrol(world.bo, world.term, hours=hours, weekdays=weekdays),
    )


def run(world: World, month: date = NOVEMBER, at=FIRST) -> money.Ran:
    """Return what a run of Riverside's bills did."""
    return money.run_bills(world.riverside.school, month, by=world.riverside.by("cashier"), at=at)


def bill_of(pupil: Pupil, month: date = NOVEMBER) -> Bill:
    """Return a child's standing bill of a month."""
    return Bill.objects.exclude(state="void").get(pupil=pupil, month=month)


def pay(world: World, *bills: Bill, reference: str = "PZ-1", at=FIRST, **more):
    """Return the payments of one sitting at the counter."""
    return money.record_payment(
        world.riverside.school,
        bills,
        reference=reference,
        method="counter",
        payer="陈梅妈妈",
        by=world.riverside.by("cashier"),
        at=at,
        **more,
    )


def sick(pupil: Pupil, *days: int, month: date = NOVEMBER, kind: str = "sick") -> None:
    """Let a child's leave of some days of a month count."""
    Leave.objects.bulk_create(
        Leave(pupil=pupil, on=month.replace(day=day), kind=kind, filed_by="妈妈", filed_at=FIRST, refunds=True)
        for day in days
    )
