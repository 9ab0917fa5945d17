"""班级审核 on a phone: who may, what is shown, what an answer does, what it costs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kehou.chapters.enrolment import actions as enrolment
from kehou.rules.choice import DayWish
from tests.registration import DURING, decline, open_stage, submit
from tests.world import make_pupil


@pytest.fixture
def stage(world, at_moment):
    at_moment(DURING)
    return open_stage(world)


def url(world, name="reviews", *args):
    return reverse(f"teacher:{name}", args=(world.riverside.school.code, *args))


@pytest.mark.parametrize(
    ("who", "status"), [("homeroom_teacher", 200), ("teacher", 403), ("duty_leader", 403), ("asp_manager", 403)]
)
def test_who_may_review(client, stage, world, who, status):
    client.force_login(world.riverside.who[who])
    assert client.get(url(world)).status_code == status


def test_a_colleague_elsewhere_a_stranger_and_nobody(client, stage, world):
    application = submit(stage, world.mei)
    for account in (world.hill.who["homeroom_teacher"], world.stranger):
        client.force_login(account)
        assert client.get(url(world)).status_code == 404
        assert client.post(url(world, "review_answer", application.pk)).status_code == 404
    client.logout()
    assert client.get(url(world)).status_code == 302


def test_another_class_is_as_good_as_none(client, stage, world):
    client.force_login(world.riverside.who["homeroom_teacher"])
    lin = make_pupil(world.riverside, "林小雨", grade=4, guardian=world.guardian)
    application = submit(stage, lin)
    assert "林小雨" not in client.get(url(world)).content.decode()
    assert client.post(url(world, "review_answer", application.pk), {"answer": "pass"}).status_code == 404


@pytest.mark.clause("2.7.3-b")
def test_it_shows_who_applied_and_never_who_refused(client, stage, world):
    submit(stage, world.mei, DayWish(1, 2, ((stage.slot("校园足球"),),)), health_note="花生过敏")
    enrolment.submit(stage.registration, world.bo, decline(), by=world.by_guardian(), at=DURING)
    client.force_login(world.riverside.who["homeroom_teacher"])
    page = client.get(url(world)).content.decode()
    assert "陈小梅" in page and "花生过敏" in page and "校园足球" in page
    assert "陈小波" not in page


def test_a_pass_and_a_return_in_words(client, stage, world):
    mei, bo = submit(stage, world.mei), submit(stage, world.bo)
    client.force_login(world.riverside.who["homeroom_teacher"])
    client.post(url(world, "review_answer", mei.pk), {"answer": "pass", "version": "1"})
    page = client.post(
        url(world, "review_answer", bo.pk), {"answer": "return", "version": "1", "reason": "contact"}, follow=True
    ).content.decode()
    assert stage.application(world.mei).state == "reviewed"
    assert stage.application(world.bo).state == "returned"
    assert "联系电话打不通" in page


def test_a_return_without_a_reason_of_the_list_is_refused_in_words(client, stage, world):
    application = submit(stage, world.mei)
    client.force_login(world.riverside.who["homeroom_teacher"])
    answer = {"answer": "return", "version": "1", "reason": "表现不好"}
    page = client.post(url(world, "review_answer", application.pk), answer, follow=True).content.decode()
    assert "请从列出的原因里选一个" in page
    assert stage.application(world.mei).state == "submitted"


def test_all_that_were_shown_pass_at_once(client, stage, world):
    mei, bo = submit(stage, world.mei), submit(stage, world.bo)
    submit(stage, world.bo, DayWish(2, 1))
    client.force_login(world.riverside.who["homeroom_teacher"])
    page = client.post(
        url(world, "review_passing"), {"shown": [f"{mei.pk}-1", f"{bo.pk}-1"]}, follow=True
    ).content.decode()
    assert "已通过1份申请" in page and "有1份刚刚被家长改过" in page


@pytest.mark.parametrize("children", [2, 12])
def test_the_page_costs_the_same_statements(client, stage, world, children, django_assert_max_num_queries):
    for n in range(children):
        submit(stage, make_pupil(world.riverside, f"学生{n}", grade=3, guardian=world.guardian))
    client.force_login(world.riverside.who["homeroom_teacher"])
    client.get(url(world))
    with django_assert_max_num_queries(10):
        client.get(url(world))


def test_the_first_page_says_how_many_wait_and_until_when(client, stage, world):
    mei = submit(stage, world.mei)
    submit(stage, world.bo)
    client.force_login(world.riverside.who["homeroom_teacher"])
    today = reverse("teacher:today", args=(world.riverside.school.code,))
    page = client.get(today).content.decode()
    assert "班里的申请等您审核" in page and "<b>2</b> 份" in page and url(world) in page
    for one in (mei, stage.application(world.bo)):
        client.post(url(world, "review_answer", one.pk), {"answer": "pass", "version": "1"})
    assert "等您审核" not in client.get(today).content.decode()
    submit(stage, world.mei, DayWish(2, 1))
    client.force_login(world.riverside.who["teacher"])
    assert "等您审核" not in client.get(today).content.decode(), "a leader without a class reviews nothing"
