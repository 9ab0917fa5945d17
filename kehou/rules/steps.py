"""The whole gate chain of a term: eighteen steps from the school's basics to the archive, each judged by its facts.

What a step is done by is found by the filing chapter; here stands in which order the steps follow, until when each is
due by the work calendar (`gate.work_calendar`), who owes it, and how it reads: done, now, late, waiting, locked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kehou.rules.calendar import Holidays
from kehou.rules.parameters import Parameters
from kehou.rules.spans import DAY
from kehou.rules.verdicts import Refusal, refuse

OFFICE, PRINCIPAL, DISTRICT, FAMILIES = "课后服务管理员", "校长", "区教委基教科", "家长"


@dataclass(frozen=True, slots=True)
class StepKind:
    """One step: its key, its name, who owes it, the rule that holds back what comes after it."""

    key: str
    title: str
    owes: str
    rule: str = ""


STEPS: tuple[StepKind, ...] = (
    StepKind("basics", "校历与放学时间", OFFICE, "R-TIME-05"),
    StepKind("ledger", "资源台账", OFFICE, "R-RES-01"),
    StepKind("survey", "意向调查", OFFICE, "R-SURV-01"),
    StepKind("draft", "方案初稿", OFFICE, "R-TRACE-01"),
    StepKind("meeting", "家委会研讨", OFFICE, "R-PC-01"),
    StepKind("round1", "征求意见", OFFICE, "R-GATE-03"),
    StepKind("notice", "告知书", OFFICE, "R-NOTI-01"),
    StepKind("round2", "再次征求意见", OFFICE, "R-GATE-04"),
    StepKind("final", "方案定稿", PRINCIPAL, "R-GATE-05"),
    StepKind("readiness", "制度、组织、人员", OFFICE, "R-DOC-01"),
    StepKind("table", "内容项目表", PRINCIPAL, "R-GATE-02"),
    StepKind("filing", "备案", PRINCIPAL, "R-GATE-00"),
    StepKind("registration", "报名", FAMILIES, "R-GATE-01"),
    StepKind("draw", "统筹分配", OFFICE, "R-ALLOC-01"),
    StepKind("agreements", "协议", FAMILIES, "R-AGR-01"),
    StepKind("service", "服务", OFFICE, "R-ATT-01"),
    StepKind("settlement", "结算与公示", "报账员", "R-PUB-01"),
    StepKind("archive", "归档", PRINCIPAL, "R-FLOW-01"),
)
BY_KEY: dict[str, StepKind] = {kind.key: kind for kind in STEPS}


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What is known of one step: whether it is done, in words, and what proves it.

    `begun` is work under way; `refusal` what keeps it from being done; `owes` somebody else than usual; `due_on`
    another day than the calendar's, for a step that was opened again.
    """

    done: bool = False
    words: str = ""
    begun: bool = False
    on: date | None = None
    who: str = ""
    digest: str = ""
    refusal: Refusal | None = None
    owes: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class StepState:
    """One step as it reads: `state` is done, now, late, begun or locked; `blocked_by` names the first one not done."""

    kind: StepKind
    facts: StepFacts
    due_on: date | None
    state: str
    blocked_by: str = ""
    owes: str = field(default="")

    @property
    def is_late(self) -> bool:
        """Return whether it is not done and its day is over."""
        return self.state == "late"

    @property
    def state_title(self) -> str:
        """Return how it reads."""
        return TITLES[self.state]


TITLES = {"done": "已完成", "now": "现在办", "late": "已超期", "begun": "进行中", "locked": "未到"}


def due_days(*, service_from: date, service_until: date, parameters: Parameters, holidays: Holidays) -> dict[str, date]:
    """Return until when each step is due; `service_until` is the first day after the service."""
    calendar = parameters.gate.work_calendar
    before = {key: getattr(calendar, key) for key in BY_KEY if hasattr(calendar, key)}
    before["filing"] = parameters.filing.deadlines.before_service
    due = {key: _working_day_before(service_from, days, holidays) for key, days in before.items()}
    last = service_until - DAY
    due["service"] = last
    due["settlement"] = holidays.working_day_after(last, calendar.settlement)
    due["archive"] = holidays.working_day_after(last, calendar.archive)
    return due


def _working_day_before(day: date, count: int, holidays: Holidays) -> date:
    while count > 0:
        day -= DAY
        count -= holidays.is_working_day(day)
    return day


def judge(facts: Mapping[str, StepFacts], due: Mapping[str, date], *, today: date) -> tuple[StepState, ...]:
    """Return every step in its order; the first that is not done is the one to do, those after it wait for it.

    Work on a later step may have begun already: it is shown as such, and still waits.
    """
    states, blocker = [], ""
    for kind in STEPS:
        known = facts.get(kind.key, StepFacts())
        due_on = known.due_on or due.get(kind.key)
        owes = "" if known.done else known.owes or kind.owes
        states.append(StepState(kind, known, due_on, _state(known, due_on, blocker, today), blocker, owes))
        if not known.done and not blocker:
            blocker = kind.title
    return tuple(states)


def _state(known: StepFacts, due_on: date | None, blocker: str, today: date) -> str:
    if known.done:
        return "done"
    if due_on is not None and due_on < today:
        return "late"
    if known.begun:
        return "begun"
    return "locked" if blocker else "now"


def refusal_to_archive(states: tuple[StepState, ...]) -> Refusal | None:
    """Return why a term is not closed yet: its first step that is not done, the archive apart."""
    open_ones = [one for one in states if one.state != "done" and one.kind.key != "archive"]
    return refuse("R-FLOW-01", "archive_before", step=open_ones[0].kind.title) if open_ones else None


def counted(states: tuple[StepState, ...]) -> tuple[int, int]:
    """Return how many steps are done, and how many there are."""
    return sum(one.state == "done" for one in states), len(states)
