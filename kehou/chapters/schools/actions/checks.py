"""Safety checks and repairs, of places and of equipment (3.2-d, R-SAFE-05)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import Equipment, Repair, Room, SafetyCheck, School
from kehou.lib.actors import Actor
from kehou.rules.resources import Gravity, refusal_of_check
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@transaction.atomic
def record_checks(
    school: School,
    rows: Iterable[Room | Equipment],
    *,
    checked_on: date,
    checker: str,
    by: Actor,
    at: datetime,
    found: str = "",
) -> list[SafetyCheck]:
    """Record that somebody looked at places and equipment on a day, many at once: a walk through a building.

    The date of the last check moves forward only; what was found in words opens no repair by itself.

    :raises Refused: R-SAFE-05 for a day to come, without the checker's name or without a row; R-RES-02 for a row that
        is out of use
    """
    rows = list(rows)
    insist(*_refusals(school, rows, checked_on, checker, at))
    made = SafetyCheck.objects.bulk_create(
        SafetyCheck(
            school=school,
            **_about(row),
            checked_on=checked_on,
            checker=checker.strip(),
            found=found.strip(),
            recorded_by=str(by),
            recorded_at=at,
        )
        for row in rows
    )
    _move_forward(rows, checked_on)
    told = {"on": checked_on.isoformat(), "places": [row.name for row in rows[:20]], "count": len(rows)}
    journal.write("schools.checked", about=school, by=by, at=at, school_code=school.code, **told)
    return made


def _refusals(
    school: School, rows: Sequence[Room | Equipment], checked_on: date, checker: str, at: datetime
) -> list[Refusal | None]:
    out = next((row for row in rows if row.retired_on is not None or row.school_id != school.pk), None)
    return [
        refusal_of_check(checked_on, on=at.date()),
        None if checker.strip() else refuse("R-SAFE-05", "checker_missing"),
        None if rows else refuse("R-SAFE-05", "nothing_checked"),
        refuse("R-RES-02", "room_retired", name=out.name) if out else None,
    ]


def _move_forward(rows: Sequence[Room | Equipment], checked_on: date) -> None:
    """Move the day of the last check of these rows to a day, never back."""
    older = Q(checked_on=None) | Q(checked_on__lt=checked_on)
    Room.objects.filter(older, pk__in=[row.pk for row in rows if isinstance(row, Room)]).update(checked_on=checked_on)
    equipment = [row.pk for row in rows if isinstance(row, Equipment)]
    Equipment.objects.filter(older, pk__in=equipment).update(checked_on=checked_on)


@transaction.atomic
def open_repair(row: Room | Equipment, *, fault: str, gravity: str, by: Actor, at: datetime) -> Repair:
    """Open a repair; a red one closes the room from now on.

    :raises Refused: R-SAFE-05 without words or gravity, R-RES-02 for what is out of use
    """
    insist(
        None if fault.strip() else refuse("R-SAFE-05", "fault_missing"),
        None if gravity in {one.value for one in Gravity} else refuse("R-SAFE-05", "gravity_missing"),
        refuse("R-RES-02", "room_retired", name=row.name) if row.retired_on else None,
    )
    repair = Repair.objects.create(
        school_id=row.school_id, **_about(row), fault=fault.strip(), gravity=gravity, opened_by=str(by), opened_at=at
    )
    code = row.school.code
    journal.write("schools.repair_opened", about=repair, by=by, at=at, school_code=code, place=row.name, kind=gravity)
    return repair


@transaction.atomic
def close_repair(repair: Repair, *, outcome: str, by: Actor, at: datetime) -> None:
    """Close a repair with what was done. :raises Refused: R-SAFE-05 without words, or when it is closed already"""
    insist(None if outcome.strip() else refuse("R-SAFE-05", "outcome_missing"))
    closed = Repair.objects.filter(pk=repair.pk, closed_at=None).update(
        outcome=outcome.strip()[:200], closed_by=str(by), closed_at=at
    )
    if not closed:
        raise Refused(refuse("R-SAFE-05", "repair_closed"))
    journal.write("schools.repair_closed", about=repair, by=by, at=at, school_code=repair.school.code)


def _about(row: Room | Equipment) -> dict[str, Any]:
    return {"room": row} if isinstance(row, Room) else {"equipment": row}
