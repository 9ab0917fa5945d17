"""A page that was sent and not taken says so with its status: never 200, as if all were well.

422 where what was typed cannot be read, 409 where the policy or the state of things says no. So a script, a proxy and a
tester know what the reader sees in words.
"""

from __future__ import annotations

import inspect

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from kehou.rules.permissions import ROLES
from tests.desks.test_permissions import Doors, address, rows
from tests.world import World, moment

# Questions, asked by POST because they carry a form; the answer is a fragment.
ASKED = {"school:activity_check", "guardian:price"}


def takes(pattern: URLPattern) -> bool:
    """Return whether a page reads what is sent to it."""
    return "POST" in inspect.getsource(inspect.unwrap(pattern.callback))


@pytest.mark.parametrize("desk", ["school", "teacher", "district", "guardian"])
def test_what_cannot_be_taken_is_never_answered_as_if_it_were(world: World, at_moment, desk: str) -> None:
    at_moment(moment(9))
    people = {"district": world.district, "guardian": {"guardian": world.guardian}}.get(desk, world.riverside.who)
    wrong, doors = [], Doors()
    for name, pattern, _ in rows(desk):
        needs = pattern.callback.needs_to_post
        somebody = next((one for role, one in people.items() if needs in ROLES[role].permissions), world.guardian)
        if name in ASKED or not takes(pattern):
            continue
        answer = doors.client_of(somebody).post(address(pattern, name, world), {"nonsense": "x"})
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            wrong.append(name)
    assert not wrong, wrong


def test_a_room_that_is_in_use_cannot_be_closed_and_the_page_says_409(client: Client, world: World, at_moment) -> None:
    at_moment(moment(9))
    client.force_login(world.riverside.who["asp_manager"])
    code = world.riverside.school.code
    assert client.post(reverse("school:room_new", args=(code,)), {"name": ""}).status_code == 422
    assert client.post(reverse("school:equipment_new", args=(code,)), {"name": ""}).status_code == 422
    assert client.post(reverse("school:staff_new", args=(code,)), {"name": ""}).status_code == 422
