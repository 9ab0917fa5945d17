"""Children counted in and handed over (3.2-f, 3.2-n): what a mark means, when an unknown child is an alarm, who may go.

Nobody is absent by default. A child without a mark is unknown; absent is something that somebody has found out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from kehou.rules.labels import Labelled
from kehou.rules.verdicts import Refusal, refuse

EARLIEST_MINUTES_BEFORE = 20  # children come from the classroom: the roll opens a little before the session


class MarkState(Labelled):
    """Where a child is."""

    UNKNOWN = "unknown", "未到"
    PRESENT = "present", "到"
    LATE = "late", "迟到"
    LEAVE = "leave", "请假"
    ABSENT = "absent", "缺勤"

    @property
    def is_here(self) -> bool:
        """Return whether the child is in somebody's care now."""
        return self in (MarkState.PRESENT, MarkState.LATE)


class Way(Labelled):
    """How a child goes home."""

    GUARDIAN = "guardian", "家长接"
    DELEGATE = "delegate", "委托人接"
    ALONE = "alone", "自行离校"
    BUS = "bus", "校车"
    DUTY_LEADER = "duty_leader", "交值班领导"  # nobody came: handed to the duty leader, who stays with the child

    def taken_by(self, name: str) -> str:
        """Return who took the child in words: 王芳接, 交值班领导邓强, 自行离校."""
        if not name or self in (Way.ALONE, Way.BUS):
            return self.label
        return f"{self.label}{name}" if self is Way.DUTY_LEADER else f"{name}接"


def is_alarming(state: MarkState, *, starts: datetime, now: datetime, alarm_minutes: int) -> bool:
    """Return whether an unknown child has to be looked for: `alarm_minutes` after the start (R-ATT-01)."""
    return state is MarkState.UNKNOWN and now >= starts + timedelta(minutes=alarm_minutes)


def seconds_to_alarm(*, starts: datetime, now: datetime, alarm_minutes: int) -> int:
    """Return in how many whole seconds `is_alarming` becomes true for an unknown child, 0 when it is true already."""
    return max(0, ceil((starts + timedelta(minutes=alarm_minutes) - now).total_seconds()))


def refusal_to_mark(
    *, cancelled: bool, closed: bool, starts: datetime, now: datetime, strangers: Collection[str] = ()
) -> Refusal | None:
    """Return why the roll cannot be taken now. `strangers` are names of children who are not in the group."""
    if cancelled:
        return refuse("R-ATT-01", "cancelled")
    if closed:
        return refuse("R-ATT-01", "closed")
    if now < starts - timedelta(minutes=EARLIEST_MINUTES_BEFORE):
        opens = starts - timedelta(minutes=EARLIEST_MINUTES_BEFORE)
        return refuse("R-ATT-01", "not_yet", opens=f"{opens:%m月%d日 %H:%M}")
    if strangers:
        return refuse("R-ATT-01", "not_in_group", names="、".join(sorted(strangers)))
    return None


def refusal_to_close(states: Sequence[tuple[str, MarkState]], *, closed: bool) -> Refusal | None:
    """Return why a register cannot be closed. `states` holds each expected child's name and where it is."""
    if closed:
        return refuse("R-ATT-01", "closed")
    unknown = [name for name, state in states if state is MarkState.UNKNOWN]
    if unknown:
        return refuse("R-ATT-01", "unknown_left", count=len(unknown), names="、".join(unknown[:8]))
    return None


def refusal_to_correct(*, closed: bool, was: MarkState, becomes: MarkState, reason: str) -> Refusal | None:
    """Return why a correction cannot be asked for: an open register is simply marked again."""
    if not closed:
        return refuse("R-ATT-01", "still_open")
    if becomes is MarkState.UNKNOWN or was is becomes:
        return refuse("R-ATT-01", "nothing_to_correct")
    if len(reason.strip()) < 4:
        return refuse("R-ATT-01", "correction_needs_reason")
    return None


