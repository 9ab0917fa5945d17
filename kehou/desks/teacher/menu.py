"""What this desk's menu offers, in the order of the afternoon: at most five, they are tabs."""

from kehou.lib.menus import Entry, Group
from kehou.rules.permissions import Permission as P

MENU: tuple[Group, ...] = (
    Group(
        "",
        (
            Entry("今天", "teacher:today", P.GROUP_SEE, "clipboard-check"),
            Entry("离校", "teacher:departures", P.RELEASE, "door-exit"),
            Entry("进出", "teacher:gate", P.GATE_SEE, "shield-check"),
            Entry("审核", "teacher:reviews", P.CLASS_REVIEW, "list-check"),
            Entry("调查", "teacher:surveys", P.SURVEY_COUNT, "message-report"),
            Entry("意见", "teacher:opinions", P.OPINION_GIVE, "message"),
            Entry("联系", "teacher:contacts", P.CONTACTS_OWN, "phone"),
            Entry("应急", "teacher:emergency", P.EMERGENCY_SEE, "alert-circle"),
            Entry("课次", "teacher:week", P.GROUP_SEE, "calendar"),
            Entry("档案", "teacher:file", P.FILE_OWN, "id"),
        ),
    ),
)
