"""What this desk's menu offers: at most five, they are tabs."""

from kehou.lib.menus import Entry, Group
from kehou.rules.permissions import Permission as P

# What is said about the choice before it is settled.
_CHOSEN = ("guardian:suggestions", "guardian:siblings", "guardian:renewals")
# What follows from the result: the place itself, how it is changed, and the agreement about it.
_ARRANGED = ("guardian:swaps", "guardian:agreement", "guardian:days", "guardian:exit")

MENU: tuple[Group, ...] = (
    Group(
        "",
        (
            Entry("孩子", "guardian:home", P.CHILD_SEE, "home"),
            Entry("申请", "guardian:application", P.CHILD_CHOOSE, "edit", _CHOSEN),
            Entry("安排", "guardian:result", P.CHILD_SEE, "calendar", _ARRANGED),
            Entry("账单", "guardian:bills", P.CHILD_BILLS, "receipt"),
            Entry("我的", "guardian:card", P.CHILD_SEE, "user"),
        ),
    ),
)
