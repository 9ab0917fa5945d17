"""The rows of a table as they stand, and as they were published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.programme.models import Activity, ActivityTable, Slot, TablePublication
from kehou.chapters.programme.queries.permits import granted_to
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import SeasonTimes, seasons_within
from kehou.rules.choice import digest
from kehou.rules.parameters import Parameters
from kehou.rules.programme import tier_needed
from kehou.rules.spans import ClockSpan, Span
from kehou.rules.timetable import Context, Draft, span_of


def table_of(school: School, term: Term) -> ActivityTable | None:
    """Return the activity table of a school in a term, or None while nobody has begun one."""
    return ActivityTable.objects.filter(school=school, term=term).select_related("school", "term").first()


def standing(table: ActivityTable) -> QuerySet[Activity]:
    """Return the activities of a table that are not withdrawn, basic first, with place, people and slots."""
    slots = Slot.objects.filter(withdrawn_at=None).order_by("weekday")
    return (
        table.activities.filter(withdrawn_at=None)
        .select_related("room", "homeroom", "leader")
        .prefetch_related("helpers", Prefetch("slots", queryset=slots))
        .order_by("kind", "pk")
    )


def service_span(term: Term) -> Span:
    """Return the days of a term's service."""
    return Span(term.service_from_on, term.service_until_on)


def place_of(activity: Activity) -> str:
    """Return where an activity meets, in words; the empty string while nobody has said."""
    if activity.room:
        return activity.room.name
    if activity.homeroom:
        return f"{activity.homeroom}教室"
    return "本班教室" if activity.in_homeroom else ""


def times_of(
    activity: Activity, seasons: Sequence[SeasonTimes], parameters: Parameters
) -> dict[int, list[tuple[SeasonTimes, ClockSpan | None]]]:
    """Return the clock times of an activity's slots by ISO weekday and season."""
    grades = frozenset(activity.grades)
    found: dict[int, list[tuple[SeasonTimes, ClockSpan | None]]] = {}
    for slot in activity.slots.all():
        draft = Draft(grades=grades, first_hour=slot.first_hour, hours=activity.class_hours)
        found[slot.weekday] = [
            (season, span_of(draft, slot.weekday, Context(parameters, dismissals=season.dismissals)))
            for season in seasons
        ]
    return found


def row_of(
    activity: Activity, seasons: Sequence[SeasonTimes], parameters: Parameters, *, released: bool = False
) -> dict[str, Any]:
    """Return one row as it is published and printed: plain JSON, no names of children, no ids.

    `released` says that the district released its words (P2-1), which every reader may know.
    """
    times = times_of(activity, seasons, parameters)
    return {
        "name": activity.name,
        "category": activity.category,
        "category_reason": activity.category_reason,
        "released": released,
        "kind": activity.kind,
        "domains": list(activity.domains),
        "aim": activity.aim,
        "grades": list(activity.grades),
        "place": place_of(activity),
        "leader": activity.leader.name if activity.leader else "",
        "helpers": len(activity.helpers.all()),
        "helper_names": [one.name for one in activity.helpers.all()],
        "class_hours": activity.class_hours,
        "capacity": activity.capacity,
        "minimum": activity.minimum,
        "risk_class": activity.risk_class,
        "kit": activity.kit,
        "week_of_month": activity.week_of_month,
        "slots": _slots_in(activity, times),
    }


def _slots_in(activity: Activity, times: dict[int, list[tuple[SeasonTimes, ClockSpan | None]]]) -> list[dict[str, Any]]:
    """Return the slots of a row as they are published."""
    return [
        {
            "weekday": slot.weekday,
            "first_hour": slot.first_hour,
            "tier": tier_needed(slot.first_hour, activity.class_hours),
            "times": [
                {"season": season.season.name, "from": f"{span.start:%H:%M}", "to": f"{span.end:%H:%M}"}
                for season, span in times[slot.weekday]
                if span
            ],
        }
        for slot in activity.slots.all()
    ]


def rows_of(table: ActivityTable, activities: Iterable[Activity] | None = None) -> list[dict[str, Any]]:
    """Return the rows of a table as they stand now: six queries, whatever its size."""
    seasons = seasons_within(table.school, service_span(table.term))
    parameters = parameters_on(table.term.service_from_on)
    granted = granted_to(table.school, table.term)
    return [
        row_of(one, seasons, parameters, released=granted.releases(one.name, one.aim))
        for one in (standing(table) if activities is None else activities)
    ]


# --- Publications -----------------------------------------------------------------------------------------------------


def publications_of(table: ActivityTable) -> QuerySet[TablePublication]:
    """Return the published versions, newest first."""
    return table.publications.order_by("-version")


def latest_publication(school: School, term: Term) -> TablePublication | None:
    """Return the version that families read, or None before the first."""
    return (
        TablePublication.objects.filter(table__school=school, table__term=term)
        .select_related("table__school", "table__term")
        .order_by("-version")
        .first()
    )


def published_table(school: School, term: Term) -> TablePublication | None:
    """Return the version that families read without its rows, or None before the first."""
    return (
        TablePublication.objects.filter(table__school=school, table__term=term)
        .defer("rows")
        .order_by("-version")
        .first()
    )


def published_tables(term: Term) -> list[TablePublication]:
    """Return the current version of every school in a term, by school code: one query."""
    latest: dict[int, TablePublication] = {}
    rows = TablePublication.objects.filter(table__term=term).select_related("table__school").order_by("version")
    for publication in rows.defer("rows"):
        latest[publication.table_id] = publication
    return sorted(latest.values(), key=lambda one: one.table.school.code)


def document_of(school: School, term: Term, version: int, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what is hashed: anybody who has the rows can compute the same digest."""
    return {"school": school.code, "term": term.code, "version": version, "rows": list(rows)}


def is_changed_since(publication: TablePublication, rows: Sequence[dict[str, Any]]) -> bool:
    """Return whether the rows differ from those of a version."""
    return digest({"rows": list(publication.rows)}) != digest({"rows": list(rows)})
