"""Sessions from table × calendar × closures: made once, and brought in line again whenever one of them changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import calendar_of, parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.planning.queries import refusal_before_clearance
from kehou.chapters.programme.actions.table import locked
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.programme.queries import unfiled_in
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import fitness_of
from kehou.chapters.staffing.queries import refusals_to_schedule
from kehou.chapters.timetable.actions.telling import tell_families
from kehou.chapters.timetable.models import Session, SessionChange
from kehou.chapters.timetable.queries.consents import Consents
from kehou.chapters.timetable.queries.wanted import Wanted, table_in_force, wanted_sessions
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects, update_objects
from kehou.rules.calendar import Calendar
from kehou.rules.gates import Step
from kehou.rules.verdicts import Refusal, Refused, insist, refuse

HELD = ("starts_at", "ends_at", "room_id")  # what a family has agreed to
FOLLOWED = (*HELD, "leader_id")


@dataclass
class Outcome:
    """What a run has done, in numbers; a second run right after it does nothing.

    `kept` are sessions that the table would hold at another time or place, to which not every family has agreed.
    """

    made: int = 0
    cancelled: list[Session] = field(default_factory=list)
    restored: list[Session] = field(default_factory=list)
    brought_in_line: list[Session] = field(default_factory=list)
    kept: list[Session] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)  # why those are kept, each once

    @property
    def changed(self) -> int:
        """Return how many sessions are different now."""
        return self.made + len(self.cancelled) + len(self.restored) + len(self.brought_in_line)


@transaction.atomic
def make_sessions(school: School, term: Term, *, by: Actor, at: datetime) -> Outcome:
    """Make the sessions of a term that lie ahead, and bring those that exist in line with table and closures.

    A closed or withdrawn meeting is cancelled with the reason, one that is open again restored; what a hand has moved,
    given to a substitute or cancelled is left as it is. Families and leaders of cancelled ones are told. Where families
    have not agreed to another time or place the session keeps the old one, and the outcome says why (R-AMD-01). What
    goes beyond the table that the district accepted gets none, and keeps what it has (4-c); nor does a place that
    is not safe now (R-SAFE-03).

    :raises Refused: R-GATE-00 before the filing is accepted, R-GATE-02 while the table is not public
    """
    insist(refusal_before_clearance(school, term, of=Step.SESSION))
    table = table_in_force(school, term)
    if table is None:
        raise Refused(refuse("R-GATE-02", "table_not_public"))
    table = locked(table)  # two runs at once would make every session twice
    unfit = refusals_to_schedule(school.staff.select_related("school"), term, on=at.date())
    ahead = {
        key: replace(one, leader_id=None) if one.leader_id in unfit else one  # a session without a leader, never with
        for key, one in wanted_sessions(table).items()  # somebody who may not serve (P8-1)
        if _is_ahead(one.on, one.starts_at, at)
    }
    existing = {
        (row.slot_id, row.planned_on): row
        for row in Session.objects.filter(school=school, term=term).select_related("slot__activity", "room", "leader")
    }
    outcome, changes, calendar, unfiled = Outcome(), [], calendar_of(term), unfiled_in(table)
    outcome.refusals += unfiled.values()
    standing, consents = {slot for slot, _ in ahead}, Consents(school, term, at=at)
    for key, session in existing.items():
        if _is_ahead(session.on, session.starts_at, at):
            wanted = ahead.get(key)
            if wanted is None and session.changed_by_hand and session.slot_id in standing:
                wanted = _as_wanted(session)  # moved before its first day was lost: the new day still holds
            wanted = _agreed(session, _filed(session, wanted, unfiled, outcome), consents, outcome)
            changes += _line_up(session, wanted, _closed(calendar, session, school), outcome, by, at)
    fresh = [one for key, one in ahead.items() if key not in existing and not one.closed]
    outcome.made = _make([one for one in fresh if one.activity_id not in unfiled], school, term, outcome, at)
    _keep(school, table, outcome, changes, by, at)
    return outcome


def _make(fresh: list[Wanted], school: School, term: Term, outcome: Outcome, at: datetime) -> int:
    """Make the sessions that are new, except in places that are red; return how many."""
    red = _red_places(school, term, {one.room_id for one in fresh}, at)
    outcome.refusals += red.values()
    return len(insert_objects([_session(one, school, term) for one in fresh if one.room_id not in red]))


def _red_places(school: School, term: Term, wanted: set[int | None], at: datetime) -> dict[int | None, Refusal]:
    """Return the places among those wanted that are red now, with why they get no session (3.2-a, R-SAFE-03).

    A grave fault or a check that is overdue (R-SAFE-05). What was made before stays and is shown to the office: where
    children are expected somebody has to find another place, not a gap.
    """
    fitness = fitness_of(school, term, on=at.date(), safety=parameters_on(at.date()).safety)
    rooms = school.rooms.filter(pk__in=[room for room in wanted if room is not None])
    return {room.pk: refuse("R-SAFE-03", "place_is_red", room=room.name) for room in rooms if fitness.refusal(room)}


def _filed(
    session: Session, wanted: Wanted | None, unfiled: Mapping[int, Refusal], outcome: Outcome
) -> Wanted | None:  # fmt: skip
    """Return what is wanted of a session as far as it was filed: else it stays as it is, on its day too (4-c)."""
    if session.slot.activity_id not in unfiled or session.changed_by_hand or session.state != Session.PLANNED:
        return wanted
    as_it_is = _as_wanted(session)
    if wanted is None or any(getattr(session, one) != getattr(wanted, one) for one in HELD):
        outcome.kept.append(session)
    return replace(as_it_is, leader_id=wanted.leader_id) if wanted else as_it_is


def _agreed(session: Session, wanted: Wanted | None, consents: Consents, outcome: Outcome) -> Wanted | None:
    """Return what is wanted of a session as far as its families agreed: else its own time and place, noted."""
    if wanted is None or session.changed_by_hand or all(getattr(session, one) == getattr(wanted, one) for one in HELD):
        return wanted
    no = consents.refusal(session, lasting=True)
    if no is None:
        return wanted
    if session.state == Session.PLANNED:
        outcome.kept.append(session)
    if all((no.why, no.fact("name")) != (one.why, one.fact("name")) for one in outcome.refusals):
        outcome.refusals.append(no)
    return replace(wanted, starts_at=session.starts_at, ends_at=session.ends_at, room_id=session.room_id)


@transaction.atomic
def follow_closures(school: School, term: Term, *, by: Actor, at: datetime) -> Outcome:
    """Cancel or restore the sessions that exist as the calendar says; make none and ask for no table.

    For days that are closed while a table is being changed: children must not stand before a shut gate because of that.
    """
    table = ActivityTable.objects.filter(school=school, term=term).first()
    outcome, changes, calendar = Outcome(), [], calendar_of(term)
    if table is None:
        return outcome
    table = locked(table)
    rows = Session.objects.filter(school=school, term=term).select_related("slot__activity", "room", "leader")
    for session in rows:
        if _is_ahead(session.on, session.starts_at, at):
            as_it_is = None if session.cause == "table" else _as_wanted(session)
            changes += _line_up(session, as_it_is, _closed(calendar, session, school), outcome, by, at)
    _keep(school, table, outcome, changes, by, at)
    return outcome


def _keep(
    school: School, table: ActivityTable, outcome: Outcome, changes: list[SessionChange], by: Actor, at: datetime
) -> None:
    """Write what was lined up in memory, note it once, and tell whom it concerns."""
    touched = outcome.cancelled + outcome.restored + outcome.brought_in_line
    update_objects(touched, "state", "cause", "starts_at", "ends_at", "room", "leader")
    insert_objects(changes)
    if outcome.changed:
        _note(school, table, outcome, by, at)
        tell_families(changes, school=school, at=at)


def _closed(calendar: Calendar, session: Session, school: School) -> str:
    """Return why a session cannot be held on its day, or the empty string."""
    if closure := calendar.closure_on(session.on, school.code):
        return closure.reason
    return "" if calendar.is_service_day(session.on, school.code) else "校历调整，这天没有课后服务"


def _as_wanted(session: Session) -> Wanted:
    return Wanted(
        slot_id=session.slot_id,
        on=session.on,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        room_id=session.room_id,
        leader_id=session.leader_id,
    )


def _is_ahead(on: date, starts_at: object, at: datetime) -> bool:
    """What has begun is history: neither made nor touched."""
    return (on, starts_at) > (at.date(), at.time())


def _session(one: Wanted, school: School, term: Term) -> Session:
    return Session(
        school=school,
        term=term,
        slot_id=one.slot_id,
        planned_on=one.on,
        on=one.on,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        room_id=one.room_id,
        leader_id=one.leader_id,
    )


def _line_up(
    session: Session, wanted: Wanted | None, closed: str, outcome: Outcome, by: Actor, at: datetime
) -> list[SessionChange]:
    """Bring one session in line, in memory; return the change if there is one to tell. `closed` is why it cannot be."""
    was = said(session)
    if session.state == Session.PLANNED and (wanted is None or closed):
        reason = closed or "项目表调整，这项活动这天不再开展"
        session.state, session.cause = Session.CANCELLED, "closure" if closed else "table"
        outcome.cancelled.append(session)
        return [_change(session, "cancelled", reason, was, by, at)]
    if session.state == Session.CANCELLED and session.cause in ("closure", "table") and wanted and not closed:
        reason = "停课已解除" if session.cause == "closure" else "项目表调整"
        session.state, session.cause = Session.PLANNED, ""
        if not session.changed_by_hand:
            _follow(session, wanted)
        outcome.restored.append(session)
        return [_change(session, "restored", reason, was, by, at)]
    if session.state == Session.PLANNED and wanted and not session.changed_by_hand and _follow(session, wanted):
        outcome.brought_in_line.append(session)
        return [_change(session, "moved", "项目表调整", was, by, at)]
    return []


def _follow(session: Session, wanted: Wanted) -> bool:
    """Give a session what the table says; return whether that is different."""
    differs = any(getattr(session, name) != getattr(wanted, name) for name in FOLLOWED)
    for name in FOLLOWED:
        setattr(session, name, getattr(wanted, name))
    return differs


def said(session: Session) -> dict[str, object]:
    """Return what a change of a session compares, as plain JSON."""
    return {
        "on": session.on.isoformat(),
        "starts_at": f"{session.starts_at:%H:%M}",
        "ends_at": f"{session.ends_at:%H:%M}",
        "room": session.room_id,
        "leader": session.leader_id,
        "state": session.state,
    }


def _change(session: Session, kind: str, reason: str, was: dict[str, object], by: Actor, at: datetime) -> SessionChange:
    return SessionChange(
        session=session,
        kind=kind,
        reason=reason,
        was=was,
        becomes=said(session),
        changed_by=str(by),
        changed_at=at,
    )


def _note(school: School, table: ActivityTable, outcome: Outcome, by: Actor, at: datetime) -> None:
    journal.write(
        "timetable.sessions_made",
        about=table,
        by=by,
        at=at,
        school_code=school.code,
        made=outcome.made,
        cancelled=len(outcome.cancelled),
        restored=len(outcome.restored),
        brought_in_line=len(outcome.brought_in_line),
    )
