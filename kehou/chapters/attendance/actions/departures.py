"""Handing over, child by child, and the zero count at the end of the day (3.2-n)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from kehou.chapters.attendance import queries
from kehou.chapters.attendance.actions.open_day import hold_day, insist_on_open_day
from kehou.chapters.attendance.actions.waves import letter_of
from kehou.chapters.attendance.handing import handing, takers
from kehou.chapters.attendance.models import DayClosing, Release
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Pupil
from kehou.chapters.people.queries import guardians_of
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules import attendance as rules
from kehou.rules.attendance import Way
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@transaction.atomic
def release(
    pupil: Pupil, on: date, *, way: Way, by: Actor, at: datetime, to_name: str = "", checked_by: str = "list",
    event: str = "",
) -> Release:  # fmt: skip
    """Hand a child over: who took it, how that was checked, at what minute. The family is told at once.

    `to_name`: as `handing` lists it; empty alone and by bus. `checked_by`: list, code, telephone or signature.
    A tap sent twice (same `event`) is one hand-over.

    :raises Refused: R-PICK-02 when the child was not counted in, has gone, or this person may not take it
    """
    standing = Release.objects.filter(pupil=pupil, on=on).first()
    if standing and event and standing.event == event:
        return standing
    insist(_refusal(pupil, on, way, to_name, released=standing is not None))
    row = Release(
        school=pupil.school,
        pupil=pupil,
        on=on,
        way=way.value,
        to_name=to_name.strip(),
        checked_by=checked_by,
        released_at=at,
        released_by=str(by),
        event=event,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # somebody at the other gate was quicker
        raise Refused(refuse("R-PICK-02", "released_already", name=pupil.name)) from None
    journal.write("attendance.released", about=row, by=by, at=at, school_code=pupil.school.code, way=way.value)
    _tell_family(row, at=at)
    return row


def _refusal(pupil: Pupil, on: date, way: Way, to_name: str, *, released: bool) -> Refusal | None:
    return rules.refusal_to_release(
        name=pupil.name,
        is_here=queries.counted_in(pupil.school, on).filter(pk=pupil.pk).exists(),
        released=released,
        way=way,
        to_name=to_name,
        takers=takers(handing(pupil.school, [pupil.pk], on)[pupil.pk]),
        day_closed=queries.is_closed(pupil.school, on) is not None,
    )


def _tell_family(row: Release, *, at: datetime) -> None:
    journal.send_each((letter_of(row, account.pk) for account in guardians_of(row.pupil, on=row.on)), at=at)


@transaction.atomic
def take_back_release(row: Release, *, reason: str, by: Actor, at: datetime) -> None:
    """Take back a hand-over that was entered for the wrong child, while the day is open. Twice is once.

    :raises Refused: R-PICK-02 when the day is closed; R-ATT-01 without a reason
    """
    insist_on_open_day(row.school, row.on)
    if len(reason.strip()) < 4:
        raise Refused(refuse("R-ATT-01", "correction_needs_reason"))
    if Release.objects.filter(pk=row.pk).delete()[0]:
        facts = {"pupil": row.pupil_id, "way": row.way, "released_at": row.released_at.isoformat(), "reason": reason}
        journal.write("attendance.release_taken_back", about=row, by=by, at=at, school_code=row.school.code, **facts)


@transaction.atomic
def close_day(school: School, on: date, *, by: Actor, at: datetime) -> DayClosing:
    """Confirm that nobody who was counted in is still here; closing twice is the same closing.

    :raises Refused: R-PICK-02 while a group has not closed its roll, or a child is on site
    """
    hold_day(school.pk, on, alone=True)
    if standing := queries.is_closed(school, on):
        return standing
    groups = queries.groups_today(queries.sessions_on(school, on))
    insist(
        rules.refusal_to_close_day(
            on_site=list(queries.on_site(school, on).values_list("name", flat=True)),
            open_registers=sum(bool(group.expected) and group.closed_at is None for group in groups),
        )
    )
    counts = {
        "present": queries.counted_in(school, on).count(),
        "released": Release.objects.filter(school=school, on=on).count(),
    }
    try:
        with transaction.atomic():
            closing = DayClosing.objects.create(school=school, on=on, closed_by=str(by), closed_at=at, **counts)
    except IntegrityError:
        return DayClosing.objects.get(school=school, on=on)
    facts = {"on": on.isoformat(), **counts}
    journal.write("attendance.day_closed", about=closing, by=by, at=at, school_code=school.code, **facts)
    return closing
