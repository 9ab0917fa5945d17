"""实施方案: a change is told, a family answers on its phone, the office prepares, the principal signs, everybody reads."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.visitor import Visitor

Sit = Callable[..., Visitor]
SCHOOL = "/school/2150990001"


def test_a_family_answers_a_change_and_the_principal_signs_it(at: Sit) -> None:
    office = at("afternoon").sign_in("陈敏").go(f"{SCHOOL}/plan/amendments/").reads("第1次调整", "家长答复中")
    office.follow("第1次调整").reads("正文改了什么", "按原来的安排")
    office.press("送校长签发").reads("还有1户没有答复")

    member = at().sign_in("王丽").go(f"{SCHOOL}/plan/committee/").reads("不收费、不管钱")
    member.page.locator("[name=words]").fill("换到风雨操场以前先看看地面滑不滑")
    member.press("送给办公室").reads("意见已送到办公室", "先看看地面滑不滑")

    family = at(phone=True).sign_in("陈霞").go("/guardian/1/").follow("答复服务安排的调整")
    family.reads("改为：风雨操场", "退出不收任何费用")
    family.press("同意新安排").reads("同意")

    office.page.reload()
    office.arrive().press("送校长签发").reads("调整稿已送校长签发")
    principal = at().sign_in("钟毅").go(f"{SCHOOL}/plan/signature/").reads("第1次调整")
    principal.press("签发").reads("方案已签发")
    everybody = at().go("/plans/2150990001/2026-autumn/").reads("由校长签发", "起改在风雨操场")
    everybody.follow("你提我改").reads("降低收费、公布用途", "不采纳")


def test_what_was_asked_and_answered_can_be_looked_up(at: Sit) -> None:
    office = at("registration").sign_in("陈敏").go(f"{SCHOOL}/plan/").reads("起草方案", "家委会研讨", "方案定稿")

    office.follow("征求意见", within="main").reads("到时自动截止", "社区")
    office.go(f"{SCHOOL}/plan/versions/?a=2&b=3").reads("放学时段校门口增派一名值班教师")
    office.go(f"{SCHOOL}/plan/notice/").reads("手机确认", "都收到了")
    teacher = at(phone=True).sign_in("周婷").go("/teacher/2150990001/opinions/").reads("只有数，没有名字")
    assert "陈霞" not in teacher.page.content()
    family = at(phone=True, scripts=False).sign_in("陈霞").go("/guardian/1/notice/").reads("已确认收到", "咨询与投诉")
    family.go("/guardian/1/opinions/1/").reads("已过", "已经收到您家的意见")
