"""Changing days and leaving: nothing is asked of the family, the next service day is the day it takes effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.actions.agreements import next_service_day
from kehou.chapters.enrolment.models import Agreement, Application, EnrolledDay, Enrolment, Exit
from kehou.chapters.journal import actions as journal
from kehou.lib.actors import Actor
from kehou.rules import enrolling
from kehou.rules.choice import refusal_of_mixed
from kehou.rules.verdicts import insist


@transaction.atomic
def leave(enrolment: Enrolment, *, by: Actor, at: datetime, reason: str = "", effective_on: date | None = None) -> Exit:
    """End the enrolment from the next service day on. Leaving twice is the same exit (2.1-b: withdrawal any time).

    `effective_on`: the first day without a child who has left the school, which may be past. Seats and money are freed
    by the chapters that hold them: see `allocation.leave`.

    :raises Refused: R-ENR-01 when no service day is left
    """
    held = Enrolment.objects.select_for_update(no_key=True).select_related("application__registration__term")
    enrolment = held.get(pk=enrolment.pk)
    if standing := Exit.objects.filter(enrolment=enrolment).first():
        return standing
    if effective_on is None:
        effective_on = exit_day(enrolment, at.date())
    else:
        effective_on = max(effective_on, enrolment.from_on)
    insist(
        enrolling.refusal_to_leave(from_on=enrolment.from_on, until_on=enrolment.until_on, effective_on=effective_on)
    )
    assert effective_on is not None
    _end_days(enrolment, effective_on)
    Enrolment.objects.filter(pk=enrolment.pk).update(until_on=effective_on)
    Application.objects.filter(pk=enrolment.application_id).update(state="ended")
    Agreement.objects.filter(pk=enrolment.agreement_id).update(state="ended")
    left = Exit.objects.create(
        enrolment=enrolment, effective_on=effective_on, reason=reason[:30], asked_by=str(by), asked_at=at
    )
    journal.write(
        "enrolment.left",
        about=left,
        by=by,
        at=at,
        school_code=enrolment.school.code,
        pupil=enrolment.pupil_id,
        effective_on=effective_on.isoformat(),
    )
    return left


def exit_day(enrolment: Enrolment, today: date) -> date | None:
    """Return from which day on the child would not take part any more if the family left today."""
    following = next_service_day(enrolment.application.registration, after=today)
    return None if following is None else max(following, enrolment.from_on)


@transaction.atomic
def change_days(
    enrolment: Enrolment, becomes: Mapping[int, int], *, by: Actor, at: datetime, drawn: bool = False
) -> list[EnrolledDay]:
    """Change weekdays and hours (ISO weekday → hours) from the next service day on.

    Less is possible at any time, more only in a change window and where the table offers it (2.2-i), or where a refill
    round has given it (`drawn`). The seats are the allocation's: it calls this with what can be served.

    :raises Refused: R-ENR-01
    """
    enrolment = (
        Enrolment.objects.select_for_update(no_key=True)
        .select_related("application__registration__term", "pupil__homeroom")
        .get(pk=enrolment.pk)
    )
    registration = enrolment.application.registration
    effective_on = exit_day(enrolment, at.date())
    insist(
        enrolling.refusal_to_leave(from_on=enrolment.from_on, until_on=enrolment.until_on, effective_on=effective_on)
    )
    assert effective_on is not None
    was = hours_on(enrolment, effective_on)
    insist(
        enrolling.refusal_to_change(
            was, becomes, in_window=drawn or queries.change_window_on(registration, at.date()) is not None,
            most_hours=queries.offer_for(registration, enrolment.pupil.homeroom.grade).most_hours,
        ),
        refusal_of_mixed(becomes.values(), mixed=queries.terms_of(registration).mixed_hours),
    )  # fmt: skip
    made = _replace_days(enrolment, was, becomes, effective_on)
    changed = {
        "was": {str(weekday): hours for weekday, hours in sorted(was.items())},
        "becomes": {str(weekday): hours for weekday, hours in sorted(becomes.items())},
        "effective_on": effective_on.isoformat(),
    }
    code = enrolment.school.code
    journal.write("enrolment.days_changed", about=enrolment, by=by, at=at, school_code=code, **changed)
    return made


def _replace_days(
    enrolment: Enrolment, was: Mapping[int, int], becomes: Mapping[int, int], effective_on: date
) -> list[EnrolledDay]:
    """End the weekdays that differ and begin those that go on with other hours; return the new ones."""
    changed = {weekday for weekday in was.keys() | becomes.keys() if was.get(weekday) != becomes.get(weekday)}
    _end_days(enrolment, effective_on, changed)
    return EnrolledDay.objects.bulk_create(
        EnrolledDay(
            enrolment=enrolment, weekday=weekday, hours=becomes[weekday], from_on=effective_on,
            until_on=enrolment.until_on,
        )
        for weekday in sorted(changed & becomes.keys())
    )  # fmt: skip


def hours_on(enrolment: Enrolment, on: date) -> dict[int, int]:
    """Return the class hours by ISO weekday that hold on a day."""
    rows = enrolment.days.filter(from_on__lte=on, until_on__gt=on)
    return dict(rows.values_list("weekday", "hours"))


def _end_days(enrolment: Enrolment, on: date, weekdays: set[int] | None = None) -> None:
    """End the spans that reach beyond a day; those that have not begun yet are taken back."""
    days = enrolment.days.filter(until_on__gt=on)
    if weekdays is not None:
        days = days.filter(weekday__in=weekdays)
    days.filter(from_on__gte=on).delete()
    days.update(until_on=on)
