"""A whole line of children handed over at the gate: each by its own way home, in a few statements for any number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kehou.chapters.attendance import queries
from kehou.chapters.attendance.handing import handing, takers
from kehou.chapters.attendance.models import Release
from kehou.chapters.journal import actions as journal
from kehou.chapters.journal.models import Letter
from kehou.chapters.people.models import Guardianship, Pupil
from kehou.chapters.people.queries import held_on
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects
from kehou.rules import attendance as rules
from kehou.rules.attendance import Way
from kehou.rules.verdicts import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Going:
    """One child of the line: who it is, how it goes, with whom, at what minute."""

    pupil: Pupil
    way: Way
    to_name: str = ""
    at: datetime | None = None


@transaction.atomic
def release_wave(school: School, line: Iterable[Going], on: date, *, by: Actor, at: datetime) -> list[Release]:
    """Hand over a line of children that was checked against the list; children who have gone already are passed over.

    :raises Refused: R-PICK-02 with every child that may not go so; then nobody of the line is released
    """
    going = list(line)
    gone = set(
        Release.objects.filter(pupil__in=[one.pupil.pk for one in going], on=on).values_list("pupil_id", flat=True)
    )
    leaving = [one for one in going if one.pupil.pk not in gone]
    if refusals := _refusals(school, leaving, on):
        raise Refused(*refusals)
    rows = insert_objects(_row(school, one, on, by, at) for one in leaving)
    journal.write_many(
        (("attendance.released", row, {"way": row.way}) for row in rows), by=by, at=at, school_code=school.code
    )
    _tell_families(school, rows, at=at)
    return rows


def _refusals(school: School, leaving: list[Going], on: date) -> list[Refusal]:
    """Return why children of the line may not go so, from a few statements for all of them."""
    ids = [one.pupil.pk for one in leaving]
    here = set(queries.counted_in(school, on).filter(pk__in=ids).values_list("pk", flat=True))
    options = handing(school, ids, on)
    closed = queries.is_closed(school, on) is not None
    found = (
        rules.refusal_to_release(
            name=one.pupil.name,
            is_here=one.pupil.pk in here,
            released=False,
            way=one.way,
            to_name=one.to_name,
            takers=takers(options[one.pupil.pk]),
            day_closed=closed,
        )
        for one in leaving
    )
    return [refusal for refusal in found if refusal is not None]


def _row(school: School, one: Going, on: date, by: Actor, at: datetime) -> Release:
    return Release(
        school=school,
        pupil=one.pupil,
        on=on,
        way=one.way.value,
        to_name=one.to_name.strip(),
        checked_by="list",
        released_at=one.at or at,
        released_by=str(by),
    )


def _tell_families(school: School, rows: list[Release], *, at: datetime) -> None:
    found: dict[int, list[int]] = {}
    ids = [row.pupil_id for row in rows]
    for pupil, account in Guardianship.objects.filter(held_on(at.date()), pupil__in=ids).values_list(
        "pupil", "account"
    ):
        found.setdefault(pupil, []).append(account)
    journal.send_each((letter_of(row, account) for row in rows for account in found.get(row.pupil_id, ())), at=at)


def letter_of(row: Release, account: int) -> Letter:
    """Return the letter that tells one guardian of a hand-over, unsaved."""
    way = Way(row.way)
    whom = f"，{way.taken_by(row.to_name)}"
    return Letter(
        to_account=account,
        kind="released",
        title=f"{row.pupil.name}{row.released_at:%H:%M}已离校",
        body=f"{row.pupil.name}于{row.released_at:%H:%M}离校{whom}，交接人：{row.released_by}。",
        school_code=row.school.code,
    )
