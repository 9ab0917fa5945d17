"""What the story holds beside the choice and the draw: rooms and hours, paper, a waiver, a month's bills, the account.

One walks on a phone; every page is looked at in a wide window as well (tests/journeys/visitor.py).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor
from tests.lib.papers import png

Sit = Callable[..., Visitor]
LARGE = "2150990001"
HERE = f"/school/{LARGE}/"


def hand_in(visitor: Visitor, name: str) -> Visitor:
    """Choose a picture of the signed paper in the page's file field."""
    picture = {"name": name, "mimeType": "image/png", "buffer": png()}
    visitor.page.locator("main input[type=file]").first.set_input_files(picture)  # type: ignore[arg-type]
    return visitor


def fill(visitor: Visitor, within: str = "main form", **typed: str) -> Visitor:
    """Fill the fields of a form by their names."""
    for name, value in typed.items():
        visitor.page.locator(within).locator(f"[name={name}]").first.fill(value)
    return visitor


def test_a_room_is_added_and_a_dismissal_stays_while_the_table_is_public(at: Sit) -> None:
    chen = at("afternoon", phone=True).sign_in("陈敏").go(f"{HERE}rooms/new/")
    fill(chen, name="竹编工坊", capacity="30")
    chen.press("保存", status=422)
    assert chen.page.locator("[name=name]").input_value() == "竹编工坊"
    fill(chen, code="ZB-01", building="综合楼", area_m2="72", exits="2")
    for name, index in (("kind", 1), ("risk_class", 1)):
        chen.page.locator(f"[name={name}]").select_option(index=index)
    chen.press("保存").reads("“竹编工坊”已登记")
    chen.go(f"{HERE}dismissal/").reads("能开几课时")
    winter = chen.page.locator("form[action*='/seasons/'][action$='/dismissals/']").last
    winter.locator("[name=at_3_5]").fill("16:40")
    chen.press("保存放学时间", within=winter, status=409).reads("没有保存", "项目表已于8月28日公布", "要改请先重新打开")
    assert winter.locator("[name=at_3_5]").input_value() == "16:40"  # what families chose by stays until then


def test_a_paper_form_is_entered_with_its_scan(at: Sit) -> None:
    chen = at("registration", phone=True).sign_in("陈敏").go(f"{HERE}paper/?q=谭若安").follow("录入", exact=True)
    page = chen.page
    page.locator("label:has(> input[name=joins][value=no])").click()
    page.locator("[name=signed_by]").fill("廖素珍")
    chen.press("录入", status=422).reads("还有1处要改，录的内容都在", "扫描件")
    assert page.locator("[name=signed_by]").input_value() == "廖素珍"
    hand_in(chen, "申请表.png").press("录入").reads("谭若安的纸质申请已录入第1版", "不参加", "廖素珍")
    family = at(phone=True, scripts=False).sign_in("廖素珍").go("/guardian/")
    family.reads("没有参加课后服务").go("/guardian/3/application/receipt/").reads("第1版", "廖素珍")


def test_an_agreement_is_signed_on_paper(at: Sit) -> None:
    place = "/school/2150990002/agreements/"
    office = at("draw", phone=True).sign_in_as("课后服务管理员", of="双桂湖畔小学").go(f"{place}?q=唐可飞")
    office.reads("待家长签").follow("登记")
    printed = office.page.get_by_role("link", name="打印协议").get_attribute("href")
    assert office.context.request.get(printed or "").body().startswith(b"%PDF")
    office.press("登记", status=422)
    hand_in(office, "协议.png").press("登记").reads("待盖章")
    at(phone=True).sign_in("宋薇").go(place).press("全部盖章生效").reads("生效")
    family = at(phone=True, scripts=False).sign_in("何静").go("/guardian/348/agreement/").reads("已盖章")
    assert family.context.request.get("/guardian/348/agreement/paper.pdf").ok


@pytest.mark.clause("2.6.1-j")
def test_a_month_is_billed_and_a_child_on_the_list_pays_nothing(at: Sit) -> None:
    jiang = at("afternoon", phone=True).sign_in("蒋芸").go(f"{HERE}bills/?month=2026-11").reads("还没有缴费单")
    jiang.press("生成本月缴费单")
    expect(jiang.page.locator("main")).to_contain_text("第1次计算", timeout=30_000)
    jiang.arrive()
    chen = at(phone=True, scripts=False).sign_in("陈霞").go("/guardian/1/bills/").reads("2026年11月", "还要缴")

    yuan = at(phone=True).sign_in("袁慧").go(f"{HERE}care/")
    form = yuan.page.locator("form[action$='/care/adding/']")
    yuan.press("写入名单", within=form, status=409)
    form.locator("[name=pupil]").fill("林思菲")
    form.locator("[name=category]").select_option(label="低保家庭")
    form.locator("[name=source]").fill("区资助中心2026年11月增补名单")
    form.locator("[name=from_on]").fill("2026-09-01")
    yuan.press("写入名单", within=form).go(f"{HERE}care/?q=林思菲").reads("林思菲", "100%")
    chen.go("/guardian/1/bills/").reads("没有要缴的", "减免100%", "待审核").reads_none_of(["低保"])

    refunds = f"{HERE}refunds/?q=林思菲&state=made"
    at(phone=True).sign_in("钟毅").go(refunds).press("审核通过").reads("已审核，等财政退付")
    chen.go("/guardian/1/bills/").reads("已审核，待退付")


def test_the_account_is_published_and_read_by_anybody(at: Sit) -> None:
    zhong = at("afternoon", phone=True).sign_in("钟毅").go(f"{HERE}publications/drafts/account/")
    if zhong.page.get_by_role("button", name="看样子和检查").count():
        zhong.press("看样子和检查")
    zhong.reads("公布后立即对所有人可见").press("公布").reads("公示")
    stranger = at(phone=True).go("/publications/").follow("学期收支公示")
    stranger.reads("实收（缴入专户）", "支出：校内教师补助", "校验码").reads_none_of(["林思菲"])
    stranger.go(f"/accounts/{LARGE}/").reads("元")


def test_an_afternoon_of_a_guardian_without_a_script(at: Sit) -> None:
    chen = at("afternoon", phone=True, scripts=False).sign_in("陈霞").go("/guardian/1/leave/")
    page = chen.page
    page.locator("input[name=on]").nth(1).check()
    page.locator("input[name=kind]").first.check()
    chen.press("请假").reads("已请假，老师已收到").press("撤回").reads("已撤回")
    chen.go("/guardian/1/pickup/").press("可以来接", status=422).reads("您填的内容都在")
    fill(chen, name="林国安", relation="舅舅", phone="13900008888")
    page.locator("input[name=for][value=always]").check()
    chen.press("可以来接").reads("林国安").press("不再让接")
    chen.go("/guardian/1/card/")
    page.locator("input[name=consent_photo_public][value=yes]").check()
    chen.press("按这个办").reads("同意")
    chen.go("/guardian/1/days/")
    page.locator("input[name=hours_3][value='0']").check()
    chen.press("确认更改").go("/guardian/1/exit/").reads("如果今天退出", "不再计费").press("确认退出").reads("已退出")
    chen.go("/guardian/1/bills/").reads("缴到哪里")
