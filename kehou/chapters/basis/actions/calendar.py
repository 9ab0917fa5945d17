"""Terms, days that are not what their weekday says, and days without lessons."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kehou.chapters.basis.models import CalendarDay, Closure, Instrument, Term
from kehou.chapters.journal import actions as journal
from kehou.lib.actors import Actor
from kehou.rules.basis import refusal_of_closure, refusal_of_day, refusal_of_term
from kehou.rules.spans import Span
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def add_term(code: str, *, name: str, school_year: int, term: Span, service: Span, by: Actor, at: datetime) -> Term:
    """Add a semester with the window of its service. :raises Refused: R-TIME-01 for days that cannot be"""
    insist(
        refuse("R-TIME-01", "term_code_taken", term=code) if Term.objects.filter(code=code).exists() else None,
        refusal_of_term(term, service, others=_other_terms()),
    )
    made = Term.objects.create(code=code, name=name, school_year=school_year, **_columns(term, service))
    journal.write("basis.term_added", about=made, by=by, at=at, code=code, **_said(term, service))
    return made


@transaction.atomic
def edit_term(row: Term, *, name: str, term: Span, service: Span, by: Actor, at: datetime) -> Term:
    """Move the days of a semester or rename it. :raises Refused: R-TIME-01 for days that cannot be"""
    row = Term.objects.select_for_update(no_key=True).get(pk=row.pk)
    insist(refusal_of_term(term, service, others=_other_terms(besides=row)))
    was = _said(Span(row.from_on, row.until_on), Span(row.service_from_on, row.service_until_on))
    row.name = name
    for column, day in _columns(term, service).items():
        setattr(row, column, day)
    row.save()
    journal.write("basis.term_edited", about=row, by=by, at=at, was=was, **_said(term, service))
    return row


def _other_terms(besides: Term | None = None) -> list[tuple[str, Span]]:
    rows = Term.objects.exclude(pk=besides.pk) if besides else Term.objects.all()
    return [(row.name, Span(row.from_on, row.until_on)) for row in rows]


def _columns(term: Span, service: Span) -> dict[str, date | None]:
    return {
        "from_on": term.start,
        "until_on": term.end,
        "service_from_on": service.start,
        "service_until_on": service.end,
    }


def _said(term: Span, service: Span) -> dict[str, str]:
    return {column: str(day) for column, day in _columns(term, service).items()}


# --- Days -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_day(
    on: date,
    *,
    kind: str,
    name: str,
    by: Actor,
    at: datetime,
    follows: int | None = None,
    instrument: Instrument | None = None,
    provisional: bool = False,
) -> CalendarDay:
    """Say what a day is: `off`, `school` after the timetable of a weekday (ISO 1–5), or `worked` without lessons.

    :raises Refused: R-TIME-01 for a day that cannot be so
    """
    insist(refusal_of_day(on, kind=kind, follows=follows))
    day, _ = CalendarDay.objects.update_or_create(
        on=on,
        defaults={
            "kind": kind,
            "follows_weekday": follows if kind == CalendarDay.SCHOOL else None,
            "name": name,
            "instrument": instrument,
            "provisional": provisional,
        },
    )
    journal.write("basis.day_set", about=day, by=by, at=at, on=str(on), kind=kind, follows=follows)
    return day


@transaction.atomic
def remove_day(on: date, *, by: Actor, at: datetime) -> bool:
    """Let a day be again what its weekday says; return whether it was anything else."""
    day = CalendarDay.objects.select_for_update(no_key=True).filter(on=on).first()
    if day is None:
        return False
    journal.write("basis.day_removed", about=day, by=by, at=at, on=str(on), kind=day.kind)
    day.delete()
    return True


# --- Closures ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def declare_closure(span: Span, *, reason: str, by: Actor, at: datetime, school_code: str = "") -> Closure:
    """Call off lessons on some days, of one school or (`school_code` empty) of all.

    :raises Refused: R-TIME-01 for days that are over, or without a reason
    """
    insist(refusal_of_closure(span, reason=reason, today=at.date()))
    assert span.end is not None  # a closure without an end is refused
    closure = Closure.objects.create(
        school_code=school_code,
        from_on=span.start,
        until_on=span.end,
        reason=reason.strip(),
        approved_by=str(by),
        approved_at=at,
    )
    journal.write(
        "basis.closure_declared", about=closure, by=by, at=at, school_code=school_code, from_on=str(span.start),
        until_on=str(span.end), reason=closure.reason,
    )  # fmt: skip
    return closure


@transaction.atomic
def lift_closure(closure: Closure, *, by: Actor, at: datetime) -> Closure:
    """Take a closure back. Once it has begun, the days that are over stay closed and the rest is school again.

    :raises Refused: R-TIME-01 if it is over, or lifted by somebody else
    """
    closure = Closure.objects.select_for_update(no_key=True).get(pk=closure.pk)
    today = at.date()
    if closure.lifted_at is not None:
        raise Refused(refuse("R-TIME-01", "closure_lifted_already", who=closure.lifted_by))
    if closure.until_on <= today:
        raise Refused(refuse("R-TIME-01", "closure_is_over"))
    if closure.from_on < today:
        closure.until_on = today
        closure.save(update_fields=["until_on"])
    else:
        closure.lifted_by, closure.lifted_at = str(by), at
        closure.save(update_fields=["lifted_by", "lifted_at"])
    journal.write("basis.closure_lifted", about=closure, by=by, at=at, school_code=closure.school_code)
    return closure
