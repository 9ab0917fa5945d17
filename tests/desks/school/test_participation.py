"""家长参与: the office notes when representatives took part, minutes speak for themselves, what is wrong is struck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.journal.models import Letter
from kehou.chapters.planning.models import Participation
from tests.chapters.planning import stage
from tests.chapters.planning.stage import day
from tests.world import World, make_account


@pytest.fixture
def office(client: Client, world: World, at_moment: Callable[[Any], None]) -> Client:
    at_moment(day(13))
    client.force_login(world.riverside.who["asp_manager"])
    return client


def at(name: str, world: World, *more: object) -> str:
    return reverse(f"school:{name}", args=(world.riverside.school.code, *more))


@pytest.mark.clause("2.5-q")
def test_each_point_needs_evidence_and_minutes_are_evidence_of_the_plan(office: Client, world: World) -> None:
    page = office.get(at("participation", world)).content.decode()
    assert "还没有家长代表参与的环节：意向调查、研讨方案、选课与统筹、巡查、经费公示、评价" in page
    stage.signed(world)
    page = office.get(at("participation", world)).content.decode()
    assert "来自纪要" in page and "意向调查、选课与统筹、巡查、经费公示、评价" in page
    member = world.riverside.who["parents_committee"]
    given = {"held_on": "2026-09-01", "members": [member.pk], "words": "看了报名办法，问了摇号"}
    for point in ("survey", "choice", "patrol", "money", "evaluation"):
        done = office.post(at("participation", world), given | {"point": point}, follow=True).content.decode()
        assert "已登记" in done
    assert "六个环节都有家长代表参与的记录" in done
    assert Letter.objects.filter(to_account=member.pk, title__contains="登记了您参与").count() == 5
    assert "看了报名办法" in office.get(at("participation", world) + "?q=" + member.name).content.decode()
    assert "看了报名办法" not in office.get(at("participation", world) + "?q=没有这个人").content.decode()
    sheet = office.get(at("participation", world) + "?as=sheet")
    assert sheet["Content-Disposition"].startswith("attachment")
    assert office.get(at("participation_paper", world)).content.startswith(b"%PDF")


def test_what_is_typed_stays_and_who_was_no_member_is_named(office: Client, world: World) -> None:
    member = world.riverside.who["parents_committee"]
    given = {"point": "patrol", "held_on": "2026-12-24", "members": [member.pk], "words": "看了离校"}
    answer = office.post(at("participation", world), given)
    page = answer.content.decode()
    assert answer.status_code == 422 and "还没有到这一天" in page and "看了离校" in page and "checked" in page
    before = office.post(at("participation", world), given | {"held_on": "2020-01-01"}).content.decode()
    assert "那天不是家委会委员" in before
    stranger = make_account("路人甲")
    other = office.post(at("participation", world), given | {"members": [stranger.pk]})
    assert other.status_code == 422 and not Participation.objects.exists()


def test_a_wrong_record_is_struck_with_a_reason_and_counts_no_more(office: Client, world: World) -> None:
    member = world.riverside.who["parents_committee"]
    given = {"point": "patrol", "held_on": "2026-09-01", "members": [member.pk], "words": "看了离校"}
    office.post(at("participation", world), given)
    (one,) = Participation.objects.all()
    address = at("participation_striking", world, one.pk)
    assert "请写明为什么划去" in office.post(address, {"reason": " "}, follow=True).content.decode()
    done = office.post(address, {"reason": "那天没有来"}, follow=True).content.decode()
    assert "已划去" in done and "看了离校" not in done
    assert "已经划去" in office.post(address, {"reason": "再划一次"}, follow=True).content.decode()
    one.refresh_from_db()
    assert one.struck_because == "那天没有来", "the record and why are kept"


def test_a_member_reads_and_another_school_finds_nothing(office: Client, client: Client, world: World) -> None:
    client.force_login(world.riverside.who["parents_committee"])
    assert "登记一次参与" not in client.get(at("participation", world)).content.decode()
    assert client.post(at("participation", world), {"point": "patrol"}).status_code == 403
    assert client.post(at("participation_striking", world, 1)).status_code == 403
    client.force_login(world.hill.who["asp_manager"])
    assert client.get(at("participation", world)).status_code == 404


@pytest.mark.parametrize("records", [2, 12])
def test_the_page_costs_the_same_for_two_records_and_for_twelve(
    office: Client, world: World, records: int, django_assert_max_num_queries: Any
) -> None:
    member = world.riverside.who["parents_committee"]
    for number in range(records):
        given = {"point": "patrol", "held_on": "2026-09-01", "members": [member.pk], "words": f"第{number}次"}
        office.post(at("participation", world), given)
    with django_assert_max_num_queries(17):
        office.get(at("participation", world))
