"""What the fee engine promises of every month, and the forms of amounts: properties over all months."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules import fees
from kehou.rules.fees import ChosenHours, DayReason, FeeDay, ServiceMonth, WaiverSpan, price
from kehou.rules.known_calendars import AUTUMN_2025
from kehou.rules.parameters import Chart, Parameters
from kehou.rules.sentences import say
from kehou.rules.spans import Span, month_of
from kehou.rules.verdicts import Refused
from tests.rules.test_fees import FROM_17, MON_WED_FRI, NOV, waived

FEE = Parameters.of().fee
DAILY = {1: dict.fromkeys(range(1, 6), 1), 2: dict.fromkeys(range(1, 6), 2), 3: dict.fromkeys(range(1, 6), 3)}


@st.composite
def months(draw, reasons=tuple(DayReason), waivers=True):
    count = draw(st.integers(1, 23))
    chosen = draw(st.lists(st.integers(1, 23), unique=True, max_size=count))
    days = tuple(
        FeeDay(date(2025, 12, day), draw(st.integers(1, 3)), draw(st.sampled_from(reasons))) for day in sorted(chosen)
    )
    spans = st.builds(
        lambda start, percent: WaiverSpan(Span(date(2025, 12, start), None), percent),
        st.integers(1, 31),
        st.integers(0, 100),
    )
    return ServiceMonth(2025, 12, days, count, tuple(draw(st.lists(spans, max_size=3))) if waivers else ())


@st.composite
def tariffs(draw):
    prices = sorted(draw(st.tuples(*[st.integers(0, 16000)] * 3)))
    mode, ref_days = draw(st.sampled_from(sorted(fees.MODES))), draw(st.integers(15, 31))
    return replace(FEE, tariff=Chart(dict(enumerate(prices, 1))), mode=mode, ref_days=ref_days)


@given(months(), tariffs())
def test_lines_sum_to_the_amount_and_every_line_can_be_said(month, fee):
    statement = price(month, fee)
    assert sum(one.amount_fen for one in statement.lines) == statement.due_fen
    assert all(statement.in_words())
    assert all(json.loads(json.dumps(one.facts)) == [list(fact) for fact in one.facts] for one in statement.lines)


@given(months(), tariffs(), tariffs())
def test_a_kept_price_is_never_dearer_than_the_agreed_one_or_the_one_in_force(month, in_force, agreed):
    kept = fees.fee_kept(in_force, agreed)
    here = replace(in_force, mode=agreed.mode, ref_days=agreed.ref_days)
    assert price(month, kept).due_fen <= min(price(month, agreed).due_fen, price(month, here).due_fen)
    assert fees.same_price(fees.fee_kept(in_force, in_force), in_force)


def test_the_tariff_of_an_agreement_is_read_from_its_words():
    assert fees.signed_tariff([["每天1课时", 6000], ["每天3课时", 16000]]) == {1: 6000, 3: 16000}
    assert fees.signed_tariff(None) == {} == fees.signed_tariff([["课时", 6000]])


@given(months(), tariffs())
def test_it_never_charges_below_nothing_or_above_the_cap(month, fee):
    statement = price(month, fee)
    assert 0 <= statement.due_fen <= statement.gross_fen <= statement.cap_fen <= max(fee.tariff.values())
    assert 0 <= statement.waived_fen <= statement.gross_fen
    assert statement.waived_fen + statement.due_fen == statement.gross_fen


@given(months(), tariffs())
def test_the_default_never_charges_more_than_the_literal_reading(month, fee):
    default, literal = (price(month, replace(fee, mode=mode)).due_fen for mode in ("DAY20_CAP", "FULL_MONTH"))
    assert default <= literal


@given(months(waivers=False), tariffs(), st.data())
def test_one_day_less_never_costs_more(month, fee, data):
    if not month.days:
        return
    gone = data.draw(st.sampled_from(month.days))
    less = replace(month, days=tuple(day for day in month.days if day != gone))
    freed = replace(month, days=tuple(replace(d, reason=DayReason.LEAVE) if d == gone else d for d in month.days))
    assert price(less, fee).due_fen <= price(month, fee).due_fen
    assert price(freed, fee).due_fen == price(less, fee).due_fen


@given(months(waivers=False), tariffs(), st.data())
def test_one_hour_more_never_costs_less(month, fee, data):
    shorter = [day for day in month.days if day.hours < 3]
    if not shorter:
        return
    longer = data.draw(st.sampled_from(shorter))
    more = replace(month, days=tuple(replace(d, hours=d.hours + 1) if d == longer else d for d in month.days))
    assert price(month, fee).due_fen <= price(more, fee).due_fen


@given(months(reasons=(DayReason.SERVED,), waivers=False), tariffs(), st.integers(0, 100))
def test_a_waiver_of_the_whole_month_rounds_for_the_family(month, fee, percent):
    whole = replace(month, waivers=waived(percent))
    statement = price(whole, fee)
    assert statement.due_fen == statement.gross_fen * (100 - percent) // 100


@given(months(), tariffs(), st.randoms(use_true_random=False))
def test_the_order_of_days_does_not_matter(month, fee, random):
    shuffled = list(month.days)
    random.shuffle(shuffled)
    assert price(replace(month, days=tuple(shuffled)), fee) == price(month, fee)


@given(months(), tariffs(), st.integers(0, 20000))
def test_a_settlement_balances(month, fee, paid):
    due = price(month, fee).due_fen
    back, owed = fees.refundable_fen(due, paid, 0), fees.open_fen(due, paid, 0)
    assert paid - back + owed == due
    assert 0 in (back, owed)
    assert back <= paid


@given(months(), months(), tariffs())
def test_changes_sum_to_what_has_changed(before, after, fee):
    was, becomes = price(before, fee), price(after, fee)
    lines = fees.changes(was, becomes, reason="重算")
    assert sum(one.amount_fen for one in lines) == becomes.due_fen - was.due_fen
    assert all(one.in_words() for one in lines)


@pytest.mark.parametrize(
    ("fen", "written"),
    [(0, "0.00"), (6600, "66.00"), (-165_000, "-1,650.00"), (53_860_000, "538,600.00"), (100_000_000, "1,000,000.00")],
)
def test_an_amount_is_written_with_its_thousands_apart_as_on_every_page(fen, written):
    assert fees.yuan(fen) == written


@given(st.integers(-10_000_000, 10_000_000))
def test_an_amount_survives_being_written_in_yuan(fen):
    assert fees.read_yuan(fees.yuan(abs(fen))) == abs(fen)
    assert fees.yuan(fen).count(".") == 1


@pytest.mark.parametrize("typed", ["", "-1", "1.005", "1e3", "1,00", "壹佰", ".5", "1.", "١٢"])
def test_what_is_no_amount_is_not_guessed(typed):
    assert fees.read_yuan(typed) is None


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ((FeeDay(date(2025, 11, 3), 4),), "no_such_tier"),
        ((FeeDay(date(2025, 11, 3), 0),), "no_such_tier"),
        ((FeeDay(date(2025, 11, 3), 1), FeeDay(date(2025, 11, 3), 1)), "day_twice"),
        (tuple(FeeDay(date(2025, 11, day), 1) for day in range(1, 22)), "more_days_than_offered"),
    ],
)
def test_a_month_that_cannot_be_is_not_priced(days, why):
    with pytest.raises(Refused) as no:
        price(ServiceMonth(2025, 11, days, service_days=20), FEE)
    assert no.value.refusal.key == f"R-FEE-07:{why}"
    assert say(no.value.refusal)


def test_without_proration_the_days_before_joining_are_charged():
    offered = AUTUMN_2025.service_days(month_of(date(2025, 11, 1)))
    joined = [ChosenHours(Span(date(2025, 11, 17), date(2025, 11, 24)), DAILY[2])]
    month = ServiceMonth(*NOV, fees.days_of(joined, offered, AUTUMN_2025, outside=True), 20)
    assert price(month, FEE).due_fen == 5 * 5_50
    assert price(month, replace(FEE, proration="none")).due_fen == 110_00
    assert [one.key for one in price(month, FEE).lines] == ["days", "not_joined", "left"]


def test_weekdays_may_be_chosen_over_different_spans():
    november, from_17 = month_of(date(2025, 11, 1)), Span.through(*FROM_17)
    choices = [ChosenHours(november, {1: 2}), ChosenHours(from_17, {3: 1})]
    days = fees.days_of(choices, AUTUMN_2025.service_days(november), AUTUMN_2025)
    assert [(day.on.day, day.hours) for day in days] == [(3, 2), (10, 2), (17, 2), (19, 1), (24, 2), (26, 1)]


def test_a_term_is_quoted_month_by_month_and_from_the_day_of_joining():
    late = Span(date(2025, 11, 17), date(2025, 12, 1))
    assert [statement.due_fen for statement in fees.quote(DAILY[2], AUTUMN_2025, FEE)] == [
        99_00,
        99_00,
        110_00,
        110_00,
        88_00,
    ]
    assert [statement.due_fen for statement in fees.quote(DAILY[2], AUTUMN_2025, FEE, within=late)] == [55_00]


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (DAILY[2], "每天2课时"),
        (MON_WED_FRI, "每周一三五各2课时"),
        ({1: 2, 2: 1, 3: 2}, "每周一三各2课时、二1课时"),
        ({5: 1, 4: 0}, "每周五1课时"),
        ({}, "没有选择"),
    ],
)
def test_a_choice_is_said_as_people_say_it(hours, words):
    assert fees.hours_in_words(hours) == words
