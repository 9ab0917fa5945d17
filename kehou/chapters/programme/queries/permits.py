"""What schools ask the district to allow, and what it allows."""

from __future__ import annotations

from django.db.models import Case, Q, QuerySet, When

from kehou.chapters.basis.models import Term
from kehou.chapters.programme.models import Permit
from kehou.chapters.schools.models import School
from kehou.rules.permits import Granted, PermitKind, Trip, wording_of
from kehou.rules.states import PermitState


def granted_to(school: School, term: Term) -> Granted:
    """Return what the district allows a school in a term: one query."""
    wordings, trips = set(), []
    for one in Permit.objects.filter(school=school, term=term, state=PermitState.GRANTED.value):
        if one.kind == PermitKind.WORDING:
            wordings.add(wording_of(one.name, one.aim))
        elif one.room_id is not None:
            trips.append(trip_in(one))
    return Granted(frozenset(wordings), tuple(trips))


def trip_in(permit: Permit) -> Trip:
    """Return the trip as it was asked for."""
    weekdays, grades = frozenset(permit.weekdays), frozenset(permit.grades)
    return Trip(permit.name, permit.room_id or 0, weekdays, grades, permit.pupils)


def permits_of(school: School, term: Term, *, text: str = "") -> QuerySet[Permit]:
    """Return what a school asked in a term, newest first."""
    rows = Permit.objects.filter(school=school, term=term).select_related("room", "activity", "school", "term")
    return _found(rows, text).order_by("-asked_at", "-pk")


def permits_of_district(term: Term, *, text: str = "", state: str = "", kind: str = "") -> QuerySet[Permit]:
    """Return what all schools asked in a term: what waits first, then the newest."""
    rows = Permit.objects.filter(term=term).select_related("school", "room")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(kind=kind) if kind else rows
    rows = _found(rows, text, Q(school__name__icontains=text))
    waits = Case(When(state=PermitState.ASKED.value, then=0), default=1)
    return rows.order_by(waits, "-asked_at", "-pk")


def _found(rows: QuerySet[Permit], text: str, *more: Q) -> QuerySet[Permit]:
    if not text:
        return rows
    words = Q(name__icontains=text) | Q(reason__icontains=text)
    for one in more:
        words |= one
    return rows.filter(words)
