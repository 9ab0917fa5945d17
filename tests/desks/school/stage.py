"""What the pages of the school desk are opened on: Riverside with a published table and sessions."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from tests.world import World


def url(name: str, world: World, *args: Any) -> str:
    """Return the address of a page at Riverside."""
    return reverse(f"school:{name}", args=[world.riverside.school.code, *args])


def answers(client: Client, world: World, address: str, who: str) -> tuple[int, int, int]:
    """Return what a page says to a role at Riverside, to the same role at Hill, and to somebody who is not signed in."""
    found = []
    for place in (world.riverside, world.hill):
        client.force_login(place.who[who])
        found.append(client.get(address).status_code)
    client.logout()
    return (*found, client.get(address).status_code)  # type: ignore[return-value]
