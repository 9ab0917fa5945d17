"""Questions about the resource ledger: places, equipment, what is due to be checked, what is being mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import Equipment, Repair, Room, School
from kehou.rules.parameters.care_groups import Safety
from kehou.rules.resources import Gravity, check_due_on, refusal_of_base, refusal_to_use
from kehou.rules.verdicts import Refusal


def rooms_of(school: School, *, on: date | None = None, text: str = "") -> QuerySet[Room]:
    """Return a school's rooms that are in use, by code; `text` is looked for in code, name, building and kit."""
    rooms = school.rooms.select_related("rain_room").order_by("code")
    rooms = rooms.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on)) if on else rooms.filter(retired_on=None)
    if text:
        rooms = rooms.filter(
            Q(code__icontains=text) | Q(name__icontains=text) | Q(building__icontains=text) | Q(kit__icontains=text)
        )
    return rooms


def equipment_of(school: School, *, text: str = "") -> QuerySet[Equipment]:
    """Return a school's equipment that is in use, by code; `text` is looked for in code, name, model and place."""
    rows = school.equipment.filter(retired_on=None).select_related("room").order_by("code")
    if text:
        rows = rows.filter(
            Q(code__icontains=text)
            | Q(name__icontains=text)
            | Q(model__icontains=text)
            | Q(place__icontains=text)
            | Q(room__name__icontains=text)
        )
    return rows


def open_repairs(school: School) -> QuerySet[Repair]:
    """Return the faults that are not mended yet, the grave ones first."""
    rows = school.repairs.filter(closed_at=None).select_related("room", "equipment")
    return rows.order_by("gravity", "opened_at")


def grave_faults(school: School) -> dict[int, str]:
    """Return what closes rooms now: room id → the fault, an open red repair of the room itself."""
    rows = school.repairs.filter(closed_at=None, gravity=Gravity.RED.value, room__isnull=False)
    return dict(rows.order_by("-opened_at").values_list("room_id", "fault"))


@dataclass(frozen=True, slots=True)
class Fitness:
    """What decides whether rooms may be booked on a day: loaded once for all rooms of a school."""

    on: date
    term_begins: date | None
    safety: Safety
    faults: Mapping[int, str]

    def due_on(self, row: Room | Equipment) -> date:
        """Return the last day by which a row must be looked at (again)."""
        return check_due_on(row.checked_on, term_begins=self.term_begins, safety=self.safety)

    def is_overdue(self, row: Room | Equipment) -> bool:
        """Return whether the check of a row is overdue."""
        return self.on > self.due_on(row)

    def refusal(self, room: Room) -> Refusal | None:
        """Return why a room may not be booked (R-SAFE-05, R-VEN-01)."""
        fault = self.faults.get(room.pk, "")
        return refusal_to_use(room.name, due_on=self.due_on(room), on=self.on, fault=fault) or refusal_of_base(
            kind=room.kind, agreement_until=room.agreement_until, name=room.name, on=self.on
        )


def fitness_of(school: School, term: Term | None, *, on: date, safety: Safety) -> Fitness:
    """Return what decides whether rooms may be booked on a day, under the parameters `safety`: one query."""
    return Fitness(on, term.service_from_on if term else None, safety, grave_faults(school))


@dataclass(frozen=True, slots=True)
class Due:
    """A row of the ledger with the day by which it must be looked at."""

    row: Room | Equipment
    due_on: date
    overdue: bool


def checks_due(fitness: Fitness, rows: Iterable[Room | Equipment]) -> list[Due]:
    """Return the rows by the day on which they are due, the most overdue first."""
    found = [Due(row, fitness.due_on(row), fitness.is_overdue(row)) for row in rows]
    return sorted(found, key=lambda one: (one.due_on, one.row.code))
