"""Sessions at the desk: the consequences are shown first, then confirmed; the week; the duty roster."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from kehou.chapters.journal.models import Letter
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.timetable.models import Duty, Session, SessionChange
from tests.chapters.timetable.stage import HOMEWORK, NOW, SCIENCE, make, open_school, seat, session, slot
from tests.desks.school.stage import url
from tests.world import World

Stand = Callable[[Any], None]
WEDNESDAY, THURSDAY = date(2026, 11, 25), date(2026, 11, 26)


@pytest.fixture
def science(world: World, client: Client, at_moment: Stand) -> Session:
    """Return a science session with Mei and Bo in it, the manager at the desk."""
    open_school(world)
    for pupil in (world.mei, world.bo):
        seat(world, pupil, slot(SCIENCE, 3))
    seat(world, world.bo, slot(HOMEWORK, 4))
    make(world)
    at_moment(NOW)
    client.force_login(world.riverside.who["asp_manager"])
    return session(SCIENCE, WEDNESDAY)


def test_the_consequences_are_shown_and_nothing_is_done(client: Client, world: World, science: Session) -> None:
    answer = client.get(url("session_change", world, science.pk), {"kind": "cancelled", "reason": "病假"})
    page = answer.content.decode()
    assert "2名学生、1位家长" in page and "2名学生这天没有别的活动，当天不计费" in page and 'value="病假"' in page
    assert not SessionChange.objects.exists() and not Letter.objects.exists()


def test_it_is_cancelled_with_a_reason_and_restored(client: Client, world: World, science: Session) -> None:
    address = url("session_change", world, science.pk)
    refused = client.post(address, {"kind": "cancelled", "reason": ""})
    assert refused.status_code == 409 and "请写明原因" in refused.content.decode()
    assert client.post(address, {"kind": "cancelled", "reason": "老师病假"}).status_code == 302
    science.refresh_from_db()
    assert science.state == "cancelled" and Letter.objects.filter(to_account=world.guardian.pk).count() == 1
    page = client.get(url("session", world, science.pk)).content.decode()
    assert "老师病假" in page and "恢复" in page
    assert client.post(address, {"kind": "restored", "reason": "老师来了"}).status_code == 302
    science.refresh_from_db()
    assert science.state == "planned"


def test_a_move_names_the_children_it_would_hurt(client: Client, world: World, science: Session) -> None:
    sent = {"kind": "moved", "on": THURSDAY.isoformat(), "starts_at": "16:00", "reason": "消防检查"}
    page = client.get(url("session_change", world, science.pk), sent).content.decode()
    assert "11月26日 周四" in page and "1名学生那个时间已有别的活动" in page and "陈小波" in page
    assert "1名学生那天本来不留校" in page and "陈小梅" in page
    assert client.post(url("session_change", world, science.pk), sent).status_code == 302
    science.refresh_from_db()
    assert science.on == THURSDAY


@pytest.mark.clause("2.2-a")
def test_a_move_to_a_weekend_cannot_be_confirmed(client: Client, world: World, science: Session) -> None:
    sent = {"kind": "moved", "on": "2026-11-28", "reason": "补课"}
    page = client.get(url("session_change", world, science.pk), sent).content.decode()
    assert "11月28日 周六不是上学日" in page and 'aria-disabled="true"' in page
    assert client.post(url("session_change", world, science.pk), sent).status_code == 409
    science.refresh_from_db()
    assert science.on == WEDNESDAY


def test_a_substitute_is_found(client: Client, world: World, science: Session) -> None:
    free, busy = world.riverside.staff["duty_leader"], world.riverside.staff["homeroom_teacher"]
    free_ones, busy_ones = client.get(url("session", world, science.pk)).content.decode().split("这个时间有别的组")
    assert free.name in free_ones and f"{busy.name}（在“作业静心屋”）" in busy_ones
    sent = {"kind": "substituted", "leader": free.pk, "reason": "外出培训"}
    assert client.post(url("session_change", world, science.pk), sent).status_code == 302
    science.refresh_from_db()
    assert science.leader == free
    elsewhere = {"kind": "substituted", "leader": world.hill.staff["teacher"].pk, "reason": "外校老师"}
    assert client.post(url("session_change", world, science.pk), elsewhere).status_code == 302, "back to the session"
    science.refresh_from_db()
    assert science.leader == free


def test_what_is_not_known_leads_back(client: Client, world: World, science: Session) -> None:
    for sent in ({}, {"kind": "eaten"}):
        assert client.get(url("session_change", world, science.pk), sent).status_code == 302


def test_a_move_that_cannot_be_read_is_said_beside_its_field_and_keeps_what_was_typed(
    client: Client, world: World, science: Session
) -> None:
    sent = {"kind": "moved", "on": "morgen", "starts_at": "16:10", "reason": "消防检查"}
    answer = client.get(url("session_change", world, science.pk), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_on_error"' in page and 'value="16:10"' in page and 'value="消防检查"' in page


def test_who_only_looks_cannot_change(client: Client, world: World, science: Session) -> None:
    client.force_login(world.riverside.who["principal"])
    assert "看看影响" not in client.get(url("session", world, science.pk)).content.decode()
    assert client.get(url("session_change", world, science.pk), {"kind": "cancelled"}).status_code == 403


def test_the_list_is_searched_and_filtered(client: Client, world: World, science: Session) -> None:
    client.post(url("session_change", world, science.pk), {"kind": "cancelled", "reason": "病假"})
    page = client.get(url("sessions", world), {"q": "静心", "from": "2026-11-23", "to": "2026-11-27"}).content.decode()
    assert "5次" in page and ">科学小实验<" not in page
    page = client.get(url("sessions", world), {"state": "cancelled"}).content.decode()
    assert ">1次<" in page and ">科学小实验<" in page


def test_the_week_shows_places_leaders_and_clashes(client: Client, world: World, science: Session) -> None:
    page = client.get(url("week", world), {"on": WEDNESDAY.isoformat()}).content.decode()
    assert "科学室" in page and "本班教室" in page and "冲突" not in page
    Session.objects.filter(slot=slot(HOMEWORK, 3), on=WEDNESDAY).update(leader=science.leader)
    page = client.get(url("week", world), {"on": WEDNESDAY.isoformat(), "by": "leader"}).content.decode()
    assert "有冲突" in page and "week__session--clash" in page
    holiday = client.get(url("week", world), {"on": "2026-10-01"}).content.decode()
    assert holiday.count("没有服务") == 2  # National Day is a Thursday


def test_sessions_are_made_from_the_page(client: Client, world: World, at_moment: Stand) -> None:
    open_school(world)
    at_moment(NOW)
    client.force_login(world.riverside.who["asp_manager"])
    page = client.post(url("session_making", world), follow=True).content.decode()
    assert "课次已对齐项目表和校历：新排" in page
    assert "没有变化" in client.post(url("session_making", world), follow=True).content.decode()


@pytest.mark.clause("4-c")
def test_no_sessions_before_the_filing(client: Client, world: World, at_moment: Stand) -> None:
    at_moment(NOW)
    client.force_login(world.riverside.who["asp_manager"])
    assert "备案还没有通过，不能安排课次" in client.get(url("sessions", world)).content.decode()
    assert client.post(url("session_making", world)).status_code == 409
    assert not Session.objects.exists()


# --- Duty -------------------------------------------------------------------------------------------------------------


def test_without_anybody_in_use_the_duty_page_says_where_to_begin(
    client: Client, world: World, at_moment: Stand
) -> None:
    at_moment(NOW)
    StaffMember.objects.filter(school=world.riverside.school).update(state="left")
    client.force_login(world.riverside.who["asp_manager"])
    page = client.get(url("duty", world)).content.decode()
    assert "先登记服务人员" in page and url("staff", world) in page
    assert 'name="staff"' not in page, "a list of nobody is no form"


@pytest.mark.clause("3.2-c")
def test_duty_is_given_for_several_days_and_taken_back(client: Client, world: World, at_moment: Stand) -> None:
    at_moment(NOW)
    client.force_login(world.riverside.who["asp_manager"])
    address, member = url("duty", world), world.riverside.staff["duty_leader"]
    sent = {"kind": "leader", "staff": member.pk, "day": ["2026-11-23", "2026-11-25", "2026-12-25"]}
    assert client.post(address + "?on=2026-11-23", sent).status_code == 302
    assert [str(on) for on in Duty.objects.order_by("on").values_list("on", flat=True)] == ["2026-11-23", "2026-11-25"]
    page = client.get(address, {"on": "2026-11-23"}).content.decode()
    assert "这一周有5天还缺人" in page and member.name in page
    duty = Duty.objects.order_by("on")[0]
    client.force_login(world.hill.who["asp_manager"])
    assert client.post(url("duty_end", world, duty.pk)).status_code == 404
    client.force_login(world.riverside.who["asp_manager"])
    assert client.post(url("duty_end", world, duty.pk)).status_code == 302
    assert Duty.objects.count() == 1


def test_no_duty_on_a_day_without_service(client: Client, world: World, at_moment: Stand) -> None:
    at_moment(NOW)
    client.force_login(world.riverside.who["asp_manager"])
    sent = {"kind": "leader", "staff": world.riverside.staff["teacher"].pk, "day": ["2026-09-24", "2026-09-25"]}
    answer = client.post(url("duty", world) + "?on=2026-09-21", sent)
    assert answer.status_code == 409 and "9月25日 周五没有课后服务" in answer.content.decode()
    assert not Duty.objects.exists(), "all of it or nothing"
    strange = {"kind": "leader", "staff": world.hill.staff["teacher"].pk, "day": ["2026-09-24"]}
    assert client.post(url("duty", world) + "?on=2026-09-21", strange).status_code == 404
