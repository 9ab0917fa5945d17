"""自愿报名 on the teacher's phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.staffing.models import SignUp, SignUpChange
from tests.chapters.staffing.outside import AT, agreed, proposed, window_at
from tests.world import World


@pytest.fixture(autouse=True)
def _now(at_moment) -> None:
    at_moment(AT)


def teacher(client: Client, world: World, role: str = "teacher") -> tuple[Client, str]:
    client.force_login(world.riverside.who[role])
    return client, reverse("teacher:sign_up", args=[world.riverside.school.code])


def test_two_equal_answers_and_none_beforehand(client: Client, world: World) -> None:
    client, where = teacher(client, world)
    assert "还没有开放报名" in client.get(where).content.decode()
    window_at(world, at=AT)
    page = client.get(where).content.decode()
    assert 'value="yes" required' in page and 'value="no" required' in page
    assert "checked" not in page
    silent = client.post(where, {})
    assert silent.status_code == 422 and "请选“参加”或“不参加”" in silent.content.decode()
    assert not SignUp.objects.exists()  # silence is no, and nobody is made to say it


def test_an_answer_is_taken_and_what_was_typed_stays(client: Client, world: World) -> None:
    window_at(world, at=AT)
    client, where = teacher(client, world)
    typed = {"joins": "yes", "hours_2": "2", "skill": ["书法"], "other_skills": "古琴，茶艺", "leads": "书法小组"}
    wrong = client.post(where, typed)
    body = wrong.content.decode()
    assert wrong.status_code == 422 and "每周最多愿意承担几课时" in body and "古琴、茶艺" in body and "书法小组" in body
    done = client.post(where, typed | {"weekly_cap": "2"}, follow=True).content.decode()
    assert "已收到您的答复" in done and "第1版" in done
    answer = SignUp.objects.get()
    assert (answer.skills, answer.days, answer.leads) == (["书法", "古琴", "茶艺"], {"2": 2}, "书法小组")
    client.post(where, {"joins": "no"})
    assert SignUp.objects.get(is_current=True).joins is False


def test_after_the_window_a_change_is_asked_for(client: Client, world: World) -> None:
    window_at(world, at=AT - timedelta(days=30))
    client, where = teacher(client, world)
    page = client.post(where, {"joins": "no"})
    assert page.status_code == 422 and "请写一句原因" in page.content.decode()
    client.post(where, {"joins": "no", "reason": "要照顾老人"})
    assert SignUpChange.objects.get().reason == "要照顾老人"
    assert "变更申请已提交" in client.get(where).content.decode()


def test_who_is_not_on_the_list_is_told_so(client: Client, world: World) -> None:
    window_at(world, at=AT)
    world.riverside.school.staff.filter(account=world.riverside.who["teacher"]).update(state="left")
    client, where = teacher(client, world)
    assert "不在本校服务人员名单上" in client.get(where).content.decode()
    assert client.post(where, {"joins": "yes"}).status_code == 409


def test_a_visit_is_agreed_to_or_declined_by_the_teacher(client: Client, world: World) -> None:
    visit = proposed(world)
    client, where = teacher(client, world)
    assert "等您决定" in client.get(where).content.decode()
    answer = reverse("teacher:visit_answer", args=[world.riverside.school.code, visit.pk])
    client.post(answer, {"answer": "yes"})
    assert visit.agreeings.get().party == "teacher"
    assert "还缺" not in client.get(where).content.decode()
    client.post(answer, {"answer": "no", "reason": "路太远"})
    visit.refresh_from_db()
    assert visit.ended_because == "路太远"
    other, _ = teacher(client, world, "duty_leader")
    assert other.post(answer, {"answer": "yes"}).status_code == 404


def test_a_visitor_may_open_the_pages_of_the_host(client: Client, world: World) -> None:
    agreed(world)
    client, _ = teacher(client, world)
    week = reverse("teacher:week", args=[world.hill.school.code])
    assert client.get(week).status_code == 200
