"""The board of the afternoon, corrections and the zero count at the school desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.models import DayClosing
from kehou.rules.attendance import MarkState, Way
from tests.groups import make_session
from tests.world import TODAY, World, moment

Stand = Callable[[datetime], None]


def url(name: str, world: World, *args: object) -> str:
    """Return the address of a page at Riverside."""
    return reverse(f"school:{name}", args=(world.riverside.school.code, *args))


@pytest.mark.parametrize(
    ("who", "status"),
    [("asp_manager", 200), ("principal", 200), ("quality_checker", 200), ("cashier", 403), ("teacher", 403)],
)
def test_who_may_see_the_board(client: Client, world: World, at_moment: Stand, who: str, status: int) -> None:
    at_moment(moment(16, 20))
    client.force_login(world.riverside.who[who])
    assert client.get(url("board", world)).status_code == status
    client.force_login(world.hill.who[who])
    assert client.get(url("board", world)).status_code == 404


def test_the_board_says_who_is_missing_and_who_is_left(client: Client, world: World, at_moment: Stand) -> None:
    session = make_session(world.riverside, world.term, [world.mei, world.bo])
    by = world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(16))
    attendance.raise_alarms(session, by=by, at=moment(16, 12))
    at_moment(moment(16, 20))
    client.force_login(world.riverside.who["asp_manager"])
    page = client.get(url("board", world)).content.decode()
    assert "科学小实验" in page and "要马上找" in page and "陈小波" in page
    sheet = client.get(url("board", world) + "?as=sheet")
    assert sheet["Content-Type"].startswith("application/vnd.openxmlformats")


@pytest.mark.clause("3.2-n")
def test_the_day_is_closed_at_zero_only(client: Client, world: World, at_moment: Stand) -> None:
    session = make_session(world.riverside, world.term, [world.mei])
    by = world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(16))
    attendance.close_register(session, by=by, at=moment(16, 20))
    at_moment(moment(18, 30))
    client.force_login(world.riverside.who["asp_manager"])
    refused = client.post(url("day_closing", world))
    assert refused.status_code == 409 and "还有1名孩子没有登记离校（陈小梅）" in refused.content.decode()
    attendance.release(world.mei, TODAY, way=Way.GUARDIAN, to_name=world.guardian.name, by=by, at=moment(18, 31))
    assert client.post(url("day_closing", world)).status_code == 302
    assert client.post(url("day_closing", world)).status_code == 302, "pressed twice is pressed once"
    assert DayClosing.objects.count() == 1


def test_a_correction_is_decided_by_somebody_else(client: Client, world: World, at_moment: Stand) -> None:
    session = make_session(world.riverside, world.term, [world.mei])
    by = world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.ABSENT}, by=by, at=moment(16))
    register = attendance.close_register(session, by=by, at=moment(16, 20))
    asked = attendance.ask_correction(
        register, world.mei, MarkState.PRESENT, reason="点错了人，孩子在", by=by, at=moment(16, 30)
    )
    at_moment(moment(16, 40))
    client.force_login(world.riverside.who["asp_manager"])
    assert "点错了人" in client.get(url("corrections", world)).content.decode()
    decision = url("correction_decision", world, asked.pk)
    assert client.post(decision, {"decision": "approve"}).status_code == 302
    assert client.post(decision, {"decision": "approve"}).status_code == 409
    client.force_login(world.hill.who["asp_manager"])
    elsewhere = reverse("school:correction_decision", args=(world.hill.school.code, asked.pk))
    assert client.post(elsewhere, {"decision": "approve"}).status_code == 404
