"""The school office at its desk: table, roster, sessions, board, counter; and every page of its menu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
LARGE = "2150990001"
HERE = f"/school/{LARGE}/"


@pytest.mark.clause("2.2-c")
def test_the_table_refuses_while_one_types(at: Sit) -> None:
    chen = at("afternoon").sign_in("陈敏").go(f"{HERE}table/").reads("学生课后服务内容项目表", "已公布")
    chen.follow("修改与版本").page.locator("#reason").fill("第十周起加一个竹编组")
    chen.press("重新打开")
    chen.go(f"{HERE}table/").follow("添加活动")
    page, answer = chen.page, chen.page.locator("#check")
    page.locator("#id_name").fill("竹编小篓")
    page.locator("#id_category").select_option(index=6)
    page.locator("#id_grades label", has_text="三年级").first.click()
    page.locator("#id_day_3").select_option(label="第三课时起")
    page.locator("#id_class_hours").fill("3")
    expect(answer).to_contain_text("有冲突")
    expect(answer).to_contain_text("18:30")  # the third class hour and two more end long after it
    page.locator("#id_day_3").select_option(label="第一课时起")
    page.locator("#id_class_hours").fill("2")
    expect(answer).to_contain_text("没有冲突")

    # A room that is taken at that hour, and more pupils than it holds.
    page.locator("#id_place").select_option(label=room_of(page, "科学室"))
    page.locator("#id_capacity").fill("400")
    expect(answer).to_contain_text("有冲突")
    expect(answer).to_contain_text("科学小实验")
    chen.picture("school-table-check", of="#check")
    chen.arrive()
    chen.press("保存", within="form.sheet", status=409).reads("还有地方要改，您填的内容都在")
    assert page.locator("#id_name").input_value() == "竹编小篓"


def room_of(page: Page, name: str) -> str:
    """Return the option of a room as the page writes it, with how many it holds."""
    return next(one for one in page.locator("#id_place option").all_inner_texts() if one.startswith(name))


def test_a_real_roster_is_tried_then_taken(at: Sit, shared_data: Path) -> None:
    chen = at("afternoon").sign_in("陈敏").go(f"{HERE}rosters/")
    chen.page.locator("input[type=file]").set_input_files(shared_data / "rosters" / "01-xueji-export.xlsx")
    chen.press("上传并预检")
    chen.reads("可以导入", "507 人", "新增")
    chen.picture("school-roster")
    chen.press("导入", within="section[aria-label='下一步']")
    expect(chen.page.locator("main")).to_contain_text("已导入", timeout=30_000)
    chen.arrive().reads("新增507人")


def test_moving_and_cancelling_a_session_say_first_whom_it_touches(at: Sit) -> None:
    chen = at("afternoon").sign_in("陈敏").go(f"{HERE}sessions/?from=2026-11-20&to=2026-11-20")
    chen.page.locator("#sessions tbody a").first.click()
    chen.page.wait_for_load_state()
    chen.arrive()
    move = chen.page.locator("form", has=chen.page.get_by_role("heading", name="改时间或地点"))
    move.locator("[name=starts_at]").fill("18:10")
    chen.press("看看影响", within=move).reads("不能这样调整", "18:30")
    chen.page.go_back()
    move.locator("[name=starts_at]").fill("15:50")
    move.locator("[name=room]").select_option(index=1)
    move.locator("[name=reason]").fill("教室检修")
    chen.press("看看影响", within=move).reads("会影响到", "没有学生因此冲突", "确认后都会收到通知")
    chen.press("确认调整").reads("资源教室")

    cancel = chen.page.locator("form", has=chen.page.get_by_role("heading", name="取消这一次"))
    cancel.locator("#cancel-reason").fill("带组老师外出教研")
    chen.press("看看影响", within=cancel)
    chen.reads("会影响到", "账单自动扣减", "确认后都会收到通知")
    chen.picture("school-session-cancel")
    chen.press("确认取消").reads("取消")


def test_the_board_of_the_afternoon_and_the_zero_count(at: Sit) -> None:
    zhou = at("afternoon").sign_in("邓强").go(f"{HERE}board/").reads("今日看板", "点名")
    zhou.picture("school-board")
    zhou.press("确认清零", status=409).reads("还不能清零")


def test_money_at_the_counter(at: Sit) -> None:
    jiang = at("afternoon").sign_in("蒋芸").go(f"{HERE}bills/?month=2026-10&state=to_pay")
    name = jiang.page.locator("#bills tbody th").first.inner_text()
    jiang.page.locator("#bills tbody a").first.click()
    jiang.page.wait_for_load_state()
    jiang.arrive().go(f"{HERE}counter/?q={name}").follow("登记").reads("勾选要缴的")
    jiang.press("下一步：核对").reads("核对缴费", "合计")
    jiang.press("确认已收到").reads("已收到", "打印收据")
    jiang.picture("school-receipt")
    receipt = jiang.page.get_by_role("link", name="打印收据").first.get_attribute("href")
    assert jiang.context.request.get(receipt or "").body().startswith(b"%PDF")


@pytest.mark.parametrize(("name", "phone"), [("陈敏", False), ("钟毅", True), ("蒋芸", False), ("袁慧", True)], ids=str)
def test_every_page_of_the_menu(at: Sit, name: str, phone: bool) -> None:
    one = at("afternoon", phone=phone).sign_in(name).go(HERE)
    if name == "陈敏":
        one.picture("school-home")
    one.open_menu(HERE)
