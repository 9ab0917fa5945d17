"""Answering with a ticket, on a phone or from paper; the last version counts, and nothing of the one before is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.queries import grades_taught
from kehou.chapters.surveys.models import Sheet, Survey, Ticket
from kehou.chapters.surveys.queries import items_of, refusal_to_answer
from kehou.lib.actors import Actor
from kehou.rules.surveys import SHEETS, Item, read_answers
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


class AnswersRefused(Refused):
    """The answers have faults, by item code (and `grade`), so that a page can say each beside its item."""

    def __init__(self, wrong: Mapping[str, Refusal]) -> None:
        super().__init__(*wrong.values())
        self.wrong = dict(wrong)


@dataclass(frozen=True, slots=True)
class Filled:
    """The answers for one child of a family: `number` is which of its sheets."""

    ticket: Ticket
    number: int
    grade: int | None
    typed: Mapping[str, Sequence[str]]


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

    :raises AnswersRefused: with every item that is not answered rightly
    :raises Refused: R-SURV-01 when the survey is not open
    """
    survey = Survey.objects.select_related("school", "term").get(pk=ticket.survey_id)
    answer_many(survey, [Filled(ticket, number, grade, typed)], by=by, at=at)
    return Sheet.objects.get(ticket=ticket, number=number)


@transaction.atomic
def answer_many(survey: Survey, filled: Sequence[Filled], *, by: Actor | None, at: datetime) -> int:
    """Keep many sheets of one survey, all or none, and return how many: a pile of papers is typed at one go.

    Only the day is kept, not the hour. A paper that is typed is journalled without the ticket; a family's own answer in
    a survey without names is not journalled at all.
    :raises AnswersRefused: of the first sheet that is not answered rightly
    :raises Refused: R-SURV-01 when the survey is not open
    """
    insist(refusal_to_answer(survey, at))
    items, grades = items_of(survey), grades_taught(survey.school, school_year=survey.term.school_year)
    channel = Sheet.PAPER if by else Sheet.PHONE
    Sheet.objects.bulk_create(
        [_sheet(one, items, grades, channel=channel, on=at.date()) for one in filled],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["ticket", "number"],
        update_fields=["grade", "answers", "channel", "answered_on"],
    )
    if by or not survey.anonymous:
        verb, who = ("surveys.paper_typed", by) if by else ("surveys.answered", Actor(None, "家长", ""))
        journal.write_many(((verb, survey, {}) for _ in filled), by=who, at=at, school_code=survey.school.code)
    return len(filled)


def _sheet(one: Filled, items: Sequence[Item], grades: Collection[int], *, channel: str, on: date) -> Sheet:
    """Return a sheet, unsaved. :raises Refused: as `answer_many`"""
    insist(None if 1 <= one.number <= SHEETS else refuse("R-SURV-01", "sheets_used_up", most=SHEETS))
    answers, wrong = read_answers(items, one.typed)
    if one.grade not in grades:
        wrong = {"grade": refuse("R-SURV-01", "grade_not_asked"), **wrong}
    if wrong or one.grade is None:
        raise AnswersRefused(wrong)
    return Sheet(
        ticket=one.ticket, number=one.number, grade=one.grade, answers=answers, channel=channel, answered_on=on
    )
