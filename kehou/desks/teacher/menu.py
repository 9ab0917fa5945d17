"""What this desk's menu offers, in the order of the afternoon: at most five tabs, so that a thumb finds each at 360 px.

What is done once a term is folded under a group of its own. What must be at hand without thinking (应急) never is.
"""

from kehou.lib.menus import Entry, Group
from kehou.rules.permissions import Permission as P

MENU: tuple[Group, ...] = (
    Group(
        "",
        (
            Entry("今天", "teacher:today", P.GROUP_SEE, "clipboard-check"),
            Entry("离校", "teacher:departures", P.RELEASE, "door-exit"),
            Entry("进出", "teacher:gate", P.GATE_SEE, "shield-check"),
            Entry("应急", "teacher:emergency", P.EMERGENCY_SEE, "alert-circle"),
        ),
    ),
    Group(
        "班级",
        (
            Entry("审核", "teacher:reviews", P.CLASS_REVIEW, "list-check"),
            Entry("调查", "teacher:surveys", P.SURVEY_COUNT, "message-report"),
            Entry("作业", "teacher:homework", P.HOMEWORK_DECLARE, "writing"),
        ),
    ),
    Group(
        "我的",
        (
            Entry("档案", "teacher:file", P.FILE_OWN, "id"),
            Entry("课次", "teacher:week", P.GROUP_SEE, "calendar", ("teacher:sign_up",)),
            Entry("联系", "teacher:contacts", P.CONTACTS_OWN, "phone"),
            Entry("意见", "teacher:opinions", P.OPINION_GIVE, "message"),
        ),
    ),
)
