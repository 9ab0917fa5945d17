"""The shelf of legal instruments on which everything rests (clause 0-a)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kehou.chapters.basis.models import Instrument
from kehou.chapters.journal import actions as journal
from kehou.lib.actors import Actor
from kehou.rules.choice import digest
from kehou.rules.verdicts import Refusal, insist, refuse


@transaction.atomic
def add_instrument(
    number: str,
    *,
    title: str,
    issuer: str,
    issued_on: date,
    by: Actor,
    at: datetime,
    valid_from_on: date | None = None,
    valid_until_on: date | None = None,
    note: str = "",
) -> Instrument:
    """Put an instrument on the shelf. :raises Refused: R-BASIS-01 if its number is there or its days are reversed"""
    valid_from_on = valid_from_on or issued_on
    insist(
        refuse("R-BASIS-01", "instrument_twice", number=number)
        if Instrument.objects.filter(number=number).exists()
        else None,
        _refusal_of_validity(valid_from_on, valid_until_on),
    )
    instrument = Instrument.objects.create(
        number=number,
        title=title,
        issuer=issuer,
        issued_on=issued_on,
        valid_from_on=valid_from_on,
        valid_until_on=valid_until_on,
        note=note,
    )
    journal.write("basis.instrument_added", about=instrument, by=by, at=at, number=number)
    return instrument


@transaction.atomic
def edit_instrument(
    instrument: Instrument,
    *,
    title: str,
    issuer: str,
    issued_on: date,
    valid_from_on: date,
    valid_until_on: date | None,
    by: Actor,
    at: datetime,
    note: str = "",
    seen: str = "",
) -> Instrument:
    """Correct an instrument, or note the day it loses force; the number stays.

    `seen` is `instrument_version` of what the editor saw; without it, what stands is replaced.

    :raises Refused: R-BASIS-01, also when somebody else has corrected it since
    """
    instrument = Instrument.objects.select_for_update(no_key=True).get(pk=instrument.pk)
    insist(
        refuse("R-BASIS-01", "instrument_changed_meanwhile", number=instrument.number)
        if seen and seen != instrument_version(instrument)
        else None,
        _refusal_of_validity(valid_from_on, valid_until_on),
    )
    was = {"title": instrument.title, "until": str(instrument.valid_until_on or "")}
    instrument.title, instrument.issuer, instrument.issued_on = title, issuer, issued_on
    instrument.valid_from_on, instrument.valid_until_on, instrument.note = valid_from_on, valid_until_on, note
    instrument.save()
    journal.write("basis.instrument_edited", about=instrument, by=by, at=at, was=was, until=str(valid_until_on or ""))
    return instrument


def instrument_version(instrument: Instrument) -> str:
    """Return a short mark of an instrument as it stands: another mark means that somebody has corrected it."""
    columns = ("title", "issuer", "issued_on", "valid_from_on", "valid_until_on", "note")
    return digest({name: str(getattr(instrument, name) or "") for name in columns})[:16]


def _refusal_of_validity(valid_from_on: date, valid_until_on: date | None) -> Refusal | None:
    if valid_until_on is not None and valid_until_on <= valid_from_on:
        return refuse("R-BASIS-01", "instrument_ends_first")
    return None
