"""Who is expected, who is here, who has gone: asked of a session, and of a school's whole afternoon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet

from kehou.chapters.allocation.models import Placement
from kehou.chapters.attendance.handing import Option, handing
from kehou.chapters.attendance.models import DayClosing, Leave, Mark, Register, Release
from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.people.models import Contact, Pupil
from kehou.chapters.schools.models import School
from kehou.chapters.timetable.models import Session
from kehou.lib.prepared import Prepared
from kehou.rules.attendance import MarkState, Way


@dataclass(frozen=True, slots=True)
class Child:
    """One row of a roll."""

    pupil: Pupil
    state: MarkState
    leave: str = ""  # the kind, when a leave was filed for the day
    health_note: str = ""  # only the session's own teacher sees it
    going_home: str = ""
    phone: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class GroupToday:
    """One session of the board: how many are expected and where they are."""

    session: Session
    expected: int
    counts: dict[MarkState, int]
    closed_at: datetime | None

    @property
    def unknown(self) -> int:
        """Return how many children nobody has spoken for."""
        return self.expected - sum(self.counts.values())

    @property
    def here(self) -> int:
        """Return how many were counted in."""
        return self.counts.get(MarkState.PRESENT, 0) + self.counts.get(MarkState.LATE, 0)


def seated(on: date) -> QuerySet[Placement]:
    """Return the placements that hold on a day and whose child's agreement is in force (R-AGR-01)."""
    enrolled = Enrolment.objects.filter(application=OuterRef("application"), from_on__lte=on, until_on__gt=on)
    return Placement.objects.filter(
        Exists(enrolled),
        from_on__lte=on,
        until_on__gt=on,
        application__pupil__state=Pupil.IN_SCHOOL,
    )


# What a guardian's first page asks of one child and one day (ADR 0014).
_SESSIONS = Prepared(
    lambda pupil, on: (
        Session.objects.filter(slot__in=seated(on).filter(application__pupil=pupil).values("slot"), on=on)
        .select_related("slot__activity__room", "slot__activity__homeroom", "room", "leader")
        .order_by("starts_at")
    ),
    pupil=int,
    on=date,
)
_MARKS = Prepared(
    lambda pupil, on: Mark.objects.filter(pupil=pupil, register__session__on=on).select_related("register"),
    pupil=int,
    on=date,
)
_LEAVE = Prepared(
    lambda pupil, on: Leave.objects.filter(pupil=pupil, on=on, withdrawn_at__isnull=True), pupil=int, on=date
)
_RELEASE = Prepared(lambda pupil, on: Release.objects.filter(pupil=pupil, on=on), pupil=int, on=date)


def starts(session: Session, tz: datetime) -> datetime:
    """Return the instant a session starts, in the zone of `tz`."""
    return datetime.combine(session.on, session.starts_at, tz.tzinfo)


def expected_in(session: Session) -> set[int]:
    """Return the ids of the children of a session, in one statement."""
    return set(seated(session.on).filter(slot_id=session.slot_id).values_list("application__pupil_id", flat=True))


WAYS = frozenset(way.value for way in Way)
_BY_CLASS_AND_NAME = (
    "application__pupil__homeroom__grade",
    "application__pupil__homeroom__number",
    "application__pupil__name_sort",
    "pk",
)


def states_of(session: Session) -> list[tuple[int, str, MarkState]]:
    """Return (pupil id, name, state) of a session's children in the roll's order, in three statements."""
    return states_in([session])[session.pk]


def states_in(sessions: Sequence[Session]) -> dict[int, list[tuple[int, str, MarkState]]]:
    """Return what `states_of` says of each of a day's sessions, by id: three statements whatever their number."""
    if not sessions:
        return {}
    on, slots = sessions[0].on, [session.slot_id for session in sessions]
    rows = seated(on).filter(slot_id__in=slots).order_by(*_BY_CLASS_AND_NAME)
    children: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for slot, pk, name in rows.values_list("slot_id", "application__pupil_id", "application__pupil__name"):
        children[slot].append((pk, name))
    found = Mark.objects.filter(register__session__in=[session.pk for session in sessions])
    marks = {
        (session, pk): state for session, pk, state in found.values_list("register__session_id", "pupil_id", "state")
    }
    leaves = dict(leaves_on(on, {pk for own in children.values() for pk, _ in own}).values_list("pupil_id", "kind"))
    return {
        session.pk: [
            (pk, name, MarkState(marks.get((session.pk, pk), _unmarked(pk, leaves))))
            for pk, name in children[session.slot_id]
        ]
        for session in sessions
    }


