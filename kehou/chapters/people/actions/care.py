"""The list of children who are guaranteed a place or charged less: kept by the aid officer, shown to almost nobody."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import CareRecord, Pupil
from kehou.lib.actors import Actor
from kehou.rules.care import CATEGORIES, added_categories
from kehou.rules.verdicts import Refused, refuse


@transaction.atomic
def record_care(
    pupil: Pupil,
    category: str,
    *,
    source: str,
    from_on: date,
    by: Actor,
    at: datetime,
    until_on: date | None = None,
) -> CareRecord:
    """Note a ground for a guaranteed place or a waiver, from an authoritative list (2.6.1-j); no proof by the family.

    The same ground from the same day twice, also at the same instant, is one.

    :raises Refused: R-PRIO-03 for a category that is not on the list, R-WAIV-02 without a source
    """
    if category not in CATEGORIES and category not in added_categories(parameters_on(from_on).prio.categories):
        raise Refused(refuse("R-PRIO-03", "unknown_category", category=category))
    if not source.strip():
        raise Refused(refuse("R-WAIV-02", "no_source"))
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    standing = CareRecord.objects.filter(pupil=pupil, category=category, ended_at=None, from_on=from_on).first()
    if standing:
        return standing
    record = CareRecord.objects.create(
        pupil=pupil,
        category=category,
        source=source.strip(),
        from_on=from_on,
        until_on=until_on,
        recorded_by=str(by),
        recorded_at=at,
    )
    # The journal is read by more people than this list: it names the record, not the category.
    journal.write("people.care_recorded", about=record, by=by, at=at, school_code=pupil.school.code)
    return record


@transaction.atomic
def end_care(record: CareRecord, *, on: date, by: Actor, at: datetime) -> None:
    """End a ground from a day on. :raises Refused: R-PRIO-03 when it has ended already"""
    # One that never held has no end: `ended_at` alone takes it out of every query.
    until_on = on if on > record.from_on else None
    if not CareRecord.objects.filter(pk=record.pk, ended_at=None).update(until_on=until_on, ended_at=at):
        raise Refused(refuse("R-PRIO-03", "ended_already"))
    record.until_on, record.ended_at = until_on, at
    journal.write("people.care_ended", about=record, by=by, at=at, school_code=record.pupil.school.code)
