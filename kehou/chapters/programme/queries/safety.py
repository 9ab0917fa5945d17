"""Which places are in use when: what the safety duty matrix of planning has to cover (R-SAFE-01)."""

from __future__ import annotations

from collections.abc import Iterator

from kehou.chapters.basis.models import Term
from kehou.chapters.planning.queries import matrix_of
from kehou.chapters.programme.models import Activity
from kehou.chapters.programme.queries.table import place_of, standing, table_of
from kehou.chapters.schools.models import School
from kehou.rules.labels import Labelled
from kehou.rules.safety_matrix import Need, Row


class Place(Labelled):
    """How a place of the matrix is keyed."""

    ROOM = "room", "场地"
    HOMEROOM = "homeroom", "教室"
    OWN = "own", "各班教室"


def safety_needs(school: School, term: Term) -> list[Need]:
    """Return every place, weekday and class hour that the activity table uses, with those who lead there."""
    table = table_of(school, term)
    return [need for activity in standing(table) for need in _needs(activity)] if table else []


def _needs(activity: Activity) -> Iterator[Need]:
    key, name = _place(activity)
    leaders = tuple(
        dict.fromkeys(
            [*([activity.leader.name] if activity.leader else []), *(one.name for one in activity.helpers.all())]
        )
    )
    for slot in activity.slots.all():
        for hour in range(slot.first_hour, slot.first_hour + activity.class_hours):
            yield Need(key, name, slot.weekday, hour, leaders)


def _place(activity: Activity) -> tuple[str, str]:
    """Return the key and the name of where an activity meets; classes in their own rooms are one place an activity."""
    if activity.room_id:
        return f"{Place.ROOM.value}:{activity.room_id}", place_of(activity)
    if activity.homeroom_id:
        return f"{Place.HOMEROOM.value}:{activity.homeroom_id}", place_of(activity)
    return f"{Place.OWN.value}:{activity.pk}", f"{place_of(activity) or '地点未定'}（{activity.name}）"


def safety_matrix(school: School, term: Term) -> list[Row]:
    """Return the duty matrix of a term: the places of the table and the fixed points, with who answers for each."""
    return matrix_of(school, term, safety_needs(school, term))
