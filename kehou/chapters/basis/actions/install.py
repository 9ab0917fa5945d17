"""What a fresh installation knows: the instruments behind the policy, the terms and their calendars."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.actions.calendar import add_term, set_day
from kehou.chapters.basis.actions.instruments import add_instrument
from kehou.chapters.basis.actions.shipped import HOLIDAY_NAMES, INSTRUMENTS, PROVISIONAL, TERMS
from kehou.chapters.basis.models import CalendarDay, Instrument, Term
from kehou.lib.actors import Actor
from kehou.rules.known_calendars import HOLIDAYS


@transaction.atomic
def install_defaults(*, by: Actor, at: datetime) -> dict[str, int]:
    """Install instruments, terms and days that are not there yet; return how many of each. Safe to run again.

    Parameters need no installation: the shipped default of each holds until the district decides otherwise.
    """
    return {"instruments": install_instruments(by=by, at=at), **install_calendars(by=by, at=at)}


@transaction.atomic
def install_instruments(*, by: Actor, at: datetime) -> int:
    """Put the shipped instruments on the shelf; return how many were missing."""
    there = set(Instrument.objects.values_list("number", flat=True))
    missing = [one for one in INSTRUMENTS if one["number"] not in there]
    for one in missing:
        add_instrument(**one, by=by, at=at)
    return len(missing)


@transaction.atomic
def install_calendars(*, by: Actor, at: datetime) -> dict[str, int]:
    """Add the shipped terms and their days; days that somebody has edited are left as they are."""
    codes = set(Term.objects.values_list("code", flat=True))
    terms = [one for one in TERMS if one.code not in codes]
    for one in terms:
        add_term(
            one.code,
            name=one.calendar.name,
            school_year=one.school_year,
            term=one.calendar.teaching,
            service=one.calendar.service,
            by=by,
            at=at,
        )
    there = set(CalendarDay.objects.values_list("on", flat=True))
    swaps = {on: weekday for one in TERMS for on, weekday in one.calendar.swap_days.items()}
    days = 0
    for on in sorted((HOLIDAYS.off | HOLIDAYS.worked) - there):
        follows = swaps.get(on)
        kind = CalendarDay.OFF if on in HOLIDAYS.off else CalendarDay.SCHOOL if follows else CalendarDay.WORKED
        name = _holiday_name(on.isoformat()) + ("" if kind == CalendarDay.OFF else "调休")
        set_day(on, kind=kind, name=name, follows=follows, provisional=on in PROVISIONAL, by=by, at=at)
        days += 1
    return {"terms": len(terms), "days": days}


def _holiday_name(on: str) -> str:
    """Return the holiday to which a day belongs: the shipped list is by first and last day, swap days included."""
    return next((name for first, last, name in HOLIDAY_NAMES if first <= on <= last), "节假日")
