"""An impatient thumb, and a session that ended behind an open form: nothing happens twice, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]


def test_a_form_outlives_a_session_that_another_device_ended(at: Sit) -> None:
    ma = at("registration", phone=True).sign_in("马骏").go("/guardian/")
    ma.follow("选择参加或不参加课后服务")
    page = ma.page
    page.locator("label:has(> input[name=joins][value='no'])").click()
    page.get_by_role("button", name="下一步").locator("visible=true").click()
    page.locator("[name=signed_by]").fill("马骏")
    other = at().sign_in("马骏").go("/account/sessions/")
    other.page.get_by_role("button", name="退出这台设备").last.click()
    expect(other.page.locator("main")).to_contain_text("退出。")

    send = page.locator("form.application").get_by_role("button", name="提交", exact=True).locator("visible=true")
    send.click()
    expect(page.locator("[data-unsent]")).to_contain_text("您已经退出登录，还没有提交")
    ma.arrive()
    assert page.locator("[name=signed_by]").input_value() == "马骏"
    with ma.context.expect_page() as opened:
        page.get_by_role("link", name="在新窗口登录").click()
    window = opened.value

    # Somebody else who signs in at this device does not send it.
    for name, said in (("陈霞", "换了人登录，还没有提交"), ("马骏", "")):
        window.goto(f"/demonstration/?q={name}")
        with window.expect_navigation():
            window.get_by_role("button", name=f"以{name}登录", exact=True).first.click()
        if said:
            send.click()
            expect(page.locator("[data-unsent]")).to_contain_text(said)
    with page.expect_navigation():
        send.dblclick(no_wait_after=True)
    expect(page.locator("main")).to_contain_text("申请回执")
    ma.arrive().reads("不参加", "第1版").reads_none_of(["第2版"])
