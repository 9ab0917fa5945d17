"""One session cancelled, moved, given to a substitute, restored: with a reason, and everybody concerned is told."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.programme.actions.table import locked
from kehou.chapters.schools.models import Room
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.timetable.actions.making import said
from kehou.chapters.timetable.actions.telling import tell_families
from kehou.chapters.timetable.models import Session, SessionChange
from kehou.chapters.timetable.queries import Change, consequences_of
from kehou.lib.actors import Actor
from kehou.rules.states import SESSION, refusal_to_move
from kehou.rules.verdicts import Refusal, Refused, insist, refuse

CHANGED = ("on", "starts_at", "ends_at", "room", "leader", "state", "cause", "changed_by_hand")


@transaction.atomic
def change(session: Session, wanted: Change, *, reason: str, by: Actor, at: datetime) -> SessionChange:
    """Do to a session what `wanted` says; families and leaders get a letter in the same transaction.

    :raises Refused: with everything that speaks against it: R-TIME-01…03, R-VEN-02, R-STAF-03, R-GRP-01
    """
    insist(None if reason.strip() else refuse("R-TIME-01", "reason_missing"))
    locked(session.slot.activity.table)  # rooms and leaders of a school are booked one after another
    session = Session.objects.select_related("school", "term", "slot__activity__table", "room", "leader").get(
        pk=session.pk
    )
    found = consequences_of(session, wanted, at=at)
    if refusals := found.refusals or _refusals_of_path(session, found.becomes):
        raise Refused(*refusals)
    was = said(session)
    for name in CHANGED:
        setattr(session, name, getattr(found.becomes, name))
    session.save(update_fields=CHANGED)
    row = SessionChange.objects.create(
        session=session,
        kind=wanted.kind,
        reason=reason.strip(),
        was=was,
        becomes=said(session),
        changed_by=str(by),
        changed_at=at,
    )
    journal.write(
        f"timetable.session_{wanted.kind}",
        about=session,
        by=by,
        at=at,
        school_code=session.school.code,
        was=was,
        becomes=row.becomes,
        reason=row.reason,
        children=len(found.children),
    )
    tell_families([row], school=session.school, at=at)
    return row


def _refusals_of_path(session: Session, becomes: Session) -> tuple[Refusal, ...]:
    moved = session.state != becomes.state
    no = refusal_to_move(SESSION, session.state, becomes.state) if moved else None
    return (no,) if no else ()


def cancel(session: Session, *, reason: str, by: Actor, at: datetime) -> SessionChange:
    """Cancel a session; a day on which a child has no other is not billed. :raises Refused: R-TIME-01"""
    return change(session, Change("cancelled"), reason=reason, by=by, at=at)


def move(
    session: Session,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    on: date | None = None,
    starts_at: time | None = None,
    room: Room | None = None,
) -> SessionChange:
    """Hold a session on another day, at another time or in another room. :raises Refused: as `change`"""
    return change(session, Change("moved", on=on, starts_at=starts_at, room=room), reason=reason, by=by, at=at)


def substitute(session: Session, leader: StaffMember, *, reason: str, by: Actor, at: datetime) -> SessionChange:
    """Give a session to somebody else. :raises Refused: R-STAF-03 when they are elsewhere then"""
    return change(session, Change("substituted", leader=leader), reason=reason, by=by, at=at)


def restore(session: Session, *, reason: str, by: Actor, at: datetime) -> SessionChange:
    """Hold a cancelled session after all, as it was planned. :raises Refused: when room or leader are taken by now"""
    return change(session, Change("restored"), reason=reason, by=by, at=at)
