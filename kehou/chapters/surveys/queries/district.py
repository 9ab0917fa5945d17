"""The district's view: which school asks, how many answer, what they say to the core items together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.chapters.surveys.models import Family, Sheet, Survey, Ticket
from kehou.chapters.surveys.queries.results import Answered, Results, told
from kehou.rules.small_cells import Across, across
from kehou.rules.surveys import NEED, Item, counts_of


def surveys_in(term: Term, *, text: str = "") -> list[tuple[School, Survey | None]]:
    """Return every school with its latest opened survey of the term: two queries."""
    latest: dict[int, Survey] = {}
    for survey in Survey.objects.filter(term=term, opened_at__isnull=False).order_by("opened_at"):
        latest[survey.school_id] = survey
    schools = School.objects.order_by("code")
    if text:
        schools = schools.filter(Q(name__icontains=text) | Q(code__icontains=text))
    return [(school, latest.get(school.pk)) for school in schools]


def rates_of(surveys: Iterable[Survey]) -> dict[int, tuple[int, int]]:
    """Return (families invited, families that answered) by survey: two queries for all."""
    ids = [survey.pk for survey in surveys]
    families = dict(Family.objects.filter(survey__in=ids).values_list("survey").annotate(n=Count("pk")))
    out = Ticket.objects.filter(survey__in=ids, sheets__isnull=False)
    answered = dict(out.values_list("survey").annotate(n=Count("pk", distinct=True)))
    return {pk: (families.get(pk, 0), answered.get(pk, 0)) for pk in ids}


def core_results(
    surveys: Iterable[Survey], core: Iterable[Item], *, least: int, at: datetime
) -> tuple[Results, Across]:
    """Return the core items over the schools whose survey is over, and the need of each school that may be told."""
    over = {survey.pk: survey.school for survey in surveys if survey.is_over(at)}
    rows = Sheet.objects.filter(ticket__survey__in=over).order_by("ticket__secret", "number")
    sheets: list[Answered] = []
    by_school: dict[str, list[Answered]] = {school.name: [] for school in over.values()}
    for survey, grade, answers in rows.values_list("ticket__survey", "grade", "answers"):
        sheets.append((grade, answers))
        by_school[over[survey].name].append((grade, answers))
    items = list(core)
    need = next((item for item in items if item.code == NEED), None)
    side_by_side = {
        name: counts_of(need, [answers for _, answers in own])[1] for name, own in by_school.items() if need and own
    }
    return told(items, sheets, least=least), across(side_by_side, least=least)
