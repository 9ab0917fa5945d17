"""Every URL, driven as every role, and as the same role at another school (style.md no. 17).

The gate answers before the page looks at anything: not signed in → the sign-in page, a stranger → 404, a colleague
without the permission → 403. Who has the permission gets the page, or 404 where the made-up number names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern

from kehou.chapters.people.models import Account
from kehou.rules.permissions import ROLES, Permission
from tests.test_architecture import views
from tests.world import World

NOTHING = 999_999  # an id that names nothing
BY_DESK = {
    desk: [(name, pattern) for name, pattern in views() if name.startswith(f"{desk}:")]
    for desk in ("teacher", "school", "district", "guardian")
}


def address(pattern: URLPattern, name: str, world: World) -> str:
    """Return an address of a page of Riverside or of Mei, other parts filled with what names nothing."""
    values = {"school_code": world.riverside.school.code, "pupil_id": world.mei.pk}
    route = str(pattern.pattern)
    prefix = {
        "school": f"/school/{values['school_code']}/",
        "teacher": f"/teacher/{values['school_code']}/",
        "guardian": "/guardian/",
        "district": "/district/",
    }[name.split(":")[0]]

    def fill(match: re.Match[str]) -> str:
        kind, _, key = match[1].rpartition(":")
        if name.startswith("guardian:") and key == "pupil_id":
            return str(values["pupil_id"])
        return (
            str(NOTHING) if kind in ("int", "") else {"uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12}.get(kind, "none")
        )

    return prefix + re.sub(r"<([^>]+)>", fill, route)


@pytest.fixture
def bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a refusal be its status: its page is read below, and drawing it ten thousand times takes half of the time."""
    monkeypatch.setattr("kehou.config.urls.handler403", lambda request, exception: HttpResponse(status=403))
    monkeypatch.setattr(
        "kehou.config.urls.handler404", lambda request, exception: HttpResponse(status=404), raising=False
    )


class Doors:
    """Everybody who knocks, signed in once: signing in anew for each of ten thousand requests is most of their time."""

    def __init__(self) -> None:
        self._clients: dict[int, Client] = {}
        self._only_post: set[str] = set()

    def status(self, account: Account | None, where: str) -> int:
        """Return the status of a GET for somebody, or of a POST where the page takes only that."""
        client = self.client_of(account)
        if where not in self._only_post:
            status = client.get(where).status_code
            if status != 405:
                return status
            self._only_post.add(where)
        return client.post(where).status_code

    def client_of(self, account: Account | None) -> Client:
        """Return the browser of somebody."""
        key = account.pk if account else 0
        if key not in self._clients:
            self._clients[key] = Client()
            if account:
                self._clients[key].force_login(account)
        return self._clients[key]


def rows(desk: str) -> Iterator[tuple[str, URLPattern, Permission]]:
    """Yield the pages of a desk that need a permission."""
    for name, pattern in BY_DESK[desk]:
        needs = getattr(pattern.callback, "needs", None)
        if isinstance(needs, Permission):
            yield name, pattern, needs


@pytest.mark.usefixtures("bare_refusals")
@pytest.mark.timeout(600)  # every page times every role: a busy machine takes its time over it
@pytest.mark.clause("1-a")
@pytest.mark.parametrize("desk", ["school", "teacher"])
def test_every_page_of_a_school_as_every_role_here_and_elsewhere(world: World, desk: str) -> None:
    wrong, doors = [], Doors()
    for name, pattern, needs in rows(desk):
        where = address(pattern, name, world)
        if (status := doors.status(None, where)) not in (302, 405):
            wrong.append(f"{name}: nobody gets {status}")
        for account in (world.stranger, world.guardian):
            if (status := doors.status(account, where)) != 404:
                wrong.append(f"{name}: {account.name} gets {status}")
        for role, account in world.riverside.who.items():
            status = doors.status(account, where)
            if needs in ROLES[role].permissions:
                if status not in (200, 302, 400, 404, 409, 422):
                    wrong.append(f"{name}: {role} gets {status}")
            elif status != 403:
                wrong.append(f"{name}: {role} gets {status} instead of 403")
            if (status := doors.status(world.hill.who[role], where)) != 404:
                wrong.append(f"{name}: {role} of another school gets {status}")
    assert wrong == []


@pytest.mark.usefixtures("bare_refusals")
@pytest.mark.clause("1-a")
def test_every_page_of_the_district_as_every_role(world: World) -> None:
    wrong, doors = [], Doors()
    for name, pattern, needs in rows("district"):
        where = address(pattern, name, world)
        if (status := doors.status(None, where)) not in (302, 405):
            wrong.append(f"{name}: nobody gets {status}")
        for account in (world.stranger, world.guardian, world.riverside.who["principal"]):
            if (status := doors.status(account, where)) != 404:
                wrong.append(f"{name}: {account.name} gets {status}")
        for role, account in world.district.items():
            status = doors.status(account, where)
            if needs in ROLES[role].permissions:
                if status not in (200, 302, 400, 404, 409, 422):
                    wrong.append(f"{name}: {role} gets {status}")
            elif status != 403:
                wrong.append(f"{name}: {role} gets {status} instead of 403")
    assert wrong == []


@pytest.mark.usefixtures("bare_refusals")
def test_every_page_of_a_guardian_shows_their_own_child_only(world: World) -> None:
    wrong, doors = [], Doors()
    for name, pattern, _ in rows("guardian"):
        where = address(pattern, name, world)
        if (status := doors.status(None, where)) not in (302, 405):
            wrong.append(f"{name}: nobody gets {status}")
        strangers = (world.other_guardian, world.stranger, world.riverside.who["homeroom_teacher"])
        for account in (*strangers, world.riverside.who["principal"], world.district["basic_education"]):
            if (status := doors.status(account, where)) != 404:
                wrong.append(f"{name}: {account.name} gets {status}")
        if (status := doors.status(world.guardian, where)) not in (200, 302, 400, 404, 409, 422):
            wrong.append(f"{name}: the guardian gets {status}")
    assert wrong == []


def test_a_colleague_reads_which_permission_is_missing_and_a_stranger_reads_that_there_is_nothing(world: World) -> None:
    where, doors = f"/school/{world.riverside.school.code}/board/", Doors()
    refused = doors.client_of(world.riverside.who["cashier"]).get(where)
    assert refused.status_code == 403
    assert f"要有“{Permission.BOARD_SEE.title_zh}”权限" in refused.content.decode()
    for account in (world.stranger, world.hill.who["principal"]):
        missing = doors.client_of(account).get(where)
        assert missing.status_code == 404
        assert "没有这一页" in missing.content.decode()
