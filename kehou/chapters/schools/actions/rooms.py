"""Rows of the ledger that are places: added, corrected, brought in by the sheet, taken out of use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.actions.marking import mark_added, mark_changed, mark_struck
from kehou.chapters.schools.actions.words import plain
from kehou.chapters.schools.models import Room, School
from kehou.lib.actors import Actor
from kehou.rules import schools as rules
from kehou.rules.choice import digest
from kehou.rules.ledger import RoomRow
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A place of the resource ledger (2.7.1-b). `capacity` is how many children may be there during the service."""

    code: str
    name: str
    capacity: int
    kind: str = "room"
    building: str = ""
    area_m2: int | None = None
    seats: int | None = None
    exits: int = 1
    risk_class: str = "A"
    kit: str = ""
    keeper: str = ""
    rain_room: Room | None = None
    checked_on: date | None = None
    approval_reference: str = ""
    weekdays: Sequence[int] = ()
    surface: str = ""
    extent: str = ""
    by_sport: str = ""
    has_light: bool = True
    rain_rule: str = ""
    owner: str = ""
    distance_m: int | None = None
    offers: str = ""
    agreement_until: date | None = None
    transport: str = ""
    season: str = ""


@transaction.atomic
def add_room(school: School, facts: RoomFacts, *, by: Actor, at: datetime) -> Room:
    """Put a room, a ground or a practice base into the ledger. :raises Refused: R-RES-02, R-GRP-01"""
    insist(*_refusals(school, facts, room=None))
    room = Room.objects.create(school=school, **_columns(facts))
    mark_added(room, by=by, at=at)
    journal.write("schools.room_added", about=room, by=by, at=at, school_code=school.code, capacity=room.capacity)
    return room


@transaction.atomic
def change_room(room: Room, facts: RoomFacts, *, by: Actor, at: datetime, seen: str = "") -> Room:
    """Correct a row of the ledger; the journal keeps what it was.

    `seen` is `version_of` the row as the editor saw it; without it, what stands is replaced.

    :raises Refused: R-RES-02 also when somebody else has changed it since, R-GRP-01
    """
    room = (
        Room.objects.select_for_update(of=("self",), no_key=True).select_related("school", "rain_room").get(pk=room.pk)
    )
    if room.retired_on is not None:
        raise Refused(refuse("R-RES-02", "room_retired", name=room.name))
    if seen and seen != version_of(room):
        raise Refused(refuse("R-RES-02", "changed_meanwhile", name=room.name))
    insist(*_refusals(room.school, facts, room=room))
    was = {key: getattr(room, key) for key in _columns(facts)}
    changed = {key: value for key, value in _columns(facts).items() if was[key] != value}
    if not changed:
        return room
    for key, value in changed.items():
        setattr(room, key, value)
    room.save(update_fields=list(changed))
    mark_changed(room, by=by, at=at)
    journal.write(
        "schools.room_changed",
        about=room,
        by=by,
        at=at,
        school_code=room.school.code,
        was={key: plain(was[key]) for key in changed},
        becomes={key: plain(value) for key, value in changed.items()},
    )
    return room


@transaction.atomic
def take_rooms(
    school: School, rows: Iterable[RoomRow], *, by: Actor, at: datetime, only_try: bool = False
) -> tuple[int, int]:
    """Bring the ledger in line with a sheet, whole or not at all; return how many were new and how many changed.

    A room whose code is known is corrected, what the sheet does not say stays; a room that is missing is left alone.
    With `only_try` nothing is kept: the same answer, before anything is done.

    :raises SheetRefused: with every row that cannot be
    """
    standing = {room.code: room for room in school.rooms.filter(retired_on=None).select_related("school", "rain_room")}
    problems: list[tuple[int, Refusal]] = []
    made = changed = 0
    for row in rows:
        room = standing.get(row.facts.get("code", ""))
        try:
            if room is None:
                add_room(school, RoomFacts(**row.facts), by=by, at=at)
                made += 1
            else:
                facts = replace(facts_of(room), **row.facts)
                changed += facts != facts_of(room)
                change_room(room, facts, by=by, at=at)
        except Refused as no:
            problems += [(row.row, refusal) for refusal in no.refusals]
    if problems:
        raise SheetRefused(problems)
    if only_try:
        transaction.set_rollback(True)
    return made, changed


class SheetRefused(Refused):
    """Raised when rows of a sheet cannot be taken: `problems` are (row of the spreadsheet, refusal)."""

    def __init__(self, problems: list[tuple[int, Refusal]]) -> None:
        super().__init__(*(refusal for _, refusal in problems))
        self.problems = problems


def facts_of(room: Room) -> RoomFacts:
    """Return a room as it stands, in the form in which it can be changed."""
    return RoomFacts(**{one.name: _as_facts(getattr(room, one.name)) for one in fields(RoomFacts)})


def version_of(room: Room) -> str:
    """Return a short mark of a row as it stands: another mark means that somebody has changed it."""
    return digest({key: plain(value) for key, value in _columns(facts_of(room)).items()})[:16]


@transaction.atomic
def retire_room(room: Room, *, on: date, by: Actor, at: datetime) -> None:
    """Take a room out of use from a day on. Ask `programme.actions.retire_room`, which knows who still meets there.

    :raises Refused: R-RES-02 when it is out of use already
    """
    if not Room.objects.filter(pk=room.pk, retired_on=None).update(retired_on=on):
        raise Refused(refuse("R-RES-02", "room_retired", name=room.name))
    room.retired_on = on
    mark_struck(room, by=by, at=at)
    journal.write("schools.room_retired", about=room, by=by, at=at, school_code=room.school.code, on=on.isoformat())


def _refusals(school: School, facts: RoomFacts, *, room: Room | None) -> list[Refusal | None]:
    taken = school.rooms.filter(code=facts.code).exclude(pk=room.pk if room else 0).first()
    own_rain_room = room is not None and facts.rain_room is not None and facts.rain_room.pk == room.pk
    return [
        refuse("R-RES-02", "room_code_taken", given=facts.code, name=taken.name) if taken else None,
        refuse("R-RES-02", "rain_room_is_itself") if own_rain_room else None,
        rules.refusal_of_room(kind=facts.kind, capacity=facts.capacity, seats=facts.seats),
    ]


def _columns(facts: RoomFacts) -> dict[str, Any]:
    return {one.name: _as_column(getattr(facts, one.name)) for one in fields(facts)}


def _as_facts(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _as_column(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
