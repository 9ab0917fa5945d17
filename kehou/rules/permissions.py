"""Who may do what: roles are code, reviewed like code; who holds one is a row (domain/06 §3.14).

A page names one permission; a role lists those it holds. `docs/reference/permissions.md` is printed from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Permission(str, Enum):
    """One thing that a page needs. The value is stable; the title is what a 403 page prints."""

    def __new__(cls, value: str, title: str) -> Permission:
        """Return the member with its Chinese title beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.title_zh = title
        return member

    title_zh: str

    # guardian
    CHILD_SEE = "child.see", "查看自己孩子的情况"
    CHILD_CHOOSE = "child.choose", "为自己的孩子选择、变更和退出"
    CHILD_SIGN = "child.sign", "签署自己孩子的协议"
    CHILD_BILLS = "child.bills", "查看和缴纳自己孩子的账单"
    # teacher
    GROUP_SEE = "group.see", "查看自己带的组"
    ROLL_CALL = "roll.call", "点名"
    RELEASE = "release.record", "登记离校交接"
    CLASS_REVIEW = "class.review", "班级审核"
    GATE_SEE = "gate.see", "查看今日进出名单"
    HOMEWORK_DECLARE = "homework.declare", "申报本班书面作业"
    GATE_LOG = "gate.log", "登记校外人员进出"
    CORRECTION_ASK = "correction.ask", "申请更正点名"
    SURVEY_COUNT = "survey.count", "查看意向调查的答复数"
    SIGN_UP = "sign_up.own", "自愿报名参加课后服务"
    OPINION_GIVE = "opinion.give", "对实施方案提意见"
    FILE_OWN = "file.own", "办理自己的服务档案"
    CONTACTS_OWN = "contacts.own", "办理本班家校安全联系"
    # school
    SCHOOL_SEE = "school.see", "查看本校概况"
    ROSTER_SEE = "roster.see", "查看学生名册"
    ROSTER_IMPORT = "roster.import", "导入学生名册"
    ID_UNMASK = "id.unmask", "说明理由后查看证件号码"
    CLASSES_EDIT = "classes.edit", "维护班级与教师岗位"
    STAFF_EDIT = "staff.edit", "维护服务人员"
    SIGN_UP_COUNTS = "sign_up.counts", "查看教师报名人数"
    SIGN_UP_PLAN = "sign_up.plan", "组织教师报名、查看和登记答复"
    OUTSIDERS_SEE = "outsiders.see", "查看校外师资、志愿时数与人员构成"
    OUTSIDERS_EDIT = "outsiders.edit", "办理校外师资、机构选用与志愿时数"
    SHORTAGE_SIGN = "shortage.sign", "签署师资不足说明"
    HOURS_CONFIRM = "hours.confirm", "确认志愿时数、开具证明"
    VISIT_AGREE = "visit.agree", "代表学校同意走教"
    STAFF_SEE = "staff.see", "查看服务人员档案"
    STAFF_SIGN = "staff.sign", "代表学校签署人员文书和批准准入"
    ROOMS_SEE = "rooms.see", "查看资源台账"
    ROOMS_EDIT = "rooms.edit", "维护资源台账"
    DISMISSAL_EDIT = "dismissal.edit", "维护放学时间"
    SURVEY_SEE = "survey.see", "查看意向调查"
    SURVEY_EDIT = "survey.edit", "组织意向调查"
    PLAN_SEE = "plan.see", "查看实施方案和征求意见"
    PLAN_EDIT = "plan.edit", "编写实施方案、组织征求意见"
    PLAN_SIGN = "plan.sign", "签发实施方案"
    PLAN_COMMENT = "plan.comment", "家委会委员提意见、签纪要"
    TABLE_SEE = "table.see", "查看内容项目表"
    TABLE_EDIT = "table.edit", "编辑内容项目表"
    TABLE_PUBLISH = "table.publish", "公布内容项目表"
    FILING_PREPARE = "filing.prepare", "准备备案材料"
    FILING_SIGN = "filing.sign", "签发备案"
    REGISTRATION_OPEN = "registration.open", "开放报名"
    REGISTRATION_SEE = "registration.see", "查看报名进度（人数）"
    PAPER_ENTER = "paper.enter", "录入纸质申请"
    DRAW_SEE = "draw.see", "查看统筹分配"
    DRAW_RUN = "draw.run", "组织摇号与统筹分配"
    DRAW_RESULT = "draw.result", "录入公开的开奖结果"
    DRAW_PUBLISH = "draw.publish", "公布分配结果"
    PRIORITY_ACT = "priority.act", "安置优先保障的学生"
    AGREEMENT_SEE = "agreement.see", "查看协议签署"
    AGREEMENT_SEAL = "agreement.seal", "代表学校签署协议"
    SESSION_SEE = "session.see", "查看课次安排"
    SESSION_CHANGE = "session.change", "调整或取消课次"
    DUTY_EDIT = "duty.edit", "安排值班"
    BOARD_SEE = "board.see", "查看今日看板"
    CORRECTION_DECIDE = "correction.decide", "批准点名更正"
    DAY_CLOSE = "day.close", "确认当日清零"
    CARE_SEE = "care.see", "查看资助与保障名单"
    CARE_EDIT = "care.edit", "维护资助与保障名单"
    BILL_SEE = "bill.see", "查看账单状态"
    BILL_RUN = "bill.run", "生成账单"
    PAYMENT_RECORD = "payment.record", "登记缴费"
    REFUND_APPROVE = "refund.approve", "审批退费"
    REFUND_PAY = "refund.pay", "登记退付到账"
    EXPENSE_RECORD = "expense.record", "登记支出"
    ACCOUNT_SEE = "account.see", "查看收支"
    PUBLISH = "publish", "发布公示"
    ORG_SEE = "organisation.see", "查看制度与组织"
    ORG_EDIT = "organisation.edit", "准备制度与组织"
    ORG_SIGN = "organisation.sign", "签发制度、责任书和经费方案"
    FUND_PLAN_EDIT = "fundplan.edit", "编制经费管理方案"
    EMERGENCY_SEE = "emergency.see", "查看应急卡"
    CLOSURE_ASK = "closure.declare", "登记本校停课"
    JOB_SEE = "job.see", "查看后台任务"
    JOB_RUN = "job.run", "重新运行后台任务"
    JOURNAL_SCHOOL = "journal.school", "查看本校操作日志"
    # district
    DISTRICT_SEE = "district.see", "查看全区概况"
    CALENDAR_EDIT = "calendar.edit", "维护学期与校历"
    PARAMETER_SEE = "parameter.see", "查看规则参数"
    PARAMETER_PROPOSE = "parameter.propose", "提出参数修改"
    PARAMETER_APPROVE = "parameter.approve", "批准参数修改"
    TARIFF_PROPOSE = "tariff.propose", "提出收费标准修改"
    TARIFF_APPROVE = "tariff.approve", "批准收费标准修改"
    INSTRUMENT_EDIT = "instrument.edit", "维护政策依据"
    TEMPLATE_EDIT = "template.edit", "维护活动模板"
    SURVEY_TOTALS = "survey.totals", "查看全区意向调查"
    SHELF_READ = "shelf.read", "查阅各校制度与组织"
    DRAW_TOTALS = "draw.totals", "查看全区摇号"
    FILING_SEE = "filing.see", "查看备案"
    FILING_DECIDE = "filing.decide", "受理和决定备案"
    PERMIT_SEE = "permit.see", "查看用语放行与校外活动申请"
    PERMIT_DECIDE = "permit.decide", "决定用语放行与校外活动申请"
    PROVIDER_SEE = "provider.see", "查看第三方机构与走教"
    PROVIDER_DECIDE = "provider.decide", "组织机构遴选、公示、名单与退出"
    VISIT_PROPOSE = "visit.propose", "撮合走教"
    END_EXCEPTION = "end.exception", "批准延时例外"
    SCHOOLS_EDIT = "schools.edit", "维护学校名单与岗位"
    STAFF_DISTRICT = "staff.district", "查看全区服务人员"
    CONDUCT_EDIT = "conduct.edit", "维护师德与从业限制名单"
    CHECK_ANSWER = "check.answer", "登记入职查询结果"
    MONEY_TOTALS = "money.totals", "查看经费汇总"
    WAVES_SEE = "waves.see", "查看离校时段与人数"
    JOURNAL_READ = "journal.read", "查看和核验操作日志"
    JOBS_ALL = "jobs.all", "查看全区后台任务"
    ACCOUNTS_EDIT = "accounts.edit", "维护账号与岗位"


