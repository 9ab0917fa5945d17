"""严禁违规收费、乱收费 (3.3-d): signal by signal, what would be charged wrongly is refused before a family reads it.

P4-6 (receipts against the bank's flow) and P4-5's clocks are questions afterwards; here stands what is stopped.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from kehou.chapters.disclosure import actions as disclosure
from kehou.chapters.money import actions as money
from kehou.chapters.money.models import Bill, Refund
from kehou.chapters.people import actions as people
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import Clearance
from kehou.chapters.programme import actions as programme
from kehou.chapters.timetable.models import Session
from kehou.rules.permissions import ROLES, Permission
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.billing import AFTER, FIRST, NOVEMBER, bill_of, open_books, pay, register, run, sick
from tests.chapters.planning import stage
from tests.chapters.programme.stage import AT, row
from tests.groups import enrol, make_session
from tests.world import World

SECOND = (
    "材料费每人20元",
    "请交服装费",
    "平台费自理",
    "保险费另收",
    "点心费每天3元",
    "空调费分摊",
    "场地费另计",
    "交押金50元",
)


def keys(act: Any) -> set[str]:
    with pytest.raises(Refused) as no:
        act()
    assert all(say(one) for one in no.value.refusals)
    return {one.key for one in no.value.refusals}


def billed(world: World, **wanted: str) -> Any:
    return lambda: money.make_bill(world.mei, NOVEMBER, by=world.riverside.by("cashier"), at=FIRST, **wanted)


@pytest.mark.clause("3.3-d")
def test_p4_1_no_bill_above_the_cap_or_for_an_hour_that_was_not_held(world: World) -> None:
    open_books(world)
    held = make_session(world.riverside, world.term, [world.mei], on=date(2026, 11, 18))
    run(world)
    for fen in (160_01, -1):
        with pytest.raises(IntegrityError), transaction.atomic():
            Bill.objects.filter(pupil=world.mei).update(gross_fen=fen, due_fen=fen - F("waived_fen"))
    Session.objects.filter(pk=held.pk).update(state="cancelled")
    sick(world.mei, *(day for day in range(2, 31) if date(2026, 11, day).isoweekday() < 6 and day != 18))
    run(world, at=AFTER)
    assert bill_of(world.mei).due_fen == 3_00, "of the one day left an hour of two was held"


@pytest.mark.clause("3.3-d")
def test_p4_2_no_payee_but_the_registered_account_and_no_code_to_scan(world: World) -> None:
    open_books(world)
    assert keys(billed(world, account_number="6217 老师")) == {"R-FEE-05:payee_not_registered"}
    facts = {"school": world.riverside.school, "term": world.term, "by": world.riverside.by("principal"), "at": FIRST}
    content = {"text": "请扫码缴费，收款码见附图"}
    assert "R-FEE-05:code_to_scan" in keys(
        lambda: disclosure.publish("notice", title="缴费通知", content=content, **facts)
    )
    published = [
        field for model in apps.get_app_config("disclosure").get_models() for field in model._meta.get_fields()
    ]
    assert not [field for field in published if isinstance(field, models.FileField)], "nowhere to hang a picture"


@pytest.mark.parametrize("words", SECOND)
@pytest.mark.clause("3.3-d")
def test_p4_3_no_second_item_in_bill_or_publication(world: World, words: str) -> None:
    open_books(world)
    assert keys(billed(world, item=words[:3])) == {"R-FEE-04:other_item"}
    place = world.riverside
    facts = {"school": place.school, "term": world.term, "by": place.by("principal"), "at": FIRST}
    found = keys(lambda: disclosure.publish("notice", title="通知", content={"text": words}, **facts))
    assert any(key.startswith(("P4-3:", "R-FEE-04:")) for key in found)


@pytest.mark.parametrize("words", SECOND)
@pytest.mark.clause("3.3-d")
def test_p4_3_nor_in_what_a_child_is_asked_to_bring(world: World, words: str) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=by, at=AT)
    found = keys(lambda: programme.add_activity(table, row(place, kit=words), by=by, at=AT))
    assert any(key.startswith("P4-3:") for key in found)


@pytest.mark.parametrize("words", SECOND[:3])
@pytest.mark.clause("3.3-d")
def test_p4_3_nor_in_the_notice_to_families(world: World, words: str) -> None:
    way = stage.drafted(world)
    stage.met(way)
    stage.first_round(way)
    section = way.plan.sections.get(key="money")
    bodies = {"body": f"{section.body}\n{words}。"}
    type(section).objects.filter(pk=section.pk).update(**bodies)
    found = keys(lambda: planning.issue_notice(way.plan, by=way.office, at=stage.day(30)))
    assert any(key.startswith("P4-3:") for key in found)


@pytest.mark.clause("3.3-d")
def test_p4_4_not_before_filing_or_agreement_and_not_for_another_term(world: World) -> None:
    register(world)
    enrol(world.mei, world.term)
    assert {"R-GATE-00:bill_before_filing", "R-FILING-02:fund_plan_not_accepted"} <= keys(billed(world))
    Clearance.objects.create(
        school=world.riverside.school, term=world.term, receipt_number="LP-1", cleared_by="科", cleared_at=FIRST
    )
    type(world.mei.enrolments.get().agreement).objects.update(state="to_sign")
    assert keys(billed(world)) == {"R-FEE-02:agreement_not_signed"}
    spring = date(2027, 3, 1)
    assert keys(lambda: run(world, spring)) == {"R-FEE-01:no_service_in_month"}


@pytest.mark.clause("3.3-d")
def test_p4_4_price_account_and_telephone_are_public_before_the_first_bill_can_be_made(world: World, at_moment) -> None:
    """Billing needs the registered account, and with it the school's public page says all three by itself."""
    at_moment(FIRST)
    open_books(world)
    page = Client().get(reverse("public:school", args=(world.riverside.school.code,))).content.decode()
    assert not Bill.objects.exists()
    for words in ("110.00元", "6228000000000001", "023-53200000"):
        assert words in page, words
    assert "收费公示牌" in page, "and whether the board is published too"


