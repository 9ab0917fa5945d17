"""The activity table at the desk: typed with live answers, published by the principal, read by everybody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.rules.forty import FORTY
from tests.chapters.programme.stage import AT, homework, row
from tests.chapters.timetable.stage import NOW, open_school
from tests.consultation import consult
from tests.desks.school.stage import url
from tests.world import World

Stand = Callable[[Any], None]


@pytest.fixture
def draft(world: World, client: Client, at_moment: Stand) -> ActivityTable:
    """Return Riverside's table as a draft, the manager at the desk."""
    at_moment(AT)
    consult(world)
    client.force_login(world.riverside.who["asp_manager"])
    client.post(url("table_beginning", world))
    return ActivityTable.objects.get(school=world.riverside.school)


def typed(world: World, **changes: Any) -> dict[str, Any]:
    """Return what a browser sends for a lawful row."""
    place = world.riverside
    sent = {
        "name": "科学小实验", "category": "popular_science", "kind": "featured", "domains": ["intellectual"],
        "aim": "培养兴趣", "grades": ["3", "4"], "day_1": "1", "day_3": "1", "class_hours": "1", "capacity": "20",
        "minimum": "8", "place": f"room:{place.rooms['F-03'].pk}", "leader": str(place.staff["teacher"].pk),
        "risk_class": "C", "kit": "烧杯", "week_of_month": "",
    }  # fmt: skip
    return {key: value for key, value in {**sent, **changes}.items() if value is not None}


def test_a_group_of_two_days_can_be_one_team_and_one_of_a_single_day_cannot(
    client: Client, world: World, draft: ActivityTable
) -> None:
    client.post(url("activity_new", world), typed(world, one_team="on"))
    assert Activity.objects.get().one_team
    client.post(url("activity", world, Activity.objects.get().pk), typed(world, one_team="on", day_3=None))
    assert not Activity.objects.get().one_team


@pytest.mark.clause("2.3-i")
def test_a_row_is_added_changed_and_withdrawn(client: Client, world: World, draft: ActivityTable) -> None:
    assert client.post(url("activity_new", world), typed(world)).status_code == 302
    activity = Activity.objects.get()
    assert (activity.room, activity.leader, activity.grades) == (
        world.riverside.rooms["F-03"], world.riverside.staff["teacher"], [3, 4],
    )  # fmt: skip
    page = client.get(url("activity", world, activity.pk)).content.decode()
    assert "一周几天是同一个队" in page and not activity.one_team
    assert "没有冲突" in page and 'value="科学小实验"' in page and "16:00–16:40" in page
    changed = typed(world, place="own", helpers=[str(world.riverside.staff["volunteer"].pk)], risk_class="A")
    assert client.post(url("activity", world, activity.pk), changed).status_code == 302
    activity.refresh_from_db()
    assert activity.in_homeroom and activity.room is None and activity.helpers.count() == 1
    assert client.post(url("activity_withdrawal", world, activity.pk)).status_code == 302
    assert "科学小实验" not in client.get(url("table", world), {"view": "weekday"}).content.decode().split("已撤下")[-1]
    assert client.get(url("activity", world, activity.pk)).status_code == 404


@pytest.mark.clause("2.2-c")
def test_a_refusal_keeps_what_was_typed_and_stands_beside_the_field(
    client: Client, world: World, draft: ActivityTable
) -> None:
    answer = client.post(url("activity_new", world), typed(world, class_hours="2", day_1="3", aim="很长的目标"))
    page = answer.content.decode()
    assert answer.status_code == 409 and not Activity.objects.exists()
    assert "结束时间将是19:10，超过18:30" in page and "很长的目标" in page and "id_class_hours_error" in page


@pytest.mark.clause("2.2-a")
@pytest.mark.clause("2.3-l")
def test_what_is_typed_is_answered_at_once_and_nothing_is_written(
    client: Client, world: World, draft: ActivityTable
) -> None:
    programme.add_activity(draft, row(world.riverside), by=world.riverside.by("asp_manager"), at=AT)
    half = typed(world, name="", leader=None, aim="", capacity="60", day_1=None)
    page = client.post(url("activity_check", world), half).content.decode()
    assert "科学室周三16:00–16:40已用于“科学小实验”" in page and "点开看依据" in page
    assert "科学室最多容28人" in page and "公布前还要填：名称、带组人" in page
    assert Activity.objects.count() == 1
    same = typed(world, activity=str(Activity.objects.get().pk))
    assert "没有冲突" in client.post(url("activity_check", world), same).content.decode(), (
        "a row does not clash with itself"
    )
    assert client.post(url("activity_check", world), {"capacity": "abc"}).status_code == 200


@pytest.mark.clause("2.3-d")
def test_a_template_fills_the_form_and_is_cut_to_the_school(client: Client, world: World, draft: ActivityTable) -> None:
    page = client.get(url("table_templates", world), {"q": "年画"}).content.decode()
    assert "梁平木版年画体验" in page and "足球" not in page and "整本书共读" not in page
    template = next(one for one in FORTY if one.place == "图书室")
    page = client.get(url("activity_new", world), {"template": template.number}).content.decode()
    assert f'value="{template.name}"' in page and "图书室（45人）" in page


@pytest.mark.clause("2.3-h")
def test_the_manager_prepares_and_the_principal_publishes(client: Client, world: World, draft: ActivityTable) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    programme.add_activity(draft, row(place, leader=None), by=manager, at=AT)
    page = client.get(url("table_preview", world)).content.decode()
    assert "“带组人”还没有填" in page and "还没有基础活动" in page and "公布项目表" not in page
    programme.change_activity(Activity.objects.get(), row(place), by=manager, at=AT)
    programme.add_activity(draft, homework(place), by=manager, at=AT)
    assert "由校长公布" in client.get(url("table_preview", world)).content.decode()
    assert client.post(url("table_publication", world)).status_code == 403
    client.force_login(place.who["principal"])
    answer = client.post(url("table_publication", world), follow=True)
    page = answer.content.decode()
    assert "第1版" in page and draft.publications.get().digest in page
    assert client.post(url("table_publication", world)).status_code == 409


