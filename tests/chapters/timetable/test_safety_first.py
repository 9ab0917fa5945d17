"""Safety stands first: a place that is red gets no session, from whichever side it is asked (3.2-a, R-SAFE-03)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Room
from kehou.chapters.timetable.models import Session
from kehou.rules.clauses import clauses_of
from tests.chapters.programme.stage import AT
from tests.chapters.timetable.stage import HOMEWORK, SCIENCE, make, open_school
from tests.world import World


def broken(world: World) -> tuple[Room, object]:
    """Let the science room be closed by a grave fault after the table was published."""
    room = world.riverside.rooms["F-03"]
    return room, schools.open_repair(room, fault="吊扇松动", gravity="red", by=world.riverside.by("asp_manager"), at=AT)


@pytest.mark.clause("3.2-a")
def test_a_red_place_gets_no_session_until_it_is_mended_and_the_others_do(world: World) -> None:
    open_school(world)
    room, repair = broken(world)
    done = make(world)
    assert [(one.code, one.why, one.fact("room")) for one in done.refusals] == [
        ("R-SAFE-03", "place_is_red", room.name)
    ]
    assert {clause.id for clause in clauses_of("R-SAFE-03")} == {"3.2-a"}
    assert not Session.objects.filter(slot__activity__name=SCIENCE).exists()
    assert Session.objects.filter(slot__activity__name=HOMEWORK).exists()
    schools.close_repair(repair, outcome="已换", by=world.riverside.by("asp_manager"), at=AT)
    again = make(world)
    assert again.made and not again.refusals and Session.objects.filter(slot__activity__name=SCIENCE).exists()


@pytest.mark.clause("3.2-a")
def test_a_place_whose_check_is_overdue_gets_none_either(world: World) -> None:
    open_school(world)
    Room.objects.filter(pk=world.riverside.rooms["F-03"].pk).update(checked_on=AT.date() - timedelta(days=900))
    assert [one.key for one in make(world).refusals] == ["R-SAFE-03:place_is_red"]
    assert not Session.objects.filter(slot__activity__name=SCIENCE).exists()


def test_what_was_made_before_stays_and_is_shown(world: World) -> None:
    open_school(world)
    make(world)
    before = Session.objects.filter(slot__activity__name=SCIENCE, state="planned").count()
    broken(world)
    assert not make(world).refusals
    assert Session.objects.filter(slot__activity__name=SCIENCE, state="planned").count() == before > 0


@pytest.mark.clause("3.2-a")
def test_the_page_says_which_place_and_by_which_clause(world: World, client: Client, at_moment) -> None:
    at_moment(AT)
    open_school(world)
    room, _ = broken(world)
    client.force_login(world.riverside.who["asp_manager"])
    page = client.post(reverse("school:session_making", args=(world.riverside.school.code,)), follow=True)
    assert f"“{room.name}”检查过期或正在停用维修" in page.content.decode()