@pytest.mark.clause("3.3-d")
def test_p4_5_days_that_were_not_delivered_come_back_by_themselves_with_a_day_to_pay_by(world: World) -> None:
    open_books(world)
    run(world)
    pay(world, bill_of(world.mei))
    sick(world.mei, 3, 4, 5)
    run(world, at=AFTER)
    refund = Refund.objects.get()
    assert refund.amount_fen == 11_00 and refund.due_on > AFTER.date()


@pytest.mark.clause("3.3-d")
def test_p4_7_the_parents_committee_has_no_hand_on_money() -> None:
    money_hands = {Permission.BILL_RUN, Permission.PAYMENT_RECORD, Permission.EXPENSE_RECORD, Permission.PUBLISH}
    assert not ROLES["parents_committee"].permissions & money_hands


@pytest.mark.clause("3.3-d")
def test_p4_8_who_is_listed_pays_nothing_and_nobody_is_waived_without_a_ground(world: World) -> None:
    open_books(world)
    by = world.riverside.by("aid_officer")
    facts = {"from_on": date(2026, 9, 1), "by": by, "at": FIRST}
    people.record_care(world.mei, "dibao_family", source="区名单", **facts)
    found = keys(lambda: people.record_care(world.bo, "教师子女", source="照顾", **facts))
    found |= keys(lambda: people.record_care(world.bo, "dibao_family", source=" ", **facts))
    assert found == {"R-PRIO-03:unknown_category", "R-WAIV-02:no_source"}
    run(world)
    assert (bill_of(world.mei).due_fen, bill_of(world.bo).due_fen) == (0, 110_00)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"slots": {6: 1}}, "R-TIME-01"), ({"slots": {1: 3}, "class_hours": 2}, "R-TIME-03")],
)
@pytest.mark.clause("3.3-d")
def test_p4_9_no_service_outside_the_afternoon_of_a_school_day_can_be_sold(
    world: World, changes: dict, code: str
) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=by, at=AT)
    found = keys(lambda: programme.add_activity(table, row(place, **changes), by=by, at=AT))
    assert any(key.startswith(code) for key in found)


@pytest.mark.parametrize("item", ["晚接看管费", "押金", "最低消费", "早托费", "午休看管费", "晚自习费"])
@pytest.mark.clause("3.3-d")
def test_p4_10_no_charge_for_being_late_no_deposit_no_minimum(world: World, item: str) -> None:
    open_books(world)
    assert keys(billed(world, item=item)) == {"R-FEE-04:other_item"}
    run(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bill.objects.filter(pupil=world.mei).update(item=item)
