"""The district's desk: a filing returned and accepted, a parameter with two persons, the journal verified."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
VILLAGE = "2150990006"


def test_next_terms_filing_is_returned_mended_and_accepted(at: Sit) -> None:
    officer = at("afternoon").sign_in("周启文").go("/district/calendar/terms/new/")
    page = officer.page
    for name, value in (
        ("school_year", "2026"), ("name", "2026—2027学年第二学期"), ("first", "2027-02-22"), ("last", "2027-07-06"),
        ("service_first", "2027-03-01"), ("service_last", "2027-07-02"),
    ):  # fmt: skip
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_half").select_option("spring")
    officer.press("增加")
    officer.go("/district/calendar/").reads("2026—2027学年第二学期")

    filing = f"/school/{VILLAGE}/filing/?term=2027-spring"
    principal = at().sign_in("陈丽霞", of="年画村小学").go(filing).reads("才能开放报名、排课和收费")
    principal.page.locator("#note").fill("2027年春季实施方案、经费管理方案、人员名单、项目表。")
    principal.press("保存说明").press("签发").reads("签发").press("报送区教委").reads("报送", "区教委受理")

    officer.go("/district/filings/?term=2027-spring").reads("年画村小学（演示）")
    officer.follow("年画村小学（演示）")
    received = page.url.removeprefix(officer.address)
    officer.press("受理").reads("受理").press("退回补正", status=409).reads("没有办成")  # not without a reason
    page.locator("#reason").fill("经费管理方案缺少公示日期，请补充。")
    officer.press("退回补正").reads("经费管理方案缺少公示日期")

    principal.go(filing).reads("区教委的意见", "请补充")
    principal.page.locator("#note").fill("2027年春季实施方案、经费管理方案（12月20日公示）、人员名单、项目表。")
    principal.press("保存说明").press("签发").press("报送区教委")
    officer.go(received).press("通过").reads("备案编号", "LP-KHFW-2027春")
    officer.picture("district-filing")
    principal.go(filing).reads("备案通过", "可以开放报名")


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
