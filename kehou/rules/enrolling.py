"""From the window to the way out: when families may choose, how applications and agreements move, who may leave.

The tables of moves are printed as diagrams into docs/reference; actions write them by compare-and-set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kehou.rules.spans import Span
from kehou.rules.verdicts import Refusal, refuse
from kehou.rules.wall import on_the_wall

METHODS = {
    "gsd": "志愿优先摇号：先摇出顺序号，轮到谁谁就得到还有位置的最想去的活动，与提交快慢无关",
    "da": "按号逐轮受理：按摇出的顺序号逐轮受理，同样喜欢的按写的先后算，与提交快慢无关",
    "mcf": "全校整体最优：按全校志愿满足程度最高来安排，与提交快慢无关；不保证照实填最有利，换一种填法可能更好",
}


def draws_teams_first(method: str) -> bool:
    """Return whether a team of several days is drawn whole, before the rest; the optimised mode places day by day."""
    return method != "mcf"


# state → where it may go (R-FLOW-01: 家长申请、班级审核、学校统筹, no step left out)
APPLICATION: Mapping[str, frozenset[str]] = {
    "submitted": frozenset({"submitted", "declined", "reviewed", "returned", "ended"}),
    "returned": frozenset({"submitted", "declined", "ended"}),
    "reviewed": frozenset({"submitted", "declined", "allocated", "waiting", "ended"}),
    "declined": frozenset({"submitted", "declined"}),
    "waiting": frozenset({"allocated", "ended"}),
    "allocated": frozenset({"agreed", "ended"}),
    "agreed": frozenset({"in_force", "ended"}),
    "in_force": frozenset({"ended"}),
    "ended": frozenset(),
}
APPLICATION_TITLES = {
    "submitted": "待班级审核",
    "returned": "班级退回，待补充",
    "reviewed": "班级已审核，待统筹",
    "declined": "不参加",
    "waiting": "候补",
    "allocated": "已录取，待签协议",
    "agreed": "家长已签，待学校盖章",
    "in_force": "协议已生效",
    "ended": "已退出",
}
# While it stands here the family itself may write the next version.
OPEN_STATES = ("submitted", "returned", "reviewed", "declined")

AGREEMENT: Mapping[str, frozenset[str]] = {
    "to_sign": frozenset({"guardian_signed", "superseded", "ended"}),
    "guardian_signed": frozenset({"in_force", "superseded", "ended"}),
    "in_force": frozenset({"superseded", "ended"}),
    "superseded": frozenset(),
    "ended": frozenset(),
}
AGREEMENT_TITLES = {
    "to_sign": "待家长签",
    "guardian_signed": "家长已签，待盖章",
    "in_force": "已生效",
    "superseded": "已由新版代替",
    "ended": "已终止",
}


def sources(moves: Mapping[str, frozenset[str]], to: str) -> tuple[str, ...]:
    """Return the states from which `to` can be reached in one move."""
    return tuple(state for state, targets in moves.items() if to in targets)


# --- The window -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opening:
    """What must be known to open a registration.

    `gate` is the planning chapter's answer (R-GATE-00); `table_published_at` is None while the table is not public.
    """

    opens_at: datetime
    closes_at: datetime
    service: Span
    method: str
    gate: Refusal | None
    table_published_at: datetime | None
    already_open: bool = False


def refusals_to_open(opening: Opening, *, at: datetime, table_days: int) -> list[Refusal]:
    """Return why a school may not open its registration: the gate, the table, the method, the window."""
    found = [opening.gate] if opening.gate else []
    if opening.already_open:
        found.append(refuse("R-GATE-02", "registration_is_open_already"))
    if opening.table_published_at is None:
        found.append(refuse("R-GATE-02", "table_not_published_yet"))
    elif opening.closes_at < opening.table_published_at + timedelta(days=table_days):
        least = opening.table_published_at + timedelta(days=table_days)
        found.append(refuse("R-GATE-02", "closes_too_early", days=table_days, least=said(least)))
    if opening.method not in METHODS:
        found.append(refuse("R-ALLOC-01", "method_not_named"))
    found += _of_window(opening, at)
    return found


def _of_window(opening: Opening, at: datetime) -> Iterable[Refusal]:
    if opening.closes_at <= opening.opens_at or opening.closes_at <= at:
        yield refuse("R-GATE-02", "window_is_empty")
    elif opening.service.end is not None and on_the_wall(opening.closes_at).date() >= opening.service.end:
        yield refuse("R-ENR-01", "window_after_the_term")


def refusal_to_extend(
    *, closes_at: datetime, until: datetime, frozen_at: datetime | None, at: datetime
) -> Refusal | None:
    """Return why the deadline may not move to `until`: it moves later only, never after the choices are frozen."""
    if frozen_at is not None:
        return refuse("R-ALLOC-02", "choices_are_frozen", at=said(frozen_at))
    if until <= closes_at or until <= at:
        return refuse("R-GATE-02", "deadline_only_moves_later", closes=said(closes_at))
    return None


def refusal_of_time(
    *,
    opens_at: datetime,
    closes_at: datetime,
    frozen_at: datetime | None,
    at: datetime,
    returned: bool,
    late_until: datetime | None = None,
) -> Refusal | None:
    """Return why a family cannot write now. A returned application may be mended until the choices are frozen.

    `late_until` is given for who took no part in the draw: until then a refill round takes in newcomers (2.2-i).
    """
    if late_until is not None and at < late_until:
        return None
    if frozen_at is not None:
        return refuse("R-VOL-01", "choice_is_settled")
    if at < opens_at:
        return refuse("R-VOL-01", "registration_not_open_yet", opens=said(opens_at))
    if at >= closes_at and not returned:
        return refuse("R-VOL-01", "registration_closed", closes=said(closes_at))
    return None


def said(at: datetime) -> str:
    """Return an instant as sentences print it, in the time of the district: 9月5日18:00."""
    at = on_the_wall(at)
    return f"{at.month}月{at.day}日{at:%H:%M}"


# --- The agreement ----------------------------------------------------------------------------------------------------

# What an agreement must name (clauses 2.7.3-h, 3.2-i; domain/06 §3.7 paper 5): key of the content → its title.
AGREEMENT_FIELDS = {
    "school": "学校",
    "guardian": "监护人",
    "pupil": "学生",
    "period": "服务期限",
    "service": "服务时间和内容",
    "form": "服务形式",
    "rules": "管理制度",
    "tiers": "收费标准",
    "settlement": "结算",
    "waiver": "减免",
    "refund": "退费",
    "going_home": "离校方式",
    "latest_pickup": "接送时间",
    "change": "请假与变更",
    "incident": "意外处理",
    "contacts": "联系顺序",
}
# The documents behind the agreement (clause 2.5-b…k): named in it, read at the school's pages.
POLICY_DOCUMENTS = (
    "考勤与请假制度", "离校接送制度", "安全管理制度", "突发事件应急预案", "传染病防控管理制度", "收费退费与减免制度",
    "准入和退出管理制度", "投诉与意见处理制度",
)  # fmt: skip


def missing_in_agreement(content: Mapping[str, object]) -> list[str]:
    """Return the titles of the mandatory parts that an agreement does not say (R-AGR-02)."""
    return [title for key, title in AGREEMENT_FIELDS.items() if not content.get(key)]


def refusal_of_content(content: Mapping[str, object]) -> Refusal | None:
    """Return which mandatory parts of an agreement are missing (R-AGR-02)."""
    missing = missing_in_agreement(content)
    return refuse("R-AGR-02", "agreement_lacks", parts="、".join(missing)) if missing else None


PICTURES = {"sun": "太阳", "tree": "小树", "star": "星星", "flower": "小花"}


def refusal_of_acknowledgement(*, grade: int, method: str, name: str, pupil: str, writes_from: int) -> Refusal | None:
    """Return why this is not the pupil's acknowledgement: a picture for the youngest, the own name later (2.7.3-g)."""
    if grade >= writes_from:
        if method == "name" and name.strip() != pupil:
            return refuse("R-AGR-01", "pupil_writes_own_name", name=pupil)
        return None if method in ("name", "paper") else refuse("R-AGR-01", "pupil_writes_a_name")
    if method == "picture" and name not in PICTURES:
        return refuse("R-AGR-01", "pupil_chooses_a_picture")
    return None if method in ("picture", "name", "paper") else refuse("R-AGR-01", "pupil_chooses_a_picture")


# --- Changing and leaving ---------------------------------------------------------------------------------------------


def refusal_to_leave(*, from_on: date, until_on: date, effective_on: date | None) -> Refusal | None:
    """Return why there is nothing left to leave; else an exit is never refused."""
    if effective_on is None or effective_on >= until_on:
        return refuse("R-ENR-01", "no_service_day_left")
    return None


def refusal_to_change(
    was: Mapping[int, int], becomes: Mapping[int, int], *, in_window: bool, most_hours: Mapping[int, int]
) -> Refusal | None:
    """Return why the days may not become these. Less is possible at any time, more in a change window only (2.2-i)."""
    if not becomes:
        return refuse("R-ENR-01", "change_leaves_no_day")
    if dict(was) == dict(becomes):
        return refuse("R-ENR-01", "change_changes_nothing")
    for weekday, hours in becomes.items():
        if not 1 <= hours <= most_hours.get(weekday, 0):
            return refuse("R-ENR-01", "changed_hours_not_offered", most=most_hours.get(weekday, 0))
    more = any(hours > was.get(weekday, 0) for weekday, hours in becomes.items())
    if more and not in_window:
        return refuse("R-ENR-01", "more_in_a_window_only")
    return None
