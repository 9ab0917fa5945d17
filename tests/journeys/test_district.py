"""The district's desk: a filing returned and accepted, a parameter with two persons, the journal verified."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
VILLAGE = "2150990006"


def _answer_and_sign(principal: Visitor, *answers: str) -> None:
    """Answer each returned item, sign with the mouse as with a finger, send it."""
    for number, answer in enumerate(answers):
        form = principal.page.locator("form", has=principal.page.locator("textarea[name=answer]")).nth(number)
        form.locator("textarea").fill(answer)
        principal.press("答复这一项", within=form)
    canvas = principal.page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    mouse = principal.page.mouse
    mouse.move(box["x"] + 30, box["y"] + 90)
    mouse.down()
    mouse.move(box["x"] + 160, box["y"] + 40, steps=4)
    mouse.up()
    principal.press("签发").reads("手写签名").press("报送区教委").reads("区教委受理", "超期未答复不等于通过")


def test_an_amendment_is_returned_mended_signed_by_hand_and_accepted(at: Sit) -> None:
    filing = f"/school/{VILLAGE}/filing/"
    principal = at("afternoon").sign_in_as("校长", of="年画村小学").go(filing)
    principal.reads("备案通过", "退回补正", "从哪一天起带组", "还没有逐项答复")
    _answer_and_sign(principal, "已补可服务日。", "从11月18日起带组。")

    officer = at().sign_in("周启文").go("/district/filings/?state=submitted").follow("年画村小学（演示）")
    received = officer.page.url.removeprefix(officer.address)
    officer.reads("变更备案", "与2026—2027学年第一学期首次备案", "处不同", "学校已答复")
    officer.press("受理").reads("受理").press("退回补正", status=409).reads("没有办成")  # not without an item
    officer.page.locator("#reason_F3").fill("特长写具体一些。")
    officer.press("退回补正").reads("已退回", "特长写具体一些")

    principal.go(filing).reads("特长写具体一些")
    _answer_and_sign(principal, "已写明：书法，硬笔。")
    officer.go(received).press("通过").reads("备案编号", "-02")
    officer.picture("district-filing")
    principal.go(filing).reads("备案通过", "-02").picture("school-filing")


def test_a_tariff_needs_two_persons(at: Sit) -> None:
    luo = at("afternoon").sign_in("罗明").go("/district/parameters/").reads("等待批准", "每月收费标准")
    luo.go("/district/parameters/fee.tariff/").reads("55.00元", "等有批准权限的同志办理")
    ran = at().sign_in("冉静").go("/district/parameters/fee.tariff/").reads("55.00元")
    ran.picture("district-parameter")
    ran.press("批准", status=409).reads("没有办成", "批准文号")  # no reference of the decision yet
    ran.page.locator("[name=approval_reference]").first.fill("梁发改〔2026〕77号")
    ran.press("批准").reads("已批准", "将生效", "罗明", "冉静")


def test_the_journal_is_whole(at: Sit) -> None:
    shi = at("afternoon").sign_in("石坚").go("/district/journal/").press("核验全部日志")
    for _ in range(40):
        if "核验完好" in shi.words():
            break
        shi.page.wait_for_timeout(500)
        shi.go("/district/journal/")
    shi.reads("核验完好", "没有改动和缺失")
    shi.picture("district-journal")


@pytest.mark.parametrize(
    ("name", "phone"), [("江岚", False), ("周启文", True), ("谭慧", True), ("雷鸣", True)], ids=str
)
def test_every_page_of_the_menu(at: Sit, name: str, phone: bool) -> None:
    one = at("afternoon", phone=phone).sign_in(name).go("/district/")
    if name == "江岚":
        one.picture("district-overview")
    one.open_menu("/district/")
