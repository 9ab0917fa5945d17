"""停组改排 in mid-term: a group leaves the table, the table is public again, its children go where the draw's order says."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
SCHOOL, CODE = "双桂湖畔小学", "2150990002"
REASON = "带组老师生病，本学期不再开"


def test_a_group_is_cancelled_in_mid_term_and_its_children_are_placed_anew(at: Sit) -> None:
    office = at("afternoon").sign_in_as("课后服务管理员", of=SCHOOL).go(f"/school/{CODE}/draw/cancelled/")
    office.reads("没有要改排的学生")
    office.go(f"/school/{CODE}/draw/")
    rows = office.page.locator("section[aria-labelledby=groups] tbody tr")
    name = next(row[1] for row in (one.split("\t") for one in rows.all_inner_texts()) if int(row[4]) > 1)

    office.go(f"/school/{CODE}/table/preview/")
    office.page.locator("#reason").fill(REASON)
    office.press("重新打开").go(f"/school/{CODE}/table/")
    office.follow(name).press("撤下这项活动").reads(f"“{name}”已撤下")
    office.go(f"/school/{CODE}/draw/cancelled/").reads(name, "项目表正在修改，重新公布以后再改排")
    principal = at().sign_in_as("校长", of=SCHOOL).go(f"/school/{CODE}/table/preview/")
    principal.press("公布项目表")

    office.go(f"/school/{CODE}/draw/cancelled/").reads(name, "会改到")
    asked = office.page.locator(".listing__sum").inner_text()
    count = re.search(r"(\d+)", asked)
    assert count and int(count.group(1)) >= 1
    office.page.locator("#reason").fill("病")
    office.press("改排并告诉家长", status=422)  # four signs at least, and what was typed stays
    expect(office.page.locator("#reason")).to_have_value("病")
    office.page.locator("#reason").fill(REASON)
    office.context.set_default_timeout(30_000)  # a letter to each family, on a busy machine
    office.press("改排并告诉家长").reads(f"已改排{count.group(1)}人次", "没有要改排的学生")

    stranger = at(phone=True).go("/draws/").follow(SCHOOL)
    stranger.reads("停组改排", REASON)
