"""Before the term: a village school goes from an empty semester to the opening of registration, through its pages.

The district adds the next semester; the demonstration's clock walks to the winter holidays. Four stories follow one
another; each later one begins with the state that the product's own actions hand over (tests/journeys/handed.py).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
PLACE = "年画村小学"
HERE = "/school/2150990006/"
HOLIDAYS = 75  # days from the demonstration's afternoon to the first of February


def tap(visitor: Visitor, name: str, value: str) -> None:
    """Tap the label of a radio button or a box, as a thumb does."""
    visitor.page.locator(f"label:has(> input[name={name}][value='{value}'])").first.click()


def fill(visitor: Visitor, within: str = "main form", **typed: str) -> Visitor:
    """Fill the fields of a form by their names."""
    for name, value in typed.items():
        visitor.page.locator(within).locator(f"[name={name}]").first.fill(value)
    return visitor


def office(at: Sit) -> Visitor:
    """Return the school's office at its desk."""
    return at().sign_in_as("课后服务管理员", of=PLACE)


def draw(visitor: Visitor) -> None:
    """Sign with the mouse as with a finger."""
    canvas = visitor.page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    mouse = visitor.page.mouse
    mouse.move(box["x"] + 30, box["y"] + 90)
    mouse.down()
    mouse.move(box["x"] + 160, box["y"] + 40, steps=4)
    mouse.up()


def printed_code(visitor: Visitor, form: str) -> str:
    """Press a button that prints slips and return the code on the first: no browser reads a PDF."""
    sent = """async form => {
        const answer = await fetch(form.action, {method: 'POST', body: new FormData(form)});
        return [...new Uint8Array(await answer.arrayBuffer())];
    }"""
    page = PdfReader(io.BytesIO(bytes(visitor.page.locator(form).first.evaluate(sent)))).pages[0]
    found = re.search(r"\b(?:[A-Z0-9]{4}\s){3}[A-Z0-9]{2}\b", page.extract_text())
    assert found, page.extract_text()
    return "".join(found[0].split()).lower()


@pytest.mark.clause("2.7.1-a")
def test_the_district_adds_a_term_and_a_school_goes_through_its_ledger(at: Sit) -> None:
    officer = at("afternoon").let_pass(HOLIDAYS).sign_in("周启文").go("/district/calendar/terms/new/")
    fill(
        officer, school_year="2026", name="2026—2027学年第二学期", first="2027-03-01", last="2027-07-09",
        service_first="2027-03-15", service_last="2027-07-02",
    )  # fmt: skip
    officer.page.locator("[name=half]").select_option("spring")
    officer.press("增加").reads("2026—2027学年第二学期", "服务日")

    chen = office(at).go(HERE).reads("2026—2027学年第二学期", "先要")
    chen.go(f"{HERE}dismissal/")
    fill(chen, "form[action$='/seasons/']", name="春季作息", from_on="2027-03-01", last_on="2027-07-09")
    chen.press("增加作息").reads("春季作息")
    for grade in range(1, 7):
        chen.page.locator(f"[name=every_{grade}]").fill("15:40")
    chen.press("保存放学时间").reads("放学时间已保存")
    fill(chen, "form[action$='/term-facts/']", complaint_phone="023-53210004")
    chen.press("保存电话和时间").reads("投诉电话和最晚接走时间已保存")

    chen.go(f"{HERE}resources/").reads("还没有开始").press("开始调查摸底").reads("带过来了")

    while chen.page.locator("[name=item]").count():
        chen.page.locator("[name=item]").evaluate_all("all => all.forEach(one => one.checked = true)")
        chen.press("勾选的属实").go(f"{HERE}resources/census/?state=pending")
    while chen.page.get_by_role("button", name="本校没有").count():
        chen.press("本校没有", exact=False)
    chen.press("台账定稿").reads("台账第1版已定稿").picture("census")


