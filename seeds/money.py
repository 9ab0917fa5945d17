"""Two months billed and mostly paid, an appropriation, what it was spent on, and the account that everybody may read."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from kehou.chapters.money import actions as money
from kehou.chapters.money.models import Bill
from seeds.term import SchoolStory, at

MONTHS = (date(2026, 9, 1), date(2026, 10, 1))
# Share of what was appropriated, in percent, by permitted use.
_SPENT = (
    ("U1", "校内教师参与课后服务补助", 66),
    ("U2", "外聘传承人劳务报酬", 4),
    ("U3", "课后服务时段水电费分摊", 5),
    ("U4", "跳绳、足球等器材", 6),
    ("U5", "年画颜料、书写纸等耗材", 5),
)


def open_account(story: SchoolStory, number: int) -> None:
    """Register the school's one payee."""
    school = story.staffed.school
    money.register_payee(
        school,
        account_name=f"{school.name}教育收费专户",
        bank="演示农商银行双桂支行",
        account_number=f"9900 1550 0000 {number:04d}",
        by=story.staffed.by["cashier"],
        at=at(date(2026, 8, 26), 10),
    )


def bill_and_collect(story: SchoolStory, rng: Random) -> None:
    """Make the bills of both months in arrears; nine families in ten have paid, at the counter."""
    for month in MONTHS:
        bill_month(story, month, rng)


def bill_month(story: SchoolStory, month: date, rng: Random) -> None:
    """Make the bills of one month in arrears, collect, spend; a private school has no such fee."""
    school, cashier = story.staffed.school, story.staffed.by["cashier"]
    if not school.charges_fee:
        return
    made_on = (month + timedelta(days=32)).replace(day=1) + timedelta(days=7 if month.month == 9 else 1)
    money.run_bills(school, month, by=cashier, at=at(made_on, 9))
    _collect(story, month, made_on, rng)
    _spend(story, month, made_on)


def _collect(story: SchoolStory, month: date, made_on: date, rng: Random) -> None:
    """Let nine families in ten pay by transfer within a week; the statement is entered once."""
    school, cashier = story.staffed.school, story.staffed.by["cashier"]
    bills = dict(Bill.objects.filter(school=school, month=month, state="to_pay").values_list("pupil_id", "pk"))
    transfers = []
    for turn, family in enumerate(story.families):
        mine = [bills[pupil.pk] for pupil in family.pupils if pupil.pk in bills]
        if mine and rng.random() >= 0.1:
            paid_at = at(made_on + timedelta(days=rng.randrange(1, 8)), 9 + turn % 8, turn % 60)
            reference = f"{school.code}-{month:%y%m}-{turn:05d}"
            transfers.append(money.Transfer(reference, family.guardian.name, mine, paid_at))
    money.record_transfers(school, transfers, by=cashier, at=at(made_on + timedelta(days=8), 17))


def _make_up(story: SchoolStory, month: date, on: date) -> None:
    """Let finance put in what the school waived in September; October's is still on its way (2.6.1-j, 3.1-e)."""
    school = story.staffed.school
    waived = sum(Bill.objects.filter(school=school, month=month).values_list("waived_fen", flat=True))
    if waived and month.month == 9:
        money.record_appropriation(
            school, on=on, amount_fen=waived, voucher=f"减免补偿-{month:%y%m}", source="waiver",
            by=story.staffed.by["cashier"], at=at(on, 10),
        )  # fmt: skip


def _spend(story: SchoolStory, month: date, made_on: date) -> None:
    school, cashier = story.staffed.school, story.staffed.by["cashier"]
    collected = sum(
        Bill.objects.filter(school=school, month=month, state__in=("paid", "settled")).values_list(
            "paid_fen", flat=True
        )
    )
    if not collected:
        return
    tag = f"{month:%y%m}"
    on = made_on + timedelta(days=9)
    _make_up(story, month, on)
    money.record_appropriation(school, on=on, amount_fen=collected, voucher=f"拨-{tag}", by=cashier, at=at(on, 10))
    for use, what, percent in _SPENT:
        money.record_expense(
            school,
            on=on,
            use=use,
            description=what,
            voucher=f"{use}-{tag}",
            amount_fen=collected * percent // 100,
            by=cashier,
            at=at(on, 11),
        )
