"""What a change of one session would do, told before it is done: to children, rooms, people, bills, letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import QuerySet

from kehou.chapters.allocation.models import Placement
from kehou.chapters.basis.queries import calendar_of, parameters_on
from kehou.chapters.people.models import Guardianship, Pupil
from kehou.chapters.people.queries import held_on
from kehou.chapters.schools.models import Room
from kehou.chapters.schools.queries import fitness_of, latest_end, season_on
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import refusal_to_schedule
from kehou.chapters.timetable.models import Session
from kehou.chapters.timetable.queries.bound import elsewhere_that_day, refusals_of_leader
from kehou.chapters.timetable.queries.consents import TIME_AND_PLACE, Consents
from kehou.rules.calendar import day_name
from kehou.rules.spans import ClockSpan, later
from kehou.rules.timetable import Meeting, refusals_to_meet
from kehou.rules.verdicts import Refusal, refuse

KINDS = {"cancelled": "取消", "moved": "调整", "substituted": "代课", "restored": "恢复"}


@dataclass(frozen=True, slots=True)
class Change:
    """What is wanted of one session. What is None stays as it is; `in_classroom` takes the room away."""

    kind: str
    on: date | None = None
    starts_at: time | None = None
    room: Room | None = None
    leader: StaffMember | None = None


@dataclass(frozen=True)
class Consequences:
    """The facts of a change, for the page that asks to confirm and for the letters."""

    session: Session
    change: Change
    becomes: Session  # not saved
    refusals: tuple[Refusal, ...]
    children: list[Pupil]
    busy: list[Pupil]  # have another session at the new time
    not_staying: list[Pupil]  # had not chosen the new weekday
    only_session: list[Pupil]  # have nothing else that day: the day is not billed
    guardians: dict[int, list[Pupil]]  # account id → their children
    leaders: list[StaffMember]

    @property
    def still_billed(self) -> int:
        """Return how many children keep another session that day, so that the day stays a billed day."""
        return len(self.children) - len(self.only_session)


def consequences_of(session: Session, change: Change, *, at: datetime) -> Consequences:
    """Return what a change would do, with every reason why it may not be done. Writes nothing; some twelve queries."""
    becomes = _after(session, change)
    children = pupils_of(session.slot_id, session.on)
    busy = _busy(becomes, children) if change.kind in ("moved", "restored") else []
    only = _only(session, children) if change.kind == "cancelled" else []
    return Consequences(
        session=session,
        change=change,
        becomes=becomes,
        refusals=(*_refusals(session, change, becomes, len(children), at), *_without_consent(session, becomes, at)),
        children=children,
        busy=busy,
        not_staying=_not_staying(session, becomes, children),
        only_session=only,
        guardians=guardians_of_all(children, on=at.date()),
        leaders=[one for one in dict.fromkeys((session.leader, becomes.leader)) if one is not None],
    )


def pupils_of(slot_id: int, on: date) -> list[Pupil]:
    """Return the children who have a seat in a slot on a day, by class and name."""
    rows = _seats(on).filter(slot_id=slot_id).select_related("application__pupil__homeroom")
    order = (
        "application__pupil__homeroom__grade",
        "application__pupil__homeroom__number",
        "application__pupil__name_sort",
    )
    return [row.application.pupil for row in rows.order_by(*order)]


def guardians_of_all(children: list[Pupil], *, on: date) -> dict[int, list[Pupil]]:
    """Return whom to tell about these children: account id → their children, in one query."""
    by_id = {child.pk: child for child in children}
    found: dict[int, list[Pupil]] = {}
    rows = Guardianship.objects.filter(held_on(on), pupil_id__in=by_id).values_list("account_id", "pupil_id")
    for account, pupil in rows.order_by("pk"):
        found.setdefault(account, []).append(by_id[pupil])
    return found


def _seats(on: date) -> QuerySet[Placement]:
    return Placement.objects.filter(from_on__lte=on, until_on__gt=on)


def _after(session: Session, change: Change) -> Session:
    """Return the session as it would be, not saved."""
    minutes = ClockSpan(session.starts_at, session.ends_at).minutes
    starts = change.starts_at or session.starts_at
    return Session(
        pk=session.pk,
        school=session.school,
        term=session.term,
        slot=session.slot,
        planned_on=session.planned_on,
        on=change.on or session.on,
        starts_at=starts,
        ends_at=later(starts, minutes) or time(23, 59),
        room=change.room or session.room,
        leader=change.leader or session.leader,
        state=Session.CANCELLED if change.kind == "cancelled" else Session.PLANNED,
        cause="hand" if change.kind == "cancelled" else "",
        changed_by_hand=True,
    )


def _without_consent(session: Session, becomes: Session, at: datetime) -> list[Refusal]:
    """Return that families are being asked about this very meeting and some keep the old arrangement (R-AMD-01)."""
    if all(getattr(session, name) == getattr(becomes, name) for name in TIME_AND_PLACE):
        return []
    no = Consents(session.school, session.term, at=at).refusal(session, lasting=False)
    return [no] if no else []


def _refusals(session: Session, change: Change, becomes: Session, children: int, at: datetime) -> list[Refusal]:
    name, day = session.slot.activity.name, day_name(session.on)
    if datetime.combine(session.on, session.starts_at, at.tzinfo) <= at:
        return [refuse("R-TIME-01", "session_over", day=day, name=name)]
    cancelled = session.state == Session.CANCELLED
    if cancelled != (change.kind == "restored"):
        return [refuse("R-TIME-01", "session_cancelled" if cancelled else "session_not_cancelled", day=day, name=name)]
    if change.kind == "cancelled":
        return []
    found = list(_own(session, change, becomes, children, at))
    calendar = calendar_of(session.term)
    weekday = calendar.weekday_followed(becomes.on) or becomes.on.isoweekday()
    season = season_on(session.school, becomes.on)
    grades = frozenset(session.slot.activity.grades)
    dismissals = season.dismissals.filter(weekday=weekday, grade__in=grades) if season else ()
    others = (
        session.school.sessions.filter(on=becomes.on, state=Session.PLANNED)
        .exclude(pk=session.pk)
        .select_related("slot__activity", "room", "leader")
        .prefetch_related("slot__activity__helpers")
    )
    limit = parameters_on(becomes.on).time.max_end
    return found + list(
        refusals_to_meet(
            meeting_of(becomes, grades),
            calendar,
            dismissals={row.grade: row.at for row in dismissals},
            limit=latest_end(session.school, becomes.on, limit=limit),
            others=[*(meeting_of(one) for one in others), *elsewhere_that_day(becomes, weekday)],
            school=session.school.code,
        )
    )


def _own(session: Session, change: Change, becomes: Session, children: int, at: datetime) -> list[Refusal]:
    """Return what speaks against a change before anything else is looked at."""
    name, found = session.slot.activity.name, []
    same = all(getattr(session, key) == getattr(becomes, key) for key in ("on", "starts_at", "room_id", "leader_id"))
    if change.kind == "moved" and same:
        found.append(refuse("R-TIME-01", "moves_nowhere"))
    if change.kind == "substituted" and session.leader_id == becomes.leader_id:
        found.append(refuse("R-STAF-03", "leads_already", name=becomes.leader.name if becomes.leader else ""))
    if datetime.combine(becomes.on, becomes.starts_at, at.tzinfo) <= at:
        found.append(refuse("R-TIME-01", "day_in_the_past", day=day_name(becomes.on)))
    meets = session.slot.sessions.filter(on=becomes.on, state=Session.PLANNED).exclude(pk=session.pk)
    if becomes.on != session.on and meets.exists():
        found.append(refuse("R-TIME-01", "meets_already_that_day", name=name, day=day_name(becomes.on)))
    if becomes.room and children > becomes.room.capacity:
        facts = {"room": becomes.room.name, "holds": becomes.room.capacity, "children": children}
        found.append(refuse("R-GRP-01", "room_too_small_that_day", **facts))
    if becomes.leader and (no := refusal_to_schedule(becomes.leader, session.term, on=becomes.on)):
        found.append(no)
    if becomes.room and (change.kind == "restored" or becomes.room_id != session.room_id):
        safety = parameters_on(at.date()).safety
        shut = fitness_of(session.school, session.term, on=at.date(), safety=safety).refusal(becomes.room)
        found += [shut] if shut else []
    return found + refusals_of_leader(session, becomes)


def meeting_of(session: Session, grades: frozenset[int] = frozenset()) -> Meeting:
    """Return a session in the form that the rules read; its activity's helpers are there too."""
    people = ([session.leader] if session.leader else []) + list(session.slot.activity.helpers.all())
    return Meeting(
        what=session.slot.activity.name,
        on=session.on,
        span=ClockSpan(session.starts_at, session.ends_at),
        grades=grades,
        room=str(session.room_id) if session.room_id else None,
        room_name=session.room.name if session.room else "",
        leaders={str(one.pk): one.name for one in people},
    )


