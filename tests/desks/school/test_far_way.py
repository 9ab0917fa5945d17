"""路程远近 (2.2-d): who lives far away is on record, and school and family are warned of evenings that end in the dark."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.people import actions as people
from kehou.chapters.people.actions.rosters import content_of
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import DismissalTime
from kehou.rules.roster.rows import commute_of
from tests.desks.school.stage import url
from tests.registration import DURING, open_stage
from tests.rules.roster.sheets import HEADER, pupil
from tests.world import World

WARNED = "这名孩子路远，18:20离校要走夜路，建议只选前面的课时"


@pytest.fixture
def office(client: Client, world: World, at_moment) -> Client:
    at_moment(DURING)
    open_stage(world)
    client.force_login(world.riverside.who["asp_manager"])
    return client


def application(world: World) -> str:
    family = Client()
    family.force_login(world.guardian)
    return family.get(reverse("guardian:application", args=(world.mei.pk,))).content.decode()


@pytest.mark.clause("2.2-d")
def test_the_office_notes_who_lives_far_away_and_school_and_family_are_warned(office: Client, world: World) -> None:
    card, dismissal = url("pupil", world, world.mei.pk), url("dismissal", world)
    assert "没有登记" in office.get(card).content.decode() and WARNED not in application(world)
    for wrong in ("", "moon"):
        page = office.post(url("pupil_commute", world, world.mei.pk), {"commute": wrong}, follow=True)
        assert "请选近、中、远之一" in page.content.decode()
    office.post(url("pupil_commute", world, world.mei.pk), {"commute": "far"})
    assert "1名路远的孩子要走夜路" in office.get(dismissal).content.decode()
    assert WARNED in application(world)
    paper = reverse("school:paper_entry", args=(world.riverside.school.code, world.mei.pk))
    assert WARNED in office.get(paper).content.decode(), "and whoever types the paper form"
    # School that ends early enough is home by daylight; so is a child that lives near by.
    DismissalTime.objects.filter(season=world.riverside.season).update(at="14:30")
    assert WARNED[-8:] not in application(world) and "走夜路" not in office.get(dismissal).content.decode()
    DismissalTime.objects.filter(season=world.riverside.season).update(at="15:50")
    office.post(url("pupil_commute", world, world.mei.pk), {"commute": "near"})
    assert WARNED not in application(world) and "走夜路" not in office.get(dismissal).content.decode()


@pytest.mark.clause("2.2-d")
def test_it_comes_with_the_roster_and_an_empty_cell_takes_nothing_back(office: Client, world: World) -> None:
    by, school = world.riverside.by("asp_manager"), world.riverside.school
    for written, kept in (("远，乘公交", "far"), ("", "far"), ("近", "near")):
        file = io.StringIO()
        csv.writer(file).writerows([[*HEADER, "上学路程"], [*pupil(1), written]])
        one = people.keep_roster(school, file_name="名册.csv", content=file.getvalue().encode(), by=by, at=DURING)
        people.take_roster(one, people.read_for(school, content_of(one), at=DURING), by=by, at=DURING)
        assert Pupil.objects.get(name="王一诺").commute == kept, written


@pytest.mark.parametrize(
    ("text", "band"), [("远", "far"), ("较远（40分钟）", "far"), ("近", "near"), ("中等", "middle"), ("3公里", "")]
)
def test_the_words_of_rosters(text: str, band: str) -> None:
    assert commute_of(text) == band


def test_another_role_and_another_school_note_nothing(office: Client, world: World) -> None:
    office.force_login(world.riverside.who["cashier"])
    assert office.post(url("pupil_commute", world, world.mei.pk), {"commute": "far"}).status_code == 403
    office.force_login(world.hill.who["asp_manager"])
    assert office.post(url("pupil_commute", world, world.mei.pk), {"commute": "far"}).status_code == 404
