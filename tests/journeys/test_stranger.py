"""Somebody who is not signed in: what is public, what it costs, whether an amount is right; and closed doors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
PAGES = (
    "/", "/schools/", "/prices/", "/calculator/", "/tables/", "/accounts/", "/publications/", "/basis/", "/rules/",
    "/draws/", "/verify/", "/downloads/", "/complaints/", "/accessibility/", "/privacy/", "/sign-in/",
    "/demonstration/",
)  # fmt: skip


def test_all_that_is_public(at: Sit) -> None:
    stranger = at("afternoon", phone=True)
    for path in PAGES:
        stranger.go(path)
    stranger.go("/schools/").follow("柚香路小学（演示）")
    stranger.go("/tables/").follow("柚香路小学（演示）").reads("竹")
    stranger.go("/accounts/").follow("柚香路小学（演示）")
    stranger.go("/publications/")


def test_whether_an_amount_is_right(at: Sit) -> None:
    stranger = at(phone=True).go("/calculator/")
    page = stranger.page
    page.locator("#id_month").select_option("2026-11")
    page.get_by_role("button", name="每天2课时").click()
    page.locator("#id_amount").fill("160")
    stranger.press("看对不对").reads("有不对的地方", "按规则应缴", "110.00元")
    stranger.picture("public-calculator")
    page.locator("#id_amount").fill("110")
    stranger.press("看对不对").reads("没有问题")


def test_a_code_that_nobody_issued(at: Sit) -> None:
    stranger = at(phone=True).go("/verify/")
    stranger.page.locator("#code").fill("aaaaaaaaaaaaaaaa")
    stranger.press("核验", status=404).reads("没有这份文书")


def test_closed_doors(at: Sit) -> None:
    stranger = at(phone=True)
    for path in ("/guardian/1/", "/school/2150990001/", "/teacher/2150990001/", "/district/"):
        stranger.page.goto(path)
        assert "/sign-in/" in stranger.page.url
    tang = at().sign_in("唐蓉")
    tang.go("/school/2150990001/", status=404)
    chen = at(phone=True).sign_in("陈霞")
    chen.go("/guardian/300/", status=404)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_what_was_not_there_before_is_examined_too(at: Sit, scripts: bool) -> None:
    """The examination itself: the same address again, with a part that nobody could read aloud."""
    visitor = at(scripts=scripts).go("/prices/").go("/prices/")
    visitor.page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\" class=\"new\">')"
    )
    with pytest.raises(AssertionError, match="image-alt"):
        visitor.arrive()