def roll(session: Session) -> list[Child]:
    """Return the children of a session in the order of classes and names, in five statements whatever the size."""
    rows = seated(session.on).filter(slot_id=session.slot_id).order_by(*_BY_CLASS_AND_NAME)
    seats = list(rows.select_related("application__pupil__homeroom", "application__current"))
    ids = [seat.application.pupil_id for seat in seats]
    marks = dict(Mark.objects.filter(register__session=session).values_list("pupil_id", "state"))
    leaves = dict(leaves_on(session.on, ids).values_list("pupil_id", "kind"))
    first = {row.pupil_id: row for row in Contact.objects.filter(pupil_id__in=ids).order_by("-turn")}
    return [
        Child(
            pupil=seat.application.pupil,
            state=MarkState(marks.get(seat.application.pupil_id, _unmarked(seat.application.pupil_id, leaves))),
            leave=leaves.get(seat.application.pupil_id, ""),
            health_note=seat.application.current.health_note if seat.application.current else "",
            going_home=seat.application.current.going_home if seat.application.current else "",
            phone=first[seat.application.pupil_id].phone if seat.application.pupil_id in first else "",
            who=first[seat.application.pupil_id].relation if seat.application.pupil_id in first else "",
        )
        for seat in seats
    ]


def _unmarked(pupil_id: int, leaves: dict[int, str]) -> MarkState:
    """A filed leave stands on the roll before anybody has tapped."""
    return MarkState.LEAVE if pupil_id in leaves else MarkState.UNKNOWN


def leaves_on(on: date, pupil_ids: Iterable[int]) -> QuerySet[Leave]:
    """Return the standing leaves of some children on a day."""
    return Leave.objects.filter(on=on, pupil_id__in=list(pupil_ids), withdrawn_at__isnull=True)


def groups_today(sessions: Iterable[Session]) -> list[GroupToday]:
    """Return the board's rows for sessions of one day, in four statements whatever their number."""
    sessions = list(sessions)
    if not sessions:
        return []
    on, ids = sessions[0].on, [session.pk for session in sessions]
    by_slot: dict[int, set[int]] = defaultdict(set)
    seats = seated(on).filter(slot_id__in=[session.slot_id for session in sessions])
    for slot, pupil in seats.values_list("slot_id", "application__pupil_id"):
        by_slot[slot].add(pupil)
    counted: dict[int, dict[int, str]] = defaultdict(dict)
    for session, pupil, state in Mark.objects.filter(register__session__in=ids).values_list(
        "register__session_id", "pupil_id", "state"
    ):
        counted[session][pupil] = state
    # By school, not by child: a list of two thousand children takes longer to say than its few leaves to find.
    leaves = Leave.objects.filter(on=on, withdrawn_at=None, pupil__school__in={one.school_id for one in sessions})
    away = set(leaves.values_list("pupil_id", flat=True))
    closed = dict(Register.objects.filter(session__in=ids).values_list("session_id", "closed_at"))
    return [
        _group(session, by_slot[session.slot_id], counted[session.pk], away, closed.get(session.pk))
        for session in sessions
    ]


def _group(
    session: Session, expected: set[int], marks: dict[int, str], away: set[int], closed_at: datetime | None
) -> GroupToday:
    counts: dict[MarkState, int] = defaultdict(int)
    for pupil in expected:
        if pupil in marks:
            counts[MarkState(marks[pupil])] += 1
        elif pupil in away:
            counts[MarkState.LEAVE] += 1
    return GroupToday(session, len(expected), dict(counts), closed_at)


def sessions_on(school: School, on: date) -> QuerySet[Session]:
    """Return a school's sessions of a day that are to be held, in the order in which they begin."""
    return (
        school.sessions.filter(on=on, state="planned")
        .select_related("slot__activity__homeroom", "room", "leader")
        .order_by("starts_at", "slot__activity__name")
    )


def counted_in(school: School, on: date) -> QuerySet[Pupil]:
    """Return the children of a school who were marked present or late in any session of a day.

    The marks of the day are found once: asked of each child anew, a school of 1,900 takes twenty times as long.
    """
    here = Mark.objects.filter(
        register__session__on=on, register__session__school=school, state__in=("present", "late")
    )
    return school.pupils.filter(pk__in=here.values("pupil_id"))


