"""Which places are in use when: what the safety duty matrix of planning has to cover (R-SAFE-01)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db.models import Prefetch, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.planning.models import DutyCell, DutyPoint
from kehou.chapters.planning.queries import matrix_of
from kehou.chapters.programme.models import Activity, Slot
from kehou.chapters.programme.queries.table import place_of, standing, table_of
from kehou.chapters.schools.models import School
from kehou.rules.labels import Labelled
from kehou.rules.safety_matrix import Cell, Need, Row, problems_of_matrix, rows_of
from kehou.rules.verdicts import Refusal


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


def safety_gaps(term: Term, schools: Collection[int] | None = None) -> dict[int, tuple[Refusal, ...]]:
    """Return where and when nobody answers, by school id; of all schools (None). Schools without a gap are absent.

    Four questions for all schools: most places have their leader, so that only those without one are looked at, beside
    the fixed points in the hours that the school's table uses.
    """
    slots = Slot.objects.filter(activity__table__term=term, activity__withdrawn_at=None, withdrawn_at=None)
    points = DutyPoint.objects.filter(removed_at=None)
    cells = DutyCell.objects.filter(term=term).select_related("staff")
    if schools is not None:
        slots = slots.filter(activity__table__school__in=schools)
        points, cells = points.filter(school__in=schools), cells.filter(school__in=schools)
    needs = _bare_needs(slots)
    _add_points(needs, slots, points)
    planned: dict[int, list[Cell]] = defaultdict(list)
    for one in cells:
        planned[one.school_id].append(Cell(one.place, one.weekday, one.hour, one.staff.name))
    found = {school: problems_of_matrix(rows_of(of_school, planned[school])) for school, of_school in needs.items()}
    return {school: problems for school, problems in found.items() if problems}


def _bare_needs(slots: QuerySet[Slot]) -> dict[int, list[Need]]:
    """Return the times of the activities that name nobody, with everybody else who leads in the same places."""
    bare = slots.filter(activity__leader=None, activity__helpers=None)
    school_of = dict(bare.values_list("activity_id", "activity__table__school_id"))
    needs: dict[int, list[Need]] = defaultdict(list)
    if not school_of:
        return needs
    places = {_place(one)[0] for one in Activity.objects.filter(pk__in=school_of).select_related("room", "homeroom")}
    near = Activity.objects.filter(slots__in=slots, table__school__in=set(school_of.values())).distinct()
    near = near.select_related("table", "room", "homeroom", "leader").prefetch_related(
        "helpers", Prefetch("slots", queryset=Slot.objects.filter(withdrawn_at=None))
    )
    for activity in near:
        if _place(activity)[0] in places:
            needs[activity.table.school_id] += _needs(activity)
    return needs


def _add_points(needs: dict[int, list[Need]], slots: QuerySet[Slot], points: QuerySet[DutyPoint]) -> None:
    """Add the fixed points of each school at the class hours of every weekday that its table uses."""
    used: dict[int, set[tuple[int, int]]] = defaultdict(set)
    columns = ("activity__table__school_id", "weekday", "first_hour", "activity__class_hours")
    for school, weekday, first, hours in slots.values_list(*columns).distinct().order_by():
        used[school] |= {(weekday, hour) for hour in range(first, first + hours)}
    for point in points:
        days, hours_used = ({when[side] for when in used[point.school_id]} for side in (0, 1))
        for weekday in days:
            for hour in hours_used & set(point.hours):
                needs[point.school_id].append(Need(point.key, point.name, weekday, hour))
