"""From the refusal on the activity form to the district's desk and back, nothing typed twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.programme import actions as programme
from kehou.chapters.programme import queries
from kehou.chapters.programme.models import Activity, ActivityTable, Permit
from kehou.chapters.schools import actions as schools
from tests.chapters.programme.stage import AT
from tests.consultation import consult
from tests.desks.school.stage import answers, url
from tests.desks.school.test_table import typed
from tests.world import World

WORDS = {"name": "苗木培优班", "aim": "学习育苗，培养实践能力"}
REASON = "培优指培育优良苗木，不涉及任何学科"


@pytest.fixture
def draft(world: World, client: Client, at_moment: Callable[[Any], None]) -> ActivityTable:
    """Return Riverside's table as a draft, the manager at the desk."""
    at_moment(AT)
    consult(world)
    as_manager(client, world)
    return programme.start_table(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=AT)


def as_officer(client: Client, world: World) -> None:
    client.force_login(world.district["basic_education"])


def as_manager(client: Client, world: World) -> None:
    client.force_login(world.riverside.who["asp_manager"])


def test_a_release_is_asked_for_from_the_refusal_and_the_row_is_there_again_afterwards(
    client: Client,
    world: World,
    draft: ActivityTable,
) -> None:
    answer = client.post(url("activity_new", world), typed(world, **WORDS))
    page = answer.content.decode()
    assert answer.status_code == 409 and url("release", world) in page and "“培优”" in page and "烧杯" in page
    answer = client.post(url("release", world), typed(world, **WORDS) | {"release_reason": "要"})
    assert answer.status_code == 409 and "苗木培优班" in answer.content.decode()
    assert client.post(url("release", world), typed(world, **WORDS) | {"release_reason": REASON}).status_code == 302
    permit = Permit.objects.get()
    assert "等区教委决定" in client.get(url("permits", world)).content.decode()

    as_officer(client, world)
    listed = client.get(reverse("district:permits")).content.decode()
    assert "苗木培优班" in listed and REASON in listed
    address = reverse("district:permit_decision", args=[permit.pk])
    answer = client.post(address, {"decision": "grant", "reason": "好"})
    assert answer.status_code == 409 and ">好</textarea>" in answer.content.decode()
    assert client.post(address, {"decision": "grant", "reason": "看过内容，确是育苗"}).status_code == 302

    as_manager(client, world)
    page = client.get(url("permit", world, permit.pk)).content.decode()
    assert "看过内容，确是育苗" in page and f"?permit={permit.pk}" in page
    page = client.get(url("activity_new", world), {"permit": permit.pk}).content.decode()
    assert 'value="苗木培优班"' in page and 'value="烧杯"' in page
    assert client.post(url("activity_new", world), typed(world, **WORDS)).status_code == 302
    assert "用语已放行" in client.get(url("table", world)).content.decode()


def test_a_request_is_withdrawn_by_the_school_and_decided_no_more(
    client: Client,
    world: World,
    draft: ActivityTable,
) -> None:
    client.post(url("release", world), typed(world, **WORDS) | {"release_reason": REASON})
    permit = Permit.objects.get()
    assert client.post(url("permit_withdrawal", world, permit.pk)).status_code == 302
    as_officer(client, world)
    decided = {"decision": "grant", "reason": "看过内容，确是育苗"}
    assert client.post(reverse("district:permit_decision", args=[permit.pk]), decided).status_code == 409
    permit.refresh_from_db()
    assert permit.state == "withdrawn"


@pytest.mark.clause("2.3-k")
def test_a_trip_is_kept_as_a_draft_asked_for_and_approved(
    client: Client,
    world: World,
    draft: ActivityTable,
) -> None:
    place = world.riverside
    facts = schools.RoomFacts(
        code="W-01", name="双桂湖湿地", capacity=30, kind="off_campus", risk_class="D", checked_on=AT.date()
    )
    wetland = schools.add_room(place.school, facts, by=place.by("asp_manager"), at=AT)
    more = {"place": f"room:{wetland.pk}", "risk_class": "D", "helpers": [str(place.staff["volunteer"].pk)]}
    assert client.post(url("activity_new", world), typed(world, **more)).status_code == 302
    outing = Activity.objects.get()
    assert "批准以前不能公布" in client.get(url("activity", world, outing.pk)).content.decode()
    address = url("permit_trip", world, outing.pk)
    said = {"route": "步行1.2公里", "safety_plan": "两头各一名成人", "reason": "学校没有水面，观鸟只能到湿地"}
    answer = client.post(address, said)
    assert answer.status_code == 409 and "步行1.2公里" in answer.content.decode()
    assert client.post(address, said | {"consent": "纸质回执"}).status_code == 302
    permit = Permit.objects.get()
    as_officer(client, world)
    page = client.get(reverse("district:permit", args=[permit.pk])).content.decode()
    assert "步行1.2公里" in page and place.staff["volunteer"].name in page and "双桂湖湿地" in page
    decided = {"decision": "grant", "reason": "路线实地走过，可以"}
    assert client.post(reverse("district:permit_decision", args=[permit.pk]), decided).status_code == 302
    assert queries.checking(draft, on=AT.date()).is_approved(queries.facts_of(outing))
    as_manager(client, world)
    assert "区教委已经批准" in client.get(url("activity", world, outing.pk)).content.decode()


def test_who_may(client: Client, world: World, draft: ActivityTable) -> None:
    client.post(url("release", world), typed(world, **WORDS) | {"release_reason": REASON})
    permit = Permit.objects.get()
    for address in (url("permits", world), url("permit", world, permit.pk)):
        assert answers(client, world, address, "principal") == (200, 404, 302)
        assert answers(client, world, address, "cashier") == (403, 404, 302)
    client.force_login(world.riverside.who["principal"])
    assert client.post(url("release", world), typed(world, **WORDS)).status_code == 403
    assert client.post(url("permit_withdrawal", world, permit.pk)).status_code == 403
    client.force_login(world.district["supervision"])
    assert client.get(reverse("district:permit", args=[permit.pk])).status_code == 200
    assert client.post(reverse("district:permit_decision", args=[permit.pk]), {"decision": "grant"}).status_code == 403


@pytest.mark.parametrize("many", [1, 12])
def test_the_lists_cost_the_same_however_long(
    client: Client,
    world: World,
    draft: ActivityTable,
    many: int,
    django_assert_max_num_queries,
) -> None:
    for number in range(many):
        sent = typed(world, **{**WORDS, "name": f"苗木培优{number}班"}) | {"release_reason": REASON}
        assert client.post(url("release", world), sent).status_code == 302
    with django_assert_max_num_queries(14):
        client.get(url("permits", world))
    as_officer(client, world)
    with django_assert_max_num_queries(14):
        assert client.get(reverse("district:permits")).content.decode().count("苗木培优") >= many
    assert client.get(reverse("district:permits"), {"as": "sheet"}).status_code == 200
