"""What this desk's menu offers, in the order of the work."""

from kehou.lib.menus import Entry, Group
from kehou.rules.permissions import Permission as P

MENU: tuple[Group, ...] = (
    Group("", (Entry("本学期", "school:home", P.SCHOOL_SEE, "home"),)),
    Group(
        "每天",
        (
            Entry("今日看板", "school:board", P.BOARD_SEE, "clipboard-check"),
            Entry("点名更正", "school:corrections", P.CORRECTION_DECIDE, "list-check"),
        ),
    ),
    Group(
        "报名与协议",
        (
            Entry("报名", "school:registration", P.REGISTRATION_SEE, "users-group"),
            Entry("参加申请", "school:applications", P.REGISTRATION_SEE, "list-details"),
            Entry("纸质申请", "school:paper", P.PAPER_ENTER, "writing"),
            Entry("统筹摇号", "school:draw", P.DRAW_SEE, "dice-3"),
            Entry("优先保障", "school:protected", P.PRIORITY_ACT, "heart-handshake"),
            Entry("补选", "school:refill", P.DRAW_SEE, "refresh"),
            Entry("互换", "school:swaps", P.DRAW_SEE, "arrows-exchange"),
            Entry("协议", "school:agreements", P.AGREEMENT_SEE, "signature"),
            Entry("参加名单", "school:enrolments", P.REGISTRATION_SEE, "user-check"),
        ),
    ),
    Group(
        "调查与方案",
        (
            Entry("意向调查", "school:surveys", P.SURVEY_SEE, "message-report"),
            Entry("实施方案", "school:plan", P.PLAN_SEE, "file-text"),
            Entry("家委会", "school:committee", P.PLAN_SEE, "users"),
            Entry("家长参与", "school:participation", P.PLAN_SEE, "heart-handshake"),
            Entry("征求意见", "school:consultation", P.PLAN_SEE, "message"),
            Entry("告知书", "school:notice", P.PLAN_SEE, "mail"),
            Entry("调整方案", "school:amendments", P.PLAN_SEE, "refresh"),
        ),
    ),
    Group(
        "活动与课次",
        (
            Entry("内容项目表", "school:table", P.TABLE_SEE, "table"),
            Entry("放行与批准", "school:permits", P.TABLE_SEE, "gavel"),
            Entry("课次", "school:sessions", P.SESSION_SEE, "calendar"),
            Entry("值班", "school:duty", P.DUTY_EDIT, "shield-check"),
            Entry("作业公示", "school:homework", P.BOARD_SEE, "writing"),
        ),
    ),
    Group(
        "师资",
        (
            Entry("教师报名", "school:sign_ups", P.SIGN_UP_COUNTS, "hand-stop", ("school:commitments",)),
            Entry("师资不足说明", "school:shortages", P.OUTSIDERS_SEE, "file-text"),
            Entry("第三方机构", "school:providers", P.OUTSIDERS_SEE, "building"),
            Entry("志愿服务", "school:volunteers", P.OUTSIDERS_SEE, "heart-handshake"),
            Entry("走教", "school:visits", P.OUTSIDERS_SEE, "arrows-exchange"),
            Entry("人员构成", "school:staff_mix", P.OUTSIDERS_SEE, "chart-bar"),
        ),
    ),
    Group(
        "经费与公示",
        (
            Entry("缴费单", "school:bills", P.BILL_SEE, "file-invoice"),
            Entry("缴费登记", "school:counter", P.PAYMENT_RECORD, "cash"),
            Entry("退费", "school:refunds", P.BILL_SEE, "receipt-refund"),
            Entry("资助名单", "school:care", P.CARE_SEE, "heart-handshake"),
            Entry("收支", "school:account", P.ACCOUNT_SEE, "report-analytics"),
            Entry("公示", "school:publications", P.PUBLISH, "speakerphone"),
        ),
    ),
    Group(
        "制度与组织",
        (
            Entry("制度架", "school:shelf", P.ORG_SEE, "books"),
            Entry("领导小组与责任书", "school:organisation", P.ORG_SEE, "users-group"),
            Entry("安全职责矩阵", "school:safety_matrix", P.ORG_SEE, "table"),
            Entry("家校安全联系", "school:contacts", P.ORG_SEE, "phone"),
            Entry("应急卡", "school:emergency", P.ORG_SEE, "alert-circle"),
            Entry("应急演练", "school:drills", P.ORG_SEE, "clipboard-check"),
            Entry("警校联系与交通", "school:safety_records", P.ORG_SEE, "shield-check"),
            Entry("经费管理方案", "school:fund_plan", P.ORG_SEE, "calculator"),
        ),
    ),
    Group(
        "基础资料",
        (
            Entry("放学时间", "school:dismissal", P.DISMISSAL_EDIT, "clock"),
            Entry("资源台账", "school:resources", P.ROOMS_SEE, "door", ("school:rooms",)),
            Entry("空闲场地", "school:free_rooms", P.ROOMS_SEE, "zoom-question"),
            Entry("安全检查", "school:checks", P.ROOMS_SEE, "shield-check"),
            Entry("人员看板", "school:staff", P.STAFF_SEE, "users"),
            Entry("班级与班主任", "school:classes", P.CLASSES_EDIT, "school"),
            Entry("岗位与账号", "school:posts", P.CLASSES_EDIT, "key"),
            Entry("学生名册", "school:pupils", P.ROSTER_SEE, "users-group"),
            Entry("导入名册", "school:rosters", P.ROSTER_IMPORT, "upload"),
        ),
    ),
    Group(
        "记录",
        (
            Entry("停课", "school:closures", P.CLOSURE_ASK, "calendar-off"),
            Entry("备案", "school:filing", P.FILING_PREPARE, "file-check"),
            Entry("后台任务", "school:jobs", P.JOB_SEE, "hourglass"),
            Entry("发出的通知", "school:sendings", P.ROSTER_SEE, "mail"),
            Entry("操作日志", "school:journal", P.JOURNAL_SCHOOL, "history"),
        ),
    ),
)
