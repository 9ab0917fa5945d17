"""备案公开 and the papers behind a code: what it is, whose, since when, whether it holds; nobody's name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.filing import actions as filing
from kehou.chapters.filing.models import Filing, PackPart
from kehou.chapters.staffing import actions as staffing
from tests.filing import AUGUST, BY_PASSWORD, accepted, submitted
from tests.people import put_in_use
from tests.world import World, moment


@pytest.fixture(autouse=True)
def september(at_moment) -> None:
    at_moment(moment(9, on=date(2026, 9, 3)))


def verified(client: Client, code: str) -> str:
    answer = client.get(reverse("public:verify", args=(code,)))
    assert answer.status_code == 200, code
    return answer.content.decode().split("<main")[1]


def people(world: World) -> set[str]:
    return {one.name for one in world.riverside.staff.values()} | {"周爷爷"}


def test_what_is_in_force_is_public_and_names_nobody(client: Client, world: World):
    assert "还没有生效的备案" in client.get(reverse("public:filings")).content.decode()
    one = accepted(world)
    listed = client.get(reverse("public:filings")).content.decode()
    assert one.number in listed and one.pack.digest[:16] in listed and world.hill.school.name not in listed
    page = client.get(reverse("public:filing", args=(world.riverside.school.code,))).content.decode()
    assert one.number in page and "服务人员名单" in page and "18步完成" in page
    assert not any(name in page for name in people(world) | {world.district["basic_education"].name})
    assert client.get(reverse("public:filings"), {"as": "sheet"})["Content-Type"].endswith("sheet")
    bare = client.get(reverse("public:filing", args=(world.hill.school.code,))).content.decode()
    assert "备案通过以前不能报名" in bare
    assert client.get(reverse("public:filing", args=("1234567890",))).status_code == 404


@pytest.mark.clause("2.7.5-d")
def test_each_paper_of_a_filing_is_found_by_what_stands_on_it(client: Client, world: World):
    one = accepted(world)
    part = PackPart.objects.get(pack=one.pack, code="F3")
    for code, said in (
        (one.number, "备案回执"),
        (one.pack.digest[:24], "首次备案材料"),
        (part.digest[:24], "服务人员名单"),
    ):
        page = verified(client, code)
        assert said in page and world.riverside.school.name in page and "真实有效" in page
        assert not any(name in page for name in people(world))
    assert client.get(reverse("public:verify", args=("LP-KHFW-2026秋-2150990002-09",))).status_code == 404
    assert client.get(reverse("public:verify", args=("0" * 24,))).status_code == 404


def test_what_was_replaced_or_not_accepted_is_genuine_and_does_not_hold(client: Client, world: World):
    one = submitted(world)
    assert "已变化" in verified(client, one.pack.digest[:24])
    filing.accept(one, by=world.by_district("basic_education"), at=AUGUST)
    later, place = AUGUST + timedelta(days=2), world.riverside
    facts = staffing.StaffFacts(name="新来的老师")
    member = staffing.add_staff(place.school, facts, by=place.by("asp_manager"), at=later)
    put_in_use([member], world.term, on_roster=False)
    two = filing.begin_amendment(place.school, world.term, reason="加人", by=place.by("asp_manager"), at=later)
    two = filing.sign(two, ink=BY_PASSWORD, by=place.by("principal"), at=later)
    two = filing.submit(two, by=place.by("principal"), at=later)
    filing.accept(two, by=world.by_district("basic_education"), at=later)
    old = Filing.objects.get(pk=one.pk)
    assert "已变更" in verified(client, old.number) and "真实有效" not in verified(client, old.number)
    assert "真实有效" in verified(client, old.number.replace("-01", "-02"))
