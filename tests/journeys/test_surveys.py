"""意向调查: a school asks before it plans, a family answers on its phone, another from paper; nobody sees who said no."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
LARGE = "2150990001"


def tap(visitor: Visitor, name: str, value: str) -> None:
    """Tap the label of a radio button or a box, as a thumb does."""
    visitor.page.locator(f"label:has(> input[name={name}][value='{value}'])").first.click()


def opened(at: Sit) -> Visitor:
    """Let the office make a survey, be told what is wrong with an item, and open it."""
    office = at("registration").sign_in("陈敏").go(f"/school/{LARGE}/surveys/").reads("秋季课后服务意向调查", "已截止")
    office.go(f"/school/{LARGE}/surveys/new/")
    page = office.page
    page.locator("[name=title]").fill("春季课后服务意向调查")
    opens = page.locator("[name=opens_at]").input_value()
    page.locator("[name=opens_at]").fill(f"{opens[:8]}01T00:00")
    office.press("保存").reads("是否需要课后服务", "区定")
    page.locator("[name=text]").fill("雨天谁来接")
    page.locator("[name=options]").fill("家长")
    office.press("加到最后", status=409).reads("至少要有两个选项")
    assert page.locator("[name=text]").input_value() == "雨天谁来接"
    page.locator("[name=options]").fill("家长\n校车")
    office.press("加到最后").reads("雨天谁来接").picture("survey-items")
    items = page.url
    office.follow("预览").reads("最想做的事")
    office.go(items.replace("/items/", "/opening/")).reads("不能再改").press("开放")
    return office.reads("邀请到的家庭", "结果要等截止后才能查看").picture("survey-office")


def test_a_school_asks_and_a_family_answers_on_its_phone(at: Sit) -> None:
    office = opened(at)
    family = at(phone=True).sign_in("陈霞").go("/guardian/1/").reads("调查：春季课后服务意向调查")
    family.follow("调查：春季课后服务意向调查").reads("不记名").press("去填写").reads("1. 是否需要课后服务")
    assert family.page.locator("form input:checked").count() == 0
    family.picture("survey-family")
    tap(family, "need", "0")
    family.press("交卷", status=422).reads("请选择孩子所在的年级", "请回答“希望每天几课时”")
    assert family.page.locator("input[name=need][value='0']").is_checked()
    tap(family, "grade", "3")
    tap(family, "hours", "1")
    tap(family, "leave_by", "2")
    family.page.locator("#wishes_1").select_option(label="科普")
    family.page.locator("#wishes_2").select_option(label="文体")
    tap(family, "worry", "4")
    tap(family, "weekdays", "0")
    tap(family, "child", "2")
    family.picture("survey-child", of=".pictures")
    family.press("交卷").reads("谢谢，已经收到", "丢了补不了")
    family.follow("重新填写").reads("这份已经填过")
    assert family.page.locator("form input:checked").count() == 0  # nobody who holds the code reads the answers
    family.go("/guardian/1/surveys/").reads("您家已经领过填写码")

    office.page.reload()
    office.arrive().reads("已答复\n1 户")
    teacher = at(phone=True).sign_in("周婷").go(f"/teacher/{LARGE}/surveys/").reads("已答复 1 户", "只有数，没有名字")
    teacher.picture("survey-teacher")
    at().sign_in("周启文").go("/district/surveys/").reads("5所学校已经开放调查", "偏低").picture("survey-district")


def test_the_results_hide_small_groups_and_propose_seats(at: Sit) -> None:
    office = at("registration").sign_in("陈敏").go(f"/school/{LARGE}/surveys/").follow("秋季课后服务意向调查")
    office.follow("看结果").reads("是否需要课后服务", "占比").picture("survey-results")
    office.follow("测算名额").reads("这些数是怎么来的", "每组").picture("survey-seats")
    office.page.locator("[name=size]").select_option(label="15人")
    office.press("重新测算").reads("15人")
    at().sign_in("周启文").go("/district/surveys/results/").reads("全区意向", "是否需要课后服务")


def test_without_javascript_too(at: Sit) -> None:
    opened(at)
    family = at(phone=True, scripts=False).sign_in("陈霞").go("/guardian/1/surveys/").press("去填写")
    tap(family, "grade", "3")
    tap(family, "need", "1")
    family.press("交卷").reads("谢谢，已经收到")
