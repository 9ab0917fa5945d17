"""The page of all components in a browser: nothing sticks out, nobody is shut out, and the scripts do what they say."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.django_db(transaction=True)

PICTURES = Path(".cache/pictures")  # to look at after a change; not compared, faces differ between machines
FRAMES = [("phone", 360), ("desk", 360), ("desk", 1280), ("public", 1280)]


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """Return what the browser writes into its console, as it comes."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def gallery(page: Page, complaints: list[str], live_server: Any) -> Iterator[Any]:
    """Return a function that opens the components in a frame; it fails the test if the browser complained."""

    def open_it(frame: str = "phone", width: int = 360, more: str = "") -> Page:
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(f"{live_server.url}/components/?frame={frame}{more}", wait_until="networkidle")
        return page

    yield open_it
    assert complaints == []


@pytest.mark.parametrize(("frame", "width"), FRAMES)
def test_nothing_sticks_out_and_axe_finds_nothing(gallery: Any, axe_source: str, frame: str, width: int) -> None:
    for more in ("", "&elder=1") if frame == "phone" else ("",):
        page = gallery(frame, width, more)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        name = f"components-{frame}-{width}{'-elder' if more else ''}.png"
        page.screenshot(path=PICTURES / name, full_page=True)
        page.evaluate(axe_source)
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
        assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in found["violations"]] == []


def test_what_a_thumb_presses_is_large_enough(gallery: Any) -> None:
    page = gallery()
    small = page.evaluate(
        """[...document.querySelectorAll('button, .button, .option, .matrix__cell, .nav-item, .input, summary')]
           .filter(e => e.checkVisibility() && !e.closest('.demonstration'))
           .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
           .filter(([, box]) => box.height < 43.9 || box.width < 43.9).map(([text]) => text)"""
    )
    assert small == []


def test_one_tap_cycles_the_roll_and_keeps_the_sum_true(gallery: Any) -> None:
    page = gallery()
    tap = page.locator("[data-roll-tap]").nth(4)
    seen = []
    for _ in range(4):
        tap.click()
        seen.append(page.evaluate("document.querySelector('input[name=mark_5]:checked').value"))
    assert seen == ["present", "leave", "late", "unknown"]

    tap.click()
    expect(tap).to_have_text("到")
    expect(page.locator("[data-sum=present]")).to_have_text("2")
    expect(page.locator("[data-sum=unknown]")).to_have_text("1")


def ranks(page: Page) -> dict[str, str]:
    """Return what the server would be sent of the wishes."""
    fields = page.locator("#wishes input[name^=rank_]").all()
    return {field.get_attribute("name").removeprefix("rank_"): field.input_value() for field in fields}  # type: ignore[union-attr]


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def test_wishes_are_ranked_by_buttons_with_ties_and_never_a_hole(gallery: Any) -> None:
    page = gallery()
    assert ranks(page) == {"football": "1", "robots": "2", "writing": "2", "reading": ""}

    press(page, "阅读漂流：选它")
    assert ranks(page) == {"football": "1", "robots": "2", "writing": "2", "reading": "3"}
    press(page, "阅读漂流：与上一个同样喜欢")
    assert ranks(page) == {"football": "1", "robots": "2", "writing": "2", "reading": "2"}
    press(page, "硬笔书写：更想")
    assert ranks(page) == {"football": "1", "robots": "3", "writing": "2", "reading": "3"}
    press(page, "校园足球：不选")
    assert ranks(page) == {"football": "", "robots": "2", "writing": "1", "reading": "2"}
    expect(page.locator("#wishes [data-wish]").first).to_contain_text("硬笔书写")


def test_every_day_is_filled_but_never_beyond_what_may_be_chosen(gallery: Any) -> None:
    page = gallery()
    page.get_by_role("button", name="每天3课时").click()
    chosen = page.evaluate("[...document.querySelectorAll('[data-matrix] input:checked')].map(i => i.value)")
    assert chosen == ["3", "3", "3", "3", "2"]  # on Friday three hours would end too late


