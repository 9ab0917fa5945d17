"""F3 服务人员名单: who serves, of which kind, what for, with the results at the gate; no identity numbers (2.4-p)."""

from __future__ import annotations

from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import staff_of
from kehou.rules.calendar import weekday_name
from kehou.rules.filing import Evidence, Part, Table, unformed
from kehou.rules.staffing import KINDS


def build(school: School, term: Term, on: date) -> Part:
    """Return the list of those in use on a day: who is still on the way is filed when they have come through."""
    people = list(staff_of(school, state="in_use").order_by("-kind", "name", "pk"))
    if not people:
        return unformed("F3", "还没有在用的服务人员")
    own = sum(one.kind == "in_service" for one in people)
    rows = tuple(_row(one) for one in people)
    return Part(
        "F3",
        formed=True,
        facts=(
            ("人数", f"{len(people)}人"),
            ("在职教职工", f"{own}人"),
            ("校外人员", f"{len(people) - own}人"),
        ),
        tables=(
            Table(
                "名单",
                ("姓名", "类型", "学科与特长", "可服务", "每周最多", "加入", "准入材料"),
                rows,
                widths=(3, 3, 5, 5, 2, 3, 4),
            ),
        ),
        evidence=(Evidence("服务人员台账"),),
        measures={
            "people": len(people),
            "in_service": own,
            "names": [one.name for one in people],
            "members": [one.pk for one in people],
            "ending": [one.name for one in people if one.fit_until_on and one.fit_until_on < term.service_until_on],
        },
    )


def _row(one: StaffMember) -> tuple[str, ...]:
    return (
        one.name,
        KINDS.get(one.kind, one.kind),
        "、".join(filter(None, (one.subject, one.skills))),
        "、".join(weekday_name(day) for day in one.weekdays) or "未定",
        f"{one.weekly_cap}课时",
        f"{one.joined_on.isoformat()}" if one.joined_on else "",
        f"有效到{one.fit_until_on.isoformat()}" if one.fit_until_on else "长期有效",
    )
