"""Equipment of the ledger: counted, corrected, brought in by the sheet, taken out of use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.actions.marking import mark_added, mark_changed, mark_struck
from kehou.chapters.schools.actions.rooms import SheetRefused
from kehou.chapters.schools.actions.words import plain
from kehou.chapters.schools.models import Equipment, Room, School
from kehou.lib.actors import Actor
from kehou.rules.choice import digest
from kehou.rules.ledger import RoomRow
from kehou.rules.resources import refusal_of_counts
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@dataclass(frozen=True, slots=True)
class EquipmentFacts:
    """Equipment of the ledger (2.7.1-b): how many, how many of them fit, in which room or other place."""

    code: str
    name: str
    quantity: int
    good: int
    model: str = ""
    room: Room | None = None
    place: str = ""
    from_fund: bool = False
    asset_number: str = ""
    keeper: str = ""
    checked_on: date | None = None


@transaction.atomic
def add_equipment(school: School, facts: EquipmentFacts, *, by: Actor, at: datetime) -> Equipment:
    """Put equipment into the ledger. :raises Refused: R-RES-02"""
    insist(*_refusals(school, facts, None))
    row = Equipment.objects.create(school=school, **_columns(facts))
    mark_added(row, by=by, at=at)
    journal.write("schools.equipment_added", about=row, by=by, at=at, school_code=school.code, count=row.quantity)
    return row


@transaction.atomic
def change_equipment(row: Equipment, facts: EquipmentFacts, *, by: Actor, at: datetime, seen: str = "") -> Equipment:
    """Correct equipment of the ledger. :raises Refused: R-RES-02, also when somebody else has changed it since"""
    row = Equipment.objects.select_for_update(of=("self",), no_key=True).select_related("school", "room").get(pk=row.pk)
    insist(
        refuse("R-RES-02", "equipment_retired", name=row.name) if row.retired_on else None,
        refuse("R-RES-02", "changed_meanwhile", name=row.name) if seen and seen != equipment_version(row) else None,
        *_refusals(row.school, facts, row),
    )
    columns = _columns(facts)
    was = {key: getattr(row, key) for key, value in columns.items() if getattr(row, key) != value}
    if was:
        for key in was:
            setattr(row, key, columns[key])
        row.save(update_fields=list(was))
        mark_changed(row, by=by, at=at)
        journal.write(
            "schools.equipment_changed",
            about=row,
            by=by,
            at=at,
            school_code=row.school.code,
            was={key: plain(value) for key, value in was.items()},
            becomes={key: plain(columns[key]) for key in was},
        )
    return row


@transaction.atomic
def retire_equipment(row: Equipment, *, on: date, by: Actor, at: datetime) -> None:
    """Strike equipment off the ledger from a day on; its checks and repairs stay. :raises Refused: R-RES-02"""
    if not Equipment.objects.filter(pk=row.pk, retired_on=None).update(retired_on=on):
        raise Refused(refuse("R-RES-02", "equipment_retired", name=row.name))
    mark_struck(row, by=by, at=at)
    journal.write("schools.equipment_retired", about=row, by=by, at=at, school_code=row.school.code, on=on.isoformat())


@transaction.atomic
def take_equipment(
    school: School, rows: Iterable[RoomRow], *, by: Actor, at: datetime, only_try: bool = False
) -> tuple[int, int]:
    """Bring the equipment in line with a sheet, whole or not at all; return how many were new and how many changed.

    A place that is the name of a room of the ledger becomes that room. `only_try`: as `take_rooms`.

    :raises SheetRefused: with every row that cannot be
    """
    standing = {row.code: row for row in school.equipment.filter(retired_on=None).select_related("school", "room")}
    rooms = {room.name: room for room in school.rooms.filter(retired_on=None)}
    problems: list[tuple[int, Refusal]] = []
    made = changed = 0
    for row in rows:
        typed = dict(row.facts)
        if "place" in typed:
            typed["room"] = rooms.get(typed["place"])
            typed["place"] = "" if typed["room"] else typed["place"]
        known = standing.get(typed.get("code", ""))
        try:
            if known is None:
                typed.setdefault("good", typed.get("quantity", 0))
                add_equipment(school, EquipmentFacts(**typed), by=by, at=at)
                made += 1
            else:
                facts = replace(equipment_facts(known), **typed)
                changed += facts != equipment_facts(known)
                change_equipment(known, facts, by=by, at=at)
        except Refused as no:
            problems += [(row.row, refusal) for refusal in no.refusals]
    if problems:
        raise SheetRefused(problems)
    if only_try:
        transaction.set_rollback(True)
    return made, changed


def equipment_facts(row: Equipment) -> EquipmentFacts:
    """Return equipment as it stands, in the form in which it can be changed."""
    return EquipmentFacts(**{one.name: getattr(row, one.name) for one in fields(EquipmentFacts)})


def equipment_version(row: Equipment) -> str:
    """Return a short mark of equipment as it stands: another mark means that somebody has changed it."""
    return digest({key: plain(value) for key, value in _columns(equipment_facts(row)).items()})[:16]


def _columns(facts: EquipmentFacts) -> dict[str, Any]:
    return {one.name: getattr(facts, one.name) for one in fields(facts)}


def _refusals(school: School, facts: EquipmentFacts, row: Equipment | None) -> list[Refusal | None]:
    taken = school.equipment.filter(code=facts.code).exclude(pk=row.pk if row else 0).first()
    foreign = facts.room is not None and facts.room.school_id != school.pk
    return [
        refuse("R-RES-02", "room_code_taken", given=facts.code, name=taken.name) if taken else None,
        refuse("R-RES-02", "equipment_elsewhere") if foreign else None,
        refusal_of_counts(facts.quantity, facts.good),
    ]
