"""The resource ledger of a school: its five parts, the census of a term, checks with due dates, rooms that idle.

Parts and fields are those of clause 2.7.1-b; a room whose check is overdue may not be booked (3.2-d, R-SAFE-05).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from kehou.rules.labels import Labelled
from kehou.rules.parameters.care_groups import Safety
from kehou.rules.policy_documents import in_words
from kehou.rules.verdicts import Refusal, refuse


class Part(Labelled):
    """The five parts that the policy names."""

    ROOMS = "rooms", "功能室"
    EQUIPMENT = "equipment", "仪器设备"
    GROUNDS = "grounds", "活动场地"
    STAFF = "staff", "师资"
    BASES = "bases", "实践活动场地"


PART_OF_KIND = {"room": Part.ROOMS, "homeroom": Part.ROOMS, "ground": Part.GROUNDS, "off_campus": Part.BASES}
KINDS_OF_PART = {
    part: tuple(kind for kind, its in PART_OF_KIND.items() if its is part)
    for part in (Part.ROOMS, Part.GROUNDS, Part.BASES)
}


class ItemState(Labelled):
    """What a census says of a row of the ledger."""

    PENDING = "pending", "待核对"
    CONFIRMED = "confirmed", "属实"
    CHANGED = "changed", "已更正"
    ADDED = "added", "新登记"
    STRUCK = "struck", "已注销"


class Gravity(Labelled):
    """How grave a fault is: a red one closes the room."""

    RED = "red", "停用维修"
    YELLOW = "yellow", "可用，尽快修"


# --- Census -----------------------------------------------------------------------------------------------------------


def refusals_to_close(
    *, pending: Mapping[str, int], filled: Collection[str], stated_none: Collection[str]
) -> tuple[Refusal, ...]:
    """Return why a census cannot be closed: rows nobody has looked at (R-RES-04), parts left blank (R-RES-02).

    `pending` counts rows by part, `filled` are the parts that have rows, `stated_none` those said to be empty.
    """
    found = [
        refuse("R-RES-04", "rows_pending", part=part.label, count=pending[part])
        for part in Part
        if pending.get(part, 0)
    ]
    found += [
        refuse("R-RES-02", "part_blank", part=part.label)
        for part in Part
        if part not in filled and part not in stated_none
    ]
    return tuple(found)


def refusal_to_state_none(part: str, *, rows: int) -> Refusal | None:
    """Return why “无” cannot be stated of a part (R-RES-02)."""
    return refuse("R-RES-02", "part_is_not_empty", part=Part(part).label, count=rows) if rows else None


def refusal_before_census(closed_on: date | None, *, term: str) -> Refusal | None:
    """Return why a plan cannot cite the ledger yet: the census comes before it (R-RES-01)."""
    return None if closed_on else refuse("R-RES-01", "census_open", term=term)


# --- Checks -----------------------------------------------------------------------------------------------------------


def check_due_on(checked_on: date | None, *, term_begins: date | None, safety: Safety) -> date:
    """Return the last day by which a place must be looked at (again): shortly before the term, then every month.

    A check from before that time holds through the vacation, when nobody looks at locked rooms, and no longer.
    """
    opens = term_begins - timedelta(days=safety.check_before_term_days) if term_begins else date.min
    if checked_on is None or checked_on < opens:
        return max(opens, date.min + timedelta(days=1)) - timedelta(days=1)
    return checked_on + timedelta(days=safety.check_every_days)


def refusal_to_use(name: str, *, due_on: date, on: date, fault: str = "") -> Refusal | None:
    """Return why a room may not be booked on a day: an open grave fault, or a check that is overdue (R-SAFE-05)."""
    if fault:
        return refuse("R-SAFE-05", "under_repair", room=name, fault=fault)
    if on > due_on:
        return refuse("R-SAFE-05", "check_overdue", room=name)
    return None


def refusal_of_check(checked_on: date, *, on: date) -> Refusal | None:
    """Return why a check cannot be recorded: it has not been made yet (R-SAFE-05)."""
    return refuse("R-SAFE-05", "check_in_the_future") if checked_on > on else None


def refusal_of_counts(quantity: int, good: int) -> Refusal | None:
    """Return why equipment cannot be counted so (R-RES-02)."""
    if quantity < 1:
        return refuse("R-RES-02", "none_counted")
    return refuse("R-RES-02", "more_good_than_all", good=good, quantity=quantity) if good > quantity else None


def refusal_of_base(*, kind: str, agreement_until: date | None, name: str, on: date) -> Refusal | None:
    """Return why a practice base may not be booked: its agreement has ended (R-VEN-01)."""
    if kind == "off_campus" and agreement_until is not None and agreement_until < on:
        return refuse("R-VEN-01", "agreement_ended", name=name, until=in_words(agreement_until))
    return None


# --- Use --------------------------------------------------------------------------------------------------------------


def use_percent(minutes: int, *, days: int, day_minutes: int) -> int:
    """Return the share of the service's time in which a room is used, in whole percent, rounded down."""
    whole = days * day_minutes
    return min(100, minutes * 100 // whole) if whole else 0


def flags_of_idle(rooms: Iterable[tuple[str, int]]) -> tuple[Refusal, ...]:
    """Return a flag for each room that nothing is held in all week: `rooms` are (name, minutes) (R-RES-03)."""
    return tuple(refuse("R-RES-03", "idle", room=name) for name, minutes in rooms if not minutes)
