"""Who from outside is expected today, who is inside, who came and went (3.2-e)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kehou.chapters.attendance.models import GateEntry
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import refusals_to_schedule
from kehou.chapters.timetable.models import Session
from kehou.rules.gate_log import TAIL
from kehou.rules.states import PersonState
from kehou.rules.verdicts import Refusal

OWN = ("in_service", "gatekeeper")


@dataclass(frozen=True, slots=True)
class Guest:
    """An adult from outside: their session of today, if any, and why they may not serve."""

    member: StaffMember
    session: Session | None
    unfit: Refusal | None = None


def guests_on(school: School, on: date) -> list[Guest]:
    """Return everybody from outside who has a session at a school on a day, in the order in which they are due.

    Leaders and second adults; a visiting teacher of another school is a guest too. Six queries.
    """
    sessions = list(
        Session.objects.filter(school=school, on=on, state=Session.PLANNED)
        .select_related("leader__school", "slot__activity", "term")
        .prefetch_related("slot__activity__helpers__school")
        .order_by("starts_at", "pk")
    )
    due: dict[int, tuple[StaffMember, Session]] = {}
    for session in sessions:
        for one in (session.leader, *session.slot.activity.helpers.all()):
            if one is not None and (one.kind not in OWN or one.school_id != school.pk):
                due.setdefault(one.pk, (one, session))
    no = refusals_to_schedule([one for one, _ in due.values()], sessions[0].term if sessions else None, on=on)
    return [Guest(one, session, no.get(one.pk)) for one, session in due.values()]


def guest_at_gate(
    school: School, on: date, *, name: str, member: StaffMember | None = None, tail: str = ""
) -> Guest | None:
    """Return who is at the gate, if the school knows them: picked from the list, or typed with a card that fits.

    Somebody of the same name with another card is a stranger. Who is suspended may not come in as a visitor either, and
    nor may they by being picked from a list that they no longer stand on; who was never on it is known by name alone.
    """
    expected = guests_on(school, on)
    for one in expected:
        if one.member == member or (member is None and one.member.name == name and _fits(one.member, tail)):
            return one
    if member is not None and member.school_id == school.pk:
        return _of_the_files(member, on)
    known = school.staff.filter(~Q(kind__in=OWN), name=name).select_related("school").order_by("pk")
    return next((_of_the_files(found, on) for found in known if _fits(found, tail)), None)


def _of_the_files(member: StaffMember, on: date) -> Guest:
    suspended = member.state == PersonState.SUSPENDED
    return Guest(member, None, refusals_to_schedule([member], None, on=on).get(member.pk) if suspended else None)


def _fits(member: StaffMember, tail: str) -> bool:
    return not member.id_number or str(member.id_number)[-TAIL:].upper() == tail


def inside(school: School) -> QuerySet[GateEntry]:
    """Return who was let in and has not left, the longest first."""
    rows = GateEntry.objects.filter(school=school, out_at=None)
    return rows.select_related("session__slot__activity").order_by("in_at")


def entries_on(school: School, on: date) -> list[GateEntry]:
    """Return who came in on a day, in turn."""
    rows = GateEntry.objects.filter(school=school, on=on).select_related("session__slot__activity")
    return list(rows.order_by("in_at", "pk"))
