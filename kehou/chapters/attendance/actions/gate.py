"""At the gate: let in who is on today's list or accompanied, and out again (3.2-e, R-SAFE-06)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from kehou.chapters.attendance.guests import guest_at_gate
from kehou.chapters.attendance.models import GateEntry
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember
from kehou.lib.actors import Actor
from kehou.rules.gate_log import TAIL, Caller, plain_tail, refusals_to_let_in
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def let_in(
    school: School, *, name: str, tail: str, member: StaffMember | None = None, purpose: str = "", host: str = "",
    escort: str = "", by: Actor, at: datetime,
) -> GateEntry:  # fmt: skip
    """Let somebody in: a person of today's list, or a visitor with a host and somebody who stays with them.

    Who is in the files of the school under this name is judged by the file, whatever the guard has ticked.

    :raises Refused: R-SAFE-06 with everything that keeps them out
    """
    name, tail = " ".join(name.split())[:60], plain_tail(tail)
    guest = guest_at_gate(school, at.date(), name=name, member=member, tail=tail)
    caller = Caller(
        name=guest.member.name if guest else name, tail=tail, purpose=purpose, host=host, escort=escort,
        expected=guest is not None and guest.session is not None,
        unfit=guest.unfit if guest else None, matches=_matches(guest.member, tail) if guest else None,
    )  # fmt: skip
    insist(*refusals_to_let_in(caller))
    try:
        with transaction.atomic():
            entry = GateEntry.objects.create(
                school=school, on=at.date(), name=caller.name, tail=tail, member=guest.member if guest else None,
                session=guest.session if guest else None, purpose=purpose.strip()[:60], host=host.strip()[:60],
                escort=escort.strip()[:60], in_at=at, let_in_by=str(by),
            )  # fmt: skip
    except IntegrityError:
        raise Refused(refuse("R-SAFE-06", "inside_already", name=caller.name)) from None
    facts = {"accompanied": entry.session_id is None}
    journal.write("attendance.let_in", about=entry, by=by, at=at, school_code=school.code, **facts)
    return entry


def _matches(member: StaffMember, tail: str) -> bool | None:
    return None if not member.id_number else str(member.id_number)[-TAIL:].upper() == tail


@transaction.atomic
def let_out(entry: GateEntry, *, by: Actor, at: datetime) -> GateEntry:
    """Note that somebody has left. :raises Refused: R-SAFE-06 when it was noted already"""
    if not GateEntry.objects.filter(pk=entry.pk, out_at=None).update(out_at=at, let_out_by=str(by)):
        raise Refused(refuse("R-SAFE-06", "outside_already", name=entry.name))
    entry.refresh_from_db()
    journal.write("attendance.let_out", about=entry, by=by, at=at, school_code=entry.school.code)
    return entry
