"""门卫登记 on paper (document 13): who was expected, who came and went; empty lines for the pen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from kehou.chapters.attendance.guests import Guest
from kehou.chapters.attendance.models import GateEntry
from kehou.chapters.schools.models import School
from kehou.lib.paper import Paper
from kehou.lib.paper.register import issue
from kehou.rules.sentences import say
from kehou.rules.wall import on_the_wall

BASIS = "《关于梁平区中小学生课后服务工作的实施意见（试行）》三（二）"
_LINES = 12  # for the pen
_COLUMNS = ("进校", "姓名", "证件后四位", "事由（场次）", "被访人", "陪同", "放行人", "离开")


def gate_paper(
    school: School, on: date, entries: Iterable[GateEntry], expected: Iterable[Guest], *, at: datetime
) -> Paper:
    """Return the gate log of a day."""
    rows = [
        [
            f"{on_the_wall(one.in_at):%H:%M}", one.name, one.tail, _why(one), one.host or "—", one.escort or "—",
            one.let_in_by.split("（")[0], f"{on_the_wall(one.out_at):%H:%M}" if one.out_at else "",
        ]
        for one in entries
    ]  # fmt: skip
    rows += [[""] * len(_COLUMNS) for _ in range(max(0, _LINES - len(rows)))]
    named = [
        [one.member.name, f"{one.session.starts_at:%H:%M} {one.session.slot.activity.name}" if one.session else "—",
         say(one.unfit) if one.unfit else "可进校"]
        for one in expected
    ]  # fmt: skip
    listed = {"columns": ["姓名", "场次", "核验"], "rows": named, "widths": [2, 4, 5], "empty": "今天没有校外人员"}
    data = {
        "facts": [["日期", on], ["规则", "在今日名单上，或有人全程陪同，才能进校"]],
        "sections": [
            {"title": "今日名单", "table": listed},
            {
                "title": "进出登记",
                "table": {"columns": list(_COLUMNS), "rows": rows, "widths": [2, 3, 2, 4, 3, 3, 3, 2]},
            },
        ],
        "signatures": [{"label": "门卫"}, {"label": "值班领导"}],
        "wide": True,
    }
    return issue(
        "record", data, title="门卫登记", number="", school=school.name, term="", version="", basis=BASIS, issued_at=at,
        verify_url="",
    )  # fmt: skip


def _why(entry: GateEntry) -> str:
    if entry.session is not None:
        return f"{entry.session.starts_at:%H:%M} {entry.session.slot.activity.name}"
    return entry.purpose or "—"
