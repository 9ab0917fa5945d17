"""The demonstration's people and clock; neither exists anywhere else."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from kehou.chapters.people.models import Account, Post
from kehou.desks.door import urls
from kehou.lib import clock, demonstration
from kehou.lib.models import ClockShift, DueJob
from tests.world import FROM, World, moment


def test_one_tap_signs_in_as_that_person(client: Client, world: World, at_moment):
    at_moment(moment())
    page = client.get(reverse("door:people"), {"q": "陈梅"}).content.decode()
    assert "陈小梅（双桂湖畔小学（演示）三年级1班）的母亲" in page
    teacher = world.riverside.who["teacher"]
    answer = client.post(reverse("door:sign_in_as", args=(teacher.pk,)))
    assert answer["Location"] == reverse("door:seats")
    assert client.session["_auth_user_id"] == str(teacher.pk)
    client.post(reverse("door:sign_in_as", args=(world.guardian.pk,)))
    assert client.session["_auth_user_id"] == str(world.guardian.pk)


def test_the_cast_comes_first_with_its_stories(client: Client, world: World, at_moment):
    at_moment(moment())
    who = demonstration.persona("zhouqiwen")
    account, _ = Account.objects.get_or_create(phone=who.phone, defaults={"name": who.name, "password": "!"})
    Post.objects.create(account=account, role=who.role, from_on=FROM)
    page = client.get(reverse("door:people")).content.decode()
    assert who.line in page and f"以{who.name}登录</button>" in page


def test_people_are_found_by_name_school_or_child(client: Client, world: World, at_moment):
    at_moment(moment())
    for text in ("陈梅妈妈", "陈小波"):
        page = client.get(reverse("door:people"), {"q": text}).content.decode()
        assert "陈梅妈妈" in page and "兰兰爸爸" not in page
    page = client.get(reverse("door:people"), {"desk": "district"}).content.decode()
    assert "审计管理员" in page and "陈梅妈妈" not in page


def test_the_page_costs_the_same_however_many_people(
    client: Client, world: World, at_moment, django_assert_num_queries
):
    at_moment(moment())
    client.get(reverse("door:people"))
    for size in (1, 15):
        for number in range(size):
            account = Account.objects.create(phone=f"188{size:02d}{number:06d}", name="老师", password="!")
            Post.objects.create(account=account, role="teacher", school=world.hill.school, from_on=FROM)
        with django_assert_num_queries(5):
            client.get(reverse("door:people"))


@pytest.mark.parametrize("one", demonstration.MOMENTS, ids=lambda one: one.key)
def test_the_clock_is_moved_to_a_moment_of_the_story(client: Client, db, one):
    answer = client.post(reverse("door:clock"), {"moment": one.key, "next": "/sign-in/"})
    assert answer["Location"] == "/sign-in/"
    assert abs((clock.now() - one.at).total_seconds()) < 5
    ClockShift.objects.all().delete()
    clock._remembered = None


def test_a_moment_that_is_not_in_the_story_is_not_found(client: Client, db):
    assert client.post(reverse("door:clock"), {"moment": "tomorrow"}).status_code == 404
    assert client.get(reverse("door:clock")).status_code == 405


ELSEWHERE = [
    {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, {"HTTP_X_FORWARDED_HOST": "kehou.example"},
    {"HTTP_X_FORWARDED_PROTO": "https"}, {"HTTP_FORWARDED": "for=203.0.113.9"}, {"HTTP_VIA": "1.1 proxy"},
    {"HTTP_X_REAL_IP": "203.0.113.9"}, {"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": "192.168.1.20"},
    {"REMOTE_ADDR": ""},
]  # fmt: skip


@pytest.mark.parametrize("more", ELSEWHERE, ids=str)
def test_whoever_comes_through_a_proxy_or_from_elsewhere_signs_in_as_nobody(
    client: Client, world: World, at_moment, more: dict[str, str]
):
    at_moment(moment())
    teacher = world.riverside.who["teacher"]
    before = list(ClockShift.objects.values())
    asked = {**more, "HTTP_HOST": "127.0.0.1"}
    for answer in (
        client.get(reverse("door:people"), **asked),
        client.post(reverse("door:sign_in_as", args=(teacher.pk,)), **asked),
        client.post(reverse("door:clock"), {"moment": demonstration.MOMENTS[0].key}, **asked),
    ):
        assert answer.status_code == 403 and "演示只在本机使用" in answer.content.decode()
        assert teacher.name not in answer.content.decode()
    shown = client.post(reverse("door:code"), {"phone": world.guardian.phone}, **asked)
    assert shown.status_code == 422 and "验证码是" not in shown.content.decode()
    assert "_auth_user_id" not in client.session and list(ClockShift.objects.values()) == before
    assert client.get("/sign-in/", **asked).status_code == 200, "what needs a password stays open"
    at_home = client.post(reverse("door:sign_in_as", args=(teacher.pk,)), HTTP_HOST="127.0.0.1", REMOTE_ADDR="::1")
    assert at_home.status_code == 302


def test_at_this_machine_a_code_is_shown(client: Client, world: World, at_moment):
    at_moment(moment())
    assert "验证码是" in client.post(reverse("door:code"), {"phone": world.guardian.phone}).content.decode()


def test_days_pass_and_what_is_done_daily_is_due_at_once(client: Client, db):
    client.post(reverse("door:clock"), {"moment": "draw"})
    then = clock.now()
    answer = client.post(reverse("door:clock_days"), {"days": "5", "daily": "1"}, follow=True)
    assert "过了5天" in answer.content.decode()
    clock._remembered = None
    assert abs((clock.now() - then - timedelta(days=5)).total_seconds()) < 30
    assert ClockShift.objects.get().moment == "draw"
    assert DueJob.objects.get(name__endswith="keep_people_fit").due_at <= clock.wall()
    for days in ("0", "-3", "900", "bald", ""):
        assert "请填1到200天" in client.post(reverse("door:clock_days"), {"days": days}, follow=True).content.decode()
    ClockShift.objects.all().delete()
    clock._remembered = None


def test_in_production_these_addresses_do_not_exist():
    try:
        with override_settings(DEMONSTRATION=False):
            importlib.reload(urls)
            names = {pattern.name for pattern in urls.urlpatterns}
    finally:
        importlib.reload(urls)
    assert not names & {"people", "sign_in_as", "clock"}
    assert "sign_in" in names
