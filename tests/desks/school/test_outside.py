"""教师报名、师资不足说明、机构、志愿服务、走教 at the school office, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kehou.chapters.programme import actions as programme
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import (
    Certificate,
    ProviderUse,
    ShortageStatement,
    SignUp,
    SignUpWindow,
    StaffMember,
    Visit,
    VisitNeed,
)
from kehou.lib import sheets
from tests.chapters.programme.stage import row
from tests.chapters.staffing.outside import ASKED, AT, NO, YES, agreed, listed, proposed, window_at
from tests.desks.school.stage import url
from tests.world import World, make_account

LATER = ASKED + timedelta(days=1)


@pytest.fixture(autouse=True)
def _now(at_moment) -> None:
    at_moment(AT)


def at_desk(client: Client, world: World, role: str = "asp_manager") -> Client:
    client.force_login(world.riverside.who[role])
    return client


def test_the_window_is_opened_with_what_was_typed_kept(client: Client, world: World) -> None:
    where = url("sign_up_opening", world)
    times = {"opens_at": "2026-11-18T08:00", "closes_at": "2026-11-19T08:00", "words": "请想清楚再选"}
    page = at_desk(client, world).post(where, times)
    assert (
        page.status_code == 409 and "至少开放3天" in page.content.decode() and "请想清楚再选" in page.content.decode()
    )
    client.post(where, times | {"closes_at": "2026-11-25T18:00"})
    assert SignUpWindow.objects.get().words == "请想清楚再选"
    client.post(url("sign_up_closing", world))
    assert SignUpWindow.objects.get().closed_at is not None
    assert client.get(url("sign_up_form", world)).content.startswith(b"%PDF")


def test_the_principal_sees_counts_and_no_name_and_the_planner_only_who_offered(client: Client, world: World) -> None:
    place, window = world.riverside, window_at(world)
    staffing.sign_up(window, place.staff["teacher"], NO, by=place.by("teacher"), at=LATER)
    staffing.sign_up(window, place.staff["duty_leader"], YES, by=place.by("duty_leader"), at=LATER)
    principal = at_desk(client, world, "principal").get(url("sign_ups", world)).content.decode()
    assert "报名参加" in principal and "其余2人不参加或没有答复" in principal
    assert not [one.name for one in place.staff.values() if one.name in principal]
    planner = at_desk(client, world).get(url("sign_ups", world)).content.decode()
    listing = planner[planner.index('id="sign-ups"') :]
    assert place.staff["duty_leader"].name in listing and place.staff["teacher"].name not in listing
    assert client.get(url("sign_ups", world), {"as": "sheet"})["Content-Disposition"]
    monday = client.get(url("sign_ups", world), {"weekday": "1"}).content.decode()
    assert "还没有老师报名" in monday[monday.index('id="sign-ups"') :]


def test_paper_is_typed_into_an_empty_form(client: Client, world: World) -> None:
    place, window = world.riverside, window_at(world)
    staffing.sign_up(window, place.staff["teacher"], NO, by=place.by("teacher"), at=LATER)
    where = url("sign_up_entry", world)
    empty = at_desk(client, world).get(where, {"member": place.staff["teacher"].pk}).content.decode()
    assert 'value="no" checked' not in empty and 'value="yes" checked' not in empty
    typed = {"member": place.staff["teacher"].pk, "joins": "yes", "hours_2": "2", "weekly_cap": "2", "skill": "书法"}
    wrong = client.post(where, typed)
    assert wrong.status_code == 422 and "本人签名" in wrong.content.decode()
    client.post(where, typed | {"signed": "yes"})
    answer = SignUp.objects.get(is_current=True)
    assert (answer.channel, answer.days, answer.skills) == ("paper", {"2": 2}, ["书法"])
    stranger = client.get(where, {"member": world.hill.staff["teacher"].pk})
    assert stranger.status_code == 404


def test_a_change_is_decided_from_the_page(client: Client, world: World) -> None:
    place, window = world.riverside, window_at(world)
    member, by = place.staff["teacher"], place.by("teacher")
    staffing.sign_up(window, member, YES, by=by, at=LATER)
    asked = staffing.ask_change(window, member, NO, reason="身体原因", by=by, at=AT)
    page = at_desk(client, world).get(url("sign_ups", world)).content.decode()
    assert "身体原因" in page and "只能同意" in page
    said = client.post(url("sign_up_change", world, asked.pk), {"decision": "decline", "note": "不行"}, follow=True)
    assert "只能同意" in said.content.decode()
    client.post(url("sign_up_change", world, asked.pk), {"decision": "grant"})
    assert SignUp.objects.get(is_current=True).joins is False


def test_lessons_come_from_a_sheet_all_or_none(client: Client, world: World) -> None:
    place = world.riverside
    name = place.staff["teacher"].name

    def send(*rows: tuple[str, ...]):
        columns = [sheets.Column(title) for title in ("姓名", "星期", "开始", "结束", "课程")]
        made = sheets.workbook(sheets.Table("课表", columns, list(rows))).read()
        file = SimpleUploadedFile("课表.xlsx", made)
        return client.post(url("lessons", world), {"file": file}, follow=True)

    at_desk(client, world)
    wrong = send((name, "周二", "16:10", "16:50", "美术"), ("无此人", "周二", "8:00", "8:40", ""))
    assert wrong.status_code == 422 and "第3行" in wrong.content.decode()
    assert not place.staff["teacher"].commitments.exists()
    assert "已导入1节课" in send((name, "周二", "16:10", "16:50", "美术")).content.decode()
    new = {"member": place.staff["teacher"].pk, "kind": "leave", "from_on": "2026-11-20", "last_on": "2026-11-20"}
    client.post(url("commitment_new", world), new)
    kinds = list(place.staff["teacher"].commitments.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["lesson", "leave"]
    page = client.get(url("commitments", world)).content.decode()
    assert "美术" in page and "11月21日" in page
    assert client.get(url("commitments", world), {"as": "sheet"}).status_code == 200
    one = place.staff["teacher"].commitments.first()
    client.post(url("commitment_removal", world, one.pk))
    assert place.staff["teacher"].commitments.count() == 1


def test_a_shortage_is_written_signed_and_gives_ground(client: Client, world: World) -> None:
    typed = {"area": "music", "need": "三至六年级合唱", "hours": "4", "reason": "太短"}
    page = at_desk(client, world).post(url("shortage_new", world), typed)
    assert (
        page.status_code == 409 and "为什么不够" in page.content.decode() and "三至六年级合唱" in page.content.decode()
    )
    client.post(url("shortage_new", world), typed | {"reason": "全校只有一位音乐老师，课时已满"})
    one = ShortageStatement.objects.get(area="music")
    client.post(url("shortage_edit", world, one.pk), typed | {"reason": "唯一的音乐老师休产假到明年"})
    one.refresh_from_db()
    assert "产假" in one.reason
    assert client.post(url("shortage_signing", world, one.pk)).status_code == 403
    outsider = {"name": "宋师傅", "kind": "craftsman", "weekly_cap": "4", "area": "music", "paid": "yes"}
    refused = client.post(url("staff_new", world), outsider)
    assert refused.status_code == 409 and "师资不足说明" in refused.content.decode()
    at_desk(client, world, "principal").post(url("shortage_signing", world, one.pk))
    at_desk(client, world).post(url("staff_new", world), outsider)
    engaged = StaffMember.objects.get(name="宋师傅").engagements.get()
    assert engaged.statement == one and engaged.paid
    client.post(url("engagement", world, one.pk), {"member": engaged.member_id, "paid": "no"})
    engaged.refresh_from_db()
    assert not engaged.paid
    shown = client.get(url("shortage", world, one.pk)).content.decode()
    assert "宋师傅" in shown and "志愿服务" in shown
    assert client.get(url("shortage_paper", world, one.pk)).content.startswith(b"%PDF")
    for name in ("shortages", "staff_mix"):
        assert client.get(url(name, world)).status_code == 200
        assert client.get(url(name, world), {"as": "sheet"}).status_code == 200
    assert client.get(url("staff_mix", world), {"as": "paper"}).content.startswith(b"%PDF")
    said = client.post(url("shortage_withdrawal", world, one.pk), follow=True).content.decode()
    assert "在服务，不能撤回" in said


def test_an_organisation_is_chosen_bound_and_reviewed(client: Client, world: World) -> None:
    one, place = listed(world), world.riverside
    page = at_desk(client, world).get(url("providers", world)).content.decode()
    assert one.provider.name in page
    where = url("provider_choice", world, one.pk)
    refused = client.post(where, {"what": "年画小组"})
    assert refused.status_code == 409 and "先由校长签署" in refused.content.decode()
    stated = ShortageStatement.objects.get(school=place.school)
    client.post(where, {"what": "年画小组", "statement": stated.pk})
    use = ProviderUse.objects.get()
    typed = {"number": "LP-1", "signed_on": "2026-11-18", "last_on": "2027-01-15"}
    lacking = client.post(url("provider_agreement", world, use.pk), typed)
    assert lacking.status_code == 409 and "LP-1" in lacking.content.decode()
    scan = SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")
    client.post(url("provider_agreement", world, use.pk), typed | {"scan": scan})
    client.post(url("provider_person", world, use.pk), {"member": place.staff["volunteer"].pk})
    client.post(url("provider_service", world, use.pk))
    use.refresh_from_db()
    assert (use.state, use.people.count(), str(use.until_on)) == ("serving", 1, "2027-01-16")
    assert client.get(url("provider_agreement_scan", world, use.pk)).status_code == 200
    points = dict.fromkeys(("teaching", "safety", "punctual", "no_selling", "families"), "18")
    client.post(url("provider_review", world, use.pk), points)
    shown = client.get(url("provider_use", world, use.pk)).content.decode()
    assert "90分" in shown
    client.post(url("provider_ending", world, use.pk), {"reason": "学期结束", "renews": "yes"})
    use.refresh_from_db()
    assert use.state == "listed"
    client.force_login(world.hill.who["asp_manager"])
    other = reverse("school:provider_use", args=[world.hill.school.code, use.pk])
    assert client.get(other).status_code == 404


def test_one_organisation_with_most_of_the_featured_hours_is_warned_of(client: Client, world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=manager, at=AT)
    art = row(place, leader=place.staff["volunteer"], slots={1: 1}, risk_class="A")
    programme.add_activity(table, art, by=manager, at=AT)
    stated = ShortageStatement.objects.get(school=place.school)
    use = staffing.choose_provider(place.school, world.term, listed(world), stated, what="x", by=manager, at=AT)
    staffing.name_person(use, place.staff["volunteer"], by=manager, at=AT)
    page = at_desk(client, world).get(url("providers", world)).content.decode()
    assert "承担了本校特色课时的100%" in page


def test_hours_are_entered_confirmed_by_another_and_certified(client: Client, world: World) -> None:
    who = world.riverside.staff["volunteer"]
    typed = {"member": who.pk, "on": "2026-11-17", "what": "布置展板", "minutes": "90"}
    at_desk(client, world).post(url("hours_new", world), typed)
    line = who.volunteer_hours.get()
    client.post(url("hours_confirmation", world, line.pk))
    assert who.volunteer_hours.get().confirmed_at is None  # not by who entered it
    at_desk(client, world, "principal").post(url("hours_confirmation", world, line.pk))
    days = {"from_on": "2026-09-01", "last_on": "2026-11-30"}
    client.post(url("certificate_new", world, who.pk), days)
    made = Certificate.objects.get()
    page = client.get(url("volunteer", world, who.pk)).content.decode()
    assert made.code in page and "1小时30分" in page
    assert client.get(url("certificate", world, made.pk)).content.startswith(b"%PDF")
    assert client.get(url("volunteers", world), {"as": "sheet"}).status_code == 200
    client.logout()
    proof = client.get(reverse("public:verify", args=[made.code])).content.decode()
    assert "志愿服务证明" in proof and "1小时30分" in proof and who.name not in proof and "周＊＊" in proof
    at_desk(client, world, "principal").post(url("certificate_revocation", world, made.pk), {"reason": "写错了"})
    assert "已作废" in client.get(reverse("public:verify", args=[made.code])).content.decode()


def test_a_need_an_offer_and_both_principals(client: Client, world: World) -> None:
    typed = {"area": "music", "what": "合唱", "weekdays": ["3"], "hours": "1"}
    client.force_login(world.hill.who["asp_manager"])
    client.post(reverse("school:visit_need_new", args=[world.hill.school.code]), typed)
    need = VisitNeed.objects.get()
    page = at_desk(client, world).get(url("visits", world)).content.decode()
    assert "派老师" in page and world.hill.school.name in page
    member = world.riverside.staff["teacher"]
    offer = {"member": member.pk, "what": "合唱", "weekday": "3", "starts_at": "17:00", "ends_at": "16:00"}
    wrong = client.post(url("visit_offer", world, need.pk), offer)
    assert wrong.status_code == 409 and 'value="17:00"' in wrong.content.decode()
    client.post(url("visit_offer", world, need.pk), offer | {"ends_at": "17:40"})
    visit = Visit.objects.get()
    assert client.post(url("visit_agreement", world, visit.pk)).status_code == 403
    at_desk(client, world, "principal").post(url("visit_agreement", world, visit.pk))
    assert visit.agreeings.get().party == "home"
    client.post(url("visit_ending", world, visit.pk), {"reason": "那天有教研"})
    visit.refresh_from_db()
    assert visit.ended_because == "那天有教研"
    assert client.get(url("visits", world), {"as": "sheet"}).status_code == 200


def test_a_visitor_stands_in_the_pickers_of_the_host(client: Client, world: World) -> None:
    agreed(world)
    place = world.hill
    programme.start_table(place.school, world.term, by=place.by("asp_manager"), at=AT)
    client.force_login(place.who["asp_manager"])
    page = client.get(reverse("school:activity_new", args=[place.school.code])).content.decode()
    assert f"{world.riverside.staff['teacher'].name}（走教，{world.riverside.school.name}）" in page


def test_the_panel_suggests_who_offered_and_has_the_skill(client: Client, world: World) -> None:
    place, window = world.riverside, window_at(world)
    staffing.sign_up(window, place.staff["teacher"], YES, by=place.by("teacher"), at=LATER)
    programme.start_table(place.school, world.term, by=place.by("asp_manager"), at=AT)
    typed = {"name": "书法小组", "grades": ["3"], "day_2": "1", "day_4": "1", "class_hours": "1"}
    page = at_desk(client, world).post(url("activity_check", world), typed).content.decode()
    assert f"{place.staff['teacher'].name}（书法）" in page and "每周还能带3课时" in page


@pytest.mark.parametrize("teachers", [2, 12])
def test_the_list_of_who_offered_costs_the_same(
    client: Client, world: World, teachers: int, django_assert_max_num_queries
) -> None:
    place, window = world.riverside, window_at(world)
    rows = []
    for number in range(teachers):
        account = make_account(f"教师{number}")
        member = StaffMember.objects.create(school=place.school, account=account, name=account.name)
        rows.append((member, YES))
    staffing.sign_up_many(window, rows, by=place.by("asp_manager"), at=LATER)
    at_desk(client, world)
    with django_assert_max_num_queries(16):
        assert client.get(url("sign_ups", world)).status_code == 200


def test_visits_cost_the_same(client: Client, world: World, django_assert_max_num_queries) -> None:
    proposed(world)
    at_desk(client, world, "principal")
    with django_assert_max_num_queries(16):
        assert client.get(url("visits", world)).status_code == 200
