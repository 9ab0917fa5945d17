"""自愿报名 on a phone, with and without scripts; an organisation before the public; a school and its outsiders."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
LARGE = "2150990001"
PLACE = f"/school/{LARGE}"


def tap(visitor: Visitor, name: str, value: str) -> None:
    """Tap the label of a radio button or a box, as a thumb does."""
    visitor.page.locator(f"label:has(> input[name={name}][value='{value}'])").first.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_a_teacher_changes_what_was_offered_and_the_office_agrees(at: Sit, scripts: bool) -> None:
    teacher = at("afternoon", phone=True, scripts=scripts).sign_in("李舒").go(f"/teacher/{LARGE}/week/")
    teacher.follow("自愿报名").reads("参加", "不参加", "要学校确认", "和您教什么学科无关").picture("sign-up-teacher")
    tap(teacher, "joins", "yes")
    for weekday in range(1, 6):
        tap(teacher, f"hours_{weekday}", "1" if weekday in (2, 4) else "0")
    teacher.page.locator("[name=weekly_cap]").fill("99")
    teacher.page.locator("[name=leads]").fill("纸飞机")
    teacher.page.locator("[name=reason]").fill("周一要教研")
    teacher.press("提交变更申请", status=422).reads("每周愿意承担的课时应在1到12之间")
    assert teacher.page.locator("[name=leads]").input_value() == "纸飞机"
    assert teacher.page.locator("input[name=hours_2][value='1']").is_checked()
    teacher.page.locator("[name=weekly_cap]").fill("2")
    teacher.press("提交变更申请").reads("变更申请已提交")

    office = at().sign_in("陈敏").go(f"{PLACE}/sign-ups/").reads("周一要教研", "人不参加或没有答复，不再细分")
    office.picture("sign-up-office")
    office.press("同意", within=office.page.locator("article", has_text="周一要教研")).reads("已答复")
    principal = at().sign_in("钟毅").go(f"{PLACE}/sign-ups/").reads("报名参加")
    principal.reads_none_of(["李舒", "唐立新", "邹世芳"])


def test_the_public_objects_and_the_district_answers(at: Sit) -> None:
    reader = at("afternoon", phone=True).go("/providers/").reads("正在公示", "梁平小荷舞蹈社", "公示中")
    reader.picture("providers-public")
    reader.follow("梁平跃动乒乓球俱乐部").reads("提出异议", "不用留姓名")
    reader.page.locator("[name=text]").fill("不好")
    reader.press("提交", status=422).reads("至少十个字")
    reader.page.locator("[name=text]").fill("他们的教练上学期临时换过三次人。")
    reader.press("提交").reads("已收到您的异议")
    officer = (
        at()
        .sign_in("周启文")
        .go("/district/providers/")
        .reads("有异议", "退出", "入名单")
        .picture("providers-district")
    )
    officer.follow("梁平跃动乒乓球俱乐部").reads("临时换过三次人", "公示到").picture("provider-district")


def test_a_school_sees_its_outsiders_and_the_district_the_exchange(at: Sit) -> None:
    office = at("afternoon").sign_in("陈敏").go(f"{PLACE}/shortages/").reads("非遗与民间工艺", "已签署")
    office.go(f"{PLACE}/providers/").reads("梁平小荷舞蹈社", "服务中", "占特色课时").picture("providers-school")
    office.go(f"{PLACE}/staff-mix/").reads("在职教职工", "志愿服务").picture("staff-mix")
    office.go(f"{PLACE}/visits/").reads("别的学校缺的")
    at().sign_in("周启文").go("/district/exchange/").reads("合唱与竹笛", "竹海中心小学", "已生效").picture("exchange")
