"""The parameters' pages: proposing in words, approving by another, every kind of value."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import Instrument, ParameterVersion
from kehou.chapters.basis.queries import parameters_on
from kehou.desks.district.forms_parameter import ProposalForm
from kehou.lib.actors import SYSTEM
from kehou.rules.parameters import REGISTRY, Parameters
from tests.world import TODAY, World, moment

AT = moment()
SOON = TODAY + timedelta(days=13)


@pytest.fixture(autouse=True)
def morning(at_moment) -> None:
    at_moment(AT)


@pytest.fixture
def instrument(world: World) -> Instrument:
    return basis.add_instrument(
        "梁发改〔2026〕9号",
        title="关于收费标准的批复",
        issuer="区发改委",
        issued_on=date(2026, 11, 1),
        by=SYSTEM,
        at=AT,
    )


def typed(instrument: Instrument, **value: object) -> dict[str, object]:
    return {
        **value,
        "from_on": SOON.isoformat(),
        "instrument": instrument.pk,
        "approval_reference": "批复1号",
        "reason": "成本下降",
    }


TARIFF = {"row_1课时": "50.00", "row_2课时": "90", "row_3课时": "130"}


def propose(client: Client, world: World, key: str, data: dict[str, object], role: str):
    client.force_login(world.district[role])
    return client.post(reverse("district:proposals", args=(key,)), data)


def decide(client: Client, world: World, role: str, wish: str = "approve", **more: object):
    client.force_login(world.district[role])
    version = ParameterVersion.objects.latest("pk")
    return client.post(reverse("district:decision", args=(version.pk,)), {"decision": wish, **more})


def test_the_tariff_is_proposed_by_one_and_approved_by_another(client: Client, world: World, instrument):
    assert propose(client, world, "fee.tariff", typed(instrument, **TARIFF), "price").status_code == 302
    assert parameters_on(SOON).fee.tariff[2] == 11000
    page = client.get(reverse("district:parameters")).content.decode()
    assert "等待批准" in page and "2课时：90.00元" in page
    assert decide(client, world, "price").status_code == 403
    assert decide(client, world, "price_head").status_code == 302
    assert parameters_on(SOON).fee.tariff[2] == 9000
    history = client.get(reverse("district:parameter", args=("fee.tariff",))).content.decode()
    assert "将生效" in history and "批复1号" in history and "成本下降" in history


def test_the_head_does_not_approve_what_the_head_proposed(client: Client, world: World, instrument):
    propose(client, world, "fee.tariff", typed(instrument, **TARIFF), "price_head")
    page = client.get(reverse("district:parameter", args=("fee.tariff",))).content.decode()
    assert "提出的人不能自己批准" in page and 'aria-disabled="true"' in page
    answer = decide(client, world, "price_head")
    assert answer.status_code == 409
    assert parameters_on(SOON).fee.tariff[2] == 11000


def test_another_office_does_not_touch_the_tariff(client: Client, world: World, instrument):
    assert propose(client, world, "fee.tariff", typed(instrument, **TARIFF), "basic_education").status_code == 403
    assert propose(client, world, "slot.break_minutes", typed(instrument, value="5"), "price").status_code == 403
    assert not ParameterVersion.objects.exists()


@pytest.mark.parametrize(
    ("value", "said"),
    [("99", "超出范围"), ("五分钟", "不是整数"), ("10", "和那一天本来的数值相同")],
)
def test_what_is_not_allowed_is_said_and_what_was_typed_stays(client: Client, world: World, instrument, value, said):
    answer = propose(client, world, "slot.break_minutes", typed(instrument, value=value), "basic_education")
    page = answer.content.decode()
    assert (answer.status_code, said in page, f'value="{value}"' in page, "成本下降" in page) == (422, True, True, True)


def test_the_past_is_not_changed(client: Client, world: World, instrument):
    data = typed(instrument, value="5") | {"from_on": "2026-11-01"}
    answer = propose(client, world, "slot.break_minutes", data, "basic_education")
    assert "已经过去" in answer.content.decode()


def test_without_a_ground_it_is_not_approved_and_it_can_be_added_then(client: Client, world: World, instrument):
    data = typed(instrument, value="5") | {"instrument": "", "approval_reference": ""}
    propose(client, world, "slot.break_minutes", data, "basic_education")
    assert "还没有选定依据文件" in decide(client, world, "basic_education_head").content.decode()
    more = {"instrument": instrument.pk, "approval_reference": "会议纪要3号"}
    assert decide(client, world, "basic_education_head", **more).status_code == 302
    assert parameters_on(SOON).slot.break_minutes == 5


def test_it_can_be_declined_and_taken_back(client: Client, world: World, instrument):
    propose(client, world, "slot.break_minutes", typed(instrument, value="5"), "basic_education")
    assert decide(client, world, "basic_education_head", "reject", reason="再研究").status_code == 302
    propose(client, world, "slot.break_minutes", typed(instrument, value="5"), "basic_education")
    assert decide(client, world, "basic_education", "withdraw").status_code == 302
    states = ParameterVersion.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["rejected", "withdrawn"]
    assert decide(client, world, "basic_education_head", "something").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("key", REGISTRY)
def test_every_parameter_can_be_edited_and_reads_back_what_it_shows(key: str):
    """The form of each kind, sent back unchanged, gives the value it was filled with."""
    value = Parameters().value(key)
    blank = ProposalForm(REGISTRY[key], value)
    data = {name: blank.fields[name].initial for name in blank.value_names if blank.fields[name].initial is not None}
    form = ProposalForm(REGISTRY[key], value, data | {"from_on": "2026-12-01", "reason": "x"})
    assert form.is_valid(), form.errors
    assert REGISTRY[key].load(form.value) == value


def test_a_parameter_that_does_not_exist_is_not_found(client: Client, world: World):
    client.force_login(world.district["finance"])
    assert client.get(reverse("district:parameter", args=("fee.nothing",))).status_code == 404


def test_the_list_is_searched_and_costs_the_same(client: Client, world: World, instrument, django_assert_num_queries):
    client.force_login(world.district["finance"])
    address = reverse("district:parameters")
    page = client.get(address, {"q": "休息"}).content.decode()
    assert "课时之间休息" in page and "收费标准" not in page.split("</nav>")[-1]
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)
    for ahead in range(5):
        propose(
            client,
            world,
            "slot.break_minutes",
            typed(instrument, value=str(ahead)) | {"from_on": (SOON + timedelta(days=ahead)).isoformat()},
            "basic_education",
        )
    client.force_login(world.district["finance"])
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)
