"""全区摇号: what was named before whom, the outcome in counts, never of a few children."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Draw, Placement
from kehou.rules.choice import DayWish
from tests.registration import AFTER, OPENS, open_stage, published, submit
from tests.world import make_pupil, moment

PAGE = reverse("district:draws")


@pytest.fixture
def office(client, world, at_moment):
    at_moment(moment())
    client.force_login(world.district["basic_education"])
    return client


def stage_of(world, children: int):
    stage = open_stage(world)
    for number in range(children):
        pupil = make_pupil(world.riverside, f"学生{number}", grade=4, guardian=world.guardian)
        submit(stage, pupil, DayWish(1, 2, ((stage.slot("科学小实验"),),), any_place=True))
    return stage


def test_before_anybody_has_opened_it_says_what_comes_first(office):
    assert "还没有学校开放报名" in office.get(PAGE).content.decode()


@pytest.mark.clause("2.3-j")
def test_who_opened_without_naming_the_randomness_is_marked(office, world):
    open_stage(world)
    page = office.get(PAGE).content.decode()
    assert "已经开放报名，还没有写明用什么随机数摇号。" in page and "要问的（1）" in page


def test_naming_after_the_opening_is_marked_and_before_it_is_not(office, world):
    published(stage_of(world, 3))
    draw = Draw.objects.get()
    assert draw.named_at > OPENS
    assert "在开放报名以后" in office.get(PAGE, {"view": "flagged"}).content.decode()
    Draw.objects.update(named_at=OPENS)
    assert "各校都在开放报名前写明了随机数" in office.get(PAGE, {"view": "flagged"}).content.decode()


@pytest.mark.clause("2.1-k")
def test_shares_of_few_children_are_not_told(office, world):
    published(stage_of(world, 3))
    row = office.get(PAGE).context["page"][0]
    assert (row["asked"], row["first"], row["placed"], row["protected"]) == (3, None, None, None)


def test_shares_of_many_are_told_and_changes_by_hand_are_counted(office, world):
    stage = stage_of(world, 12)
    published(stage)
    seat = Placement.objects.filter(ended_at=None).first()
    allocation.remove(seat, reason="家长到校说明的情况", by=world.riverside.by("asp_manager"), at=AFTER)
    row = office.get(PAGE).context["page"][0]
    assert row["asked"] == 12 and row["placed"] is not None and row["round"].by_hand == 1


def test_it_can_be_searched_and_taken_away(office, world):
    published(stage_of(world, 3))
    assert "没有" in office.get(PAGE, {"q": "不存在"}).content.decode()
    assert office.get(PAGE, {"as": "sheet"})["Content-Type"].endswith("sheet")
