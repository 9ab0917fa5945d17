"""The teacher's word beside an application, and the family's page: each sees its own."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kehou.chapters.enrolment.models import Submission, Suggestion
from kehou.rules.choice import DayWish
from tests.groups import make_session
from tests.registration import AFTER, DURING, open_stage, submit
from tests.world import make_pupil, moment


@pytest.fixture
def stage(world, at_moment):
    at_moment(DURING)
    return open_stage(world)


def url(world, name="reviews", *args):
    return reverse(f"teacher:{name}", args=(world.riverside.school.code, *args))


def suggested(client, stage, world, ground="homework_help"):
    application = submit(stage, world.mei, DayWish(1, 2, ((stage.slot("校园足球"),),)))
    client.force_login(world.riverside.who["homeroom_teacher"])
    sent = {"slot": stage.slot("作业答疑站"), "ground": ground}
    return application, client.post(url(world, "suggestion", application.pk), sent, follow=True).content.decode()


@pytest.mark.clause("2.7.3-d", "2.7.3-e")
def test_a_teacher_suggests_by_need_and_the_family_answers(client, stage, world):
    submit(stage, world.mei, DayWish(1, 2, ((stage.slot("校园足球"),),)))
    client.force_login(world.riverside.who["homeroom_teacher"])
    page = client.get(url(world)).content.decode()
    assert 'optgroup label="作业与帮扶"' in page and "不按成绩和表现" in page
    _, page = suggested(client, stage, world)
    assert "由家长决定" in page and "等家长答复" in page
    one, written = Suggestion.objects.get(), list(Submission.objects.values())
    client.force_login(world.guardian)
    assert "看老师的建议" in client.get(reverse("guardian:home", args=(world.mei.pk,))).content.decode()
    page = client.get(reverse("guardian:suggestions", args=(world.mei.pk,))).content.decode()
    assert "作业答疑站" in page and "只是建议" in page and "checked" not in page
    address = reverse("guardian:suggestion_answer", args=(world.mei.pk, one.pk))
    page = client.post(address, {"answer": "accept"}, follow=True).content.decode()
    assert "您的选择还没有改" in page and list(Submission.objects.values()) == written
    assert "已经答复或撤回" in client.post(address, {"answer": "decline"}, follow=True).content.decode()
    client.force_login(world.riverside.who["homeroom_teacher"])
    assert "家长愿意考虑" in client.get(url(world)).content.decode()


def test_when_nothing_can_be_chosen_any_more_a_suggestion_is_only_to_be_read(client, stage, world, at_moment):
    suggested(client, stage, world)
    at_moment(AFTER)
    client.force_login(world.guardian)
    assert "看老师的建议" not in client.get(reverse("guardian:home", args=(world.mei.pk,))).content.decode()
    page = client.get(reverse("guardian:suggestions", args=(world.mei.pk,))).content.decode()
    assert "作业答疑站" in page and "没有答复" in page and "愿意考虑" not in page


def test_without_a_ground_of_the_list_nothing_is_sent(client, stage, world):
    _, page = suggested(client, stage, world, ground="成绩")
    assert "不按成绩、表现分组" in page and not Suggestion.objects.exists()


def test_it_can_be_taken_back(client, stage, world):
    suggested(client, stage, world)
    one = Suggestion.objects.get()
    assert "建议已撤回" in client.post(url(world, "suggestion_withdrawal", one.pk), follow=True).content.decode()
    client.force_login(world.guardian)
    page = client.get(reverse("guardian:suggestions", args=(world.mei.pk,))).content.decode()
    assert "作业答疑站" not in page


def test_who_may(client, stage, world):
    application, _ = suggested(client, stage, world)
    one = Suggestion.objects.get()
    for account, status in (
        (world.riverside.who["teacher"], 403), (world.hill.who["homeroom_teacher"], 404), (world.guardian, 404),
    ):  # fmt: skip
        client.force_login(account)
        assert client.post(url(world, "suggestion", application.pk)).status_code == status
        assert client.post(url(world, "suggestion_withdrawal", one.pk)).status_code == status
    client.force_login(world.riverside.who["homeroom_teacher"])
    other = submit(stage, make_pupil(world.riverside, "林小雨", grade=4, guardian=world.guardian))
    assert client.post(url(world, "suggestion", other.pk)).status_code == 404
    client.force_login(world.other_guardian)
    assert client.get(reverse("guardian:suggestions", args=(world.mei.pk,))).status_code == 404
    assert client.post(reverse("guardian:suggestion_answer", args=(world.mei.pk, one.pk))).status_code == 404


def test_what_a_child_needs_reaches_who_acts_on_it_and_nobody_else(client, stage, world, at_moment):
    """The family's own note is read by the class teacher, not by the office nor at another group; help can be suggested."""
    submit(stage, world.mei, DayWish(1, 2, ((stage.slot("校园足球"),),)), health_note="听力弱，请坐前排")
    client.force_login(world.riverside.who["homeroom_teacher"])
    page = client.get(url(world)).content.decode()
    assert "听力弱" in page and "孩子完成作业需要答疑或小组帮扶" in page
    for role, name in (("asp_manager", "applications"), ("asp_manager", "registration"), ("asp_manager", "pupils")):
        client.force_login(world.riverside.who[role])
        answer = client.get(reverse(f"school:{name}", args=(world.riverside.school.code,)))
        assert answer.status_code == 200 and "听力弱" not in answer.content.decode()
    at_moment(moment(16, 5))
    session = make_session(world.riverside, world.term, [world.bo], name="另一组")
    client.force_login(world.riverside.who["teacher"])
    assert "听力弱" not in client.get(url(world, "roll", session.pk)).content.decode()
    # Whoever leads the group that the child was placed in reads it beside the name.
    Submission.objects.filter(application__pupil=world.bo).update(health_note="戴眼镜，避免撞击")
    page = client.get(url(world, "roll", session.pk)).content.decode()
    assert "陈小波" in page and "戴眼镜，避免撞击" in page
