"""The register at the school desk: who may read it, and how an ID number is seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.journal.models import Entry
from kehou.chapters.people.actions.pupils import NewPupil, register_pupils
from kehou.chapters.people.models import Guardianship, Pupil
from tests.world import World, make_pupil, moment

NUMBER = "500999201603150017"


def url(name: str, world: World, *args: object) -> str:
    """Return the address of a page at Riverside."""
    return reverse(f"school:{name}", args=(world.riverside.school.code, *args))


@pytest.fixture
def known(world: World) -> Pupil:
    """Return a child whose ID number is kept."""
    new = NewPupil("李一一", "1", moment().date().replace(2016, 3, 15), world.riverside.homerooms[4, 1], NUMBER)
    (pupil,) = register_pupils(world.riverside.school, [new], by=world.riverside.by("asp_manager"), at=moment())
    return pupil


def test_the_register_is_searched_by_name_and_pinyin_and_taken_away(client: Client, world: World, known: Pupil) -> None:
    client.force_login(world.riverside.who["asp_manager"])
    everybody = client.get(url("pupils", world)).content.decode()
    assert "陈小梅" in everybody and "李一一" in everybody and "兰兰" not in everybody
    found = client.get(url("pupils", world), {"q": "li yi"}).content.decode()
    assert "李一一" in found and "陈小梅" not in found
    sheet = client.get(url("pupils", world), {"as": "sheet"})
    assert sheet["Content-Type"].startswith("application/vnd.openxmlformats")
    assert NUMBER.encode() not in b"".join(sheet.streaming_content if sheet.streaming else [sheet.content])


@pytest.mark.clause("2.1-k")
def test_an_id_number_is_shown_to_who_says_why_and_the_reading_is_journalled(
    client: Client, world: World, known: Pupil
) -> None:
    client.force_login(world.riverside.who["asp_manager"])
    assert NUMBER not in client.get(url("pupil", world, known.pk)).content.decode()
    silent = client.post(url("unmasking", world, known.pk), {"reason": "看"})
    assert silent.status_code == 409 and NUMBER not in silent.content.decode()
    shown = client.post(url("unmasking", world, known.pk), {"reason": "核对资助名单"})
    assert NUMBER in shown.content.decode() and shown["Cache-Control"] == "no-store"
    entry = Entry.objects.get(verb="people.id_number_unmasked")
    assert entry.facts["reason"] == "核对资助名单" and NUMBER not in str(entry.facts)


def test_the_number_of_an_adult_is_shown_on_that_page_only_and_travels_in_no_cookie(
    client: Client, world: World
) -> None:
    member = world.riverside.staff["teacher"]
    member.id_number = NUMBER
    member.save()
    client.force_login(world.riverside.who["asp_manager"])
    silent = client.post(url("staff_unmasking", world, member.pk), {"reason": "看"})
    assert silent.status_code == 409 and NUMBER not in silent.content.decode()
    shown = client.post(url("staff_unmasking", world, member.pk), {"reason": "核对派出所的查询"})
    assert NUMBER in shown.content.decode() and shown["Cache-Control"] == "no-store"
    assert "messages" not in shown.cookies
    assert NUMBER not in client.get(url("staff_file", world, member.pk)).content.decode()


def test_the_principal_reads_the_register_but_unmasks_nothing(client: Client, world: World, known: Pupil) -> None:
    client.force_login(world.riverside.who["principal"])
    assert client.get(url("pupil", world, known.pk)).status_code == 200
    assert client.post(url("unmasking", world, known.pk), {"reason": "核对资助名单"}).status_code == 403


def test_a_guardian_is_added_and_the_last_one_cannot_be_ended(client: Client, world: World) -> None:
    client.force_login(world.riverside.who["asp_manager"])
    typed = {"name": "王奶奶", "relation": "奶奶", "phone": "1990000"}
    wrong = client.post(url("guardians", world, world.mei.pk), typed)
    assert wrong.status_code == 422 and "王奶奶" in wrong.content.decode(), "what was typed is kept"
    assert client.post(url("guardians", world, world.mei.pk), typed | {"phone": "19900008888"}).status_code == 302
    links = list(Guardianship.objects.filter(pupil=world.mei, until_on=None).order_by("pk"))
    assert len(links) == 2
    ended = [client.post(url("guardian_end", world, world.mei.pk, link.pk)).status_code for link in links]
    assert ended == [302, 409], "somebody always answers for the child"


def test_contacts_are_noted_as_reached_when_there_are_two(client: Client, world: World) -> None:
    client.force_login(world.riverside.who["asp_manager"])
    assert "都已打通核对" in client.get(url("pupil", world, world.mei.pk)).content.decode()
    world.bo.contacts.filter(turn=2).delete()
    for child in (world.mei, world.bo):
        assert client.post(url("contacts_verified", world, child.pk)).status_code == 302
    assert world.mei.contacts.filter(verified_on=None).count() == 0
    assert world.bo.contacts.filter(verified_on=None).count() == 1, "one telephone is not two"
    assert "已核对" in client.get(url("pupil", world, world.mei.pk)).content.decode()
    client.force_login(world.riverside.who["principal"])
    assert client.post(url("contacts_verified", world, world.mei.pk)).status_code == 403


@pytest.mark.parametrize("children", [2, 40])
def test_the_register_costs_the_same_for_any_number(
    client: Client, world: World, children: int, django_assert_max_num_queries: Callable
) -> None:
    for number in range(children):
        make_pupil(world.riverside, f"学生{number}", grade=2)
    client.force_login(world.riverside.who["asp_manager"])
    with django_assert_max_num_queries(9):
        client.get(url("pupils", world))
