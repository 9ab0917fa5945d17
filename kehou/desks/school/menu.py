"""What this desk's menu offers, in the order of the work."""

from kehou.lib.menus import Entry, Group
from kehou.rules.permissions import Permission as P

MENU: tuple[Group, ...] = (
    Group(
        "每天",
        (
            Entry("今日看板", "school:board", P.BOARD_SEE, "clipboard-check"),
            Entry("点名更正", "school:corrections", P.CORRECTION_DECIDE, "list-check"),
        ),
    ),
    Group("基础资料", (Entry("导入名册", "school:rosters", P.ROSTER_IMPORT, "upload"),)),
)