def _sessions_of(children: list[Pupil], on: date) -> list[tuple[int, Session]]:
    """Return (pupil id, session) for everything these children have on a day."""
    seats = _seats(on).filter(application__pupil__in=children).values_list("slot_id", "application__pupil_id")
    by_slot: dict[int, list[int]] = {}
    for slot, pupil in seats:
        by_slot.setdefault(slot, []).append(pupil)
    sessions = Session.objects.filter(slot_id__in=by_slot, on=on, state=Session.PLANNED)
    return [(pupil, session) for session in sessions for pupil in by_slot[session.slot_id]]


def _busy(becomes: Session, children: list[Pupil]) -> list[Pupil]:
    span = ClockSpan(becomes.starts_at, becomes.ends_at)
    taken = {
        pupil
        for pupil, other in _sessions_of(children, becomes.on)
        if other.pk != becomes.pk and span.overlaps(ClockSpan(other.starts_at, other.ends_at))
    }
    return [child for child in children if child.pk in taken]


def _only(session: Session, children: list[Pupil]) -> list[Pupil]:
    elsewhere = {pupil for pupil, other in _sessions_of(children, session.on) if other.pk != session.pk}
    return [child for child in children if child.pk not in elsewhere]


def _not_staying(session: Session, becomes: Session, children: list[Pupil]) -> list[Pupil]:
    """Return the children who have nothing else on the new day: they would stay because of the move."""
    if becomes.on == session.on:
        return []
    staying = {pupil for pupil, other in _sessions_of(children, becomes.on) if other.pk != session.pk}
    return [child for child in children if child.pk not in staying]
