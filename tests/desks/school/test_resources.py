"""Rooms, dismissals, staff, classes and posts at the desk."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kehou.chapters.people.models import Account, Post
from kehou.chapters.programme import actions as programme
from kehou.chapters.schools.models import Homeroom, Room, SchoolTerm, Season
from kehou.chapters.staffing.models import StaffMember
from kehou.lib import sheets
from tests.chapters.programme.stage import AT, row
from tests.chapters.timetable.stage import NOW, open_school
from tests.desks.school.stage import url
from tests.world import World

Stand = Callable[[Any], None]


@pytest.fixture
def office(world: World, client: Client, at_moment: Stand) -> Client:
    """Return the manager of Riverside at the desk, before the term."""
    at_moment(AT)
    client.force_login(world.riverside.who["asp_manager"])
    return client


def room(**changes: Any) -> dict[str, Any]:
    sent = {
        "code": "F-20",
        "name": "舞蹈室",
        "kind": "room",
        "capacity": "30",
        "exits": "2",
        "risk_class": "B",
        "kit": "把杆",
    }
    return {**sent, **changes}


# --- Rooms ------------------------------------------------------------------------------------------------------------


def test_a_room_is_registered_corrected_and_retired(office: Client, world: World) -> None:
    assert office.post(url("room_new", world), room()).status_code == 302
    kept = Room.objects.get(code="F-20")
    answer = office.post(url("room", world, kept.pk), room(code="F-03"))
    assert answer.status_code == 409 and "编号F-03已用于“科学室”" in answer.content.decode()
    assert 'value="舞蹈室"' in answer.content.decode(), "what was typed stays"
    assert office.post(url("room", world, kept.pk), room(capacity="24")).status_code == 302
    assert office.post(url("room_retirement", world, kept.pk)).status_code == 302
    assert "舞蹈室" not in office.get(url("rooms", world)).content.decode().split("已停用")[-1]
    assert office.get(url("room", world, kept.pk)).status_code == 404


def test_a_room_in_use_is_not_retired(office: Client, world: World) -> None:
    table = programme.start_table(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=AT)
    programme.add_activity(table, row(world.riverside), by=world.riverside.by("asp_manager"), at=AT)
    science = world.riverside.rooms["F-03"]
    answer = office.post(url("room_retirement", world, science.pk))
    assert "“科学室”还有“科学小实验”在用" in answer.content.decode()
    science.refresh_from_db()
    assert science.retired_on is None


def test_the_ledger_is_found_and_sorted(office: Client, world: World) -> None:
    page = office.get(url("rooms", world), {"q": "音乐"}).content.decode()
    assert "音乐室" in page and "科学室" not in page
    page = office.get(url("rooms", world), {"sort": "-capacity"}).content.decode()
    assert page.index("操场A") < page.index("科学室")
    assert office.get(url("rooms", world), {"sort": "password"}).status_code == 200


def upload(office: Client, world: World, content: bytes, name: str = "台账.csv") -> Any:
    return office.post(url("room_sheet", world), {"file": SimpleUploadedFile(name, content)})


def test_the_ledger_comes_back_as_a_spreadsheet_and_updates(office: Client, world: World) -> None:
    content = b"".join(office.get(url("rooms", world) + "?as=sheet").streaming_content)
    assert upload(office, world, content, "台账.xlsx").status_code == 302
    assert Room.objects.filter(school=world.riverside.school).count() == 4, "taken out and brought back nothing changes"
    stream = io.BytesIO()
    columns = [sheets.Column(name) for name in ("编号", "名称", "最多人数", "安全类别", "检查日期")]
    rows = [("F-03", "科学实验室", "28", "C类", "2026-08-26"), ("P-09", "后操场", "80", "", "")]
    sheets.write_workbook(stream, sheets.Table("场地", columns, rows))
    assert upload(office, world, stream.getvalue(), "台账.xlsx").status_code == 302
    science = Room.objects.get(pk=world.riverside.rooms["F-03"].pk)
    assert (science.name, science.checked_on, science.kind) == ("科学实验室", date(2026, 8, 26), "room")
    assert Room.objects.get(code="P-09").capacity == 80


def test_a_spreadsheet_with_one_wrong_row_changes_nothing(office: Client, world: World) -> None:
    text = "功能室台账\n编号,名称,容纳人数,座位数\nF-30,陶艺室,20,30\nF-31,,abc,\nF-30,又一间,20,\nF-32,小屋,40,30\n"
    answer = upload(office, world, text.encode("gb18030"))
    page = answer.content.decode()
    assert answer.status_code == 409 and "一行也没有写" in page
    assert "第4行：“名称”没有填" in page and "第4行：“课后服务最多人数”应是整数，现在是“abc”" in page
    assert "第5行：编号F-30在第3行已经有了" in page
    assert not Room.objects.filter(code="F-30").exists()
    only_seats = "编号,名称,容纳人数,座位数\nF-33,新屋,20,30\nF-32,小屋,40,30\n"
    page = upload(office, world, only_seats.encode()).content.decode()
    assert "第3行：课后服务最多40人，超过了30个座位" in page and not Room.objects.filter(code="F-33").exists()


def test_a_file_that_is_no_spreadsheet_is_refused(office: Client, world: World) -> None:
    assert upload(office, world, b"%PDF-1.7 ...").status_code == 409
    assert upload(office, world, "姓名,班级\n".encode()).status_code == 409
    assert office.post(url("room_sheet", world)).status_code == 302


# --- Dismissals -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.2-c")
def test_the_matrix_is_saved_and_the_tiers_follow(office: Client, world: World) -> None:
    season = world.riverside.season
    page = office.get(url("dismissal", world)).content.decode()
    assert "3课时要在16:00前放学" in page and "1、2、3课时" in page
    sent = {f"every_{grade}": "15:40" for grade in range(1, 7)} | {"at_5_5": "16：10"}
    assert office.post(url("dismissals", world, season.pk), sent).status_code == 302
    assert season.dismissals.get(grade=5, weekday=5).at == time(16, 10)
    assert season.dismissals.get(grade=5, weekday=4).at == time(15, 40)
    page = office.get(url("dismissal", world)).content.decode()
    assert "16:10放学，3课时要到18:40，结束时间将超过18:30" in page


def test_a_dark_way_home_is_warned_of_where_children_live_far_away(office: Client, world: World) -> None:
    assert "走夜路" not in office.get(url("dismissal", world)).content.decode()
    world.mei.commute = "far"
    world.mei.save()
    page = office.get(url("dismissal", world)).content.decode()
    assert "最后一课时18:20才结束，1名路远的孩子要走夜路" in page
    early = {f"every_{grade}": "14:50" for grade in range(1, 7)}
    office.post(url("dismissals", world, world.riverside.season.pk), early)
    page = office.get(url("dismissal", world)).content.decode()
    assert "走夜路" not in page
    assert "3年级最后一课时17:20结束，早于多数家长下班的17:30，请看能否延后。" in page  # both bounds are watched


def test_a_slip_keeps_what_was_typed(office: Client, world: World) -> None:
    season = world.riverside.season
    answer = office.post(url("dismissals", world, season.pk), {"at_1_1": "三点半", "at_1_2": "15:33"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "1年级周一的“三点半”不是时间" in page and "15:33" in page
    answer = office.post(url("dismissals", world, season.pk), {"at_1_1": "05:50"})
    assert answer.status_code == 409 and "不在下午" in answer.content.decode()
    assert season.dismissals.count() == 30


@pytest.mark.clause("2.2-e")
def test_seasons_are_added_and_do_not_overlap(office: Client, world: World) -> None:
    season = world.riverside.season
    winter = {"name": "冬季作息", "from_on": "2026-11-01", "last_on": "2027-01-22"}
    answer = office.post(url("seasons", world), winter)
    assert answer.status_code == 409 and "日期重叠" in answer.content.decode()
    summer = {"name": "夏季作息", "from_on": "2026-09-01", "last_on": "2026-10-31"}
    assert office.post(url("season", world, season.pk), summer).status_code == 302
    assert office.post(url("seasons", world), winter).status_code == 302
    assert Season.objects.get(name="冬季作息").until_on == date(2027, 1, 23)
    assert office.post(url("seasons", world), {"name": ""}).status_code == 409


def test_dismissals_stand_while_the_table_is_public(office: Client, world: World) -> None:
    open_school(world)
    sent = {f"every_{grade}": "15:40" for grade in range(1, 7)}
    answer = office.post(url("dismissals", world, world.riverside.season.pk), sent)
    assert answer.status_code == 409 and "要改请先重新打开" in answer.content.decode()
    assert not world.riverside.season.dismissals.filter(at=time(15, 40)).exists()


# --- Staff ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.4-a")
@pytest.mark.clause("2.4-c")
def test_somebody_is_taken_on_the_list_with_what_they_offer(office: Client, world: World) -> None:
    sent = {
        "name": "宋师傅",
        "kind": "heritage_inheritor",
        "skills": "木版年画",
        "weekdays": ["1", "3"],
        "weekly_cap": "4",
    }
    assert office.post(url("staff_new", world), sent).status_code == 302
    member = StaffMember.objects.get(name="宋师傅")
    page = office.get(url("staff", world), {"q": "年画"}).content.decode()
    assert "非物质文化传承人" in page and "每周一三" in page and "0 / 4" in page
    assert office.post(url("staff_member", world, member.pk), {**sent, "weekly_cap": "20"}).status_code == 422
    assert office.post(url("staff_member", world, member.pk), {**sent, "weekly_cap": "6"}).status_code == 302
    answer = office.post(url("staff_leaving", world, member.pk), {"reason": ""})
    assert answer.status_code == 409 and "请写明原因" in answer.content.decode()
    assert office.post(url("staff_leaving", world, member.pk), {"reason": "搬家"}).status_code == 302
    assert office.get(url("staff_member", world, member.pk)).status_code == 404
    assert "原因：搬家" in office.get(url("staff_file", world, member.pk)).content.decode()


@pytest.mark.clause("2.4-b")
def test_the_share_of_in_service_staff_is_shown(office: Client, world: World) -> None:
    table = programme.start_table(world.riverside.school, world.term, by=world.riverside.by("asp_manager"), at=AT)
    volunteer = world.riverside.staff["volunteer"]
    programme.add_activity(table, row(world.riverside, leader=volunteer), by=world.riverside.by("asp_manager"), at=AT)
    page = office.get(url("staff", world)).content.decode()
    assert "在职教职工只承担0%的课时，不到50%" in page
    answer = office.post(url("staff_leaving", world, volunteer.pk), {"reason": "搬家"})
    assert answer.status_code == 409 and "还带着“科学小实验”" in answer.content.decode()


# --- Classes and posts ------------------------------------------------------------------------------------------------


def test_a_class_is_added_and_gets_its_teacher(office: Client, world: World) -> None:
    place = world.riverside
    assert office.post(url("homeroom_new", world), {"grade": "3", "number": "3", "site": ""}).status_code == 302
    assert office.post(url("homeroom_new", world), {"grade": "3", "number": "3"}).status_code == 409
    wrong = office.post(url("homeroom_new", world), {"grade": "5", "number": "0", "site": "东教学点"})
    assert wrong.status_code == 422 and "班号填1到99的数字" in wrong.content.decode()
    assert '<option value="5" selected>' in wrong.content.decode() and 'value="东教学点"' in wrong.content.decode()
    third = Homeroom.objects.get(school=place.school, grade=3, number=3)
    teacher = place.who["teacher"]
    assert office.post(url("homeroom_teacher", world, third.pk), {"account": teacher.pk}).status_code == 302
    assert Post.objects.get(homeroom=third, until_on=None).account == teacher
    stranger = world.hill.who["teacher"]
    office.post(url("homeroom_teacher", world, third.pk), {"account": stranger.pk})
    assert not stranger.posts.filter(school=place.school).exists()
    first = place.homerooms[3, 1]
    before = Post.objects.get(homeroom=first, until_on=None)
    office.post(url("homeroom_teacher", world, first.pk), {"account": teacher.pk})
    before.refresh_from_db()
    assert before.until_on == AT.date(), "who had the class before has it no more"


def test_a_new_colleague_gets_an_account_a_post_and_a_password_shown_once(office: Client, world: World) -> None:
    sent = {"name": "新老师", "phone": "19900008888", "role": "teacher"}
    assert office.post(url("post_new", world), sent).status_code == 302
    page = office.get(url("posts", world)).content.decode()
    assert "初始密码只显示这一次" in page and "新老师" in page
    assert "初始密码只显示这一次" not in office.get(url("posts", world)).content.decode()
    account = Account.objects.get(phone="19900008888")
    assert account.has_usable_password() and world.riverside.school.staff.filter(account=account).count() == 1
    assert office.post(url("post_new", world), {**sent, "phone": "123"}).status_code == 409


def test_an_account_that_exists_keeps_its_password(office: Client, world: World) -> None:
    before = world.guardian.password
    sent = {"name": "陈梅妈妈", "phone": world.guardian.phone, "role": "parents_committee"}
    assert office.post(url("post_new", world), sent).status_code == 302
    world.guardian.refresh_from_db()
    assert world.guardian.password == before
    assert "初始密码" not in office.get(url("posts", world)).content.decode().split("登记新岗位")[0].replace(
        "重发初始密码", ""
    )


@pytest.mark.parametrize("role", ["principal", "cashier", "asp_manager", "basic_education"])
def test_nobody_gives_themselves_a_second_key(office: Client, world: World, role: str) -> None:
    answer = office.post(url("post_new", world), {"name": "某人", "phone": "19900008889", "role": role})
    assert answer.status_code == 409 and not Account.objects.filter(phone="19900008889").exists()


def test_a_password_is_renewed_only_for_whom_this_office_appoints(office: Client, world: World) -> None:
    place = world.riverside
    teacher, principal = place.who["teacher"].posts.get(), place.who["principal"].posts.get()
    assert office.post(url("post_password", world, teacher.pk)).status_code == 302
    assert "初始密码只显示这一次" in office.get(url("posts", world)).content.decode()
    assert office.post(url("post_password", world, principal.pk)).status_code == 404
    Post.objects.create(account=teacher.account, role="principal", school=place.school, from_on=date(2026, 8, 1))
    assert office.post(url("post_password", world, teacher.pk)).status_code == 409, (
        "they could sign in as the principal"
    )
    assert office.post(url("post_end", world, principal.pk)).status_code == 404


def test_a_password_is_not_renewed_the_week_before_somebody_becomes_principal(office: Client, world: World) -> None:
    teacher = world.riverside.who["teacher"].posts.get()
    soon = AT.date() + timedelta(days=7)
    Post.objects.create(account=teacher.account, role="principal", school=world.riverside.school, from_on=soon)
    assert office.post(url("post_password", world, teacher.pk)).status_code == 409


def test_a_post_is_ended_from_today(office: Client, world: World, at_moment: Stand) -> None:
    at_moment(NOW)
    post = world.riverside.who["gatekeeper"].posts.get()
    assert office.post(url("post_end", world, post.pk)).status_code == 302
    post.refresh_from_db()
    assert post.until_on == NOW.date()


@pytest.mark.clause("2.7.3-h")
def test_the_complaint_phone_of_a_term_is_said_before_an_agreement_needs_it(office: Client, world: World) -> None:
    wrong = office.post(url("term_facts", world), {"complaint_phone": "请打电话", "latest_pick_up": "18:40"})
    page = wrong.content.decode()
    assert wrong.status_code == 409 and "请填写电话号码" in page and "请打电话" in page and "18:40" in page
    given = {"complaint_phone": "023-53210007", "latest_pick_up": "18:40"}
    given |= {"inspector": "秦岚", "inspector_phone": "023-53220000"}
    assert "已保存" in office.post(url("term_facts", world), given, follow=True).content.decode()
    kept = SchoolTerm.objects.get(school=world.riverside.school, term=world.term)
    assert (kept.complaint_phone, kept.latest_pick_up) == ("023-53210007", time(18, 40))
    assert (kept.inspector, kept.inspector_phone) == ("秦岚", "023-53220000")
    assert "023-53210007" in office.get(url("dismissal", world)).content.decode()
