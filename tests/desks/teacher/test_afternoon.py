"""The teacher's pages of an afternoon: who may open them, what a tap does, what they cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.models import Correction, Mark, Register, Release
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.timetable.models import Duty, Session
from kehou.rules.attendance import MarkState
from tests.groups import make_session
from tests.people import put_in_use
from tests.world import World, make_pupil, moment

Stand = Callable[[datetime], None]


@pytest.fixture
def session(world: World, at_moment: Stand) -> Session:
    """Return a session of two children that began five minutes ago."""
    at_moment(moment(16, 5))
    return make_session(world.riverside, world.term, [world.mei, world.bo])


def url(name: str, world: World, *args: object) -> str:
    """Return the address of a page at Riverside."""
    return reverse(f"teacher:{name}", args=(world.riverside.school.code, *args))


@pytest.mark.parametrize(
    ("who", "status"), [("teacher", 200), ("duty_leader", 200), ("cashier", 403), ("gatekeeper", 403)]
)
def test_who_may_open_the_day(client: Client, world: World, at_moment: Stand, who: str, status: int) -> None:
    at_moment(moment(16))
    client.force_login(world.riverside.who[who])
    assert client.get(url("today", world)).status_code == status


def test_a_teacher_of_another_school_and_a_stranger_find_nothing(
    client: Client, world: World, session: Session
) -> None:
    for account in (world.hill.who["teacher"], world.stranger, world.guardian):
        client.force_login(account)
        assert client.get(url("roll", world, session.pk)).status_code == 404
    client.logout()
    assert client.get(url("roll", world, session.pk)).status_code == 302


def test_a_colleague_s_roll_is_as_good_as_none(client: Client, world: World, session: Session) -> None:
    client.force_login(world.riverside.who["homeroom_teacher"])
    assert client.get(url("roll", world, session.pk)).status_code == 404
    assert client.post(url("closure", world, session.pk)).status_code == 404


def test_a_tap_is_kept_and_red_comes_after_ten_minutes(
    client: Client, world: World, session: Session, at_moment: Stand
) -> None:
    client.force_login(world.riverside.who["teacher"])
    page = client.get(url("roll", world, session.pk))
    assert "陈小梅" in page.content.decode() and "还没有见到" not in page.content.decode()
    kept = client.post(
        url("roll", world, session.pk), {f"mark_{world.mei.pk}": "present", f"mark_{world.bo.pk}": "unknown"}
    )
    assert kept.status_code == 302
    assert Mark.objects.get().pupil == world.mei
    at_moment(moment(16, 10))
    later = client.get(url("roll", world, session.pk)).content.decode()
    assert later.count("还没有见到") == 1 and "tel:" in later


def test_closing_over_an_unknown_child_is_refused_and_keeps_what_was_tapped(
    client: Client, world: World, session: Session
) -> None:
    client.force_login(world.riverside.who["teacher"])
    taps = {f"mark_{world.mei.pk}": "present", f"mark_{world.bo.pk}": "unknown", "log_line": "观察豆芽"}
    page = client.post(url("closure", world, session.pk), taps)
    assert page.status_code == 409
    said = page.content.decode()
    assert "还有1名孩子没有找到" in said and "观察豆芽" in said
    assert Mark.objects.count() == 1, "the taps that were right are kept"
    done = client.post(
        url("closure", world, session.pk), taps | {"looked_for": str(world.bo.pk), "log_kind": "practice"}
    )
    assert done.status_code == 302
    register = Register.objects.get()
    assert register.closed_at and register.log_kind == "practice" and register.log_line == "观察豆芽"
    assert Mark.objects.get(pupil=world.bo).state == "absent"


def test_a_correction_is_asked_for_on_the_closed_roll(client: Client, world: World, session: Session) -> None:
    by = world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT, world.bo.pk: MarkState.ABSENT}, by=by, at=moment(16, 5))
    attendance.close_register(session, by=by, at=moment(16, 6))
    client.force_login(world.riverside.who["teacher"])
    wish = {"pupil": world.bo.pk, "becomes": "late", "reason": "后来到了"}
    assert client.post(url("corrections", world, session.pk), wish | {"reason": ""}).status_code == 409
    assert client.post(url("corrections", world, session.pk), wish).status_code == 302
    assert Correction.objects.get().change == "缺勤 → 迟到"
    assert "缺勤 → 迟到" in client.get(url("roll", world, session.pk)).content.decode()


def test_a_child_is_handed_over_once(client: Client, world: World, session: Session, at_moment: Stand) -> None:
    by = world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(16, 5))
    at_moment(moment(16, 45))
    client.force_login(world.riverside.who["teacher"])
    page = client.get(url("departures", world)).content.decode()
    assert "陈小梅" in page and "陈小波" not in page
    wrong = client.post(url("release", world, world.mei.pk), {"taker": "delegate:陌生人"})
    assert wrong.status_code == 409 and "不在陈小梅的接送人名单里" in wrong.content.decode()
    assert client.post(url("release", world, world.mei.pk), {"taker": "guardian:陌生人"}).status_code == 409
    assert not Release.objects.exists()
    assert 'value="guardian:陈梅妈妈" required checked' in page, "one tap: whom the family chose is chosen already"
    for status in (302, 409):
        assert client.post(url("release", world, world.mei.pk), {"taker": "guardian:陈梅妈妈"}).status_code == status
    assert Release.objects.count() == 1
    assert client.post(url("release", world, world.lan.pk), {"taker": "guardian:陈梅妈妈"}).status_code == 404


def test_a_handing_over_is_taken_back_only_by_whoever_hands_over_that_child(
    client: Client, world: World, session: Session, at_moment: Stand
) -> None:
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=world.riverside.by("teacher"), at=moment(16, 5))
    at_moment(moment(16, 45))
    client.force_login(world.riverside.who["teacher"])
    client.post(url("release", world, world.mei.pk), {"taker": "guardian:陈梅妈妈"})
    client.force_login(world.riverside.who["homeroom_teacher"])  # leads no group today
    answer = client.post(url("release_removal", world, world.mei.pk), {"reason": "点错了人"})
    assert answer.status_code == 404 and Release.objects.exists()
    client.force_login(world.riverside.who["teacher"])
    assert client.post(url("release_removal", world, world.mei.pk), {"reason": "点错了人"}).status_code == 302
    assert not Release.objects.exists()


def test_the_gate_sees_counts_and_adults_and_no_child(client: Client, world: World, session: Session) -> None:
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=world.riverside.by("teacher"), at=moment(16, 5))
    client.force_login(world.riverside.who["gatekeeper"])
    page = client.get(url("gate", world)).content.decode()
    assert f'href="{url("today", world)}"' not in page, "no way from the gate to a page that refuses the gatekeeper"
    assert "16:40" in page and "1人" in page
    assert "陈小梅" not in page


@pytest.mark.parametrize("children", [2, 20])
def test_the_roll_page_costs_the_same_for_any_group(
    client: Client, world: World, at_moment: Stand, children: int, django_assert_max_num_queries: Callable
) -> None:
    at_moment(moment(16, 20))
    pupils = [make_pupil(world.riverside, f"学生{number}", grade=3) for number in range(children)]
    session = make_session(world.riverside, world.term, pupils)
    client.force_login(world.riverside.who["teacher"])
    with django_assert_max_num_queries(14):
        client.get(url("roll", world, session.pk))


@pytest.mark.parametrize(("duty", "sees"), [("leader", True), ("gate", False), ("patrol", False)])
def test_only_the_duty_leader_of_the_day_sees_everybody_s_groups(
    client: Client, world: World, session: Session, duty: str, sees: bool
) -> None:
    colleague = world.riverside.who["homeroom_teacher"]
    member = StaffMember.objects.create(school=world.riverside.school, account=colleague, name="唐老师")
    put_in_use([member], world.term)
    Duty.objects.create(school=world.riverside.school, on=session.on, kind=duty, staff=member)
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=world.riverside.by("teacher"), at=moment(16, 5))
    client.force_login(colleague)
    assert (client.get(url("roll", world, session.pk)).status_code == 200) is sees
    assert ("陈小梅" in client.get(url("departures", world)).content.decode()) is sees
