"""报名 at the office: who may, opening behind the gate, progress in counts only, lists that can be taken away."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Registration
from kehou.rules.choice import DayWish
from tests.registration import CLOSES, DURING, PUBLISHED, clear, decline, open_stage, publish_table, submit
from tests.world import make_pupil


def url(world, name="registration", *args):
    return reverse(f"school:{name}", args=(world.riverside.school.code, *args))


@pytest.fixture
def stage(world, at_moment):
    at_moment(DURING)
    return open_stage(world)


def office(client, world, role="asp_manager"):
    client.force_login(world.riverside.who[role])
    return client


@pytest.mark.parametrize("name", ["registration", "applications", "enrolments"])
def test_who_may_see_the_progress(client, stage, world, name):
    for role, status in (("asp_manager", 200), ("principal", 200), ("cashier", 403), ("parents_committee", 403)):
        assert office(client, world, role).get(url(world, name)).status_code == status
    for account in (world.hill.who["asp_manager"], world.guardian):
        client.force_login(account)
        assert client.get(url(world, name)).status_code == 404
    client.logout()
    assert client.get(url(world, name)).status_code == 302


OPENING = {"opens_at": "2026-09-01T08:00", "closes_at": "2026-09-05T18:00", "method": "gsd"}


@pytest.mark.clause("4-c", "2.3-h")
def test_the_button_says_why_the_window_stays_shut(client, world, at_moment):
    at_moment(PUBLISHED)
    page = office(client, world).get(url(world)).content.decode()
    assert "备案" in page and "内容项目表还没有公布" in page
    assert 'aria-disabled="true"' in page
    answer = client.post(url(world, "registration_opening"), OPENING)
    assert answer.status_code == 422 and 'value="2026-09-01T08:00"' in answer.content.decode()
    assert not Registration.objects.exists()


def test_it_opens_and_then_shows_the_progress(client, world, at_moment):
    at_moment(PUBLISHED)
    clear(publish_table(world))
    page = office(client, world).post(url(world, "registration_opening"), OPENING, follow=True).content.decode()
    assert "报名已开放" in page and "报名进度" in page
    assert Registration.objects.get().closes_at == CLOSES


def test_the_principal_looks_and_does_not_open(client, world, at_moment):
    at_moment(PUBLISHED)
    clear(publish_table(world))
    assert office(client, world, "principal").post(url(world, "registration_opening"), OPENING).status_code == 403


@pytest.mark.clause("2.1-b")
def test_progress_is_counts_and_nobody_s_refusal_has_a_name(client, stage, world):
    submit(stage, world.mei)
    enrolment.submit(stage.registration, world.bo, decline(), by=world.by_guardian(), at=DURING)
    office(client, world)
    for name in ("registration", "applications", "enrolments", "paper", "draw", "agreements"):
        assert "陈小波" not in client.get(url(world, name)).content.decode()
    sheet = b"".join(client.get(url(world, "applications") + "?as=sheet").streaming_content)
    assert sheet[:2] == b"PK"
    page = client.get(url(world)).content.decode()
    assert "不参加" in page and "只有人数" in page


def test_wishes_are_shown_against_seats(client, stage, world):
    for pupil in (world.mei, world.bo):
        submit(stage, pupil, DayWish(1, 2, ((stage.slot("校园足球"),),)))
    page = office(client, world).get(url(world)).content.decode()
    row = page[page.index("校园足球") :][:700]
    assert ">1<" in row and ">2<" in row and "紧" in row


def test_the_deadline_is_moved_later_with_a_reason(client, stage, world):
    office(client, world)
    earlier = client.post(url(world, "registration_extension"), {"until": "2026-09-04T18:00", "reason": "误"})
    assert earlier.status_code == 422 and "只能往后延" in earlier.content.decode()
    client.post(url(world, "registration_extension"), {"until": "2026-09-06T18:00", "reason": "一个班漏发通知"})
    assert Registration.objects.get().closes_at > CLOSES


def test_a_change_window_is_opened(client, stage, world):
    fields = {"name": "试听周", "from_on": "2026-09-07", "until_on": "2026-09-20"}
    office(client, world).post(url(world, "change_windows"), fields)
    assert stage.registration.change_windows.get().name == "试听周"


@pytest.mark.parametrize("children", [2, 12])
@pytest.mark.parametrize(("name", "most"), [("registration", 22), ("applications", 12)])
def test_the_pages_cost_the_same_statements(client, stage, world, children, name, most, django_assert_max_num_queries):
    for n in range(children):
        submit(stage, make_pupil(world.riverside, f"学生{n}", grade=1 + n % 6, guardian=world.guardian))
    office(client, world).get(url(world, name))
    with django_assert_max_num_queries(most):
        client.get(url(world, name))
