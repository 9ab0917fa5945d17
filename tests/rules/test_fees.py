"""The fee engine: all thirty vectors of domain/06 section 3.3, and what must hold for any month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from kehou.rules import fees
from kehou.rules.fees import ChosenHours, DayReason, ServiceMonth, WaiverSpan, price
from kehou.rules.known_calendars import AUTUMN_2025, AUTUMN_2026, SPRING_2026
from kehou.rules.parameters import Parameters
from kehou.rules.sentences import say
from kehou.rules.spans import Span, month_of
from kehou.rules.timetable import refusal_to_sell_tier, sellable_tiers

FEE = Parameters.of().fee
DAILY = {1: dict.fromkeys(range(1, 6), 1), 2: dict.fromkeys(range(1, 6), 2), 3: dict.fromkeys(range(1, 6), 3)}
MON_WED_FRI = {1: 2, 3: 2, 5: 2}
SEP, OCT, NOV, DEC, JAN = ((2025, 9), (2025, 10), (2025, 11), (2025, 12), (2026, 1))


def a_month(month, *choices, absent=None, waivers=(), calendar=AUTUMN_2025):
    """Return one month of a pupil: each choice is hours by weekday, or (first day, last day, hours by weekday)."""
    span = month_of(date(*month, 1))
    chosen = [
        ChosenHours(Span.through(*choice[:2]), choice[2]) if isinstance(choice, tuple) else ChosenHours(span, choice)
        for choice in choices
    ]
    offered = calendar.service_days(span)
    days = fees.days_of(chosen, offered, calendar)
    days = tuple(replace(day, reason=(absent or {}).get(day.on, day.reason)) for day in days)
    return ServiceMonth(*month, days, len(offered), tuple(waivers))


def nov(*days):
    return [date(2025, 11, day) for day in days]


def waived(percent, start=date(2025, 9, 1), end=None):
    return (WaiverSpan(Span(start, end), percent),)


FROM_17, TO_14, TO_20 = (date(2025, 11, 17), date(2025, 11, 30)), (date(2025, 11, 1), date(2025, 11, 14)), (date(2025, 11, 1), date(2025, 11, 20))  # fmt: skip
SICK_3 = dict.fromkeys(nov(3, 4, 5), DayReason.SICK)
SICK_DEC = {date(2025, 12, day): DayReason.SICK for day in (1, 2, 3)}
NO_SHOW_2 = dict.fromkeys(nov(6, 7), DayReason.NO_SHOW)
CANCELLED_2 = dict.fromkeys(nov(12, 13), DayReason.SCHOOL_CANCELLED)
MIXED_NOV = {1: 2, 2: 1, 3: 2, 4: 1, 5: 1}
MIXED_DEC = {1: 3, 2: 3, 3: 3, 4: 1, 5: 1}

VECTORS = [
    ("V1", a_month(NOV, DAILY[1]), 60_00, 0),
    ("V2", a_month(NOV, DAILY[2]), 110_00, 0),
    ("V3", a_month(NOV, DAILY[3]), 160_00, 0),
    ("V4", a_month(DEC, DAILY[2]), 110_00, 0),
    ("V5-1h", a_month(OCT, DAILY[1]), 54_00, 0),
    ("V5-2h", a_month(OCT, DAILY[2]), 99_00, 0),
    ("V5-3h", a_month(OCT, DAILY[3]), 144_00, 0),
    ("V6-1h", a_month(JAN, DAILY[1]), 48_00, 0),
    ("V6-2h", a_month(JAN, DAILY[2]), 88_00, 0),
    ("V6-3h", a_month(JAN, DAILY[3]), 128_00, 0),
    ("V7", a_month(NOV, MON_WED_FRI), 66_00, 0),
    ("V8", a_month(DEC, MON_WED_FRI), 77_00, 0),
    ("V9", a_month(NOV, {2: 1, 4: 1}), 24_00, 0),
    ("V10", a_month(NOV, MIXED_NOV), 80_00, 0),
    ("V11", a_month(DEC, MIXED_DEC), 144_00, 0),
    ("V12", a_month(NOV, (*FROM_17, DAILY[2])), 55_00, 0),
    ("V13", a_month(NOV, (*TO_14, DAILY[2])), 55_00, 0),
    ("V14", a_month(NOV, DAILY[2], absent=SICK_3), 93_50, 0),
    ("V15", a_month(DEC, DAILY[2], absent=SICK_DEC), 110_00, 0),
    ("V16", a_month(NOV, DAILY[2], absent=NO_SHOW_2), 110_00, 0),
    ("V17", a_month(NOV, DAILY[2], absent=CANCELLED_2), 99_00, 0),
    ("V18", a_month(NOV, DAILY[2], waivers=waived(100)), 0, 110_00),
    ("V19", a_month(NOV, DAILY[2], waivers=waived(50)), 55_00, 55_00),
    ("V21", a_month(NOV, (date(2025, 11, 1), date(2025, 11, 16), DAILY[1]), (*FROM_17, DAILY[2])), 85_00, 0),
    ("V22", a_month(NOV, (*TO_20, DAILY[2])), 77_00, 0),
]


@pytest.mark.clause("2.6.1-f")
@pytest.mark.parametrize(("month", "due", "waived_fen"), [pytest.param(*rest, id=name) for name, *rest in VECTORS])
def test_the_month_costs(month, due, waived_fen):
    statement = price(month, FEE)
    assert (statement.due_fen, statement.waived_fen) == (due, waived_fen)
    assert sum(one.amount_fen for one in statement.lines) == due


REFUNDS = [
    ("V13", "V13", 110_00, 55_00),
    ("V14", "V14", 110_00, 16_50),
    ("V15", "V15", 110_00, 0),
    ("V16", "V16", 110_00, 0),
    ("V17", "V17", 110_00, 11_00),
    ("V22", "V22", 110_00, 33_00),
]
MONTHS = {name: month for name, month, *_ in VECTORS}


@pytest.mark.parametrize(("name", "paid", "refund"), [pytest.param(*rest, id=name) for name, *rest in REFUNDS])
def test_what_was_paid_too_much_goes_back(name, paid, refund):
    due = price(MONTHS[name], FEE).due_fen
    assert (fees.refundable_fen(due, paid, 0), fees.open_fen(due, paid, 0)) == (refund, 0)


def test_v4_says_what_the_cap_spares():
    statement = price(MONTHS["V4"], FEE)
    assert statement.uncapped_fen == 126_50
    assert statement.in_words() == (
        "12月23天×5.50元=126.50元（每天2课时）",
        "每天2课时每月最多110.00元，超出的16.50元不收",
    )


def test_v7_is_the_sentence_of_the_guardians_page():
    statement = price(MONTHS["V7"], FEE)
    assert statement.in_words() == ("11月12天×5.50元=66.00元（每天2课时）",)
    assert fees.summary(statement, MON_WED_FRI) == "每周一三五各2课时，11月12天，66.00元"


@pytest.mark.parametrize(("mode", "due"), [("DAY20_CAP", 77_00), ("PLANNED_DAYS", 66_95), ("FULL_MONTH", 110_00)])
def test_v8_under_three_modes(mode, due):
    assert price(MONTHS["V8"], replace(FEE, mode=mode)).due_fen == due


def test_v15_explains_in_words_why_nothing_comes_back():
    lines = fees.changes(price(MONTHS["V4"], FEE), price(MONTHS["V15"], FEE), reason="病假")
    assert [one.in_words() for one in lines] == [
        "12月1日、2日、3日请病假，3天不计费",
        "虽有3天不计费，其余20天的费用仍达到每月110.00元的上限，所以没有可退的钱",
    ]
    assert sum(one.amount_fen for one in lines) == 0
    less = fees.changes(price(MONTHS["V2"], FEE), price(MONTHS["V14"], FEE), reason="病假")
    assert not any("上限" in one.in_words() for one in less)  # there something does come back


def test_v16_says_that_no_show_is_charged():
    assert "11月6日、7日没有请假也没有到，2天照常计费" in price(MONTHS["V16"], FEE).in_words()


@pytest.mark.clause("2.6.1-j")
def test_v20_a_waiver_found_later_gives_back_two_months():
    paid = refunded = 0
    for month in (OCT, NOV):
        before = price(a_month(month, DAILY[2]), FEE)
        after = price(a_month(month, DAILY[2], waivers=waived(100, date(2025, 10, 1))), FEE)
        paid += before.due_fen
        refunded += fees.refundable_fen(after.due_fen, before.due_fen, 0)
        assert sum(one.amount_fen for one in fees.changes(before, after, reason="列入减免名单")) == -before.due_fen
    assert (paid, refunded) == (209_00, 209_00)


@pytest.mark.parametrize(
    ("calendar", "hours", "total"),
    [
        pytest.param(AUTUMN_2025, 1, 276_00, id="V23-1h"),
        pytest.param(AUTUMN_2025, 2, 506_00, id="V23-2h"),
        pytest.param(AUTUMN_2025, 3, 736_00, id="V23-3h"),
        pytest.param(SPRING_2026, 1, 225_00, id="V24-1h"),
        pytest.param(SPRING_2026, 2, 412_50, id="V24-2h"),
        pytest.param(SPRING_2026, 3, 600_00, id="V24-3h"),
        pytest.param(AUTUMN_2026, 1, 258_00, id="2026-1h"),
        pytest.param(AUTUMN_2026, 2, 473_00, id="2026-2h"),
        pytest.param(AUTUMN_2026, 3, 688_00, id="2026-3h"),
    ],
)
def test_the_whole_term_costs(calendar, hours, total):
    assert fees.total_of(fees.quote(DAILY[hours], calendar, FEE)) == total


def test_v25_half_months_jump_and_days_do_not():
    eleven_days = (date(2025, 11, 3), date(2025, 11, 17), DAILY[2])
    ten_days = (*TO_14, DAILY[2])
    half = replace(FEE, mode="HALF_MONTH")
    assert price(a_month(NOV, eleven_days), half).due_fen == 110_00
    assert price(a_month(NOV, ten_days), half).due_fen == 55_00
    assert price(a_month(NOV, eleven_days), FEE).due_fen == 60_50


def test_v26_a_junior_day_that_ends_at_1650_has_no_third_hour_to_sell():
    refusal = refusal_to_sell_tier(3, time(16, 50), Parameters.of(), grade=7)
    assert refusal is not None and refusal.key == "R-TIME-03:tier_ends_after_limit"
    assert "结束时间将超过18:30" in say(refusal)
    assert sellable_tiers(time(16, 50), Parameters.of(), 7) == (1, 2)
    assert sellable_tiers(time(16, 0), Parameters.of(), 7) == (1, 2, 3), "from 16:00 three fit"


A_BILL = fees.BillFacts(
    month=11,
    filing_accepted=True,
    fund_plan_accepted=True,
    tariff_in_force=True,
    enrolled=True,
    agreement_in_force=True,
    item="课后延时服务费",
    payee_account="教育收费专户001",
    registered_accounts=frozenset({"教育收费专户001"}),
    amount_fen=110_00,
    cap_fen=160_00,
)
BILL_REFUSALS = [
    ("V27-agreement", {"agreement_in_force": False}, "R-FEE-02:agreement_not_signed"),
    ("V27-filing", {"filing_accepted": False}, "R-GATE-00:bill_before_filing"),
    ("V27-item", {"item": "材料费"}, "R-FEE-04:other_item"),
    ("V27-payee", {"payee_account": "张老师微信"}, "R-FEE-05:payee_not_registered"),
    ("enrolment", {"enrolled": False}, "R-FEE-02:not_enrolled"),
    ("fund plan", {"fund_plan_accepted": False}, "R-FILING-02:fund_plan_not_accepted"),
    ("tariff", {"tariff_in_force": False}, "R-FEE-01:no_tariff"),
    ("too much", {"amount_fen": 160_01}, "R-FEE-06:out_of_bounds"),
    ("negative", {"amount_fen": -1}, "R-FEE-06:out_of_bounds"),
    ("waiver", {"on_waiver_list": True}, "R-WAIV-01:listed_but_charged"),
]


@pytest.mark.clause("2.6.1-b", "2.6.1-d", "2.6.1-e", "4-c")
@pytest.mark.parametrize(("change", "key"), [pytest.param(*rest, id=name) for name, *rest in BILL_REFUSALS])
def test_it_refuses_the_bill(change, key):
    no = next(iter(fees.refusals_to_bill(replace(A_BILL, **change))), None)
    assert no.key == key
    assert say(no)


def test_it_makes_the_bill_when_nothing_is_missing():
    assert not fees.refusals_to_bill(A_BILL)
    assert not fees.refusals_to_bill(replace(A_BILL, on_waiver_list=True, waived_fen=110_00, amount_fen=0))


def test_v27_all_reasons_are_told_at_once_with_four_codes():
    worst = replace(A_BILL, agreement_in_force=False, filing_accepted=False, item="空调费", payee_account="家委会")
    assert {no.code for no in fees.refusals_to_bill(worst)} == {"R-FEE-02", "R-GATE-00", "R-FEE-04", "R-FEE-05"}


def test_v28_two_children_are_two_bills_and_a_plain_sum():
    elder, younger = price(MONTHS["V2"], FEE), price(MONTHS["V7"], FEE)
    assert fees.total_of([elder, younger]) == 110_00 + 66_00
    assert fees.total_of([elder, elder]) == 2 * elder.due_fen


@pytest.mark.parametrize(("hours", "days"), [({3: 2}, 4), ({1: 2, 2: 2, 4: 2, 5: 2}, 14), (DAILY[2], 18)])
def test_v29_the_sunday_counts_as_the_wednesday_it_follows(hours, days):
    month = a_month(SEP, hours)
    assert len(month.days) == days
    assert (date(2025, 9, 28) in {day.on for day in month.days}) == (3 in hours)


A_REFUND = fees.RefundFacts(
    amount_fen=33_00,
    refundable_fen=33_00,
    requested_by=frozenset({1}),
    approved_by=(2, 3),
    to_bank_account=True,
    original_account_open=False,
    account_holder="王秀英",
    guardians=frozenset({"王秀英", "李强"}),
)
REFUND_REFUSALS = [
    ("V30-second", {"approved_by": (2,)}, "R-FEE-08:refund_needs_second_person"),
    ("V30-same twice", {"approved_by": (2, 2)}, "R-FEE-08:refund_needs_second_person"),
    ("V30-own", {"approved_by": (2, 1)}, "R-FEE-08:refund_needs_second_person"),
    ("V30-holder", {"account_holder": "张老师"}, "R-FEE-05:not_guardians_account"),
    ("original route", {"original_account_open": True}, "R-FEE-05:original_route_open"),
    ("nobody", {"approved_by": ()}, "R-FEE-08:refund_needs_approval"),
    ("too much", {"amount_fen": 33_01}, "R-FEE-06:refund_more_than_paid"),
    ("nothing", {"amount_fen": 0}, "R-FEE-06:refund_nothing"),
]


@pytest.mark.parametrize(("change", "key"), [pytest.param(*rest, id=name) for name, *rest in REFUND_REFUSALS])
def test_it_refuses_the_refund(change, key):
    (no,) = fees.refusals_to_refund(replace(A_REFUND, **change))
    assert no.key == key
    assert say(no)


def test_v30_two_approvers_send_it_to_the_guardians_own_account():
    assert fees.refusals_to_refund(A_REFUND) == ()
    original = replace(A_REFUND, to_bank_account=False, original_account_open=True, approved_by=(2,), account_holder="")
    assert fees.refusals_to_refund(original) == ()


# What must hold for any month
