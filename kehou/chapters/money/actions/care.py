"""A waiver needs nobody to ask for it: recognised once, it is on every bill, those of the past too (2.6.1-j, V20)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.money.actions.settling import settle_pupils
from kehou.chapters.money.models import Bill
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import CareRecord, Pupil
from kehou.lib.actors import Actor
from kehou.rules.care import refusal_of_list
from kehou.rules.verdicts import insist

# No category: the reason is read by everybody who reads the bill.
FOUND = "减免按名单认定"
ENDED = "减免按名单终止"


@dataclass(frozen=True, slots=True)
class Ground:
    """One row of an authoritative list."""

    pupil: Pupil
    category: str
    source: str
    from_on: date
    until_on: date | None = None


@transaction.atomic
def recognise(ground: Ground, *, by: Actor, at: datetime) -> CareRecord:
    """Note a ground and let every bill since its first day follow; too much paid goes back by itself.

    :raises Refused: R-PRIO-03 for an unknown category, R-WAIV-02 without a source
    """
    return _recognise([ground], by=by, at=at)[0][0]


@transaction.atomic
def recognise_many(grounds: Iterable[Ground], *, by: Actor, at: datetime) -> tuple[list[CareRecord], list[Bill]]:
    """Note a whole list; return its records and the bills that changed.

    :raises Refused: see `recognise`, and R-WAIV-02 where families bring a proof each (waiver.source)
    """
    insist(refusal_of_list(parameters_on(at.date()).waiver.source))
    return _recognise(list(grounds), by=by, at=at)


def _recognise(grounds: list[Ground], *, by: Actor, at: datetime) -> tuple[list[CareRecord], list[Bill]]:
    records = [
        people.record_care(
            one.pupil, one.category, source=one.source, from_on=one.from_on, until_on=one.until_on, by=by, at=at
        )
        for one in sorted(grounds, key=lambda ground: ground.pupil.pk)  # two lists wait for each other in one order
    ]
    return records, settle_pupils([one.pupil for one in grounds], reason=FOUND, by=by, at=at)


@transaction.atomic
def end_recognition(record: CareRecord, *, on: date, by: Actor, at: datetime) -> list[Bill]:
    """End a ground from a day on and let the bills follow. :raises Refused: R-PRIO-03 when it has ended already"""
    people.end_care(record, on=on, by=by, at=at)
    return settle_pupils([record.pupil], reason=ENDED, by=by, at=at)
