"""The window in which families choose: opened behind the gate, moved later only."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.models import ChangeWindow, Registration
from kehou.chapters.journal import actions as journal
from kehou.chapters.planning.queries import refusal_before_clearance, refusal_before_registration
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules import enrolling
from kehou.rules.spans import Span
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


def refusals_to_open(
    school: School, term: Term, *, opens_at: datetime, closes_at: datetime, method: str, at: datetime
) -> list[Refusal]:
    """Return why the registration may not be opened now: what the button says before it is pressed."""
    table = queries.publication_of(school, term)
    opening = enrolling.Opening(
        opens_at=opens_at,
        closes_at=closes_at,
        service=Span(term.service_from_on, term.service_until_on),
        method=method,
        gate=refusal_before_clearance(school, term, of="registration"),
        table_published_at=table.published_at if table else None,
        already_open=Registration.objects.filter(school=school, term=term).exists(),
    )
    days = parameters_on(at.date()).gate.windows.table_published
    asked = refusal_before_registration(school, term, at)
    return [*([asked] if asked else []), *enrolling.refusals_to_open(opening, at=at, table_days=days)]


@transaction.atomic
def open_registration(
    school: School, term: Term, *, opens_at: datetime, closes_at: datetime, method: str, by: Actor, at: datetime
) -> Registration:
    """Let the families of a school choose from `opens_at` until `closes_at`, by a method named now (R-ALLOC-01).

    :raises Refused: R-GATE-00 before the filing, R-GATE-02 without a table long enough in public, R-ENR-01
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    insist(*refusals_to_open(school, term, opens_at=opens_at, closes_at=closes_at, method=method, at=at))
    table = queries.publication_of(school, term)
    assert table is not None  # else it would have been refused
    registration = Registration.objects.create(
        school=school,
        term=term,
        opens_at=opens_at,
        closes_at=closes_at,
        method=method,
        table=table,
        opened_by=str(by),
        opened_at=at,
    )
    journal.write(
        "enrolment.registration_opened",
        about=registration,
        by=by,
        at=at,
        school_code=school.code,
        opens_at=opens_at.isoformat(),
        closes_at=closes_at.isoformat(),
        method=method,
    )
    return registration


@transaction.atomic
def extend_registration(
    registration: Registration, *, until: datetime, reason: str, by: Actor, at: datetime
) -> Registration:
    """Move the deadline later. :raises Refused: R-GATE-02 to an earlier hour, R-ALLOC-02 once the choices are frozen"""
    row = Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)
    insist(enrolling.refusal_to_extend(closes_at=row.closes_at, until=until, frozen_at=row.frozen_at, at=at))
    was, row.closes_at = row.closes_at, until
    row.save(update_fields=["closes_at"])
    journal.write(
        "enrolment.registration_extended",
        about=row,
        by=by,
        at=at,
        school_code=by.school_code,
        was=was.isoformat(),
        until=until.isoformat(),
        reason=reason,
    )
    return row


@transaction.atomic
def freeze(registration: Registration, *, by: Actor, at: datetime) -> None:
    """Settle the choices: from now on no family can write a version. Called by the draw.

    :raises Refused: R-ALLOC-02 when they are settled already, R-FLOW-01 before the deadline has passed by a minute
    """
    # A minute of grace: a submission that began in the last second has been written or has failed by then, so that
    # nobody with a receipt is missing from what is frozen.
    if (at - registration.closes_at).total_seconds() < 60:
        raise Refused(refuse("R-FLOW-01", "freeze_before_deadline", closes=enrolling.said(registration.closes_at)))
    if not Registration.objects.filter(pk=registration.pk, frozen_at=None).update(frozen_at=at):
        raise Refused(refuse("R-ALLOC-02", "frozen_already"))
    registration.frozen_at = at
    journal.write("enrolment.choices_frozen", about=registration, by=by, at=at, school_code=registration.school.code)


def admit_late(registration: Registration, until: datetime | None) -> None:
    """Let families that took no part in the draw apply until an hour, or no longer (None). Called by the refill round,
    which writes the journal.
    """
    Registration.objects.filter(pk=registration.pk).update(late_until_at=until)
    registration.late_until_at = until


@transaction.atomic
def open_change_window(
    registration: Registration, *, name: str, from_on: date, until_on: date, by: Actor, at: datetime
) -> ChangeWindow:
    """Let enrolled families take other days from a day until a day (first day outside): trial weeks, mid-term (2.2-i).

    :raises Refused: R-ENR-01 when the span is empty or leaves the service
    """
    term = registration.term
    if not term.service_from_on <= from_on < until_on <= term.service_until_on:
        raise Refused(refuse("R-ENR-01", "change_window_outside_the_service"))
    window = ChangeWindow.objects.create(
        registration=registration, name=name, from_on=from_on, until_on=until_on, opened_by=str(by), opened_at=at
    )
    journal.write(
        "enrolment.change_window_opened",
        about=window,
        by=by,
        at=at,
        school_code=registration.school.code,
        from_on=from_on.isoformat(),
        until_on=until_on.isoformat(),
    )
    return window