def test_a_published_table_is_opened_with_a_reason_and_the_next_version_says_what_changed(
    client: Client, world: World, at_moment: Stand
) -> None:
    table, place = open_school(world), world.riverside
    at_moment(NOW)
    client.force_login(place.who["asp_manager"])
    assert client.post(url("table_reopening", world), {"reason": ""}).status_code == 409
    assert (
        client.post(url("activity_new", world), typed(world, name="新活动", day_1=None, day_3="2")).status_code == 409
    )
    assert client.post(url("table_reopening", world), {"reason": "科学室检修"}).status_code == 302
    assert (
        client.post(url("activity_new", world), typed(world, name="新活动", day_1=None, day_3="2")).status_code == 302
    )
    assert "新增“新活动”" in client.get(url("table_preview", world)).content.decode()
    client.force_login(place.who["principal"])
    client.post(url("table_publication", world))
    page = client.get(url("table_version", world, 2)).content.decode()
    assert "与第1版相比" in page and "新增“新活动”" in page
    assert client.get(url("table_version", world, 3)).status_code == 404
    assert table.publications.count() == 2


def test_it_can_be_printed_as_draft_and_as_published(client: Client, world: World, draft: ActivityTable) -> None:
    programme.add_activity(draft, row(world.riverside), by=world.riverside.by("asp_manager"), at=AT)
    answer = client.get(url("table_paper", world))
    assert answer["Content-Type"] == "application/pdf" and b"".join(answer.streaming_content).startswith(b"%PDF")
    programme.add_activity(draft, homework(world.riverside), by=world.riverside.by("asp_manager"), at=AT)
    programme.publish(draft, by=world.riverside.by("principal"), at=AT)
    for query in ("", "?poster=1", "?draft=1"):
        assert client.get(url("table_paper", world) + query).status_code == 200


@pytest.mark.parametrize("view", ["list", "weekday", "grade", "nonsense"])
def test_it_is_shown_as_a_list_by_weekday_and_by_grade(
    client: Client, world: World, at_moment: Stand, view: str
) -> None:
    open_school(world)
    at_moment(NOW)
    client.force_login(world.riverside.who["parents_committee"])
    page = client.get(url("table", world), {"view": view}).content.decode()
    assert "科学小实验" in page and "五育与多样" in page and "添加活动" not in page
    assert "科学小实验" not in client.get(url("table", world), {"view": "list", "q": "静心"}).content.decode()


# --- What anybody may read --------------------------------------------------------------------------------------------


@pytest.mark.clause("2.3-h")
def test_anybody_reads_the_current_version_and_can_compute_its_hash(
    client: Client, world: World, at_moment: Stand
) -> None:
    table, place = open_school(world), world.riverside
    at_moment(NOW)
    listing = client.get(reverse("public:tables"))
    assert listing.status_code == 200 and place.school.name in listing.content.decode()
    assert world.hill.school.name not in listing.content.decode()
    here = [place.school.code, world.term.code]
    page = client.get(reverse("public:table", args=here)).content.decode()
    digest = table.publications.get().digest
    assert "科学小实验" in page and digest in page and "与内容一致" in page
    document = client.get(reverse("public:table_document", args=[*here, 1])).content
    assert hashlib.sha256(document).hexdigest() == digest
    assert client.get(reverse("public:table_paper", args=[*here, 1])).status_code == 200
    assert client.get(reverse("public:table_version", args=[*here, 2])).status_code == 404
    to_come = client.get(reverse("public:table", args=[world.hill.school.code, world.term.code]))
    assert to_come.status_code == 200 and "科学小实验" not in to_come.content.decode(), (
        "the notice carries this address"
    )
    assert client.get(reverse("public:table", args=["0000000000", world.term.code])).status_code == 404
    assert client.post(reverse("public:tables")).status_code == 405


def test_the_public_page_shows_no_draft_and_no_child(client: Client, world: World, at_moment: Stand) -> None:
    table, place = open_school(world), world.riverside
    at_moment(NOW)
    programme.reopen(table, reason="改名", by=place.by("asp_manager"), at=AT)
    facts = row(place, name="还没公布的活动", slots={5: 1})
    programme.add_activity(table, facts, by=place.by("asp_manager"), at=AT)
    page = client.get(reverse("public:table", args=[place.school.code, world.term.code])).content.decode()
    assert "还没公布的活动" not in page and world.mei.name not in page


@pytest.mark.parametrize("schools", [1, 2])
def test_the_public_list_costs_the_same_for_one_school_and_for_two(
    client: Client, world: World, at_moment: Stand, schools: int, django_assert_num_queries: Any
) -> None:
    open_school(world)
    if schools == 2:
        hill, by = world.hill, world.hill.by("asp_manager")
        table = programme.start_table(hill.school, world.term, by=by, at=AT)
        for facts in (
            homework(hill, grades=(7, 8, 9)),
            row(hill, grades=(7,), class_hours=1, leader=hill.staff["teacher"]),
        ):
            programme.add_activity(table, facts, by=by, at=AT)
        consult(world, "hill")
        programme.publish(table, by=hill.by("principal"), at=AT)
    at_moment(NOW)
    client.get(reverse("public:tables"))
    with django_assert_num_queries(2):
        client.get(reverse("public:tables"))
