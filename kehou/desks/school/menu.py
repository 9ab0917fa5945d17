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
        "活动与课次",
        (
            Entry("内容项目表", "school:table", P.TABLE_SEE, "table"),
            Entry("课次", "school:sessions", P.SESSION_SEE, "calendar"),
            Entry("值班", "school:duty", P.DUTY_EDIT, "shield-check"),
        ),
    ),
    Group(
        "基础资料",
        (
            Entry("放学时间", "school:dismissal", P.DISMISSAL_EDIT, "clock"),
            Entry("场地台账", "school:rooms", P.ROOMS_EDIT, "door"),
            Entry("服务人员", "school:staff", P.STAFF_EDIT, "users"),
            Entry("班级与班主任", "school:classes", P.CLASSES_EDIT, "school"),
            Entry("岗位与账号", "school:posts", P.CLASSES_EDIT, "key"),
            Entry("导入名册", "school:rosters", P.ROSTER_IMPORT, "upload"),
        ),
    ),
)
