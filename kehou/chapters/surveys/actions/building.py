"""Building a questionnaire: the district's core, the usual items of a school, what the school changes in them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.surveys.models import Question, Survey
from kehou.chapters.surveys.queries import questions_of
from kehou.lib.actors import Actor
from kehou.rules.surveys import OPENING_WORDS, SCHOOL_ITEMS, Item, core_items, refusals_of_item
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@transaction.atomic
def start_survey(
    school: School,
    term: Term,
    *,
    title: str,
    anonymous: bool,
    opens_at: datetime,
    closes_at: datetime,
    by: Actor,
    at: datetime,
) -> Survey:
    """Make a questionnaire with the district's core items and the usual ones of a school. :raises Refused: R-SURV-01"""
    insist(_refusal_of_window(opens_at, closes_at, at))
    survey = Survey.objects.create(
        school=school, term=term, title=title.strip(), anonymous=anonymous, words=OPENING_WORDS, opens_at=opens_at,
        closes_at=closes_at, made_by=str(by), made_at=at,
    )  # fmt: skip
    items = (*core_items(parameters_on(at.date()).survey.core_items), *SCHOOL_ITEMS)
    Question.objects.bulk_create(_question(survey, place, item) for place, item in enumerate(items, 1))
    journal.write("surveys.started", about=survey, by=by, at=at, school_code=school.code, anonymous=anonymous)
    return survey


def _refusal_of_window(opens_at: datetime, closes_at: datetime, at: datetime) -> Refusal | None:
    """Return why a draft cannot keep these hours: it ends first. Whether it is long enough is asked at the opening."""
    if closes_at > opens_at:
        return None
    return refuse("R-SURV-01", "window_too_short", days=parameters_on(at.date()).survey.window_days)


def _question(survey: Survey, place: int, item: Item) -> Question:
    return Question(
        survey=survey, place=place, code=item.code, kind=item.kind.value, text=item.text, options=list(item.options),
        most=item.most, is_core=item.is_core, required=item.required, if_needed=item.if_needed,
    )  # fmt: skip


@transaction.atomic
def change_survey(
    survey: Survey,
    *,
    title: str,
    anonymous: bool,
    words: str,
    opens_at: datetime,
    closes_at: datetime,
    by: Actor,
    at: datetime,
) -> Survey:
    """Change what stands above the items, while nobody has been asked. :raises Refused: R-SURV-01"""
    survey = _draft(survey)
    insist(_refusal_of_window(opens_at, closes_at, at))
    survey.title, survey.anonymous, survey.words = title.strip(), anonymous, words.strip()
    survey.opens_at, survey.closes_at = opens_at, closes_at
    survey.save()
    journal.write("surveys.changed", about=survey, by=by, at=at, school_code=survey.school.code)
    return survey


@transaction.atomic
def add_item(survey: Survey, item: Item, *, by: Actor, at: datetime) -> Question:
    """Add an item of the school's own at the end; its code is made here. :raises Refused: R-SURV-03, R-SURV-01"""
    survey = _draft(survey)
    insist(*refusals_of_item(item))
    place = (survey.questions.aggregate(last=Max("place"))["last"] or 0) + 1
    question = _question(survey, place, item)
    question.code, question.is_core = f"own_{_next_own(survey)}", False
    question.save()
    journal.write("surveys.item_added", about=survey, by=by, at=at, school_code=survey.school.code, item=item.text)
    return question


def _next_own(survey: Survey) -> int:
    codes = survey.questions.filter(code__startswith="own_").values_list("code", flat=True)
    return max((int(code.removeprefix("own_")) for code in codes), default=0) + 1


@transaction.atomic
def remove_item(question: Question, *, by: Actor, at: datetime) -> None:
    """Take an item of the school's own out. :raises Refused: R-SURV-03 for a core item"""
    survey = _draft(question.survey)
    insist(refuse("R-SURV-03", "core_item_fixed", item=question.text) if question.is_core else None)
    journal.write(
        "surveys.item_removed", about=survey, by=by, at=at, school_code=survey.school.code, item=question.text
    )
    question.delete()


@transaction.atomic
def move_item(question: Question, *, up: bool, by: Actor, at: datetime) -> None:
    """Let an item change places with its neighbour; at the end nothing happens."""
    survey = _draft(question.survey)
    order = questions_of(survey)
    here = order.index(question)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for place, one in enumerate(order, 1):
        one.place = place
    Question.objects.bulk_update(order, ["place"])
    journal.write("surveys.item_moved", about=survey, by=by, at=at, school_code=survey.school.code, item=question.text)


def _draft(survey: Survey) -> Survey:
    """Return the survey as it stands, locked. :raises Refused: if it was opened"""
    standing = Survey.objects.select_for_update(no_key=True).select_related("school").get(pk=survey.pk)
    if not standing.is_draft:
        raise Refused(refuse("R-SURV-01", "opened_already"))
    return standing
