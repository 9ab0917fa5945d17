"""What may become a rule of the district, from when, and on what ground."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kehou.rules.spans import Span
from kehou.rules.verdicts import Refusal, refuse

WEEKDAYS_OFF_THE_TIMETABLE = (6, 7)


def refusal_of_start(from_on: date, *, today: date) -> Refusal | None:
    """Return why a value may not begin on that day: what has been lived by stands (R-BASIS-03)."""
    if from_on < today:
        return refuse("R-BASIS-03", "starts_in_the_past", day=from_on, today=today)
    return None


def refusal_without_ground(
    *, instrument: str, valid: Span | None, approval_reference: str, from_on: date
) -> Refusal | None:
    """Return why a value may not be put in force: it needs an instrument that holds and an approval (R-BASIS-01, -02).

    `instrument` is its title, empty when none was named; `valid` the days on which it holds.
    """
    if not instrument or valid is None:
        return refuse("R-BASIS-01", "without_instrument")
    if from_on not in valid:
        return refuse("R-BASIS-01", "instrument_not_valid", instrument=instrument, day=from_on)
    if not approval_reference.strip():
        return refuse("R-BASIS-02", "without_approval")
    return None


def refusal_of_term(term: Span, service: Span, *, others: Iterable[tuple[str, Span]]) -> Refusal | None:
    """Return why a term cannot have these days: it overlaps another, or the service lies outside it (R-TIME-01)."""
    if term.start == term.end or service.start == service.end:
        return refuse("R-TIME-01", "term_is_empty")
    if service.meet(term) != service:
        return refuse("R-TIME-01", "service_outside_term")
    for name, other in others:
        if term.overlaps(other):
            return refuse("R-TIME-01", "terms_overlap", other=name)
    return None


def refusal_of_day(on: date, *, kind: str, follows: int | None) -> Refusal | None:
    """Return why a day of the calendar cannot be so: a swap day is a weekend day that follows a weekday (R-TIME-01)."""
    weekend = on.isoweekday() in WEEKDAYS_OFF_THE_TIMETABLE
    if kind == "school":
        if not weekend:
            return refuse("R-TIME-01", "swap_on_a_weekday", day=on)
        if follows is None or not 1 <= follows <= 5:
            return refuse("R-TIME-01", "swap_follows_no_weekday", day=on)
    elif kind == "worked" and not weekend:
        return refuse("R-TIME-01", "worked_on_a_weekday", day=on)
    return None


def refusal_of_closure(span: Span, *, reason: str, today: date) -> Refusal | None:
    """Return why lessons cannot be called off so: days that are over stay as they were, families must read why."""
    if span.start == span.end:
        return refuse("R-TIME-01", "closure_is_empty")
    if not reason.strip():
        return refuse("R-TIME-01", "closure_without_reason")
    if span.start < today:
        return refuse("R-TIME-01", "closure_in_the_past", day=span.start)
    return None
