"""F3 服务人员名单: who serves, of which kind, what for, with the results at the gate; no identity numbers (2.4-p)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import GateResult, gate_results_of, staff_of
from kehou.rules.calendar import weekday_name
from kehou.rules.filing import Evidence, Part, Table, unformed
from kehou.rules.staffing import KINDS
from kehou.rules.staffing.files import ALWAYS

_RESULTS = (
    "姓名", "准入结论", "入职查询", "查询结果编号", "查询日期", "服务协议", "安全责任书", "培训合格证", "限制名单核对",
)  # fmt: skip


def build(school: School, term: Term, on: date) -> Part:
    """Return the list of those in use on a day: who is still on the way is filed when they have come through.

    Somebody in use whose check or proof does not hold on that day stands in it too, and makes the check red.
    """
    people = list(staff_of(school, state="in_use").order_by("-kind", "name", "pk"))
    if not people:
        return unformed("F3", "还没有在用的服务人员")
    results = gate_results_of(people, on=on)
    own = sum(one.kind == "in_service" for one in people)
    failing = [f"{one.name}（{'、'.join(results[one.pk].fails)}）" for one in people if results[one.pk].fails]
    return Part(
        "F3",
        formed=True,
        facts=(
            ("人数", f"{len(people)}人"),
            ("在职教职工", f"{own}人"),
            ("校外人员", f"{len(people) - own}人"),
            ("通过准入检查", f"{len(people) - len(failing)}人"),
        ),
        tables=(
            Table(
                "名单",
                ("姓名", "类型", "学科与特长", "可服务", "每周最多", "加入", "准入材料"),
                tuple(_row(one) for one in people),
                widths=(3, 3, 5, 5, 2, 3, 4),
            ),
            _gate(people, results),
        ),
        evidence=(Evidence("服务人员台账"),),
        measures={
            "people": len(people),
            "in_service": own,
            "names": [one.name for one in people],
            "members": [one.pk for one in people],
            "not_cleared": failing,
            "ending": [one.name for one in people if one.fit_until_on and one.fit_until_on < term.service_until_on],
        },
    )


def _gate(people: list[StaffMember], results: Mapping[int, GateResult]) -> Table:
    """Say each person's results: passed or not, numbers and days. What an enquiry found is nowhere kept."""
    rows = tuple((one.name, *_result(results[one.pk])) for one in people)
    return Table("准入检查结果", _RESULTS, rows, widths=(3, 3, 2, 4, 3, 4, 4, 4, 3))


def _result(one: GateResult) -> tuple[str, ...]:
    file, check = one.file, one.file.check
    return (
        f"未通过：{'、'.join(one.fails)}" if one.fails else "通过",
        ("通过" if check.passed else "未通过") if check else "没有结果",
        one.check_number,
        check.on.isoformat() if check else "",
        _kept(one.agreement, file.agreement),
        _kept(one.letter, file.letter),
        _kept(one.certificate, file.training),
        "在名单上" if file.restricted_by else "不在名单上" if one.compared else "没有身份信息，未核对",
    )


def _kept(number: str, until: date | None) -> str:
    """Say a paper by its number and its last day."""
    if until is None:
        return "没有"
    return number if until == ALWAYS else f"{number}，到{(until - timedelta(days=1)).isoformat()}"


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
