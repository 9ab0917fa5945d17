"""An open census follows the living ledger: a row that is added, corrected or struck is thereby looked at."""

from __future__ import annotations

from datetime import datetime

from kehou.chapters.schools.models import Census, CensusItem, CensusNone, Equipment, Room
from kehou.lib.actors import Actor
from kehou.rules.resources import PART_OF_KIND, ItemState, Part

Row = Room | Equipment


def key_of(row: Row) -> str:
    """Return how a census names a row."""
    return f"{'room' if isinstance(row, Room) else 'equipment'}:{row.pk}"


def part_of(row: Row) -> Part:
    """Return the part of the ledger that a row belongs to."""
    return PART_OF_KIND[row.kind] if isinstance(row, Room) else Part.EQUIPMENT


def location_of(row: Row) -> str:
    """Return where a row stands, as people go round with a list: the building, or the place of equipment."""
    if isinstance(row, Room):
        return row.building
    return row.room.name if row.room else row.place


def item_of(census: Census, row: Row) -> CensusItem:
    """Return the item of a row, not saved."""
    return CensusItem(
        census=census,
        part=part_of(row).value,
        key=key_of(row),
        code=row.code,
        name=row.name,
        location=location_of(row),
    )


def mark_added(row: Row, *, by: Actor, at: datetime) -> None:
    """Note in the open census that a row is new; “无” said before of its part falls away."""
    for census in Census.objects.filter(school=row.school_id, state="open"):
        item = item_of(census, row)
        item.state, item.verified_by, item.verified_at = ItemState.ADDED.value, str(by), at
        item.save()
        CensusNone.objects.filter(census=census, part=item.part).delete()


def mark_changed(row: Row, *, by: Actor, at: datetime) -> None:
    """Note in the open census that a row was corrected; a new one stays new."""
    items = CensusItem.objects.filter(census__school=row.school_id, census__state="open", key=key_of(row))
    items.update(part=part_of(row).value, code=row.code, name=row.name, location=location_of(row))
    items.exclude(state=ItemState.ADDED.value).update(
        state=ItemState.CHANGED.value, verified_by=str(by), verified_at=at
    )


def mark_struck(row: Row, *, by: Actor, at: datetime) -> None:
    """Note in the open census that a row is out of use."""
    CensusItem.objects.filter(census__school=row.school_id, census__state="open", key=key_of(row)).update(
        state=ItemState.STRUCK.value, verified_by=str(by), verified_at=at
    )


def mark_person(school_id: int, key: str, name: str, state: ItemState, *, by: Actor, at: datetime) -> None:
    """Note in the open census that somebody came, was corrected or left: the people are kept by a later chapter."""
    for census in Census.objects.filter(school=school_id, state="open"):
        looked = {"verified_by": str(by), "verified_at": at}
        items = census.items.filter(key=key)
        if items.exists():
            items.update(name=name)
            kept = items if state is ItemState.STRUCK else items.exclude(state=ItemState.ADDED.value)
            kept.update(state=state.value, **looked)
        else:
            item = CensusItem(census=census, part=Part.STAFF.value, key=key, name=name, state=state.value, **looked)
            item.save()
            CensusNone.objects.filter(census=census, part=item.part).delete()
