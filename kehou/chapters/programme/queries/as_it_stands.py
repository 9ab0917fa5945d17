"""A table as it stands: its rows in the form that the rules read, and what it lacks as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.chapters.programme.queries.facts import ActivityFacts, facts_of, whole
from kehou.chapters.programme.queries.permits import granted_to
from kehou.chapters.programme.queries.table import service_span, standing
from kehou.chapters.schools.queries import SeasonTimes, grades_taught, seasons_within
from kehou.rules.parameters import Parameters
from kehou.rules.permits import Granted
from kehou.rules.timetable import Draft, warnings_of_table
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A table loaded once: what its own page shows, without what rows are checked against."""

    table: ActivityTable
    parameters: Parameters
    seasons: list[SeasonTimes]
    activities: list[Activity]
    grades: list[int]
    granted: Granted
    instead: Mapping[int, ActivityFacts] = field(default_factory=dict)  # rows as they are to become, by id

    def facts(self, activity: Activity) -> ActivityFacts:
        """Return a row as it is to become, else as it stands."""
        return self.instead.get(activity.pk) or facts_of(activity)

    def rows(self) -> list[Draft]:
        """Return the standing activities in the form that the rules read, each with all its weekdays."""
        return [whole(self.facts(one)) for one in self.activities]

    def table_warnings(self, rows: Sequence[Draft] | None = None) -> list[Refusal]:
        """Return what the table lacks as a whole (R-CONT-01, R-CONT-02, R-CONT-04); `rows` where they are at hand."""
        if not self.activities:
            return []
        return list(warnings_of_table(self.rows() if rows is None else rows, self.grades))


def standing_of(table: ActivityTable) -> Standing:
    """Load a table as it stands: eight queries, whatever its size."""
    school, term = table.school, table.term
    return Standing(
        table=table,
        parameters=parameters_on(term.service_from_on),
        seasons=seasons_within(school, service_span(term)),
        activities=list(standing(table)),
        grades=grades_taught(school, school_year=term.school_year),
        granted=granted_to(school, term),
    )