def on_site(school: School, on: date) -> QuerySet[Pupil]:
    """Return the children who were counted in and not yet handed over."""
    return counted_in(school, on).exclude(releases__on=on).select_related("homeroom")


class Leaving(NamedTuple):
    """A child on the release list, for sorting and counting: nothing but what that takes."""

    pupil_id: int
    name: str
    name_sort: str
    ends_at: time
    going_home: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Departure:
    """One row of the release list."""

    pupil: Pupil
    ends_at: time
    going_home: str
    release: Release | None
    options: list[Option]

    @property
    def expected(self) -> Option | None:
        """Return the first option of the way the family chose."""
        return next((option for option in self.options if option.way.value == self.going_home), None)

    @property
    def way_title(self) -> str:
        """Return how the child goes, or went, in words; empty where nobody has said."""
        way = self.release.way if self.release else self.going_home
        return Way(way).label if way in WAYS else ""


def leaving(school: School, on: date, *, slot_ids: Iterable[int] | None = None) -> list[Leaving]:
    """Return the counted-in children, who is still here first, then by the end of their last session.

    `slot_ids` narrows to the children of some groups. Three statements whatever the size.
    """
    pupils = counted_in(school, on)
    seats = seated(on).filter(slot__sessions__on=on, slot__sessions__school=school, slot__sessions__state="planned")
    if slot_ids is not None:
        pupils = pupils.filter(pk__in=seats.filter(slot_id__in=list(slot_ids)).values("application__pupil_id"))
    last: dict[int, tuple[time, str]] = {}
    for pupil, ends_at, home in seats.values_list(
        "application__pupil_id", "slot__sessions__ends_at", "application__current__going_home"
    ):
        if pupil not in last or ends_at > last[pupil][0]:
            last[pupil] = (ends_at, home or "")
    gone = set(Release.objects.filter(school=school, on=on).values_list("pupil_id", flat=True))
    children = pupils.order_by("homeroom__grade", "homeroom__number", "name_sort").values_list(
        "pk", "name", "name_sort"
    )
    rows = [Leaving(*child, *last.get(child[0], (time(18, 30), "")), child[0] in gone) for child in children]
    return sorted(rows, key=lambda row: (row.is_gone, row.ends_at))


def departures(rows: Sequence[Leaving], on: date) -> list[Departure]:
    """Return rows of the release list with the child, its hand-over and who may take it, in a few statements."""
    ids = [row.pupil_id for row in rows]
    if not ids:
        return []
    pupils = Pupil.objects.filter(pk__in=ids).select_related("homeroom", "school").in_bulk()
    gone = {release.pupil_id: release for release in Release.objects.filter(pupil__in=ids, on=on)}
    options = handing(pupils[ids[0]].school, ids, on)
    return [
        Departure(pupils[pk], row.ends_at, row.going_home, gone.get(pk), options[pk])
        for pk, row in zip(ids, rows, strict=True)
    ]


def is_closed(school: School, on: date) -> DayClosing | None:
    """Return the day's closing, or None while the day is open."""
    return DayClosing.objects.filter(school=school, on=on).first()


def has_service_on(pupil: Pupil, on: date) -> bool:
    """Return whether the child has a session on a day."""
    return (
        seated(on)
        .filter(application__pupil=pupil, slot__sessions__on=on, slot__sessions__state="planned")
        .annotate(day=F("slot__sessions__on"))
        .exists()
    )


def afternoon_of(pupil: Pupil, on: date) -> list[tuple[Session, MarkState]]:
    """Return a child's sessions of a day with where the child is in each, in order: the card “今天”."""
    sessions = _SESSIONS.rows(pupil=pupil.pk, on=on)
    marks = {mark.register.session_id: mark.state for mark in _MARKS.rows(pupil=pupil.pk, on=on)}
    unmarked = MarkState.LEAVE if is_away(pupil, on) else MarkState.UNKNOWN
    return [(session, MarkState(marks.get(session.pk, unmarked))) for session in sessions]


def is_away(pupil: Pupil, on: date) -> bool:
    """Return whether a leave that stands was filed for a child and a day."""
    return _LEAVE.first(pupil=pupil.pk, on=on) is not None


def release_of(pupil: Pupil, on: date) -> Release | None:
    """Return how a child left on a day, or None."""
    return _RELEASE.first(pupil=pupil.pk, on=on)
