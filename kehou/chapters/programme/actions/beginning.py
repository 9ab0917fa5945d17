"""A table that need not be begun from nothing: from the survey's proposal, or from last term's table."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.queries import parameters_on, templates_now
from kehou.chapters.journal import actions as journal
from kehou.chapters.programme.actions.activities import add_activities
from kehou.chapters.programme.actions.table import insist_on_open, locked, start_table
from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.chapters.programme.queries import copies_of, standing
from kehou.chapters.programme.queries.facts import ActivityFacts
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import grades_taught
from kehou.chapters.surveys.models import Survey
from kehou.chapters.surveys.queries import proposal_of
from kehou.lib.actors import Actor
from kehou.rules.demand import Assumptions, Sketch, sketches
from kehou.rules.verdicts import Refused, refuse


@transaction.atomic
def start_from_proposal(
    school: School, survey: Survey, with_: Assumptions, *, by: Actor, at: datetime
) -> list[Activity]:
    """Begin the table of the survey's term if there is none, and put in what the survey proposes; both or neither.

    :raises Refused: as `start_table` and `take_over_proposal`
    """
    table = start_table(school, survey.term, by=by, at=at)
    return take_over_proposal(table, survey, with_, by=by, at=at)


@transaction.atomic
def take_over_proposal(
    table: ActivityTable, survey: Survey, with_: Assumptions, *, by: Actor, at: datetime
) -> list[Activity]:
    """Make draft rows of what a survey proposes; place and leader stay open, seats follow the answers (2.2-f, 2.7.2-a).

    :raises Refused: R-GATE-02 while the table is published, R-SURV-01 before the survey is over, R-CONT-06 when
        nothing of it is new; else every problem of
        every row, such as a grade without dismissal
    """
    table = locked(table)
    insist_on_open(table)
    if not survey.is_over(at):
        raise Refused(refuse("R-SURV-01", "results_after_close"))
    found = proposal_of(survey, with_)
    grades = grades_taught(table.school, school_year=table.term.school_year)
    taken = set(standing(table).values_list("name", flat=True))
    new = sketches(
        found.wishes, found.bands, grades=grades, size=with_.group_size, taken=taken, templates=templates_now()
    )
    if not new:
        raise Refused(refuse("R-CONT-06", "nothing_to_take_over"))
    by_risk = parameters_on(table.term.service_from_on).ratio.by_risk
    rows = [_facts_of_sketch(one, grades, by_risk[one.template.risk_class]) for one in new]
    made = add_activities(table, rows, by=by, at=at)
    code = table.school.code
    journal.write(
        "programme.proposal_taken_over", about=table, by=by, at=at, school_code=code, made=len(made), key=survey.title
    )
    return made


def _facts_of_sketch(sketch: Sketch, grades: Collection[int], ratio: int) -> ActivityFacts:
    """Return the draft row: as many seats as one adult may lead, until a second is named."""
    one = sketch.template
    seats = min(sketch.seats, ratio)
    return ActivityFacts(
        name=sketch.name,
        category=one.category,
        kind=one.kind,
        grades=tuple(grade for grade in one.grades if grade in grades),
        slots=dict.fromkeys(one.weekdays, 1),
        class_hours=one.class_hours,
        capacity=seats,
        minimum=min(one.minimum, seats),
        aim=one.aim,
        domains=one.domains,
        in_homeroom=one.in_homeroom,
        risk_class=one.risk_class,
        kit=one.kit,
        week_of_month=one.week_of_month,
        is_base_care=one.is_base_care,
    )


@transaction.atomic
def copy_from(
    table: ActivityTable, source: ActivityTable, names: Collection[str], *, by: Actor, at: datetime
) -> list[Activity]:
    """Bring rows of an earlier table over, those that are named and can come; words are read by the lint again.

    :raises Refused: R-GATE-02 while the table is published, R-CONT-06 when none of the named can come
    """
    table = locked(table)
    insist_on_open(table)
    rows = [one.facts for one in copies_of(table, source, at=at) if one.facts.name in names and not one.refusals]
    if not rows:
        raise Refused(refuse("R-CONT-06", "nothing_to_copy"))
    return add_activities(table, rows, by=by, at=at)