@pytest.mark.clause("2.1-d", "2.7.1-d", "2.7.1-e")
def test_families_are_asked_by_phone_and_on_paper(at: Sit) -> None:
    chen = office_after(at, "counted", days=1).go(f"{HERE}surveys/new/")
    opens = chen.page.locator("[name=opens_at]").input_value()
    fill(
        chen,
        title="春季课后服务意向调查",
        opens_at=f"{opens[:10]}T00:00".replace(opens[8:10], f"{int(opens[8:10]) - 1:02d}"),
    )
    chen.press("保存").reads("区定").go(chen.page.url.replace("/items/", "/opening/")).press("开放")
    survey = chen.reads("邀请到的家庭", "没有手机账号的家庭").page.url

    family = at(phone=True).sign_in_as_family(of=PLACE)
    family.follow("调查：春季课后服务意向调查").press("去填写")
    answer(family)
    family.press("交卷").reads("谢谢，已经收到")

    code = printed_code(chen, "form[action*='/slips/']")
    chen.go(f"{survey}paper/?code={code}")
    answer(chen)
    chen.press("保存").reads("已录入").go(survey).reads("已答复\n2 户").press("现在截止").reads("已截止")
    chen.go(HERE).reads("春季课后服务意向调查")


def answer(visitor: Visitor) -> None:
    """Answer what a family has to answer."""
    for name, value in (("grade", "1"), ("need", "0"), ("hours", "1"), ("leave_by", "2"), ("weekdays", "0")):
        tap(visitor, name, value)
    visitor.page.locator("#wishes_1").select_option(label="科普")
    tap(visitor, "worry", "1")
    tap(visitor, "child", "0")


def office_after(at: Sit, stage: str, *, days: int) -> Visitor:
    """Return the office of the village so many days after the first of February, with a stage handed over."""
    return at("afternoon", handed=stage).let_pass(HOLIDAYS + days).sign_in_as("课后服务管理员", of=PLACE)


@pytest.mark.clause("2.7.2-a", "2.7.2-b", "2.7.2-c", "2.7.2-d", "2.7.2-e", "2.7.2-f")
def test_the_plan_is_talked_over_twice_and_signed(at: Sit) -> None:
    chen = office_after(at, "surveyed", days=5).go(f"{HERE}table/").press("开始编项目表")
    chen.go(f"{HERE}table/copying/").reads("要重新定").press("带来勾选的").reads("带来了")
    chen.go(f"{HERE}plan/draft/").reads("资源台账", "内容项目表")
    chen.press("写出初稿").reads("初稿已经写好", "〔注1〕").picture("plan-draft")
    committee_meets(at, chen)

    chen.go(f"{HERE}plan/rounds/1/opening/").press("开始").reads("已经开始征求意见")
    family = at(phone=True).sign_in_as_family(of=PLACE)
    home = family.page.url
    family.go(f"{home}opinions/1/")
    say(family, time="冬天天黑得早，能不能早一点结束")
    family.press("提交意见").reads("已经收到您家的意见")
    chen.go(f"{HERE}plan/notice/issue/").reads("第一轮")
    assert chen.page.get_by_role("button", name="发出").get_attribute("aria-disabled") == "true"
    chen.let_pass(6).go(f"{HERE}plan/notice/issue/").press("发出").reads("告知书已发给每一户")
    family.go(f"{home}notice/").press("我已阅读").reads("已确认收到")

    chen.go(f"{HERE}plan/rounds/2/opening/").press("开始").reads("已经开始征求意见")
    teacher = at(phone=True).sign_in_as("教师", of=PLACE).go("/teacher/2150990006/opinions/")
    say(teacher)
    teacher.press("提交意见").reads("已经收到您的意见")
    family.go(f"{home}opinions/2/")
    say(family)
    family.press("提交意见").reads("已经收到您家的意见")
    chen.let_pass(4)
    adopt(chen)

    chen.go(f"{HERE}plan/final/").press("定稿送签")
    principal = (
        at().sign_in_as("校长", of=PLACE).go(f"{HERE}plan/signature/").reads("定稿，内容摘要").picture("plan-signature")
    )
    principal.press("签发").reads("方案已签发，公众可以看到")
    at(phone=True).go("/plans/2150990006/2027-spring/").reads("17:50前放学")


