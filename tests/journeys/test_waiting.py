"""An afternoon to its end: a child turns red and the board tells the news on open pages, and the day is closed at zero."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.models import DayClosing
from kehou.chapters.people.models import Account
from kehou.chapters.timetable.models import Session
from kehou.rules.attendance import MarkState
from tests.groups import make_session
from tests.world import World, moment

pytestmark = pytest.mark.django_db(transaction=True)
Stand = Callable[[datetime], None]
ALARM = moment(16, 10)


@pytest.fixture
def session(world: World) -> Session:
    """Return a group of two at 16:00."""
    return make_session(world.riverside, world.term, [world.mei, world.bo])


@pytest.fixture
def seat(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page as somebody who is signed in, and counts how often it was loaded."""
    contexts = []

    def sit(account: Account, path: str, *, scripts: bool = True) -> Page:
        client = Client()
        client.force_login(account)
        context = browser.new_context(java_script_enabled=scripts, viewport={"width": 360, "height": 740})
        contexts.append(context)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield sit
    for context in contexts:
        context.close()


def roll(world: World, session: Session) -> str:
    return reverse("teacher:roll", args=(world.riverside.school.code, session.pk))


@pytest.mark.clause("3.2-f")
def test_a_child_nobody_has_seen_turns_red_on_the_open_page(
    seat: Callable[..., Page], world: World, session: Session, at_moment: Stand
) -> None:
    at_moment(ALARM - timedelta(seconds=6))
    page = seat(world.riverside.who["teacher"], roll(world, session))
    rows = page.locator("[data-roll-row]")
    expect(rows).to_have_count(2)
    red = page.locator(".roll__row--alarm")
    assert red.count() == 0 and "19900009901" not in page.content(), "no number lies on the page before it is needed"
    rows.filter(has_text="陈小波").locator("[data-roll-tap]").click()  # 未到 → 到, not saved yet
    page.evaluate("window.stayed = true")
    at_moment(ALARM)
    expect(red).to_have_count(1, timeout=20_000)
    expect(red).to_contain_text("陈小梅")
    expect(page.get_by_role("alert")).to_contain_text("还有1名孩子没有见到")
    expect(red.locator("a[href^='tel:']")).to_have_attribute("href", "tel:19900009901")
    assert page.evaluate("window.stayed"), "nobody reloaded anything"
    assert page.locator(f"[name=mark_{world.bo.pk}]:checked").get_attribute("value") == "present", "taps are kept"
    rows.filter(has_text="陈小梅").locator("[data-roll-tap]").click()
    expect(red).to_have_count(0)


@pytest.mark.clause("3.2-f")
def test_without_scripts_the_page_says_so_and_is_red_when_it_is_opened_again(
    seat: Callable[..., Page], world: World, session: Session, at_moment: Stand
) -> None:
    at_moment(ALARM - timedelta(seconds=6))
    page = seat(world.riverside.who["teacher"], roll(world, session), scripts=False)
    assert "重新打开这一页时才会标红" in page.content()  # <noscript>
    assert page.locator(".roll__row--alarm").count() == 0
    at_moment(ALARM)
    page.reload()
    expect(page.locator(".roll__row--alarm")).to_have_count(2)
    expect(page.locator(".roll__alarm a").first).to_be_visible()


def test_the_board_tells_the_news_without_being_asked_and_leaves_what_is_typed(
    seat: Callable[..., Page], world: World, session: Session, at_moment: Stand
) -> None:
    at_moment(moment(16, 5))
    page = seat(world.riverside.who["asp_manager"], "/sign-in/")
    page.clock.install()
    page.goto(
        page.url.split("/", 3)[0]
        + "//"
        + page.url.split("/")[2]
        + reverse("school:board", args=(world.riverside.school.code,))
    )
    expect(page.locator("#board_clock")).to_contain_text("16:05")
    expect(page.locator("#board_groups")).to_contain_text("待点名")
    page.locator("#search").fill("科学")
    page.locator("summary", has_text="还在校的孩子").click()
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=world.riverside.by("teacher"), at=moment(16, 6))
    at_moment(moment(16, 6))
    page.clock.run_for(61_000)
    expect(page.locator("#board_clock")).to_contain_text("16:06")
    expect(page.locator("#board_groups")).to_contain_text("点名中")
    expect(page.locator("#board_left")).to_contain_text("陈小梅")
    expect(page.locator("#board_left")).to_be_visible()
    assert page.locator("#search").input_value() == "科学"


@pytest.mark.clause("3.2-n")
def test_when_the_last_child_has_been_handed_over_the_day_is_closed_at_zero(
    seat: Callable[..., Page], world: World, session: Session, at_moment: Stand
) -> None:
    by, leader = world.riverside.by("teacher"), world.riverside.who["duty_leader"]
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT, world.bo.pk: MarkState.ABSENT}, by=by, at=moment(16, 6))
    attendance.close_register(session, by=by, at=moment(16, 41))
    at_moment(moment(16, 45))
    page = seat(leader, reverse("school:board", args=(world.riverside.school.code,)))
    page.get_by_role("button", name="确认清零").click()
    expect(page.locator("main")).to_contain_text("还不能清零")
    expect(page.locator("main")).to_contain_text("陈小梅")

    page.goto(page.url.split("/school/")[0] + reverse("teacher:departures", args=(world.riverside.school.code,)))
    card = page.locator("details.card", has_text="陈小梅")
    card.locator("summary").click()
    card.locator("label.option").first.click()
    card.get_by_role("button", name="登记离校").click()
    expect(page.locator("main")).to_contain_text("陈小梅已登记离校")

    page.goto(page.url.split("/teacher/")[0] + reverse("school:board", args=(world.riverside.school.code,)))
    page.get_by_role("button", name="确认清零").click()
    expect(page.locator("main")).to_contain_text("清零")
    assert DayClosing.objects.filter(school=world.riverside.school, on=session.on).exists()