def test_a_finger_signs_and_may_begin_again(gallery: Any) -> None:
    page = gallery()
    canvas = page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 90)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 40, steps=8)
    page.mouse.up()
    field = page.locator("[data-signature] input")
    png = base64.b64decode(field.input_value().removeprefix("data:image/png;base64,"))
    assert png.startswith(b"\x89PNG")
    expect(page.locator("[data-signature-state]")).to_have_text("已签名")

    page.get_by_role("button", name="重签").click()
    assert field.input_value() == ""


def test_a_form_is_sent_once_however_often_it_is_pressed(gallery: Any) -> None:
    page = gallery()
    sent: list[Route] = []

    def swallow(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route)
            return  # never answered: the family presses again
        route.continue_()

    page.route("**/*", swallow)
    disabled = page.evaluate(
        """async () => {
             const form = document.querySelector('#form form');
             form.noValidate = true;  // so that the browser lets the wrong example go
             const save = form.querySelector('button[type=submit]');
             for (let press = 0; press < 3; press += 1) {
               save.click();
               await new Promise(done => setTimeout(done, 30));
             }
             return save.getAttribute('aria-disabled');
           }"""
    )
    page.wait_for_timeout(100)
    assert disabled == "true"
    assert len(sent) == 1
    sent[0].abort()


def test_the_servers_own_words_are_shown_when_it_says_no(gallery: Any, complaints: list[str]) -> None:
    page = gallery()
    answer = "<main data-error-part><h1>名额刚刚报满</h1><script>window.hacked = 1</script></main>"
    page.route("**/full", lambda route: route.fulfill(status=409, content_type="text/html", body=answer))
    sent: list[dict[str, str]] = []
    page.on("request", lambda request: sent.append(request.headers) if request.url.endswith("/full") else None)
    page.evaluate("htmx.ajax('POST', '/full', {source: '#price', target: '#price'})")

    expect(page.get_by_role("alert").filter(has_text="名额刚刚报满")).to_be_visible()
    expect(page.locator("#price")).to_contain_text("66.00元")
    assert page.evaluate("window.hacked") is None
    assert sent[0]["x-csrftoken"]
    complaints.clear()  # the browser itself notes that an answer was 409


def test_rows_are_filtered_as_one_types_and_an_empty_result_says_what_to_do(gallery: Any) -> None:
    page = gallery("desk", 1280)
    page.get_by_role("searchbox").fill(" 欧阳 ")
    expect(page.locator("#list [data-filter-row]:visible")).to_have_count(2)
    page.get_by_role("searchbox").fill("诸葛")
    expect(page.get_by_text("在全部名单里找")).to_be_visible()


def test_typed_work_is_not_lost_by_a_stray_link(gallery: Any) -> None:
    page = gallery()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("#form input[name=title]").press_sequentially("竹笛")
    page.evaluate("setTimeout(() => location.assign('?frame=desk'))")
    page.wait_for_timeout(400)
    assert asked == ["beforeunload"]
    assert "frame=phone" in page.url


def test_without_a_script_everything_can_still_be_filled_in(browser: Browser, live_server: Any) -> None:
    page = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{live_server.url}/components/?frame=phone")
    page.locator("input[name=mark_5][value=leave]").check()
    page.locator("input[name=rank_reading]").fill("3")
    page.locator("input[name=hours_4][value='2']").check()
    page.locator("#buttons details.basis summary").first.click()
    expect(page.locator("#buttons .basis__clause").first).to_be_visible()
    expect(page.locator("[data-signature-without]")).to_be_visible()
    page.goto(f"{live_server.url}/components/?frame=desk")
    page.get_by_role("link", name="菜单").click()
    expect(page.get_by_role("link", name="闸门链")).to_be_visible()