def committee_meets(at: Sit, chen: Visitor) -> None:
    """Note a meeting of the committee, let its head sign the minutes by finger, close them."""
    chen.go(f"{HERE}plan/committee/meetings/new/").page.locator("[name=place]").fill("学校会议室")
    chen.page.locator("label:has(> input[name=present])").first.click()
    chen.press("登记").reads("没有签名")
    minutes = chen.page.url
    fill(
        chen, "form[action$='/items/']", title="服务时间", opinion="冬天早一点", in_favour="1", answer="冬季提前二十分钟",
    )  # fmt: skip
    chen.press("保存议题").reads("冬季提前二十分钟")
    member = at().sign_in_as("家长委员会", of=PLACE).go(minutes).reads("请核对下面的纪要后签名")
    draw(member)
    member.press("签名").reads("已签名")
    chen.go(minutes).press("定稿").reads("纪要已定稿")


def say(visitor: Visitor, **words: str) -> None:
    """Agree to all six topics, but for what somebody has to say."""
    for topic in ("time", "content", "safety", "fee", "rules", "pickup"):
        tap(visitor, f"stance_{topic}", "suggest" if topic in words else "agree")
        if topic in words:
            visitor.page.locator(f"[name=words_{topic}]").fill(words[topic])


def adopt(chen: Visitor) -> None:
    """Write what was adopted into the plan, answer the opinions, publish."""
    chen.go(f"{HERE}plan/sections/times/")
    body = chen.page.locator("[name=body]")
    body.fill(f"{body.input_value()}\n冬季提前二十分钟，17:50前放学。")
    chen.press("保存").go(f"{HERE}plan/adoption/").reads("冬天天黑得早")
    chen.page.locator("label:has(> input[name=opinion])").first.click()
    fill(chen, "#loose form", title="冬季早一点结束")
    chen.press("归组").follow("冬季早一点结束")
    tap(chen, "decision", "adopted")
    fill(chen, reason="冬季提前二十分钟。")
    chen.page.locator("[name=section]").select_option("times")
    chen.press("答复").reads("采纳")
    chen.press("公布意见采纳表").reads("已公布").picture("adoption")


@pytest.mark.clause("2.4-p", "2.3-h", "4-b")
def test_papers_are_signed_the_filing_is_returned_mended_and_registration_opens(at: Sit) -> None:
    chen = office_after(at, "planned", days=20).go(f"{HERE}registration/").reads("现在还不能开放", "备案")
    chen.go(f"{HERE}staff/").press("生成本学期文书").reads("已生成2份文书")
    a_teacher_signs(at)
    principal = at().sign_in_as("校长", of=PLACE).go(f"{HERE}staff/")
    principal.press("代表学校签署全部").reads("已代表学校签署2份文书")

    for name in ("花样跳绳", "硬笔书写", "科学小实验"):
        leader = chen.go(f"{HERE}table/").follow(name).page.locator("[name=leader]")
        leader.select_option(value=leader.locator("option", has_text="郑霞").get_attribute("value"))
        chen.press("保存", within="form.sheet")
    principal.go(f"{HERE}table/preview/").reads("可以公布").press("公布项目表").reads("已公布")

    filing = f"{HERE}filing/"
    chen.go(filing)
    fill(chen, note="第二学期照第一学期开设，增加春季劳动。")
    chen.press("保存说明").reads("报送说明已保存")
    sign_and_send(principal, filing)
    officer = at().sign_in("周启文").go("/district/filings/?state=submitted").follow(f"{PLACE}（演示）")
    received = officer.page.url
    officer.press("受理").page.locator("#reason_F1").fill("请写明雨天怎么办。")
    officer.picture("filing-review").press("退回补正").reads("已退回")

    chen.go(filing).reads("请写明雨天怎么办").picture("filing-returned")
    principal.go(filing).page.locator("textarea[name=answer]").fill("雨天改在本班教室，项目表的场地备注里写明。")
    sign_and_send(principal.press("答复这一项"), filing)
    chen.go(f"{HERE}registration/").reads("现在还不能开放", "备案")
    assert chen.page.get_by_role("button", name="开放报名").get_attribute("aria-disabled") == "true"
    # Two people have not signed yet and the infirmary has no duty: they cannot be scheduled, and the officer says why.
    officer.go(received).press("受理").page.locator("#despite").fill(
        "两名外聘人员材料未齐前不排课，医务值班开学前补上。"
    )
    officer.press("通过").reads("备案编号")

    chen.let_pass(6).go(f"{HERE}registration/")
    fill(chen, opens_at="2027-03-01T08:00", closes_at="2027-03-05T20:00")
    tap(chen, "method", "gsd")
    chen.press("开放报名").reads("报名已开放")
    chen.go(HERE).reads("编号").picture("gate-chain")
    the_officer_looks_around(officer)


