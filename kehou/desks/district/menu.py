"""What this desk's menu offers, in the order of the work."""

from kehou.lib.menus import Entry, Group
from kehou.rules.permissions import Permission as P

MENU: tuple[Group, ...] = (
    Group(
        "全区",
        (
            Entry("全区一屏", "district:overview", P.DISTRICT_SEE, "layout-dashboard"),
            Entry("意向调查", "district:surveys", P.SURVEY_TOTALS, "message-report"),
            Entry("摇号", "district:draws", P.DRAW_TOTALS, "dice-3"),
            Entry("闸门链", "district:chains", P.FILING_SEE, "link"),
            Entry("备案", "district:filings", P.FILING_SEE, "file-check"),
            Entry("放行与批准", "district:permits", P.PERMIT_SEE, "gavel"),
            Entry("各校制度", "district:shelves", P.SHELF_READ, "books"),
            Entry("公开情况", "district:openness", P.DISTRICT_SEE, "speakerphone"),
            Entry("离校时段", "district:waves", P.WAVES_SEE, "door-exit"),
            Entry("经费汇总", "district:money", P.MONEY_TOTALS, "report-analytics"),
            Entry("各校经费方案", "district:fund_plans", P.MONEY_TOTALS, "calculator"),
        ),
    ),
    Group(
        "师资",
        (
            Entry("第三方机构", "district:providers", P.PROVIDER_SEE, "building"),
            Entry("走教", "district:exchange", P.PROVIDER_SEE, "arrows-exchange"),
            Entry("人员构成", "district:staff_mix", P.PROVIDER_SEE, "chart-bar"),
        ),
    ),
    Group(
        "规则",
        (
            Entry("规则参数", "district:parameters", P.PARAMETER_SEE, "adjustments"),
            Entry("政策依据", "district:instruments", P.PARAMETER_SEE, "books"),
            Entry("活动模板", "district:activity_templates", P.DISTRICT_SEE, "copy"),
            Entry("学期与校历", "district:calendar", P.DISTRICT_SEE, "calendar"),
            Entry("停课", "district:closures", P.DISTRICT_SEE, "calendar-off"),
            Entry("延时例外", "district:exceptions", P.DISTRICT_SEE, "clock-exclamation"),
        ),
    ),
    Group(
        "人员",
        (
            Entry("服务人员", "district:people", P.STAFF_DISTRICT, "users"),
            Entry("师德与从业限制", "district:restrictions", P.CONDUCT_EDIT, "ban"),
            Entry("入职查询", "district:checks", P.CHECK_ANSWER, "shield-check"),
        ),
    ),
    Group(
        "学校与账号",
        (
            Entry("学校", "district:schools", P.DISTRICT_SEE, "school"),
            Entry("账号与岗位", "district:accounts", P.ACCOUNTS_EDIT, "users"),
        ),
    ),
    Group(
        "系统",
        (
            Entry("后台任务", "district:jobs", P.JOBS_ALL, "hourglass"),
            Entry("操作日志", "district:journal", P.JOURNAL_READ, "history"),
            Entry("证件查看记录", "district:unmaskings", P.JOURNAL_READ, "eye"),
        ),
    ),
)
