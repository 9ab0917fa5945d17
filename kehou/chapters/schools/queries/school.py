"""Questions about a school's homerooms and dismissals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from django.db.models import QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import EndException, Homeroom, School, SchoolTerm, Season
from kehou.lib.prepared import Prepared
from kehou.rules.spans import Span


@dataclass(frozen=True, slots=True)
class SeasonTimes:
    """A season with its dismissals by (grade, ISO weekday), and the latest end of its days."""

    season: Season
    span: Span
    dismissals: Mapping[tuple[int, int], time]

    def latest(self, grades: list[int], weekday: int) -> time | None:
        """Return the dismissal of the latest-dismissed grade, None if one of them has none that day."""
        times = [self.dismissals.get((grade, weekday)) for grade in grades]
        return max(times) if times and None not in times else None  # type: ignore[type-var]


_SCHOOL_TERM = Prepared(lambda school, term: SchoolTerm.objects.filter(school=school, term=term), school=int, term=int)


def school_term(school: School, term: Term) -> SchoolTerm | None:
    """Return what belongs to a school and a term together, or None."""
    return _SCHOOL_TERM.first(school=school.pk, term=term.pk)


def telephone_of(school: School, term: Term | None) -> str:
    """Return where questions and complaints of a term are taken: the term's own number, else the school's."""
    extra = school_term(school, term) if term else None
    return (extra.complaint_phone if extra else "") or school.phone


def homerooms_of(school: School, *, school_year: int) -> QuerySet[Homeroom]:
    """Return a school's homerooms of a school year, by grade and number."""
    return school.homerooms.filter(school_year=school_year).order_by("grade", "number")


def grades_taught(school: School, *, school_year: int) -> list[int]:
    """Return the grades that have a homeroom that year, in order."""
    return sorted(set(homerooms_of(school, school_year=school_year).values_list("grade", flat=True)))


def season_on(school: School, on: date) -> Season | None:
    """Return the season that holds at a school on a day, or None (R-TIME-05)."""
    return school.seasons.filter(from_on__lte=on, until_on__gt=on).first()


def seasons_within(school: School, span: Span) -> list[SeasonTimes]:
    """Return the seasons that hold on a day of `span`, earliest first, each with its dismissals: two queries."""
    seasons = school.seasons.filter(until_on__gt=span.start).order_by("from_on").prefetch_related("dismissals")
    if span.end is not None:
        seasons = seasons.filter(from_on__lt=span.end)
    return [
        SeasonTimes(
            season,
            Span(season.from_on, season.until_on),
            {(row.grade, row.weekday): row.at for row in season.dismissals.all()},
        )
        for season in seasons
    ]


def latest_end(school: School, on: date, *, limit: time) -> time:
    """Return until when the service may last at a school on a day: the limit, or an approved exception (2.2-c)."""
    exception = end_exceptions(school, Span(on, None)).filter(from_on__lte=on).order_by("-latest_end").first()
    return max(limit, exception.latest_end) if exception else limit


def end_exceptions(school: School, span: Span) -> QuerySet[EndException]:
    """Return the approved exceptions that hold on a day of `span`."""
    rows = school.end_exceptions.filter(until_on__gt=span.start)
    return rows.filter(from_on__lt=span.end) if span.end else rows