P = Permission


@dataclass(frozen=True, slots=True)
class Role:
    """A role: where its holder sits, what the page calls them, what they may do."""

    title: str
    desk: str
    permissions: frozenset[Permission]


def _role(title: str, desk: str, *permissions: Permission) -> Role:
    return Role(title, desk, frozenset(permissions))


_TEACHER = (
    P.EMERGENCY_SEE, P.GROUP_SEE, P.ROLL_CALL, P.RELEASE, P.CORRECTION_ASK, P.SIGN_UP, P.OPINION_GIVE, P.FILE_OWN,
    P.CONTACTS_OWN,
)  # fmt: skip

ROLES: dict[str, Role] = {
    "guardian": _role("家长", "guardian", P.CHILD_SEE, P.CHILD_CHOOSE, P.CHILD_SIGN, P.CHILD_BILLS),
    # A homeroom teacher reviews who applied and never learns who refused (domain/09 row 1).
    "homeroom_teacher": _role("班主任", "teacher", *_TEACHER, P.CLASS_REVIEW, P.SURVEY_COUNT, P.HOMEWORK_DECLARE),
    "teacher": _role("教师", "teacher", *_TEACHER),
    "gatekeeper": _role("门卫", "teacher", P.EMERGENCY_SEE, P.GATE_SEE, P.GATE_LOG, P.RELEASE, P.FILE_OWN),
    "duty_leader": _role(
        "值班领导", "teacher", *_TEACHER, P.GATE_SEE, P.GATE_LOG, P.SCHOOL_SEE, P.BOARD_SEE, P.SESSION_SEE, P.DAY_CLOSE
    ),
    "asp_manager": _role(
        "课后服务管理员", "school", P.ORG_SEE, P.ORG_EDIT, P.FUND_PLAN_EDIT,
        P.SCHOOL_SEE, P.ROSTER_SEE, P.ROSTER_IMPORT, P.ID_UNMASK, P.CLASSES_EDIT,
        P.STAFF_EDIT, P.SIGN_UP_COUNTS, P.SIGN_UP_PLAN, P.OUTSIDERS_SEE, P.OUTSIDERS_EDIT, P.HOURS_CONFIRM,
        P.STAFF_SEE,
        P.ROOMS_SEE, P.ROOMS_EDIT, P.DISMISSAL_EDIT, P.SURVEY_SEE, P.SURVEY_EDIT, P.PLAN_SEE, P.PLAN_EDIT,
        P.TABLE_SEE, P.TABLE_EDIT, P.FILING_PREPARE,
        P.REGISTRATION_OPEN, P.REGISTRATION_SEE, P.PAPER_ENTER, P.DRAW_SEE, P.DRAW_RUN, P.DRAW_RESULT, P.PRIORITY_ACT,
        P.AGREEMENT_SEE,
        P.SESSION_SEE,
        P.SESSION_CHANGE, P.DUTY_EDIT, P.BOARD_SEE, P.CORRECTION_DECIDE, P.DAY_CLOSE, P.BILL_SEE, P.PUBLISH,
        P.CLOSURE_ASK, P.JOB_SEE, P.JOB_RUN, P.JOURNAL_SCHOOL,
    ),
    "principal": _role(
        "校长", "school", P.ORG_SEE, P.ORG_SIGN, P.STAFF_SEE, P.STAFF_SIGN,
        P.SCHOOL_SEE, P.SIGN_UP_COUNTS, P.OUTSIDERS_SEE, P.SHORTAGE_SIGN, P.HOURS_CONFIRM,
        P.VISIT_AGREE, P.ROSTER_SEE, P.ROOMS_SEE, P.SURVEY_SEE, P.PLAN_SEE, P.PLAN_SIGN, P.TABLE_SEE,
        P.TABLE_PUBLISH, P.FILING_PREPARE,
        P.FILING_SIGN, P.REGISTRATION_SEE, P.DRAW_SEE, P.DRAW_RESULT, P.DRAW_PUBLISH,
        P.AGREEMENT_SEE, P.AGREEMENT_SEAL, P.SESSION_SEE,
        P.BOARD_SEE, P.CORRECTION_DECIDE, P.DAY_CLOSE, P.BILL_SEE, P.REFUND_APPROVE, P.ACCOUNT_SEE, P.PUBLISH,
        P.CLOSURE_ASK, P.JOB_SEE, P.JOB_RUN, P.JOURNAL_SCHOOL,
    ),
    "cashier": _role(
        "报账员", "school", P.ORG_SEE, P.FUND_PLAN_EDIT,
        P.SCHOOL_SEE, P.CARE_SEE, P.BILL_SEE, P.BILL_RUN, P.PAYMENT_RECORD, P.REFUND_PAY,
        P.EXPENSE_RECORD,
        P.ACCOUNT_SEE, P.PUBLISH, P.JOB_SEE,
    ),
    "aid_officer": _role("资助专员", "school", P.ORG_SEE,
        P.SCHOOL_SEE, P.CARE_SEE, P.CARE_EDIT),
    "quality_checker": _role(
        "校内督查专人", "school", P.ORG_SEE,
        P.SCHOOL_SEE, P.OUTSIDERS_SEE, P.ROOMS_SEE, P.SURVEY_SEE, P.PLAN_SEE, P.TABLE_SEE,
        P.SESSION_SEE, P.BOARD_SEE,
    ),
    # Advisory, and never money in hand: public figures only (domain/09 row 7).
    "parents_committee": _role(
        "家长委员会", "school", P.ORG_SEE,
        P.SCHOOL_SEE, P.SURVEY_SEE, P.PLAN_SEE, P.PLAN_COMMENT, P.TABLE_SEE, P.ACCOUNT_SEE
    ),
    "basic_education": _role(
        "区教委基教科", "district", P.SHELF_READ, P.STAFF_DISTRICT, P.CONDUCT_EDIT,
        P.DISTRICT_SEE, P.PERMIT_SEE, P.PERMIT_DECIDE, P.PROVIDER_SEE, P.PROVIDER_DECIDE,
        P.VISIT_PROPOSE, P.CALENDAR_EDIT, P.PARAMETER_SEE, P.PARAMETER_PROPOSE,
        P.INSTRUMENT_EDIT, P.TEMPLATE_EDIT, P.SURVEY_TOTALS, P.DRAW_TOTALS, P.FILING_SEE,
        P.FILING_DECIDE, P.END_EXCEPTION, P.SCHOOLS_EDIT,
        P.MONEY_TOTALS, P.WAVES_SEE, P.JOBS_ALL, P.JOB_RUN,
    ),
    "basic_education_head": _role(
        "区教委基教科科长", "district", P.SHELF_READ, P.STAFF_DISTRICT, P.CONDUCT_EDIT,
        P.DISTRICT_SEE, P.PERMIT_SEE, P.PERMIT_DECIDE, P.PROVIDER_SEE, P.PROVIDER_DECIDE,
        P.VISIT_PROPOSE, P.CALENDAR_EDIT, P.PARAMETER_SEE, P.PARAMETER_PROPOSE,
        P.PARAMETER_APPROVE, P.INSTRUMENT_EDIT, P.TEMPLATE_EDIT, P.SURVEY_TOTALS, P.DRAW_TOTALS, P.FILING_SEE,
        P.FILING_DECIDE, P.END_EXCEPTION,
        P.SCHOOLS_EDIT, P.MONEY_TOTALS, P.WAVES_SEE, P.JOBS_ALL, P.JOB_RUN,
    ),
    "supervision": _role(
        "区政府教育督导室", "district", P.SHELF_READ, P.STAFF_DISTRICT,
        P.DISTRICT_SEE, P.PERMIT_SEE, P.PROVIDER_SEE, P.PARAMETER_SEE, P.SURVEY_TOTALS, P.DRAW_TOTALS,
        P.FILING_SEE, P.WAVES_SEE,
    ),
    "inspector": _role("责任督学", "district", P.SHELF_READ,
        P.DISTRICT_SEE, P.FILING_SEE, P.PERMIT_SEE, P.PROVIDER_SEE),
    "finance": _role(
        "区财政局", "district", P.DISTRICT_SEE, P.PARAMETER_SEE, P.MONEY_TOTALS, P.REFUND_APPROVE, P.REFUND_PAY,
    ),
    "price": _role("区发改委价格科", "district", P.DISTRICT_SEE, P.PARAMETER_SEE, P.TARIFF_PROPOSE),
    "price_head": _role(
        "区发改委价格科科长", "district", P.DISTRICT_SEE, P.PARAMETER_SEE, P.TARIFF_PROPOSE, P.TARIFF_APPROVE
    ),
    "hr": _role("区人社局", "district", P.DISTRICT_SEE, P.PARAMETER_SEE),
    "police": _role("区公安局", "district", P.WAVES_SEE, P.CHECK_ANSWER),
    # 三员分立: three different people; none of them sees a child.
    "security_admin": _role("安全管理员", "district", P.ACCOUNTS_EDIT),
    "system_admin": _role("系统管理员", "district", P.JOBS_ALL, P.JOB_RUN),
    "audit_admin": _role("审计管理员", "district", P.JOURNAL_READ),
}  # fmt: skip
