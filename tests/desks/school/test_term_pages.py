"""Who may open which page of the term: the right role, a colleague, another school, a stranger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kehou.chapters.programme import actions as programme
from kehou.chapters.staffing.models import AcceptedRoster, Engagement, ShortageStatement, SignedPaper
from kehou.chapters.timetable.models import Session
from tests.chapters.programme.stage import AT, homework
from tests.chapters.timetable.stage import NOW, make, open_school
from tests.desks.school.stage import answers, url
from tests.world import World

PAGES = [
    ("home", "cashier", "asp_manager"),
    ("table", "parents_committee", "cashier"),
    ("table_preview", "principal", "cashier"),
    ("table_templates", "asp_manager", "principal"),
    ("activity_new", "asp_manager", "principal"),
    ("sessions", "quality_checker", "cashier"),
    ("week", "principal", "aid_officer"),
    ("duty", "asp_manager", "principal"),
    ("rooms", "asp_manager", "cashier"),
    ("room_new", "asp_manager", "principal"),
    ("dismissal", "asp_manager", "principal"),
    ("staff", "asp_manager", "cashier"),
    ("staff_new", "asp_manager", "principal"),
    ("classes", "asp_manager", "principal"),
    ("posts", "asp_manager", "principal"),
]


@pytest.mark.parametrize(("page", "may", "may_not"), PAGES, ids=[one[0] for one in PAGES])
def test_who_may_open_it(
    client: Client, world: World, at_moment: Callable[[Any], None], page: str, may: str, may_not: str
) -> None:
    open_school(world)
    at_moment(NOW)
    assert answers(client, world, url(page, world), may) == (200, 404, 302)
    if page != "home":
        assert answers(client, world, url(page, world), may_not) == (403, 404, 302)


POSTS = [
    ("table_publication", (), "principal", "asp_manager"),
    ("table_reopening", (), "asp_manager", "principal"),
    ("table_beginning", (), "asp_manager", "principal"),
    ("activity_check", (), "asp_manager", "principal"),
    ("session_making", (), "asp_manager", "principal"),
    ("seasons", (), "asp_manager", "principal"),
    ("term_facts", (), "asp_manager", "principal"),
    ("room_sheet", (), "asp_manager", "principal"),
    ("homeroom_new", (), "asp_manager", "principal"),
    ("post_new", (), "asp_manager", "principal"),
]


@pytest.mark.parametrize(("page", "args", "may", "may_not"), POSTS, ids=[one[0] for one in POSTS])
def test_who_may_act(
    client: Client,
    world: World,
    at_moment: Callable[[Any], None],
    page: str,
    args: tuple[int, ...],
    may: str,
    may_not: str,
) -> None:
    open_school(world)
    at_moment(NOW)
    address = url(page, world, *args)
    for place, who, status in (
        (world.riverside, may_not, {403}),
        (world.hill, may, {404}),
        (world.riverside, may, {200, 302, 409, 422}),
    ):
        client.force_login(place.who[who])
        assert client.post(address).status_code in status
        assert client.get(address).status_code in {403, 404, 405}


def test_things_of_another_school_do_not_exist(client: Client, world: World, at_moment: Callable[[Any], None]) -> None:
    open_school(world)
    make(world)
    at_moment(NOW)
    hill = world.hill
    table = programme.start_table(hill.school, world.term, by=hill.by("asp_manager"), at=AT)
    facts = homework(hill, grades=(7,), leader=hill.staff["teacher"])
    activity = programme.add_activity(table, facts, by=hill.by("asp_manager"), at=AT)
    client.force_login(world.riverside.who["asp_manager"])
    post = hill.who["teacher"].posts.get()
    for name, pk in (
        ("activity", activity.pk),
        ("room", hill.rooms["F-01"].pk),
        ("staff_member", hill.staff["teacher"].pk),
        ("session", 999_999),
    ):
        assert client.get(url(name, world, pk)).status_code == 404
    for name, pk in (
        ("activity_withdrawal", activity.pk),
        ("room_retirement", hill.rooms["F-01"].pk),
        ("staff_leaving", hill.staff["teacher"].pk),
        ("dismissals", hill.season.pk),
        ("season", hill.season.pk),
        ("homeroom_teacher", hill.homerooms[7, 1].pk),
        ("post_end", post.pk),
        ("post_password", post.pk),
    ):
        assert client.post(url(name, world, pk)).status_code == 404, name


def test_the_chain_shows_what_comes_next_and_what_blocks(
    client: Client, world: World, at_moment: Callable[[Any], None]
) -> None:
    at_moment(AT)
    client.force_login(world.riverside.who["asp_manager"])
    page = client.get(url("home", world)).content.decode()
    assert "先要资源台账" in page, "a room alone is no census"
    open_school(world)
    page = client.get(url("home", world)).content.decode()
    assert "第1版，8月28日公布" in page and "LP-KHFW-2026秋-01" in page
    make(world)
    at_moment(NOW)
    count = Session.objects.filter(state="planned").count()
    assert f"{count}次课次" in client.get(url("home", world)).content.decode()


def test_the_chain_without_a_term_says_who_sets_it(client: Client, world: World) -> None:
    SignedPaper.objects.all().delete()
    AcceptedRoster.objects.all().delete()
    Engagement.objects.all().delete()
    ShortageStatement.objects.all().delete()
    world.riverside.season.delete()
    world.riverside.school.terms.all().delete()
    world.hill.school.terms.all().delete()
    world.term.delete()
    client.force_login(world.riverside.who["asp_manager"])
    page = client.get(url("home", world))
    assert page.status_code == 200 and "区教委还没有设定学期" in page.content.decode()


LISTS = ["table", "sessions", "rooms", "staff", "classes", "posts", "duty"]


@pytest.mark.parametrize("page", LISTS)
def test_every_list_can_be_taken_away_as_a_spreadsheet(
    client: Client, world: World, at_moment: Callable[[Any], None], page: str
) -> None:
    open_school(world)
    make(world)
    at_moment(NOW)
    client.force_login(world.riverside.who["asp_manager"])
    answer = client.get(url(page, world) + "?as=sheet")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert b"".join(answer.streaming_content).startswith(b"PK")


@pytest.mark.parametrize("page", [*LISTS, "home", "week", "table_preview"])
def test_a_page_costs_the_same_for_two_activities_and_for_ten(
    client: Client, world: World, at_moment: Callable[[Any], None], page: str, django_assert_max_num_queries: Any
) -> None:
    table = open_school(world)
    manager = world.riverside.by("asp_manager")
    at_moment(NOW)
    client.force_login(world.riverside.who["asp_manager"])

    def queries() -> int:
        make(world)
        with django_assert_max_num_queries(60) as counted:
            assert client.get(url(page, world)).status_code == 200
        return len(counted)

    few = queries()
    programme.reopen(table, reason="增加活动", by=manager, at=AT)
    for number in range(8):
        facts = homework(
            world.riverside,
            name=f"阅读{number}",
            slots={number % 5 + 1: 2 + number // 5},
            leader=world.riverside.staff["volunteer"],
        )
        programme.add_activity(table, facts, by=manager, at=AT)
    programme.publish(table, by=world.riverside.by("principal"), at=AT)
    assert queries() == few
