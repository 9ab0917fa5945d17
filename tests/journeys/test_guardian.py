"""A family's evening on a phone, with and without JavaScript: choose, be told what is missing, change, keep the receipt."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]


def next_step(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^下一步")).locator("visible=true").click()


def tap(page: Page, name: str, value: str) -> None:
    """Tap the label of a radio button or a box, as a thumb does."""
    page.locator(f"label:has(> input[name={name}][value='{value}'])").click()


def person(page: Page, kind: str, turn: int, name: str, relation: str, phone: str) -> None:
    for part, words in (("name", name), ("relation", relation), ("phone", phone)):
        page.locator(f"[name={kind}_{turn}_{part}]").fill(words)


def titles(page: Page, weekday: int) -> list[str]:
    """Return the activities that may be wished for on a weekday, in the order of the page."""
    return page.locator(f"fieldset[data-weekday='{weekday}'] .wish__title").evaluate_all(
        "all => all.map(one => one.firstChild.textContent.trim())"
    )


def press(page: Page, weekday: int, title: str, move: str) -> None:
    day = page.locator(f"fieldset[data-weekday='{weekday}']")
    day.get_by_role("button", name=f"{title}：{move}", exact=True).click()


def say_consents(page: Page) -> None:
    for purpose in ("basic", "health", "photo_school"):
        tap(page, f"consent_{purpose}", "yes")
    for purpose in ("photo_public", "photo_district"):
        tap(page, f"consent_{purpose}", "no")


def choose_days_and_wishes(chen: Visitor) -> tuple[str, str, str]:
    """Join on three days with two class hours each, rank three activities of Monday; return their titles."""
    page = chen.page
    tap(page, "joins", "yes")
    next_step(page)
    page.get_by_role("button", name="每天2课时").click()
    expect(page.locator("#price")).to_contain_text("每天2课时")
    full = page.locator(".price__amount").inner_text()
    tap(page, "hours_2", "0")
    tap(page, "hours_4", "0")
    expect(page.locator("#price")).to_contain_text("每周一三五各2课时")
    assert page.locator(".price__amount").inner_text() != full
    chen.picture("guardian-matrix")

    next_step(page)
    expect(page.locator("fieldset[data-weekday='2']")).to_be_hidden()
    first, second, third = titles(page, 1)[:3]
    press(page, 1, first, "选它")
    press(page, 1, second, "选它")
    press(page, 1, third, "选它")
    press(page, 1, third, "与上一个同样喜欢")
    for weekday in (1, 3, 5):
        tap(page, f"any_{weekday}", "yes")
    chen.picture("guardian-wishes", of="fieldset[data-weekday='1']")
    return first, second, third


def take_over_for_the_sister(chen: Visitor) -> None:
    """The younger sister gets the same form, filled as the brother's."""
    page = chen.page
    chen.follow("林馨琪", within="body")
    chen.follow("照搬林思菲的").reads("下面是照着林思菲的填写的")
    assert page.locator("input[name=hours_3][value='2']").is_checked()
    assert page.locator("input[name=home][value=alone]").is_disabled()  # she is in the fourth grade


def change_her_mind(chen: Visitor, code: str) -> None:
    """Until the deadline the choice can be changed; each version is kept with a code of its own."""
    page = chen.page
    chen.follow("修改")
    next_step(page)
    tap(page, "hours_5", "0")
    expect(page.locator("#price")).to_contain_text("每周一三各2课时")
    for _ in range(5):
        next_step(page)
    chen.press("提交", within="form.application")
    chen.reads("每周一三各2课时", "第2版", "共2版，看以前的")
    assert page.locator(".code__text").first.inner_text() != code


