"""停课 at the school desk."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.basis.models import Closure
from tests.world import World, moment


@pytest.fixture(autouse=True)
def morning(at_moment) -> None:
    at_moment(moment())


def url(world: World) -> str:
    return reverse("school:closures", args=(world.riverside.school.code,))


def test_who_may_register_a_closure(client: Client, world: World):
    assert client.get(url(world)).status_code == 302
    for role, account in world.riverside.who.items():
        client.force_login(account)
        assert client.get(url(world)).status_code == (200 if role in ("asp_manager", "principal") else 403), role
    client.force_login(world.hill.who["principal"])
    assert client.get(url(world)).status_code == 404


def test_a_closure_is_registered_for_this_school_only(client: Client, world: World):
    client.force_login(world.riverside.who["asp_manager"])
    typed = {"first": "2026-11-20", "last": "2026-11-20", "reason": "经批准，因停电停课"}
    assert client.post(url(world), typed).status_code == 302
    closure = Closure.objects.get()
    assert (closure.school_code, closure.until_on) == (world.riverside.school.code, date(2026, 11, 21))
    Closure.objects.create(
        school_code=world.hill.school.code, from_on=date(2026, 11, 23), until_on=date(2026, 11, 24),
        reason="别校的停课", approved_by="x", approved_at=moment(),
    )  # fmt: skip
    page = client.get(url(world)).content.decode()
    assert "因停电停课" in page and "别校的停课" not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first": "2026-11-10", "last": "2026-11-20", "reason": "停电"}, "已经过去"),
        ({"first": "2026-11-20", "last": "2026-11-19", "reason": "停电"}, "早于第一天"),
        ({"first": "2026-11-20", "last": "2026-11-20", "reason": ""}, "必填"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(client: Client, world: World, typed, said):
    client.force_login(world.riverside.who["asp_manager"])
    answer = client.post(url(world), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert typed["first"] in page
    assert said in page or said == "必填"
    assert not Closure.objects.exists()
