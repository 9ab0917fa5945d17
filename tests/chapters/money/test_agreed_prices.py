"""A price that changes within a term is asked for: who has not agreed to it is billed at the one it signed (2.7.2-g)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from kehou.chapters.basis.models import ParameterVersion
from kehou.chapters.enrolment.models import Agreement
from kehou.chapters.money.models import Bill
from kehou.chapters.money.queries import billed_as_agreed, explain, fee_agreed
from kehou.chapters.money.queries.bills import bills_of_pupil
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import Amendment
from kehou.rules.planning import Change, ChangeKind
from tests.billing import AFTER, DECEMBER, NOVEMBER, OCTOBER, bill_of, open_books, run, sick
from tests.chapters.planning import stage
from tests.world import World, moment

SIGNED = [["每天1课时", 60_00], ["每天2课时", 110_00], ["每天3课时", 160_00]]
FROM = date(2026, 12, 1)
TOLD = moment(9, on=date(2026, 11, 3))
PRICE = Change(ChangeKind.PRICE, "每天2课时", "每月110元", "每月130元")


def decide(tariff: dict[str, int], *, on: date = FROM, at: datetime = TOLD, key: str = "fee.tariff") -> None:
    """Let the price office put another tariff in force."""
    turn = ParameterVersion.objects.filter(decision__isnull=False).count() + 1
    ParameterVersion.objects.create(
        key=key, value=tariff, from_on=on, state="in_force", proposed_by="价格科", proposed_at=at, decided_at=at,
        decision=turn, stamp=uuid4(),
    )  # fmt: skip


def open_and_signed(world: World) -> stage.Way:
    """Return the school with a plan in force, and two families who signed a price of 110 yuan."""
    way = stage.signed(world)
    for one in open_books(world):
        Agreement.objects.filter(pk=one.agreement_id).update(content={"tiers": SIGNED})
    return way


def told(way: stage.Way, change: Change = PRICE) -> Amendment:
    """Tell both families of the new price."""
    made = planning.propose_amendment(
        way.plan, reason="收费标准调整。", changes=[change], from_on=FROM, answer_by=TOLD + timedelta(days=5),
        by=way.office, at=TOLD,
    )  # fmt: skip
    planning.tell_affected(made, {way.world.mei.pk: "收费", way.world.bo.pk: "收费"}, by=way.office, at=TOLD)
    return made


def answer(way: stage.Way, amendment: Amendment, pupil: object) -> None:
    """Let one family agree."""
    (consent,) = amendment.consents.filter(pupil=pupil)
    planning.answer_amendment(consent, agrees=True, account=way.world.guardian, by=way.world.by_guardian(), at=TOLD)


def sign(way: stage.Way, amendment: Amendment) -> None:
    """Let the principal sign when the days of answering are over."""
    later = TOLD + timedelta(days=6)
    section = way.plan.sections.get(key="times")
    planning.edit_section(
        way.plan, section.key, body=section.body + "\n收费标准调整。", seen=section.revision, by=way.office, at=later
    )
    planning.prepare_amendment(amendment, by=way.office, at=later)
    planning.sign_amendment(amendment, by=way.principal, at=later)


def file(way: stage.Way) -> None:
    """Let the district accept what is signed."""
    world, at = way.world, TOLD + timedelta(days=8)
    planning.accept_amendments(
        world.riverside.school, world.term, signed_until=at, by=world.by_district("basic_education"), at=at
    )


def words(bill: Bill) -> list[str]:
    """Return a bill's lines as the family reads them."""
    return [line.why for line in explain(bills_of_pupil(bill.pupil).get(pk=bill.pk)).lines]


@pytest.mark.clause("2.7.2-g")
def test_who_has_not_agreed_to_a_new_price_is_billed_at_the_one_it_signed(world: World) -> None:
    way = open_and_signed(world)
    decide({"1": 70_00, "2": 130_00, "3": 160_00})
    amendment = told(way)
    answer(way, amendment, world.mei)
    sign(way, amendment)
    file(way)
    run(world)
    assert bill_of(world.mei).due_fen == 110_00, "November is before the change"
    run(world, DECEMBER, at=AFTER)
    mei, bo = bill_of(world.mei, DECEMBER), bill_of(world.bo, DECEMBER)
    assert (mei.due_fen, bo.due_fen) == (130_00, 110_00)
    assert any("仍按协议书上的标准" in line for line in words(bo)) and not any("协议书" in line for line in words(mei))
    assert sum(bo.lines.values_list("amount_fen", flat=True)) == bo.due_fen
    assert mei.terms.content["fee.tariff"]["2"] == 130_00 and bo.terms.content["fee.tariff"]["2"] == 110_00
    school = world.riverside.school
    assert (billed_as_agreed(school, DECEMBER), billed_as_agreed(school, NOVEMBER)) == (1, 0)
    office = Client()
    office.force_login(world.riverside.who["cashier"])
    page = office.get(f"/school/{school.code}/bills/?month=2026-12").content.decode()
    assert "其中1张仍按协议书上的标准计费" in page
    office.force_login(world.riverside.who["asp_manager"])
    page = office.get(f"/school/{school.code}/plan/amendments/{amendment.number}/").content.decode()
    assert "没有同意新收费标准的，到学期末仍按协议书上的标准计费" in page and "备案通过" in page


