"""制度与组织 at the school desk: the manager prepares, the principal signs, everybody of the office reads."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import DutyPoint, GroupSeat
from kehou.chapters.timetable.models import Duty
from tests.chapters.planning.shelf_stage import ON, adopted, furnished, grouped
from tests.world import World, moment

NOW = moment(10, on=date(2026, 8, 26))
PAGES = ("shelf", "organisation", "safety-matrix", "emergency", "emergency/drills", "emergency/records", "fund-plan")
PAPERS = (
    "shelf/catalogue.pdf",
    "organisation/paper.pdf",
    "safety-matrix/paper.pdf",
    "emergency/cards.pdf",
    "emergency/records.pdf",
)


@pytest.fixture
def desk(world: World, client: Client, at_moment):
    """Return a function that signs somebody in and gets or posts a page of Riverside."""
    at_moment(NOW)

    def ask(role: str, page: str, **posted):
        client.force_login(world.riverside.who[role])
        where = f"/school/{world.riverside.school.code}/{page}"
        return client.post(where, posted, follow=True) if posted else client.get(where)

    return ask


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("furnish", [None, furnished, adopted])
def test_a_page_stands_empty_furnished_and_adopted(desk, world: World, page: str, furnish) -> None:
    if furnish:
        furnish(world)
    for role in ("asp_manager", "principal"):
        assert desk(role, f"{page}/").status_code == 200


@pytest.mark.parametrize("page", PAPERS)
def test_a_paper_can_be_printed(desk, world: World, page: str) -> None:
    adopted(world)
    answer = desk("quality_checker", page)
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("page", ["shelf", "organisation", "safety-matrix", "emergency/drills", "emergency/records"])
def test_a_list_can_be_taken_away(desk, page: str) -> None:
    assert desk("asp_manager", f"{page}/?as=sheet").headers["Content-Disposition"].startswith("attachment")


def test_from_template_to_signature(desk, world: World) -> None:
    grouped(world)
    planning.set_emergency_facts(
        world.riverside.school, by=world.riverside.by("asp_manager"), at=NOW,
        assembly="操场", wait="值班室", gate_place="正门", hospital="医院", hospital_phone="1", police="派出所",
        police_phone="2", night="主任",
    )  # fmt: skip
    assert "起草缺少的制度" in desk("asp_manager", "shelf/").content.decode()
    assert "已用模板起草22项" in desk("asp_manager", "shelf/drafts/", go="1").content.decode()
    assert desk("asp_manager", "shelf/signatures/", go="1").status_code == 403
    assert "已签发22项制度" in desk("principal", "shelf/signatures/", in_force_from="2026-09-01").content.decode()
    assert len(queries.standing_policies(world.riverside.school)) == 22


def test_a_draft_is_changed_and_what_another_saved_is_shown(desk, world: World) -> None:
    furnished(world)
    draft = queries.draft_of_policy(world.riverside.school, 8)
    said = {"edition": draft.edition, "title": ["总则"], "body": ["第一句\n第二句"], "responsible": "甲", "note": ""}
    assert "草稿已保存" in desk("asp_manager", "shelf/8/draft/", **said).content.decode()
    late = desk("asp_manager", "shelf/8/draft/", **{**said, "body": ["我的话"]})
    assert late.status_code == 409
    page = late.content.decode()
    assert "我的话" in page and "第二句" in page and "刚刚保存" in page
    assert desk("principal", "shelf/8/").status_code == 200
    signed = desk("principal", "shelf/8/signature/", edition=draft.edition, in_force_from="2026-09-01")
    assert "刚刚保存了这份草稿" in signed.content.decode()
    desk("principal", "shelf/8/signature/", edition=draft.edition + 1, in_force_from="2026-09-01")
    assert queries.standing_policy(world.riverside.school, 8).text[0].body == "第一句\n第二句"
    for page in ("shelf/8/versions/1/", "shelf/8/versions/1/paper.pdf"):
        assert desk("principal", page).status_code == 200
    assert desk("principal", "shelf/8/versions/1/scan/").status_code == 404


def test_posts_letter_and_history_at_the_desk(desk, world: World) -> None:
    school = world.riverside.school
    page = desk("asp_manager", "organisation/").content.decode()
    assert "空缺" in page and "还没有备岗" in page and "组长（校长）、副组长" in page
    principal = world.riverside.who["principal"]
    said = {"account": principal.pk, "from_on": "2026-08-26", "name": "", "phone": "", "is_deputy": ""}
    assert desk("asp_manager", "organisation/posts/aid/").status_code == 200
    wrong = desk("asp_manager", "organisation/posts/head/", **{**said, "account": world.riverside.who["teacher"].pk})
    assert wrong.status_code == 409 and "应当是校长" in wrong.content.decode()
    desk("asp_manager", "organisation/posts/head/", **said)
    assert "责任书已签" in desk("principal", "organisation/letter/", go="1").content.decode()
    assert desk("principal", "organisation/letter.pdf").content.startswith(b"%PDF")
    seat = GroupSeat.objects.get(school=school)
    desk("asp_manager", f"organisation/seats/{seat.pk}/end/", go="1")
    assert not queries.seats_of(school)


def test_a_month_that_is_not_confirmed_keeps_what_was_ticked_and_written(desk, world: World, at_moment) -> None:
    adopted(world)
    at_moment(moment(9, on=date(2026, 10, 12)))
    sent = {"month": "2026-09-01", "item": ["places"], "note": "灯坏"}
    refused = desk("principal", "organisation/confirmations/", **sent)
    page = refused.content.decode()
    assert refused.status_code == 409 and "请先签本学期的责任书" in page
    assert "灯坏</textarea>" in page and 'value="places" checked' in page
    assert not world.riverside.school.safety_confirmations.exists()


def test_a_gate_is_added_filled_and_taken_away(desk, world: World, django_assert_max_num_queries) -> None:
    desk("asp_manager", "safety-matrix/points/", kind="gate", name="正门", hours=["1"])
    point = DutyPoint.objects.get()
    assert "point" in point.key
    empty = desk("asp_manager", "safety-matrix/points/", kind="gate", name="", hours=["1"])
    assert empty.status_code == 422
    desk("asp_manager", f"safety-matrix/points/{point.pk}/removal/", go="1")
    assert queries.points_of(world.riverside.school) == []


def test_a_drill_and_a_record_at_the_desk(desk, world: World) -> None:
    said = {"scenario": "fire", "planned_on": "2026-10-21", "place": "教学楼", "leader": "邓强", "plan": ""}
    assert "演练已列入计划" in desk("asp_manager", "emergency/drills/", **said).content.decode()
    outside = desk("asp_manager", "emergency/drills/", **{**said, "planned_on": "2027-05-01"})
    assert outside.status_code == 409 and "教学楼" in outside.content.decode()
    (drill,) = queries.drills_of(world.riverside.school, world.term)
    assert desk("asp_manager", f"emergency/drills/{drill.pk}/").status_code == 200
    assert desk("asp_manager", f"emergency/drills/{drill.pk}/paper.pdf").status_code == 200
    record = {"kind": "liaison", "held_on": "2026-08-26", "partner": "派出所", "words": "派员", "measures": ""}
    assert "已登记" in desk("asp_manager", "emergency/records/", **record).content.decode()
    assert desk("asp_manager", "emergency/records/", **{**record, "partner": ""}).status_code == 409
    # who only reads cannot write by posting
    desk("quality_checker", "emergency/records/", **record)
    (kept,) = queries.records_of(world.riverside.school, world.term)
    desk("asp_manager", f"emergency/records/{kept.pk}/striking/", because="写错")
    assert queries.records_of(world.riverside.school, world.term).get().struck_because == "写错"


def test_the_fund_plan_from_draft_to_signature(desk, world: World) -> None:
    page = desk("cashier", "fund-plan/drafting/", go="1")
    assert page.status_code == 200 and "people_1" in page.content.decode()
    draft = queries.draft_fund_plan(world.riverside.school, world.term)
    said = {
        "edition": draft.edition, "months": "5", "people_2": "100", "waived_2": "4", "amount_U1": "30000",
        "basis_U1": "按课时", "rate_featured": "60", "post_0": "值班领导", "times_0": "50", "each_0": "40",
        "publication": "每月公示", "surplus": "结转",
    }  # fmt: skip
    assert desk("cashier", "fund-plan/draft/", **{**said, "amount_U1": "很多"}).status_code == 422
    saved = desk("cashier", "fund-plan/draft/", **said).content.decode()
    assert "须说明" in saved and "55,000.00" in saved
    assert desk("cashier", "fund-plan/draft/", **said).status_code == 409
    signed = desk("principal", "fund-plan/signature/", edition=draft.edition + 1, approved_on=ON.isoformat())
    assert "经费管理方案已签发" in signed.content.decode()
    assert desk("principal", "fund-plan/versions/1/paper.pdf").content.startswith(b"%PDF")


def test_a_teacher_reads_the_cards_with_todays_duty(desk, world: World, client: Client) -> None:
    adopted(world)
    place = world.riverside
    Duty.objects.create(school=place.school, on=NOW.date(), kind="leader", staff=place.staff["duty_leader"])
    for role in ("teacher", "gatekeeper"):
        client.force_login(place.who[role])
        page = client.get(f"/teacher/{place.school.code}/emergency/").content.decode()
        assert f"{place.staff['duty_leader'].name}报告校长" in page
        assert page.count("前3分钟") == 10
        assert "tel:120" in page


@pytest.mark.clause("2.5-h")
def test_the_public_reads_what_is_in_force_and_a_paper_is_verified(
    desk, world: World, client: Client, at_moment
) -> None:
    adopted(world)
    code = world.riverside.school.code
    assert "还没有公开的制度" in client.get(f"/schools/{code}/policies/").content.decode()
    assert client.get(f"/schools/{code}/policies/8/").status_code == 404
    at_moment(moment(10, on=date(2026, 9, 2)))
    page = client.get(f"/schools/{code}/policies/").content.decode()
    assert page.count("起执行") == 22
    text = client.get(f"/schools/{code}/policies/8/").content.decode()
    assert "安全管理制度" in text and "第一条" in text
    assert "执行中" in client.get(f"/verify/ZD-{code}-08-1/").content.decode()


def test_the_district_reads_every_shelf_and_one(desk, world: World, client: Client) -> None:
    adopted(world)
    client.force_login(world.district["basic_education"])
    listed = client.get("/district/shelves/").content.decode()
    assert world.riverside.school.name in listed and world.hill.school.name in listed
    assert client.get("/district/shelves/?as=sheet").headers["Content-Disposition"].startswith("attachment")
    one = client.get(f"/district/shelves/{world.riverside.school.code}/").content.decode()
    assert "校长责任书还没有签" in one and "经费管理方案还没有编" in one