def refusal_to_decide_correction(*, asked_by: int | None, decided_by: int | None, decided: bool) -> Refusal | None:
    """Return why this person cannot decide: it takes somebody else than who asked."""
    if decided:
        return refuse("R-ATT-01", "decided_already")
    if asked_by is not None and asked_by == decided_by:
        return refuse("R-ATT-01", "own_correction")
    return None


@dataclass(frozen=True, slots=True)
class Takers:
    """Who may take one child today, by name; and whether it may go without anybody, because the family chose so."""

    guardians: Collection[str] = ()
    delegates: Collection[str] = ()
    duty_leaders: Collection[str] = ()
    may_walk: bool = False
    rides_bus: bool = False


def refusal_to_release(
    *, name: str, is_here: bool, released: bool, way: Way, to_name: str, takers: Takers, day_closed: bool = False
) -> Refusal | None:
    """Return why a child cannot be handed over (R-PICK-02): only to the authorised, alone only when signed for."""
    if day_closed:
        return refuse("R-PICK-02", "day_closed")
    if released:
        return refuse("R-PICK-02", "released_already", name=name)
    if not is_here:
        return refuse("R-PICK-02", "not_here", name=name)
    return _refusal_of_way(name, way, to_name.strip(), takers)


def _refusal_of_way(name: str, way: Way, to: str, takers: Takers) -> Refusal | None:
    """Return why the child does not go this way with this person: each way has its own list, a stranger is on none."""
    if way in (Way.ALONE, Way.BUS):
        if way is Way.ALONE and not takers.may_walk:
            return refuse("R-PICK-02", "may_not_walk", name=name)
        if way is Way.BUS and not takers.rides_bus:
            return refuse("R-PICK-02", "not_on_bus", name=name)
        return refuse("R-PICK-02", "nobody_takes", way=way.label, to=to) if to else None
    if way is Way.GUARDIAN:
        named, why = takers.guardians, "not_a_guardian"
    elif way is Way.DUTY_LEADER:
        named, why = takers.duty_leaders, "not_on_duty"
    else:
        named, why = takers.delegates, "not_authorised"
    return None if to in named else refuse("R-PICK-02", why, name=name, to=to or "（未填写）")


def refusal_to_close_day(*, on_site: Collection[str], open_registers: int) -> Refusal | None:
    """Return why the day cannot be closed: a child is still here, or a group has not closed its roll (R-PICK-02)."""
    if open_registers:
        return refuse("R-PICK-02", "open_registers", count=open_registers)
    if on_site:
        return refuse("R-PICK-02", "still_on_site", count=len(on_site), names="、".join(sorted(on_site)[:8]))
    return None


@dataclass(frozen=True, slots=True)
class LeaveTerms:
    """What a leave costs: not billed at once, not billed if proven until a day, or billed."""

    refunds: bool
    proof_due_on: date | None


def leave_terms(*, kind: str, on: date, filed: datetime, before: time, sick_note_days: int) -> LeaveTerms:
    """Return whether a day of leave is billed (parameter `fee.leave_policy`, domain/04 row 5).

    Filed before `before` of the day itself: not billed. Later, a sick child's day is not billed once a note comes
    within `sick_note_days`; anything else is billed.
    """
    if filed.date() < on or (filed.date() == on and filed.time() < before):
        return LeaveTerms(True, None)
    if kind == "sick":
        return LeaveTerms(False, on + timedelta(days=sick_note_days))
    return LeaveTerms(False, None)


def refusal_to_file_leave(*, on: date, today: date, is_service_day: bool, marked_here: bool) -> Refusal | None:
    """Return why a leave cannot be filed: the day is over, has no service, or the child was already counted in."""
    if on < today:
        return refuse("R-ATT-01", "leave_too_late", on=f"{on.month}月{on.day}日")
    if not is_service_day:
        return refuse("R-ATT-01", "no_service", on=f"{on.month}月{on.day}日")
    if marked_here:
        return refuse("R-ATT-01", "already_here")
    return None
