"""From the class review to an agreement that a stranger can verify: teachers, office, principal, family, public."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
LARGE, SMALL, LAKESIDE, BAMBOO = "2150990001", "2150990006", "2150990002", "2150990004"
RESULT = "3 7 12 19 25 31 + 8"


@pytest.mark.clause("2.7.3-b")
def test_a_class_teacher_reviews_within_the_list_of_reasons(at: Sit) -> None:
    zhou = at("review", phone=True).sign_in("周婷").go(f"/teacher/{LARGE}/reviews/")
    page = zhou.page
    zhou.reads("待审核", "不改家长的选择").reads_none_of(["不参加的"])
    zhou.picture("teacher-review")
    first = page.locator("li.sheet").first
    name = first.locator("strong").first.inner_text()
    first.locator("summary", has_text="退回补充").click()
    options = first.locator("select option").all_inner_texts()
    assert options[0] == "请选择" and 3 <= len(options) - 1 <= 10
    zhou.press("退回给家长", within=first).reads("请")  # without a reason it is refused, and nothing has changed
    first = page.locator("li.sheet", has_text=name)
    first.locator("summary", has_text="退回补充").click()
    first.locator("select").select_option(index=1)
    zhou.press("退回给家长", within=first).reads(f"{name}的申请已退回，家长会收到原因", f"已退回：{options[1]}")
    zhou.press("看过了，全部通过").reads("已通过", "待审核 0 份")


def wait_for(visitor: Visitor, words: str) -> None:
    """Wait until the page that asks again by itself says something."""
    expect(visitor.page.locator("main")).to_contain_text(words, timeout=20_000)
    visitor.page.wait_for_load_state("load")
    visitor.arrive()


@pytest.mark.clause("2.3-j")
@pytest.mark.clause("2.7.3-c")
def test_a_team_is_wished_for_whole_reviewed_frozen_drawn_first_and_explained(at: Sit) -> None:
    name, page, team = "年画村小学", f"/school/{SMALL}/draw/", "硬笔书写"
    family = at("registration", phone=True, scripts=False).go(f"/demonstration/?desk=guardian&q={name}")
    with family.page.expect_navigation():
        family.page.locator("tr", has_text="四年级1班").get_by_role("button").first.click()
    child = re.search(r"/guardian/\d+/", family.page.url)
    assert child
    family.go(f"{child.group()}application/receipt/").follow("修改").reads("周二、周四是同一个队，几天都填才算")
    ranks = [family.page.locator(f"fieldset[data-weekday='{day}']").get_by_label(f"{team}：第几志愿") for day in (2, 4)]
    for rank, typed in zip(ranks, ("1", ""), strict=True):
        rank.fill(typed)
    family.page.locator("[name=signed_by]").fill("家长")
    family.press("提交", within="form.application", status=422).reads(f"“{team}”几天是同一个队，周四没有填")
    ranks[1].fill("1")
    family.press("提交", within="form.application").reads("申请回执", "第2版", f"第一志愿 {team}")

    office = at().let_pass(2).sign_in_as("课后服务管理员", of=name).go(page)
    expect(office.page.get_by_role("button", name="封存志愿")).to_have_attribute("aria-disabled", "true")
    office.reads("截止满一分钟、各班审核完，才能封存")
    for grade in "一二三四五六":
        one = at(phone=True).sign_in_as(f"{grade}年级1班班主任", of=name).go(f"/teacher/{SMALL}/reviews/")
        for words in ("看过了，全部通过", "通过"):  # a single application has no button for all, a class may have none
            if one.page.locator("main").get_by_role("button", name=words, exact=True).count():
                one.press(words).reads("已通过")
                break
        one.context.close()
    office.go(page).press("封存志愿").reads("志愿已封存", "封存码", "两个人各录一遍公开结果")
    head = at().sign_in_as("校长", of=name)
    for one in (office, head):
        one.go(page).page.locator("#result_1").fill(RESULT)
        one.press("录入").reads("已录入您看到的公开结果")
    office.go(page).press("开始摇号")
    wait_for(office, "第五步：公布")
    office.reads(f"{team} 几天同一个队，先摇")
    head.go(f"{page}publication/").press("公布").reads("已公布，家长都收到了来信")
    family.go(f"{child.group()}result/").reads("一周几天是同一个队的活动先摇", "您孩子在队里的号是", "核对这次摇号")


@pytest.mark.clause("2.7.3-c")
@pytest.mark.clause("2.7.3-g")
def test_a_school_draws_and_a_family_signs_what_anybody_can_verify(at: Sit) -> None:
    chen = at("draw").sign_in("陈敏").go(f"/school/{LARGE}/draw/")
    expect(chen.page.get_by_role("button", name="开始摇号")).to_have_attribute("aria-disabled", "true")
    chen.page.locator("#result_1").fill(RESULT)
    chen.press("录入").reads("已录入您看到的公开结果")
    zhong = at().sign_in("钟毅").go(f"/school/{LARGE}/draw/")
    zhong.page.locator("#result_1").fill(RESULT)
    zhong.press("录入")
    chen.go(f"/school/{LARGE}/draw/").press("开始摇号")
    wait_for(chen, "第五步：公布")
    chen.reads("各组结果", "由校长公布")
    zhong.go(f"/school/{LARGE}/draw/").follow("预览并公布")
    zhong.reads("公布后不能收回", "每位监护人收到一封来信")
    zhong.press("公布").reads("已公布，家长都收到了来信")
    zhong.picture("school-draw")
    for path in ("placements/", "waiting/"):
        zhong.go(f"/school/{LARGE}/draw/{path}")

    family = at(phone=True).sign_in("陈霞").go("/guardian/1/").reads("阅读并签署协议")
    family.go("/guardian/1/result/").reads("这是怎么定的", "公示代码", "双色球第2026102期")
    family.picture("guardian-result")
    pseudonym = re.search(r"公示代码\s*(\S+)", family.words())
    family.go("/guardian/1/agreement/").reads("收费与结算", "您的责任")
    sign_by_finger(family)
    family.press("同意并签署").reads("已签署", "待盖章")
    paper = family.context.request.get("/guardian/1/agreement/paper.pdf")
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.body())).pages)

    zhong.go(f"/school/{LARGE}/agreements/").press("全部盖章生效").reads("生效")
    family.go("/guardian/1/agreement/").reads("已盖章")

    stranger = at(phone=True).go("/verify/")
    code = re.search(r"/verify/([0-9a-z-]+)/", words)
    assert code and pseudonym
    stranger.page.locator("#code").fill(code.group(1))
    stranger.press("核验").reads("课后服务协议书", "真实有效").reads_none_of(["陈霞", "林思菲"])
    stranger.go("/draws/").follow("柚香路小学（演示）").reads("封存摘要", "自己验一遍")
    record = stranger.context.request.get(stranger.page.url + "record.json")
    assert record.ok and pseudonym.group(1) in record.text() and "林思菲" not in record.text()


def sign_by_finger(visitor: Visitor) -> None:
    page = visitor.page
    if page.locator("#pupil_name").count():
        page.locator("#pupil_name").fill("林思菲")
    else:
        page.locator("input[name=picture]").first.locator("xpath=..").click()
    canvas = page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for x, y in ((90, 40), (130, 100), (180, 50), (230, 110)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    page.mouse.up()
    expect(page.locator("[data-signature-state]")).to_have_text("已签名")
    visitor.picture("guardian-signature")


def test_a_family_asks_for_a_swap_on_its_phone_without_a_script(at: Sit) -> None:
    family = at("afternoon", phone=True, scripts=False).sign_in("陈霞").go("/guardian/1/result/")
    family.follow("想和别家互换").reads("早提晚提机会一样", "费用和放学时间都不变")
    form = family.page.locator("form.form").first
    form.locator("select").first.select_option("1")
    family.press("提出互换", within=form).reads("已收到", "已提出")
    family.picture("guardian-swaps")
    family.press("撤回，不换了").reads("已撤回，安排不变")


def test_the_office_carries_out_the_swaps_that_were_shown(at: Sit) -> None:
    office = at("afternoon").sign_in_as("课后服务管理员", of="双桂湖畔小学").go(f"/school/{LAKESIDE}/draw/swaps/")
    office.reads("现在办理会这样换", "2名学生：").picture("school-swaps")
    office.press("办理互换").reads("2名学生换成", "这样换的", "没有换成")


@pytest.mark.clause("2.7.3-c")
def test_a_refill_round_is_frozen_drawn_published_and_checked_in_the_browser(at: Sit) -> None:
    page, name = f"/school/{BAMBOO}/draw/refill/", "竹海中心小学"
    family = at("afternoon", phone=True).sign_in_as_family(of=name)
    child = re.search(r"/guardian/(\d+)/", family.page.url)
    assert child
    refill = f"/guardian/{child.group(1)}/refill/"
    family.go(refill).reads("早填晚填机会一样", "没有补上，安排不变")
    form = family.page.locator("form.form").first
    form.locator("select").first.select_option("1")
    family.press("填报", within=form).reads("已填报", "回执码")
    asked = family.page.locator("form", has_text="撤回，不换了").count()

    office = at().let_pass(3).sign_in_as("课后服务管理员", of=name).go(f"/school/{BAMBOO}/draw/cancelled/")
    office.page.locator("#reason").fill("带组老师生病，本学期不再开")  # a group that has stopped comes before the round
    office.press("改排并告诉家长").go(page)
    office.reads("这一次补选", f"{3 + asked} 份").press("封存志愿").reads("志愿已封存", "两个人各录一遍公开结果")
    office.page.locator("#result_1").fill(RESULT)
    office.press("录入").reads("已录入您看到的公开结果")
    head = at().sign_in_as("校长", of=name).go(page)
    head.page.locator("#result_1").fill(RESULT)
    head.press("录入")
    office.go(page).press("开始摇号")
    wait_for(office, "公布以前，位置都没有动")
    head.go(page).follow("预览并公布").reads("谁也不会失去原来的位置", f"{3 + asked}份填报")
    head.press("公布").reads("已公布，填报的家长都收到了来信").follow("公开记录和核对")
    stranger = at(phone=True).go(head.page.url.removeprefix(head.address))
    stranger.reads("有位置的先保住自己的位置", "接着哪一次摇号")
    stranger.page.get_by_role("button", name="在这里重算一遍").click()
    expect(stranger.page.locator("[data-draw-answer]")).to_contain_text("全部对得上")
    family.go(refill).reads("这是怎么定的", "公示代码").follow("核对这次补选").reads("有位置的先保住自己的位置")
