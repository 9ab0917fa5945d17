"""The district changes the calendar; every school's sessions follow in the background, and families are told.

A closure is a decision of the district about days, not an edit of a school's record (R-ACC-02): what a hand at the
school has moved or cancelled stays as it is.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis.models import CalendarDay, Closure, Instrument, Term
from kehou.chapters.planning.queries import is_cleared
from kehou.chapters.schools.models import School
from kehou.chapters.timetable.actions.making import follow_closures, make_sessions
from kehou.chapters.timetable.queries.wanted import table_in_force
from kehou.lib import jobs
from kehou.lib.actors import Actor
from kehou.rules.spans import DAY, Span


@jobs.task(retries=3)
def follow_calendar(report: jobs.Progress, *, school: str, term: str) -> dict[str, int]:
    """Bring the sessions of one school in line with the calendar as it is now; safe to run again."""
    place, semester = School.objects.get(code=school), Term.objects.get(code=term)
    # While the table is being changed or the filing is withdrawn nothing new is made, but closed days are closed.
    public = table_in_force(place, semester) and is_cleared(place, semester)
    outcome = (make_sessions if public else follow_closures)(place, semester, by=report.by, at=report.at)
    counts = {"made": outcome.made, "cancelled": len(outcome.cancelled), "restored": len(outcome.restored)}
    return counts | {"kept": len(outcome.kept)}


def _ask(span: Span, *, school_code: str, by: Actor, at: datetime) -> int:
    """Ask for one job for each school that has sessions in a term which the days touch; return how many."""
    terms = Term.objects.filter(until_on__gt=span.start)
    if span.end is not None:
        terms = terms.filter(from_on__lt=span.end)
    asked = 0
    for term in terms:
        schools = School.objects.filter(sessions__term=term).distinct().order_by("code")
        for school in schools.filter(code=school_code) if school_code else schools:
            jobs.ask(
                follow_calendar,
                key=f"calendar:{school.code}:{term.code}:{at.isoformat()}",
                title="按校历核对课次",
                by=by,
                at=at,
                school_code=school.code,
                school=school.code,
                term=term.code,
            )
            asked += 1
    return asked


@transaction.atomic
def declare_closure(span: Span, *, reason: str, by: Actor, at: datetime, school_code: str = "") -> Closure:
    """Call off lessons on some days; sessions are cancelled with the reason and families told, soon after.

    :raises Refused: R-TIME-01 as `basis.declare_closure`
    """
    closure = basis.declare_closure(span, reason=reason, by=by, at=at, school_code=school_code)
    _ask(span, school_code=school_code, by=by, at=at)
    return closure


@transaction.atomic
def lift_closure(closure: Closure, *, by: Actor, at: datetime) -> Closure:
    """Take a closure back; the sessions it cancelled are held again. :raises Refused: R-TIME-01"""
    span = Span(closure.from_on, closure.until_on)
    closure = basis.lift_closure(closure, by=by, at=at)
    _ask(span, school_code=closure.school_code, by=by, at=at)
    return closure


@transaction.atomic
def set_day(
    on: date, *, kind: str, name: str, by: Actor, at: datetime, follows: int | None = None, provisional: bool = False
) -> CalendarDay:
    """Say what a day is, and let the sessions follow. :raises Refused: R-TIME-01 as `basis.set_day`"""
    day = basis.set_day(on, kind=kind, name=name, follows=follows, provisional=provisional, by=by, at=at)
    _ask(Span(on, on + DAY), school_code="", by=by, at=at)
    return day


@transaction.atomic
def remove_day(on: date, *, by: Actor, at: datetime) -> bool:
    """Let a day be what its weekday says, and let the sessions follow; return whether it was anything else."""
    removed = basis.remove_day(on, by=by, at=at)
    if removed:
        _ask(Span(on, on + DAY), school_code="", by=by, at=at)
    return removed


@transaction.atomic
def take_notice(
    days: list[basis.DayRow], *, by: Actor, at: datetime, instrument: Instrument | None = None
) -> tuple[int, int]:
    """Write the days of a holiday notice, and let the sessions follow; return how many are new and how many changed."""
    counts = basis.take_notice(days, instrument=instrument, by=by, at=at)
    if any(counts):
        changed = [day.on for day in days if day.becomes != "same"]
        _ask(Span(min(changed), max(changed) + DAY), school_code="", by=by, at=at)
    return counts


@transaction.atomic
def edit_term(row: Term, *, name: str, term: Span, service: Span, by: Actor, at: datetime) -> Term:
    """Move the days of a semester, and let the sessions follow. :raises Refused: R-TIME-01 as `basis.edit_term`"""
    row = basis.edit_term(row, name=name, term=term, service=service, by=by, at=at)
    _ask(term, school_code="", by=by, at=at)
    return row
