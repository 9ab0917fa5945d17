"""Choosing a desk, and the inbox."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.journal import actions as journal
from kehou.chapters.journal.models import Letter, Reading
from kehou.chapters.people.models import Guardianship, Post
from kehou.rules.permissions import ROLES
from tests.world import FROM, World, moment

AT = moment()


@pytest.fixture(autouse=True)
def morning(at_moment) -> None:
    at_moment(AT)


def test_one_desk_is_taken_at_once(client, world: World):
    client.force_login(world.riverside.who["teacher"])
    assert client.get(reverse("door:seats"))["Location"] == f"/teacher/{world.riverside.school.code}/"
    client.force_login(world.district["basic_education"])
    assert client.get(reverse("door:seats"))["Location"] == "/district/"


@pytest.mark.parametrize("role", [name for name, role in ROLES.items() if role.desk in ("teacher", "school")])
def test_whoever_holds_a_post_at_a_school_arrives_at_a_page_of_theirs(client, world: World, role: str):
    client.force_login(world.riverside.who[role])
    assert client.get(reverse("door:seats"), follow=True).status_code == 200


@pytest.mark.parametrize("role", [name for name, role in ROLES.items() if role.desk == "district"])
def test_whoever_holds_a_post_at_the_district_arrives_at_a_page_of_theirs(client, world: World, role: str):
    Post.objects.create(account=world.stranger, role=role, from_on=FROM)
    client.force_login(world.stranger)
    assert client.get(reverse("door:seats"), follow=True).status_code == 200


def test_of_several_one_is_chosen(client, world: World):
    teacher = world.riverside.who["teacher"]
    Post.objects.create(account=teacher, role="asp_manager", school=world.hill.school, from_on=FROM)
    Post.objects.create(
        account=teacher, role="cashier", school=world.riverside.school, from_on=FROM, until_on=FROM.replace(day=30)
    )
    client.force_login(teacher)
    page = client.get(reverse("door:seats")).content.decode()
    assert "教师" in page and "课后服务管理员" in page and world.hill.school.name in page
    assert "报账员" not in page  # that post is over


@pytest.mark.parametrize("name", ["letters", "account", "sessions"])
def test_beside_the_desks_the_way_back_to_each_is_in_sight(client: Client, world: World, name: str):
    teacher = world.riverside.who["teacher"]
    Post.objects.create(account=teacher, role="asp_manager", school=world.hill.school, from_on=FROM)
    client.force_login(teacher)
    page = client.get(reverse(f"door:{name}")).content.decode()
    assert f'<a href="/teacher/{world.riverside.school.code}/">' in page and "回到课后服务管理员" in page
    assert f'<a href="/school/{world.hill.school.code}/">' in page
    client.force_login(world.stranger)
    assert "回到" not in client.get(reverse(f"door:{name}")).content.decode(), "who has no desk came from none"


def test_who_has_nothing_is_told_whom_to_ask(client, world: World):
    client.force_login(world.stranger)
    assert "还没有您的岗位或孩子" in client.get(reverse("door:seats")).content.decode()


def test_a_stranger_stands_before_the_door(client, world: World):
    for name in ("seats", "letters", "account", "sessions", "second_factor"):
        assert client.get(reverse(f"door:{name}"))["Location"].startswith("/sign-in/")


def write(world: World, count: int = 1, **more: str) -> list[Letter]:
    return [
        journal.send(world.guardian.pk, **{"kind": "notice", "title": f"第{n}封", "body": "请带水杯", "at": AT} | more)
        for n in range(count)
    ]


def test_a_letter_is_opened_with_a_receipt_and_looking_leaves_none(client: Client, world: World):
    (letter,) = write(world, link="/desks/")
    client.force_login(world.guardian)
    page = client.get(reverse("door:letter", args=(letter.pk,))).content.decode()
    assert "请带水杯" in page and "我已阅读" in page and "/desks/" in page
    assert not Reading.objects.exists()
    client.post(reverse("door:reading", args=(letter.pk,)))
    assert Reading.objects.get().read_at == AT
    assert "打开" in client.get(reverse("door:letter", args=(letter.pk,))).content.decode()


def test_nobody_opens_the_letters_of_another(client: Client, world: World):
    (letter,) = write(world)
    client.force_login(world.other_guardian)
    assert client.get(reverse("door:letter", args=(letter.pk,))).status_code == 404
    assert client.post(reverse("door:reading", args=(letter.pk,))).status_code == 404
    assert "第0封" not in client.get(reverse("door:letters")).content.decode()


def test_the_inbox_is_searched_paged_and_taken_away(client: Client, world: World):
    write(world, 25)
    write(world, title="缴费提醒")
    client.force_login(world.guardian)
    assert "共 26 封" in client.get(reverse("door:letters")).content.decode()
    found = client.get(reverse("door:letters"), {"q": "缴费"}).content.decode()
    assert "缴费提醒" in found and "第3封" not in found
    assert client.get(reverse("door:letters"), {"as": "sheet"})["Content-Type"].endswith("sheet")
    client.post(reverse("door:readings"))
    assert Reading.objects.count() == 26
    assert "还没有来信" in client.get(reverse("door:letters"), {"unread": 1}).content.decode()


def test_the_inbox_costs_the_same_however_many_letters(client: Client, world: World, django_assert_max_num_queries):
    client.force_login(world.guardian)
    for size in (2, 18):
        write(world, size)
        with django_assert_max_num_queries(7):
            client.get(reverse("door:letters"))


def test_a_guardian_of_two_children_arrives_at_the_first(client: Client, world: World):
    Guardianship.objects.filter(pupil=world.lan).update(account=world.guardian)
    client.force_login(world.guardian)
    answer = client.get(reverse("door:seats"))
    assert answer.status_code == 302 and answer["Location"].startswith("/guardian/")
    assert "陈小梅" in client.get(answer["Location"]).content.decode()
    assert "陈小梅" in client.get(reverse("door:seats"), {"choose": "1"}).content.decode()