@pytest.mark.clause("2.1-b")
@pytest.mark.clause("2.2-h")
@pytest.mark.clause("2.7.3-a")
def test_a_mother_chooses_on_the_evening_and_changes_her_mind(at: Sit) -> None:
    chen = at("registration", phone=True).sign_in("陈霞").go("/guardian/")
    page = chen.page
    chen.reads("还没有选择", "选择参加或不参加课后服务", "9月4日 周五 22:00")
    chen.follow("选择参加或不参加课后服务")
    # Both answers are the same size, and nothing is chosen beforehand.
    assert page.locator("form.application input:checked:not([name^=hours_])").count() == 0
    yes, no = (page.locator(".choice .option").nth(turn).bounding_box() for turn in (0, 1))
    assert yes and no and (yes["width"], yes["height"]) == (no["width"], no["height"])
    chen.picture("guardian-choice")

    first, second, third = choose_days_and_wishes(chen)

    next_step(page)
    tap(page, "home", "delegate")
    person(page, "pickup", 1, "林秀珍", "奶奶", "13900001234")
    next_step(page)
    person(page, "contact", 1, "陈霞", "母亲", "19900000001")
    person(page, "contact", 2, "", "", "")
    next_step(page)
    say_consents(page)
    next_step(page)
    page.locator("[name=signed_by]").fill("陈霞")
    chen.press("提交", within="form.application", status=422)

    # One emergency contact is not enough: the whole form comes back with everything typed, as one page.
    chen.reads("还有1处要改，您填的内容都在")
    assert page.locator("[name=pickup_1_name]").input_value() == "林秀珍"
    assert page.locator("input[name=hours_3][value='2']").is_checked()
    person(page, "contact", 2, "林建国", "父亲", "13900004321")
    chen.press("提交", within="form.application")
    chen.reads("申请回执", "每周一三五各2课时", first, f"{second}", "委托人接", "第1版", "回执码")
    assert re.search(rf"第二志愿 .*{re.escape(third)}", chen.words())
    chen.picture("guardian-receipt", of=".receipt__answer")
    code = page.locator(".code__text").first.inner_text()

    change_her_mind(chen, code)

    take_over_for_the_sister(chen)


@pytest.mark.clause("2.1-b")
def test_declining_is_as_short_as_it_can_be_and_the_class_teacher_never_sees_it(at: Sit) -> None:
    chen = at("registration", phone=True).sign_in("马骏").go("/guardian/")
    chen.follow("选择参加或不参加课后服务")
    tap(chen.page, "joins", "no")
    next_step(chen.page)
    chen.page.locator("[name=signed_by]").fill("马骏")
    chen.press("提交", within="form.application").reads("不参加", "第1版").reads_none_of(["紧急联系人"])


def test_the_whole_form_without_a_script(at: Sit) -> None:
    liao = at("registration", phone=True, scripts=False).sign_in("廖素珍").go("/guardian/")
    page = liao.page
    liao.follow("选择参加或不参加课后服务")
    liao.press("提交", within="form.application", status=422).reads("还有")
    page.locator("input[name=joins][value=yes]").check()
    for weekday in (1, 2, 3):
        page.locator(f"input[name=hours_{weekday}][value='2']").check()
        page.locator(f"input[name=any_{weekday}]").check()
    wishes = page.locator("fieldset[data-weekday='2'] input[name^=rank_]")
    for turn, rank in enumerate(("1", "2", "2")):
        wishes.nth(turn).fill(rank)
    page.locator("input[name=home][value=guardian]").check()
    person(page, "contact", 1, "廖素珍", "母亲", "19900000005")
    person(page, "contact", 2, "谭大明", "父亲", "13900005555")
    for purpose in ("basic", "health", "photo_school", "photo_public", "photo_district"):
        page.locator(f"input[name=consent_{purpose}][value=yes]").check()
    page.locator("[name=signed_by]").fill("廖素珍")
    liao.press("提交", within="form.application")
    liao.reads("申请回执", "每周一二三各2课时", "第二志愿", "家长接", "第1版")
    liao.go("/account/")


def test_result_and_signature_without_a_script_lead_to_paper(at: Sit) -> None:
    he = at("draw", phone=True, scripts=False).sign_in("何静").go("/guardian/")
    child = he.page.locator("main a[href^='/guardian/']").first.get_attribute("href")
    he.go(child)
    he.follow("阅读并签署协议").reads("收费与结算", "这台设备不能手写签名", "想签在纸上")
    he.go(f"{child}result/").reads("这是怎么定的", "公示代码")


def test_an_afternoon_of_a_guardian(at: Sit) -> None:
    chen = at("afternoon", phone=True).sign_in("陈霞").go("/guardian/1/")
    chen.picture("guardian-home")
    chen.go("/guardian/1/bills/").reads("课后延时服务费", "缴到哪里")
    chen.picture("guardian-bill", of="article.sheet")
    chen.go("/guardian/1/leave/")
    page = chen.page
    page.locator("input[name=on]").nth(1).locator("xpath=..").click()
    tap(page, "kind", "errand")
    page.locator("#reason").fill("看牙")
    chen.press("请假").reads("已请假，老师已收到", "请过的假", "不计费")
    chen.press("撤回").reads("已撤回")
    for path in ("pickup/", "days/", "exit/", "card/", "agreement/", "result/", "application/receipt/"):
        chen.go(f"/guardian/1/{path}")
