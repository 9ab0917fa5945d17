"""What a family can choose: tiers by grade and weekday, slots by grade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time

from django.db.models import QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on, service_days
from kehou.chapters.programme.models import Slot
from kehou.chapters.programme.queries.table import service_span
from kehou.chapters.schools.models import EndException, School
from kehou.chapters.schools.queries import SeasonTimes, end_exceptions, seasons_within
from kehou.rules.calendar import sunset
from kehou.rules.parameters import Parameters
from kehou.rules.spans import Span
from kehou.rules.timetable import class_hours, refusal_to_sell_tier, warning_of_dark_way_home
from kehou.rules.timetable import sellable_tiers as tiers_after
from kehou.rules.verdicts import Refusal

WEEKDAYS = range(1, 6)


def slots_of(school: School, term: Term) -> QuerySet[Slot]:
    """Return every slot that is offered at a school in a term, with its activity, by weekday and start."""
    return (
        Slot.objects.filter(
            withdrawn_at=None,
            activity__withdrawn_at=None,
            activity__table__school=school,
            activity__table__term=term,
        )
        .select_related("activity__room", "activity__homeroom", "activity__leader")
        .order_by("weekday", "starts_at", "activity__kind", "activity_id")
    )


def limit_in(season: SeasonTimes, service: Span, exceptions: Iterable[EndException], limit: time) -> time:
    """Return until when the service may last in a season: later than the limit only if an exception covers it whole."""
    days = season.span.meet(service)
    covering = [
        one.latest_end
        for one in exceptions
        if days and days.end and one.from_on <= days.start and days.end <= one.until_on
    ]
    return max([limit, *covering])


def tiers_of_seasons(
    seasons: Sequence[SeasonTimes],
    grades: Iterable[int],
    parameters: Parameters,
    *,
    service: Span,
    exceptions: Sequence[EndException] = (),
) -> dict[tuple[int, int], tuple[int, ...]]:
    """Return the tiers by (grade, ISO weekday) that can be held in every one of these seasons; () where none can."""
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for grade in grades:
        for weekday in WEEKDAYS:
            possible = [_tiers(season, grade, weekday, parameters, service, exceptions) for season in seasons]
            found[grade, weekday] = tuple(sorted(frozenset.intersection(*possible))) if possible else ()
    return found


def _tiers(
    season: SeasonTimes,
    grade: int,
    weekday: int,
    parameters: Parameters,
    service: Span,
    exceptions: Sequence[EndException],
) -> frozenset[int]:
    dismissal = season.dismissals.get((grade, weekday))
    if dismissal is None:
        return frozenset()
    limit = limit_in(season, service, exceptions, parameters.time.max_end)
    return frozenset(tiers_after(dismissal, parameters, grade, limit=limit))


def sellable_tiers(school: School, term: Term, *, grades: Iterable[int]) -> dict[tuple[int, int], tuple[int, ...]]:
    """Return the class hours a day that can be chosen for the whole term, by (grade, ISO weekday) (2.2-c)."""
    service = service_span(term)
    return tiers_of_seasons(
        seasons_within(school, service),
        grades,
        parameters_on(term.service_from_on),
        service=service,
        exceptions=list(end_exceptions(school, service)),
    )


def refusals_of_tiers(school: School, term: Term, *, grades: Iterable[int]) -> dict[tuple[int, int, int], Refusal]:
    """Return why a tier cannot be sold, by (grade, ISO weekday, hours): R-TIME-03 with the end it would have."""
    service, parameters = service_span(term), parameters_on(term.service_from_on)
    exceptions = list(end_exceptions(school, service))
    found: dict[tuple[int, int, int], Refusal] = {}
    for season in seasons_within(school, service):
        limit = limit_in(season, service, exceptions, parameters.time.max_end)
        for (grade, weekday), dismissal in season.dismissals.items():
            for hours in range(1, parameters.slot.max_per_day + 1):
                no = refusal_to_sell_tier(hours, dismissal, parameters, grade, limit=limit)
                if no is not None and grade in set(grades):
                    found.setdefault((grade, weekday, hours), no)
    return found


def dark_way_home(school: School, term: Term, grade: int) -> Refusal | None:
    """Return the warning to the family of a child that lives far away, None where it is home by daylight (2.2-d).

    Said of the season in which the last class hour of the grade ends longest after sunset: three statements.
    """
    parameters, days = parameters_on(term.service_from_on), service_days(term, school_code=school.code)
    found = []
    for season in seasons_within(school, service_span(term)):
        hours = [
            hour for (g, _), at in season.dismissals.items() if g == grade for hour in class_hours(at, parameters, g)
        ]
        inside = [day for day in days if day in season.span]
        if hours and inside:
            darkest, last = min(inside, key=sunset), max(hour.span.end for hour in hours)
            found.append((sunset(darkest), warning_of_dark_way_home(last, darkest, far=True)))
    return next((no for _, no in sorted(found, key=lambda one: one[0]) if no), None)
