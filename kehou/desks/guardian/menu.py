"""What this desk's menu offers: at most five, they are tabs."""

from kehou.lib.menus import Entry, Group
from kehou.rules.permissions import Permission as P

MENU: tuple[Group, ...] = (
    Group(
        "",
        (
            Entry("孩子", "guardian:home", P.CHILD_SEE, "home"),
            Entry("申请", "guardian:application", P.CHILD_CHOOSE, "edit"),
            Entry("安排", "guardian:result", P.CHILD_SEE, "calendar"),
            Entry("账单", "guardian:bills", P.CHILD_BILLS, "receipt"),
            Entry("我的", "guardian:card", P.CHILD_SEE, "user"),
        ),
    ),
)
