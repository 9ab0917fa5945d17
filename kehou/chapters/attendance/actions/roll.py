"""Counting in: marks, closing a register, corrections."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from kehou.chapters.attendance import queries
from kehou.chapters.attendance.actions.open_day import hold_day, insist_on_open_day
from kehou.chapters.attendance.models import Alarm, Correction, Mark, Register
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Pupil
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.timetable.models import Session
from kehou.lib.actors import Actor
from kehou.rules import attendance as rules
from kehou.rules.attendance import MarkState
from kehou.rules.spans import ClockSpan
from kehou.rules.states import CORRECTION, CorrectionState, refusal_to_move
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def mark(session: Session, states: Mapping[int, MarkState], *, by: Actor, at: datetime, event: str = "") -> Register:
    """Take the roll: `states` maps pupil ids to where they are; children not named stay as they were.

    A tap sent twice (same `event`) counts once, because writing the same mark again changes nothing.

    :raises Refused: R-ATT-01 when the session is cancelled, closed, not yet near, or a child is not in the group,
        R-PICK-02 after the zero count of the day
    """
    insist_on_open_day(session.school, session.on)
    register, opened = _register(session, by=by, at=at)
    expected = queries.expected_in(session)
    strangers = (
        Pupil.objects.filter(pk__in=unknown).values_list("name", flat=True)
        if (unknown := set(states) - expected)
        else ()
    )
    insist(
        rules.refusal_to_mark(
            cancelled=session.state == "cancelled",
            closed=register.closed_at is not None,
            starts=queries.starts(session, at),
            now=at,
            strangers=list(strangers),
        )
    )
    if opened:
        Alarm.objects.filter(session=session, pupil=None, cleared_at=None).update(cleared_at=at)
        journal.write("attendance.register_opened", about=register, by=by, at=at, school_code=session.school.code)
    changed = _write_marks(register, states, by=by, at=at, event=event)
    if changed:
        journal.write("attendance.marked", about=register, by=by, at=at, school_code=session.school.code, marks=changed)
    return register


def _register(session: Session, *, by: Actor, at: datetime) -> tuple[Register, bool]:
    """Return the register, held, and whether this opens it: two adults may tap first. A refusal undoes the opening."""
    defaults = {"opened_at": at, "opened_by": str(by)}
    return Register.objects.select_for_update(no_key=True).get_or_create(session=session, defaults=defaults)


def _write_marks(
    register: Register, states: Mapping[int, MarkState], *, by: Actor, at: datetime, event: str
) -> dict[str, str]:
    standing = dict(register.marks.filter(pupil_id__in=states).values_list("pupil_id", "state"))
    fresh, gone, changed = [], [], {}
    for pupil_id, state in states.items():
        if standing.get(pupil_id, MarkState.UNKNOWN.value) == state.value:
            continue
        changed[str(pupil_id)] = state.value
        if state is MarkState.UNKNOWN:
            gone.append(pupil_id)
        else:
            fresh.append(
                Mark(
                    register=register,
                    pupil_id=pupil_id,
                    state=state.value,
                    marked_at=at,
                    marked_by=str(by),
                    event=event,
                )
            )
    if gone:
        register.marks.filter(pupil_id__in=gone).delete()
    if fresh:
        Mark.objects.bulk_create(
            fresh,
            update_conflicts=True,
            unique_fields=["register", "pupil"],
            update_fields=["state", "marked_at", "marked_by", "event"],
        )
        found = [row.pupil_id for row in fresh]
        Alarm.objects.filter(session=register.session, pupil__in=found, cleared_at__isnull=True).update(cleared_at=at)
    return changed


@transaction.atomic
def close_register(session: Session, *, by: Actor, at: datetime, log_kind: str = "", log_line: str = "") -> Register:
    """Close the roll and bind it with a hash. Leaves that were filed and never tapped become marks.

    :raises Refused: R-ATT-01 when a child is still unknown, or the register is closed already
    """
    register, _ = _register(session, by=by, at=at)
    children = queries.states_of(session)
    insist(
        rules.refusal_to_mark(
            cancelled=session.state == "cancelled", closed=False, starts=queries.starts(session, at), now=at
        ),
        rules.refusal_to_close(
            [(name, state) for _, name, state in children],
            closed=register.closed_at is not None,
        ),
    )
    _write_marks(register, {pk: state for pk, _, state in children}, by=by, at=at, event="")
    register.closed_at, register.closed_by = at, str(by)
    register.log_kind, register.log_line = log_kind, log_line.strip()
    register.digest = digest_of(register)
    register.save(update_fields=["closed_at", "closed_by", "log_kind", "log_line", "digest"])
    journal.write(
        "attendance.register_closed",
        about=register,
        by=by,
        at=at,
        school_code=session.school.code,
        children=len(children),
        digest=register.digest,
    )
    _credit_volunteers(session, by=by, at=at)
    return register


def finish_roll(
    session: Session,
    marks: Mapping[int, MarkState],
    *,
    by: Actor,
    at: datetime,
    log_kind: str = "",
    log_line: str = "",
) -> Register:
    """Keep the last taps and close the roll, in one transaction; where closing is refused the taps are kept anyway.

    A child that was seen has been seen: nobody is called because somebody else is still looked for.

    :raises Refused: as `mark`, then nothing is kept; as `close_register`
    """
    with transaction.atomic():
        mark(session, marks, by=by, at=at)
        try:
            with transaction.atomic():
                return close_register(session, by=by, at=at, log_kind=log_kind, log_line=log_line)
        except Refused as no:
            refused = no
    raise refused


def _credit_volunteers(session: Session, *, by: Actor, at: datetime) -> None:
    """Write the hour into the ledger of whoever led or helped it for nothing (2.4-g): the roll is the proof."""
    people = [session.leader, *session.slot.activity.helpers.all()]
    minutes = ClockSpan(session.starts_at, session.ends_at).minutes
    rows = [
        staffing.Served(one, session.on, session.slot.activity.name, minutes, session.pk)
        for one in dict.fromkeys(people)
        if one is not None and one.kind != "in_service"
    ]
    if rows:
        staffing.credit_sessions(session.school, rows, by=by, at=at)


def digest_of(register: Register) -> str:
    """Return the SHA-256 over the canonical marks of a register: what the register said when it was closed."""
    rows = sorted(register.marks.values_list("pupil_id", "state"))
    canonical = json.dumps({"session": register.session_id, "marks": rows}, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@transaction.atomic
def ask_correction(
    register: Register, pupil: Pupil, becomes: MarkState, *, reason: str, by: Actor, at: datetime
) -> Correction:
    """Ask for a closed register to be put right; the mark stays until somebody else approves.

    :raises Refused: R-ATT-01 when the register is open, nothing changes, or no reason is given
    """
    was = register.marks.filter(pupil=pupil).values_list("state", flat=True).first()
    if was is None:
        raise Refused(refuse("R-ATT-01", "not_in_group", names=pupil.name))
    insist(
        rules.refusal_to_correct(
            closed=register.closed_at is not None, was=MarkState(was), becomes=becomes, reason=reason
        )
    )
    waiting = register.corrections.filter(pupil=pupil, state="asked").first()
    if waiting is not None:
        if waiting.becomes == becomes.value:
            return waiting
        raise Refused(refuse("R-ATT-01", "correction_waits", name=pupil.name))
    correction = Correction.objects.create(
        register=register,
        pupil=pupil,
        was=was,
        becomes=becomes.value,
        reason=reason.strip(),
        asked_by=str(by),
        asked_by_account=by.account_id,
        asked_at=at,
    )
    school = register.session.school.code
    journal.write("attendance.correction_asked", about=correction, by=by, at=at, school_code=school)
    return correction


@transaction.atomic
def decide_correction(correction: Correction, *, approve: bool, by: Actor, at: datetime) -> Correction:
    """Approve or refuse a correction; an approved one changes the mark, both versions stay visible.

    :raises Refused: R-ATT-01 when it was decided already, or by the person who asked
    """
    state = (CorrectionState.APPROVED if approve else CorrectionState.REFUSED).value
    insist(
        rules.refusal_to_decide_correction(
            asked_by=correction.asked_by_account,
            decided_by=by.account_id,
            decided=refusal_to_move(CORRECTION, correction.state, state) is not None,
        )
    )
    session = correction.register.session
    hold_day(session.school_id, session.on)  # "absent" that becomes "present" is one more to hand over today
    won = Correction.objects.filter(pk=correction.pk, state__in=CORRECTION.sources(state)).update(
        state=state, decided_by=str(by), decided_at=at
    )
    if not won:
        raise Refused(refuse("R-ATT-01", "decided_already"))
    if approve:
        Mark.objects.filter(register=correction.register, pupil=correction.pupil).update(
            state=correction.becomes, marked_at=at, marked_by=str(by)
        )
    journal.write(f"attendance.correction_{state}", about=correction, by=by, at=at, school_code=session.school.code)
    correction.refresh_from_db()
    return correction
