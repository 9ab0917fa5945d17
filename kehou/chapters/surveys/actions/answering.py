"""Answering with a ticket, on a phone or from paper; the last version counts, and nothing of the one before is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.queries import grades_taught
from kehou.chapters.surveys.models import Sheet, Survey, Ticket
from kehou.chapters.surveys.queries import items_of, refusal_to_answer
from kehou.lib.actors import Actor
from kehou.rules.surveys import SHEETS, read_answers
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


class AnswersRefused(Refused):
    """The answers have faults, by item code (and `grade`), so that a page can say each beside its item."""

    def __init__(self, wrong: Mapping[str, Refusal]) -> None:
        super().__init__(*wrong.values())
        self.wrong = dict(wrong)


@transaction.atomic
def answer(
    ticket: Ticket,
    typed: Mapping[str, Sequence[str]],
    *,
    grade: int | None,
    number: int,
    by: Actor | None,
    at: datetime,
) -> Sheet:
    """Keep the answers for one child, in the place of those given before. `by` is the clerk who types a paper.

    Only the day is kept, not the hour. A paper that is typed is journalled without the ticket; a family's own answer in
    a survey without names is not journalled at all.
    :raises AnswersRefused: with every item that is not answered rightly
    :raises Refused: R-SURV-01 when the survey is not open
    """
    survey = Survey.objects.select_related("school", "term").get(pk=ticket.survey_id)
    insist(
        refusal_to_answer(survey, at),
        None if 1 <= number <= SHEETS else refuse("R-SURV-01", "sheets_used_up", most=SHEETS),
    )
    answers, wrong = read_answers(items_of(survey), typed)
    if grade not in grades_taught(survey.school, school_year=survey.term.school_year):
        wrong = {"grade": refuse("R-SURV-01", "grade_not_asked"), **wrong}
    if wrong or grade is None:
        raise AnswersRefused(wrong)
    channel = Sheet.PAPER if by else Sheet.PHONE
    sheet, _ = Sheet.objects.update_or_create(
        ticket=ticket,
        number=number,
        defaults={"grade": grade, "answers": answers, "channel": channel, "answered_on": at.date()},
    )
    if by:
        journal.write("surveys.paper_typed", about=survey, by=by, at=at, school_code=survey.school.code)
    elif not survey.anonymous:
        family = Actor(None, "家长", "")
        journal.write("surveys.answered", about=survey, by=family, at=at, school_code=survey.school.code)
    return sheet
