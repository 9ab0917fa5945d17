"""第三方机构、走教、人员构成 at the district, and what the public sees and says of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import Candidacy, Objection, ProviderCall, Visit
from kehou.rules.providers import CHECKS, CRITERIA, credit_code
from tests.chapters.staffing.outside import AT, applied, listed, officer, organisation, shown
from tests.world import World, moment


@pytest.fixture(autouse=True)
def _now(at_moment) -> None:
    at_moment(AT)


def at_desk(client: Client, world: World, role: str = "basic_education") -> Client:
    client.force_login(world.district[role])
    return client


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"district:{name}", args=args)).content.decode()


TYPED = {
    "name": "小荷艺术团", "credit_code": credit_code("91500155MA5U0001X").lower(), "legal_person": "何某",
    "phone": "023-53220000", "licence_number": "1号", "founded_on": "2019-05-01", "scope": "文艺创作与表演",
    "address": "顺城街8号", "area": "dance", "offer": "少儿舞蹈", "hour_yuan": "90",
}  # fmt: skip


def test_an_organisation_is_brought_from_call_to_list(client: Client, world: World, at_moment) -> None:
    at_desk(client, world)
    call = {"title": "艺体类机构征集", "areas": ["dance"], "words": "非学科类，人员有资质。", "closes_on": "2026-12-31"}
    lacking = client.post(reverse("district:call_new"), call | {"closes_on": "2026-11-01"})
    assert lacking.status_code == 422 and "艺体类机构征集" in lacking.content.decode()
    client.post(reverse("district:call_new"), call)
    where = reverse("district:candidacy_new", args=[ProviderCall.objects.get().pk])
    wrong = client.post(where, TYPED | {"scope": "小学数学培训"})
    assert wrong.status_code == 422 and "学科类培训机构不得参与" in wrong.content.decode()
    client.post(where, TYPED)
    one = Candidacy.objects.get()
    assert "还没有查询" in page(client, "provider", one.pk)
    for kind in CHECKS:
        client.post(
            reverse("district:provider_check", args=[one.pk]), {"kind": kind, "clean": "yes", "reference": "查1"}
        )
    step = reverse("district:provider_step", args=[one.pk])
    client.post(step, {"step": "accept"})
    early = client.post(step, {"step": "select"})
    assert early.status_code == 409 and "遴选组至少3人打分" in early.content.decode()
    for name in "甲乙丙":
        sheet = {"panellist": name, "office": "教委", **dict.fromkeys(CRITERIA, "16")}
        client.post(reverse("district:provider_score", args=[one.pk]), sheet)
    client.post(step, {"step": "select"})
    client.post(step, {"step": "show"})
    one.refresh_from_db()
    assert one.state == "shown" and "公示到11月25日为止" in page(client, "provider", one.pk)
    at_moment(moment(9, on=AT.date() + timedelta(days=8)))
    client.post(step, {"step": "enlist"})
    one.refresh_from_db()
    assert one.state == "listed" and "入名单" in page(client, "provider", one.pk)
    client.post(reverse("district:provider_leaving", args=[one.pk]), {"kind": "asked", "reason": "机构停办"})
    assert "机构停办" in page(client, "provider", one.pk)
    client.post(reverse("district:provider_readmission", args=[one.pk]), {"reason": "重新登记"})
    assert one.provider.readmissions.count() == 1
    assert client.get(reverse("district:providers"), {"as": "sheet"}).status_code == 200


def test_who_only_looks_may_not_decide(client: Client, world: World) -> None:
    one = shown(world)
    at_desk(client, world, "inspector")
    body = page(client, "provider", one.pk)
    assert one.provider.name in body and "列入名单" not in body
    assert client.post(reverse("district:provider_step", args=[one.pk]), {"step": "enlist"}).status_code == 403


def test_the_public_reads_objects_without_a_name_and_the_district_answers(client: Client, world: World) -> None:
    one = shown(world)
    where = reverse("public:provider", args=[one.pk])
    body = client.get(where).content.decode()
    assert "提出异议" in body and one.provider.legal_person not in body and one.provider.phone not in body
    short = client.post(where, {"text": "不好", "contact": "不说"})
    assert short.status_code == 422 and "不好" in short.content.decode() and "至少十个字" in short.content.decode()
    client.post(where, {"text": "这家机构上学期临时换人三次。"})
    said = Objection.objects.get()
    assert (
        said.contact == "" and "已收到" in client.get(reverse("public:provider_thanks", args=[one.pk])).content.decode()
    )
    at_desk(client, world)
    assert "临时换人三次" in page(client, "provider", one.pk)
    answer = reverse("district:objection", args=[one.pk, said.pk])
    assert client.post(answer, {"answer": "已核实"}).status_code == 409
    client.post(answer, {"upheld": "no", "answer": "已核实，两次为病假"})
    said.refresh_from_db()
    assert said.upheld is False
    client.logout()
    assert "已答复1条" in client.get(where).content.decode() and "临时换人" not in client.get(where).content.decode()


def test_before_the_publicity_the_public_sees_nothing_and_the_list_is_public(client: Client, world: World) -> None:
    hidden = applied(world)
    assert client.get(reverse("public:provider", args=[hidden.pk])).status_code == 404
    assert "名单上还没有机构" in client.get(reverse("public:providers")).content.decode()
    on_list = listed(world, organisation(7))
    body = client.get(reverse("public:providers")).content.decode()
    assert on_list.provider.name in body and hidden.provider.name not in body
    assert client.get(reverse("public:providers"), {"as": "sheet"}).status_code == 200
    closed = client.post(reverse("public:provider", args=[on_list.pk]), {"text": "公示期以后才想起来要说的话"})
    assert closed.status_code == 422 and "公示期已过" in closed.content.decode()


def test_the_exchange_board_and_a_match_by_the_district(client: Client, world: World) -> None:
    place = world.hill
    need = staffing.state_need(
        place.school, world.term, area="music", what="合唱", weekdays=[3], hours=1, by=place.by("asp_manager"), at=AT
    )
    world.riverside.school.staff.filter(account=world.riverside.who["teacher"]).update(skills="合唱")
    at_desk(client, world)
    assert "合唱" in page(client, "exchange")
    where = reverse("district:match", args=[need.pk])
    teacher = world.riverside.staff["teacher"]
    assert teacher.name in client.get(where).content.decode()
    typed = {"member": teacher.pk, "what": "合唱", "weekday": "3", "starts_at": "17:00", "ends_at": "17:40"}
    client.post(where, typed)
    visit = Visit.objects.get()
    assert visit.need == need and "等同意" in page(client, "exchange")
    assert client.get(reverse("district:exchange"), {"as": "sheet"}).status_code == 200
    at_desk(client, world, "inspector")
    assert client.get(where).status_code == 403


def test_the_mix_of_every_school_is_on_one_page(client: Client, world: World) -> None:
    at_desk(client, world)
    body = page(client, "staff_mix")
    assert world.riverside.school.name in body and world.hill.school.name in body
    assert client.get(reverse("district:staff_mix"), {"as": "sheet"}).status_code == 200


@pytest.mark.parametrize("organisations", [1, 4])
def test_the_list_costs_the_same(
    client: Client, world: World, organisations: int, django_assert_max_num_queries
) -> None:
    call = applied(world).call
    for number in range(2, organisations + 2):
        staffing.register_candidacy(
            call, organisation(number), staffing.Handed("music", "合唱", 1, "1"), by=officer(world), at=AT
        )
    at_desk(client, world)
    with django_assert_max_num_queries(10):
        assert client.get(reverse("district:providers")).status_code == 200
