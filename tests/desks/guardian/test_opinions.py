"""What the school asks and tells, answered beside the child: opinions, notice, a change of the plan."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kehou.chapters.enrolment.models import Exit
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import OpinionSheet
from kehou.rules.planning import Change, ChangeKind, Topic
from tests.chapters.planning import stage
from tests.chapters.planning.stage import day
from tests.desks.guardian.family import parent, url
from tests.groups import enrol
from tests.world import World

YES = {f"stance_{topic.value}": "agree" for topic in Topic}


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.mark.clause("2.7.2-c", "2.1-c")
def test_a_family_answers_once_without_a_name(client: Client, world: World, at_moment: Any) -> None:
    way = stage.drafted(world)
    stage.first_round(way)
    at_moment(day(2))
    parent(client, world)
    assert "实施方案第一轮征求意见" in text(client.get(url("home", world.mei)))
    page = text(client.get(url("opinions", world.mei, 1)))
    assert "checked" not in page and "方案怎么写" in page
    partly = client.post(url("opinions", world.mei, 1), {**YES, "stance_fee": "disagree", "words_time": "留着"})
    assert partly.status_code == 422 and "希望怎么改" in text(partly) and "留着" in text(partly)
    done = client.post(
        url("opinions", world.mei, 1), {**YES, "stance_fee": "disagree", "words_fee": "便宜些"}, follow=True
    )
    assert "已经收到您家的意见" in text(done) and "便宜些" not in text(done)
    assert OpinionSheet.objects.get().signed == ""
    again = client.post(url("opinions", world.bo, 1), YES, follow=True)  # the other child, the same household
    assert "每户每轮答复一次" in text(again) and OpinionSheet.objects.count() == 1
    assert "实施方案第一轮征求意见" not in text(client.get(url("home", world.mei)))


@pytest.mark.clause("2.7.2-e")
def test_a_child_taps_faces_in_the_second_round(client: Client, world: World, at_moment: Any) -> None:
    way = stage.drafted(world)
    stage.first_round(way)
    stage.told(way)
    stage.second_round(way, answered=False)
    at_moment(day(8))
    parent(client, world)
    assert "也来点一点" in text(client.get(url("opinions", world.mei, 2)))
    assert client.post(url("child_opinions", world.mei, 2), {"stance_time": "agree"}).status_code == 422
    faces = {"stance_time": "agree", "stance_content": "suggest", "stance_pickup": "disagree"}
    assert "把手机还给大人" in text(client.post(url("child_opinions", world.mei, 2), faces, follow=True))
    assert "也来点一点" not in text(client.get(url("opinions", world.mei, 2)))
    client.force_login(world.riverside.who["teacher"])
    teacher = f"/teacher/{world.riverside.school.code}/opinions/"
    assert "学生1份" in text(client.get(teacher))
    assert client.post(teacher, YES | {"stance_fee": ""}).status_code == 422
    assert "已经收到您的意见" in text(client.post(teacher, YES, follow=True))
    assert "每户每轮答复一次" in text(client.post(teacher, YES, follow=True))


@pytest.mark.clause("2.1-e")
def test_the_notice_is_confirmed_once_for_all_children(client: Client, world: World, at_moment: Any) -> None:
    way = stage.drafted(world)
    assert "还没有发告知书" in text(parent(client, world).get(url("notice", world.mei)))
    stage.first_round(way)
    notice = stage.told(way)
    at_moment(day(7))
    assert "阅读课后服务告知书" in text(client.get(url("home", world.mei)))
    assert "服务时间" in text(client.get(url("notice", world.mei))) and queries.delivery_of(notice).online == 0
    assert "已确认收到" in text(client.post(url("notice", world.mei), follow=True))
    assert queries.delivery_of(notice).online == 2
    assert client.get(url("notice_print", world.bo)).content.startswith(b"%PDF")


@pytest.mark.clause("2.7.2-g")
@pytest.mark.parametrize("answer", ["agree", "leave"])
def test_a_change_is_agreed_to_or_left_without_cost(client: Client, world: World, at_moment: Any, answer: str) -> None:
    way = stage.signed(world)
    enrolment = enrol(world.mei, world.term)
    change = Change(ChangeKind.TIME, "足球", "16:40", "16:20")
    amendment = planning.propose_amendment(
        way.plan,
        reason="天黑得早",
        changes=[change],
        from_on=day(45).date(),
        answer_by=day(38),
        by=way.office,
        at=day(30),
    )
    planning.tell_affected(amendment, {world.mei.pk: "周一足球"}, by=way.office, at=day(30))
    at_moment(day(31))
    (consent,) = queries.consents_for(world.mei, day(31))
    parent(client, world)
    assert "答复服务安排的调整" in text(client.get(url("home", world.mei)))
    page = text(client.get(url("amendment", world.mei, consent.pk)))
    assert "改为：16:20" in page and "退出不收任何费用" in page
    assert client.get(url("amendment", world.bo, consent.pk)).status_code == 404
    done = text(client.post(url("amendment", world.mei, consent.pk), {"answer": answer}, follow=True))
    assert ("同意" if answer == "agree" else "不同意，退出") in done
    assert Exit.objects.filter(enrolment=enrolment).exists() == (answer == "leave")