def the_officer_looks_around(officer: Visitor) -> None:
    """Look at all schools and all steps, and at the library from which the schools began."""
    officer.go("/district/chain/").reads(PLACE).picture("district-chains")
    officer.go("/district/activity-templates/").reads("花样跳绳").picture("activity-templates")


def a_teacher_signs(at: Sit) -> None:
    """Let one teacher sign what the new semester asks for, by finger on the phone."""
    teacher = at(phone=True).sign_in("郑霞", of=PLACE).go("/teacher/2150990006/file/").reads("等您签")
    while "等您签" in teacher.words():
        with teacher.page.expect_navigation():
            teacher.page.locator("section:has-text('等您签') .errands a").first.click()
        draw(teacher.arrive())
        teacher.press("同意并签署").go("/teacher/2150990006/file/")


def sign_and_send(principal: Visitor, filing: str) -> None:
    """Let the principal sign by hand and send it to the district."""
    principal.go(filing)
    draw(principal)
    principal.press("签发").reads("手写签名").press("报送区教委").reads("区教委受理")


@pytest.mark.clause("2.7.2-g")
def test_families_are_told_of_another_room_one_agrees_and_the_silent_keep_the_old(at: Sit) -> None:
    chen = at("afternoon").sign_in_as("课后服务管理员", of=PLACE).go(f"{HERE}plan/amendments/new/")
    fill(
        chen, reason="科学室水管要修。", from_on="2026-12-01", answer_by="2026-11-25T20:00", what="周三科学小实验",
        was="科学室", becomes="多功能厅",
    )  # fmt: skip
    chen.page.locator("[name=kind]").select_option(label="地点")
    chen.press("提出").follow("告知受影响的家庭")
    chen.page.locator("label:has(> input[name=activity])", has_text="科学小实验").click()
    chen.press("算一算涉及多少人").reads("涉及 4 名学生").press("发出通知").reads("已告知4名学生的家庭")
    amendment = chen.page.url
    child = chen.page.locator("#consents tbody th").first.inner_text()
    family = at(phone=True).go(f"/demonstration/?q={child}")
    with family.page.expect_navigation():
        family.page.locator("tr", has_text=child).get_by_role("button").first.click()
    family.arrive().follow("答复服务安排的调整").press("同意新安排").reads("同意")

    chen.go(amendment).press("送校长签发").reads("还有3户没有答复")
    chen.let_pass(8).go(amendment).press("送校长签发").reads("调整稿已送校长签发")
    principal = at().sign_in_as("校长", of=PLACE).go(f"{HERE}plan/signature/").press("签发")
    principal.go(amendment).reads("已签发，待报备案", "还没有答复，按原安排")


@pytest.mark.clause("2.4-j2")
def test_a_teacher_whose_check_expires_leaves_the_sessions_ahead(at: Sit) -> None:
    place = "/school/2150990001/"
    chen = at("afternoon").sign_in("陈敏").go(f"{place}staff/?state=ending").reads("快要到期", "李舒")
    at(phone=True).sign_in("李舒").go("/teacher/2150990001/file/").reads("快到期")
    chen.let_pass(17, daily=True)
    for _ in range(60):  # the worker does what is done daily
        if "停止带组" in chen.go("/letters/").words():
            break
        chen.page.wait_for_timeout(500)
    chen.reads("李舒停止带组", "次课要找代课").go(f"{place}staff/?state=unfit").reads("证明已到期", "李舒")
