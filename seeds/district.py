"""What the district office has done: filings received and decided, parameters proposed and approved, days closed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import Term
from kehou.chapters.filing import actions as filing
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.lib.demonstration import DEFAULT_MOMENT, GAOLIANG, ZHUHAI
from kehou.rules.spans import Span

NOTE = (
    "本学期课后服务实施方案（含意见采纳表）、经费管理方案、服务人员名单、学生课后服务内容项目表、管理制度目录、"
    "安全与应急预案、告知书与协议书样本，共七项，请予备案。"
)


def file_with_the_district(
    school: School, term: Term, *, manager: Actor, principal: Actor, officer: Actor, accepted_at: datetime
) -> None:
    """Prepare, sign, submit and accept a school's filing; one school is sent back once and mends it."""
    at = accepted_at - timedelta(days=4)
    one = filing.prepare(school, term, note=NOTE, by=manager, at=at)
    one = filing.submit(filing.sign(one, by=principal, at=at), by=principal, at=at + timedelta(minutes=20))
    if school.code == GAOLIANG:
        reason = "服务人员名单中有两人没有安全责任书，请补签后重新报送。"
        filing.send_back(one, reason=reason, by=officer, at=at + timedelta(days=1))
        one = filing.prepare(school, term, note=NOTE + "已补签安全责任书两份。", by=manager, at=at + timedelta(days=2))
        one = filing.submit(
            filing.sign(one, by=principal, at=at + timedelta(days=2)), by=principal, at=at + timedelta(days=2)
        )
    filing.accept(one, by=officer, at=accepted_at)


def live_in_the_district(by: dict[str, Actor]) -> None:
    """Decide what a district decides in an autumn, up to the default moment: some waits to be approved by another."""
    today = DEFAULT_MOMENT.at
    autumn = today.replace(month=9, day=10, hour=10, minute=0)
    approval = basis.add_instrument(
        "梁教基〔2026〕31号（演示）",
        title="关于2026年秋季课后服务几项具体标准的批复",
        issuer="区教育委员会",
        issued_on=date(2026, 9, 9),
        by=by["basic_education"],
        at=autumn,
    )
    rounded = basis.propose_parameter(
        "survey.min_cell", 12, from_on=date(2026, 10, 1), instrument=approval, approval_reference="2026年第9次主任办公会",
        reason="村小班额小，再提高一点，看不出是谁填的", by=by["basic_education"], at=autumn,
    )  # fmt: skip
    basis.approve_parameter(rounded, by=by["basic_education_head"], at=autumn + timedelta(days=1))
    larger = basis.propose_parameter(
        "group.min", 18, from_on=date(2026, 10, 1), reason="小组太多，教师不够", by=by["basic_education"], at=autumn
    )
    basis.reject_parameter(
        larger, reason="会让村小开不了班，不同意", by=by["basic_education_head"], at=autumn + timedelta(days=1)
    )
    basis.propose_parameter(
        "fee.tariff", {"1": 5500, "2": 10500, "3": 15500}, from_on=date(2027, 3, 8), instrument=approval,
        reason="成本监审显示可下调", by=by["price"], at=today - timedelta(days=2),
    )  # fmt: skip
    basis.propose_parameter(
        "slot.junior_class_hour_minutes", 45, from_on=date(2027, 3, 8), instrument=approval,
        reason="与初中上课时长一致", by=by["basic_education"], at=today - timedelta(days=1),
    )  # fmt: skip
    _exceptions(by["basic_education"], autumn)


def _exceptions(officer: Actor, at: datetime) -> None:
    """Let a hill school wait for the last bus, for some winter weeks."""
    school = School.objects.filter(code=ZHUHAI).first()
    if school:
        schools.approve_end_exception(
            school, latest_end=time(18, 40), days=Span.through(date(2026, 12, 1), date(2027, 1, 15)),
            reason="末班客车18:50从竹山镇发车，等车的孩子留在校内", approval_reference="梁教基〔2026〕35号（演示）",
            limit=time(18, 30), by=officer, at=at,
        )  # fmt: skip