@pytest.mark.clause("2.7.2-g")
@pytest.mark.parametrize("missing", ["not asked", "not signed", "not filed", "withdrawn", "another matter"])
def test_a_yes_alone_is_not_a_new_price(world: World, missing: str) -> None:
    way = open_and_signed(world)
    decide({"1": 70_00, "2": 130_00, "3": 160_00})
    if missing != "not asked":
        other = Change(ChangeKind.TIME, "放学", "16:40", "16:20")
        amendment = told(way, other if missing == "another matter" else PRICE)
        answer(way, amendment, world.mei)
        if missing == "withdrawn":
            planning.withdraw_amendment(amendment, reason="暂不调整。", by=way.office, at=TOLD)
        elif missing != "not signed":
            sign(way, amendment)
        if missing not in ("not filed", "not signed", "withdrawn"):
            file(way)
    run(world, DECEMBER, at=AFTER)
    assert {bill_of(one, DECEMBER).due_fen for one in (world.mei, world.bo)} == {110_00}


@pytest.mark.clause("2.7.2-g")
def test_a_lower_price_holds_for_everybody_at_once(world: World) -> None:
    open_and_signed(world)
    decide({"1": 50_00, "2": 100_00, "3": 160_00})
    run(world, DECEMBER, at=AFTER)
    bill = bill_of(world.mei, DECEMBER)
    assert bill.due_fen == 100_00 and not any("协议书" in line for line in words(bill))


@pytest.mark.clause("2.7.2-g")
def test_another_way_of_counting_is_another_price(world: World) -> None:
    open_and_signed(world)
    decide("FULL_MONTH", key="fee.mode")  # type: ignore[arg-type]
    sick(world.mei, *(day for day in range(1, 32) if date(2026, 12, day).isoweekday() < 5), month=DECEMBER)
    run(world, DECEMBER, at=AFTER)
    bill = bill_of(world.mei, DECEMBER)
    assert bill.due_fen == bill.charged_days * 550 < 110_00


@pytest.mark.clause("2.7.2-g")
def test_a_bill_computed_again_keeps_the_price_it_was_made_with(world: World) -> None:
    open_and_signed(world)
    decide({"1": 70_00, "2": 130_00, "3": 160_00}, on=NOVEMBER)
    run(world)
    assert bill_of(world.mei).due_fen == 110_00
    sick(world.mei, 3, 4, 5)
    run(world, at=AFTER)
    assert bill_of(world.mei).due_fen == 18 * 550
    run(world, OCTOBER)
    assert bill_of(world.mei, OCTOBER).due_fen == 99_00, "before the change nothing is kept, nothing is said"
    assert not any("协议书" in line for line in words(bill_of(world.mei, OCTOBER)))


@pytest.mark.clause("2.7.2-g")
def test_who_signs_after_the_change_has_agreed_to_it_by_signing(world: World) -> None:
    mei, _ = open_books(world)
    decide({"1": 70_00, "2": 130_00, "3": 160_00}, on=NOVEMBER)
    tiers = [["每天1课时", 70_00], ["每天2课时", 130_00], ["每天3课时", 160_00]]
    Agreement.objects.filter(pk=mei.agreement_id).update(
        content={"tiers": tiers}, drawn_up_at=moment(9, on=date(2026, 11, 2))
    )
    Agreement.objects.exclude(pk=mei.agreement_id).update(content={"tiers": SIGNED})
    run(world, DECEMBER, at=AFTER)
    assert (bill_of(world.mei, DECEMBER).due_fen, bill_of(world.bo, DECEMBER).due_fen) == (130_00, 110_00)
    assert fee_agreed(mei, on=DECEMBER).tariff[2] == 130_00
