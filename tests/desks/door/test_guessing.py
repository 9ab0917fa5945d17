"""The password asked once more of somebody who is in: guessing it is counted like guessing at the door."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP

from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Account
from tests.desks.door.test_sign_in import by_password
from tests.world import World, moment

PASSWORD = "bamboo-sea-4821"


@pytest.fixture
def manager(world: World, at_moment) -> Account:
    """Return an account with a password and a second factor."""
    at_moment(moment(20))
    account = world.riverside.who["asp_manager"]
    account.set_password(PASSWORD)
    account.save()
    device = people.second_factor.begin_second_factor(account)
    people.second_factor.confirm_second_factor(account, f"{TOTP(device.bin_key).token():06d}", at=moment(20))
    return account


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("door:second_factor_removal", lambda password: {"password": password}),
        ("door:password", lambda old: {"old": old, "new": "pomelo-hill-93", "again": "pomelo-hill-93"}),
    ],
)
def test_guessing_the_password_from_a_device_left_open_is_counted_like_signing_in(
    client, manager, at_moment, page, typed
):
    client.force_login(manager)
    for n in range(3):
        assert "现在的密码不对" in client.post(reverse(page), typed(f"guess-{n}")).content.decode()
    for n in range(2):
        by_password(Client(), manager.phone, f"guess-at-the-door-{n}")  # the same five
    stopped = client.post(reverse(page), typed(PASSWORD))
    assert (stopped.status_code, "请在20:15以后再试" in stopped.content.decode()) == (422, True)
    manager.refresh_from_db()
    assert manager.check_password(PASSWORD) and people.second_factor.has_second_factor(manager)
    at_moment(moment(23, 0))
    client.force_login(manager)
    assert client.post(reverse(page), typed(PASSWORD)).status_code == 302
