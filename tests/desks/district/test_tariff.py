"""The price is set by one office in versions that everybody can read, and no price stands above the upper cap."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import Instrument, ParameterVersion
from kehou.chapters.basis.queries import parameters_on
from kehou.lib.actors import SYSTEM
from kehou.rules.verdicts import Refused
from tests.billing import DECEMBER, bill_of, open_books, run
from tests.world import World, moment

AT = moment()
FROM = date(2026, 12, 1)
CHEAPER = {"1": 5000, "2": 9000, "3": 13000}


@pytest.fixture(autouse=True)
def morning(at_moment) -> None:
    at_moment(AT)


@pytest.fixture
def ground(world: World) -> Instrument:
    return basis.add_instrument(
        "梁发改〔2026〕9号",
        title="关于收费标准的批复",
        issuer="区发改委",
        issued_on=date(2026, 11, 1),
        by=SYSTEM,
        at=AT,
    )


def propose(world: World, ground: Instrument, value: dict, key: str = "fee.tariff", **more) -> ParameterVersion:
    facts = {"from_on": FROM, "approval_reference": "批复1号", "reason": "审核上学年成本，下调", "by": world.by_district("price"), "at": AT}  # fmt: skip
    return basis.propose_parameter(key, value, instrument=ground, **{**facts, **more})


def said(client: Client) -> str:
    return client.get(reverse("public:prices")).content.decode()


@pytest.mark.clause("2.6.1-a")
def test_the_price_has_versions_that_the_public_reads_and_bills_follow_from_their_day(
    client: Client, world: World, ground: Instrument
) -> None:
    open_books(world)
    run(world)
    assert "没有改过" in said(client)
    version = propose(world, ground, CHEAPER)
    assert "没有改过" in said(client), "a proposal is no price"
    with pytest.raises(Refused) as no:
        basis.approve_parameter(version, by=world.by_district("price"), at=AT)
    assert no.value.refusal.key == "R-FEE-08:needs_second_person"
    basis.approve_parameter(version, by=world.by_district("price_head"), at=AT)
    page = said(client)
    for words in (
        "2026年12月1日",
        "还没有到",
        "90.00",
        "梁发改〔2026〕9号",
        "批复1号",
        "成本审核：审核上学年成本，下调",
    ):
        assert words in page, words
    assert "110.00" in page, "what is asked today stands there as well"
    run(world, DECEMBER)
    assert (bill_of(world.mei).due_fen, bill_of(world.mei, DECEMBER).due_fen) == (110_00, 90_00)


@pytest.mark.clause("2.6.1-a")
@pytest.mark.parametrize(
    ("value", "key"),
    [
        ({}, "R-BASIS-03:not_a_table"),
        ({"1": 5000, "2": 9000}, "R-FEE-07:tier_without_price"),
    ],
)
def test_a_table_without_the_price_of_a_tier_is_not_even_proposed(
    world: World, ground: Instrument, value: dict, key: str
) -> None:
    with pytest.raises(Refused) as no:
        propose(world, ground, value)
    assert key in [one.key for one in no.value.refusals] and not ParameterVersion.objects.exists()


@pytest.mark.clause("3.1-d")
def test_no_price_stands_above_the_cap_of_the_level_above_whichever_of_the_two_changes(
    client: Client, world: World, ground: Instrument
) -> None:
    for key, value in (("fee.tariff", {"1": 6000, "2": 11000, "3": 16001}), ("fee.upper_cap", 15999)):
        with pytest.raises(Refused) as no:
            propose(world, ground, value, key)
        assert [one.key for one in no.value.refusals] == ["R-FEE-09:above_upper_cap"]
    assert not ParameterVersion.objects.exists() and "每生每月最高160.00元" in said(client)
    # The cap falls: first the price, then the cap, never a day between them on which the price is above it.
    head = world.by_district("price_head")
    basis.approve_parameter(propose(world, ground, CHEAPER), by=head, at=AT)
    cap = propose(world, ground, 13000, "fee.upper_cap")
    basis.approve_parameter(cap, by=head, at=AT)
    assert parameters_on(FROM).fee.upper_cap == 13000 and parameters_on(AT.date()).fee.upper_cap == 16000
    with pytest.raises(Refused) as no:
        propose(world, ground, {"1": 6000, "2": 11000, "3": 16000}, from_on=date(2027, 1, 1))
    assert no.value.refusal.key == "R-FEE-09:above_upper_cap"


@pytest.mark.clause("3.1-d")
@pytest.mark.parametrize("key", ["fee.tariff", "fee.upper_cap"])
def test_only_the_price_office_may_touch_price_and_cap(
    client: Client, world: World, ground: Instrument, key: str
) -> None:
    for account in (world.district["basic_education_head"], world.district["finance"]):
        client.force_login(account)
        assert client.post(reverse("district:proposals", args=(key,)), {"value": "1"}).status_code == 403
    client.force_login(world.riverside.who["principal"])
    assert client.post(reverse("district:proposals", args=(key,)), {"value": "1"}).status_code == 404
