"""What may be done to a school and its ledger: `from kehou.chapters.schools import actions as schools`."""

from kehou.chapters.schools.actions.census import (
    Row,
    close_census,
    confirm_items,
    open_census,
    reopen_census,
    state_none,
)
from kehou.chapters.schools.actions.checks import close_repair, open_repair, record_checks
from kehou.chapters.schools.actions.equipment import (
    EquipmentFacts,
    add_equipment,
    change_equipment,
    equipment_facts,
    equipment_version,
    retire_equipment,
    take_equipment,
)
from kehou.chapters.schools.actions.founding import add_homeroom, add_school, begin_term, change_school
from kehou.chapters.schools.actions.marking import mark_person
from kehou.chapters.schools.actions.rooms import (
    RoomFacts,
    SheetRefused,
    add_room,
    change_room,
    facts_of,
    retire_room,
    take_rooms,
    version_of,
)
from kehou.chapters.schools.actions.seasons import add_season, approve_end_exception, change_season, set_dismissals

__all__ = [
    "EquipmentFacts", "RoomFacts", "Row", "SheetRefused", "add_equipment", "add_homeroom", "add_room", "add_school",
    "add_season", "approve_end_exception", "begin_term", "change_equipment", "change_room", "change_school",
    "change_season", "close_census", "close_repair", "confirm_items", "equipment_facts", "equipment_version",
    "facts_of", "mark_person", "open_census", "open_repair", "record_checks", "reopen_census", "retire_equipment",
    "retire_room", "set_dismissals", "state_none", "take_equipment", "take_rooms", "version_of",
]  # fmt: skip
