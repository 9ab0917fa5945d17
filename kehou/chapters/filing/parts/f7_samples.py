"""F7 告知书与协议书样本: what every family reads and signs, with the amounts in force (2.7.3)."""

from __future__ import annotations

from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment.wording import said_fee, said_span
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import school_term
from kehou.rules.enrolling import POLICY_DOCUMENTS
from kehou.rules.filing import Evidence, Part, Section, Table
from kehou.rules.money import yuan
from kehou.rules.parameters import Parameters

_SAMPLE = "服务协议书（样本）"


def build(school: School, term: Term, on: date) -> Part:
    """Return the sample of the agreement with this school's and this term's values."""
    parameters, here = parameters_on(term.service_from_on), school_term(school, term)
    latest = f"{here.latest_pick_up:%H:%M}" if here and here.latest_pick_up else "18:30"
    phone = here.complaint_phone if here else ""
    return Part(
        "F7",
        formed=True,
        facts=(
            ("服务期限", said_span(term.service_from_on, term.service_until_on)),
            ("最晚接送", latest),
            ("投诉电话", phone or "没有填写"),
        ),
        sections=(Section(_SAMPLE, _agreement(parameters, latest)),),
        tables=(_prices(school, parameters),),
        evidence=(Evidence("协议书必备内容与规则参数"),),
        measures={"agreement_lacks": [name for name, given in (("投诉电话", phone),) if not given]},
    )


def _prices(school: School, parameters: Parameters) -> Table:
    if not school.charges_fee:
        return Table("收费标准", ("档次", "每月"), (("全部", "不收费"),))
    rows = tuple((f"每天{hours}课时", f"{yuan(fen)}元") for hours, fen in sorted(parameters.fee.tariff.items()))
    return Table("收费标准", ("档次", "每月"), rows)


def _agreement(parameters: Parameters, latest: str) -> tuple[str, ...]:
    return (
        "是否参加由您和孩子自己决定。您可以在任何时候退出，从下一个服务日起不再计费。",
        "服务形式：校内集中，按活动分组，可跨班级、跨年级。时间、内容、地点以公布的内容项目表为准。",
        f"收费：{said_fee(parameters)}按月据实结算，缴入学校登记的教育收费专户。",
        "减免：农村脱贫户和低保家庭等按学校核定的名单直接减免，不需要您提交证明。",
        f"退费：学校取消的、及时请假的不计费；多缴的{parameters.fee.refund_working_days}个工作日内退回。",
        "每天点名；到组十分钟仍未见到孩子，老师立即联系值班领导、班主任和您。",
        f"接送：孩子只会交给您授权的人。迟到接孩子不收费，老师陪到您来，最晚到{latest}。",
        f"请假与变更：当天{parameters.fee.leave_policy.before:%H:%M}前请假不计费；减少天数随时可以，增加在变更期办理。",
        "意外处理：先救助，同时联系您，并报告学校值班领导。",
        "不补课、不讲新课、不考试；不收材料费、场地费、平台费。",
        f"有关制度：{'、'.join(POLICY_DOCUMENTS)}，在校内公示栏和公开信息页全文公布。",
        "孩子的三句话：我愿意参加我喜欢的活动；我会听老师的安全提醒；我不开心时可以告诉老师或爸爸妈妈。",
    )
