"""A teacher's afternoon on a phone: the roll with taps, a child nobody has seen, handing over; the gate and the duty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
LARGE = "2150990001"


@pytest.mark.clause("3.2-f")
def test_a_roll_cannot_be_closed_over_a_child_nobody_has_seen(at: Sit) -> None:
    zhou = at("afternoon", phone=True).sign_in("周婷").go(f"/teacher/{LARGE}/").reads("今天的组", "还有人未到")
    with zhou.page.expect_navigation():
        zhou.page.locator("article.card", has_text="还有人未到").first.get_by_role("link", name="点名").click()
    zhou.arrive()
    page = zhou.page
    rows = page.locator("[data-roll-row]")
    unknown = rows.filter(has=page.locator("input[value=unknown]:checked"))
    expect(unknown.first).to_be_visible()
    count = unknown.count()
    zhou.picture("teacher-roll")
    zhou.press("结束点名", status=409).reads("还不能这样做")
    names = unknown.locator(".roll__name").evaluate_all("all => all.map(one => one.firstChild.textContent.trim())")
    assert len(names) == count
    for name in names[:-1]:  # one tap each: 未到 → 到
        rows.filter(has_text=name).locator("[data-roll-tap]").click()
    last = names[-1]
    page.locator("label.option", has_text=f"{last}：已联系，今天缺勤").click()
    zhou.press("结束点名").reads("今天的组", "已点名")

    # What is closed is corrected in the open: asked for here, approved by somebody else.
    with page.expect_navigation():
        page.locator("article.card", has_text="已点名").first.get_by_role("link").click()
    zhou.arrive().reads("点名已结束", "缺勤")
    page.locator("summary", has_text="申请更正").click()
    page.locator("#pupil").select_option(label=f"{last}（缺勤）")
    page.locator("#becomes").select_option("late")
    page.locator("#reason").fill("家长送到门口，迟到十分钟")
    zhou.press("提交更正").reads("等管理员批准")
    office = at().sign_in("陈敏").go(f"/school/{LARGE}/corrections/").reads(last)
    asked = office.page.locator("article.card", has_text=last)
    office.press("批准", within=asked).reads("已批准", "迟到十分钟")
    zhou.go(page.url.removeprefix(zhou.address)).reads("已批准")


@pytest.mark.clause("3.2-n")
def test_a_child_is_handed_over_only_to_those_the_family_named(at: Sit) -> None:
    deng = at("afternoon", phone=True).sign_in("邓强").go(f"/teacher/{LARGE}/departures/").reads("还在校")
    page = deng.page
    deng.picture("teacher-departures")
    card = page.locator("details.card", has_text="家长接").first
    name = card.locator("summary b").inner_text()
    card.locator("summary").click()
    deng.reads("来的人不在上面，就不能交接")
    first = card.locator("[name=taker]").first
    family = first.get_attribute("value")
    first.evaluate(
        "input => { input.value = 'guardian:不认识的叔叔'; input.checked = true }"
    )  # a page that was meddled with
    deng.press("登记离校", within=card, status=409).reads("不能交接", "不是")
    card = page.locator("details.card", has_text=name).first
    card.locator("label.option", has=page.locator(f"[value='{family}']")).click()
    deng.press("登记离校", within=card).reads(f"{name}已登记离校")


def test_the_gate_sees_times_and_counts_only(at: Sit) -> None:
    liu = at("afternoon", phone=True).sign_in("刘大勇").go(f"/teacher/{LARGE}/gate/")
    liu.reads("今日进出名单", "离校批次", "现在在校")


def test_the_roll_on_paper_and_the_week(at: Sit) -> None:
    zhou = at("afternoon", phone=True, scripts=False).sign_in("周婷").go(f"/teacher/{LARGE}/week/")
    zhou.go(f"/teacher/{LARGE}/")
    with zhou.page.expect_navigation():
        zhou.page.locator("article.card").first.get_by_role("link").click()
    zhou.arrive().follow("打印纸质点名册")
