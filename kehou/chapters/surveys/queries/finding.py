"""Finding surveys, their items, the ticket of a secret."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import School
from kehou.chapters.surveys.models import Family, Question, Survey, Ticket
from kehou.lib.prepared import Prepared
from kehou.rules.surveys import Item, Kind, refusal_of_time
from kehou.rules.verdicts import Refusal

STATES = {"draft": "未开放", "coming": "待开始", "open": "正在填写", "over": "已截止"}


def surveys_of(school: School, *, text: str = "") -> QuerySet[Survey]:
    """Return a school's surveys, newest first."""
    found = Survey.objects.filter(school=school).select_related("term").order_by("-opens_at", "-pk")
    return found.filter(title__icontains=text) if text else found


def number_of(survey: Survey) -> str:
    """Return the number that stands on the printed questionnaire."""
    return f"DC-{survey.term.code}-{survey.school.code}-{survey.pk:04d}"


def survey_by_number(number: str) -> Survey | None:
    """Return the opened questionnaire with this number, for whoever checks a paper."""
    key = number.rpartition("-")[2]
    if not (number.startswith("DC-") and key.isascii() and key.isdigit() and len(key) < 12):
        return None
    found = Survey.objects.filter(pk=int(key), opened_at__isnull=False).select_related("school", "term").first()
    return found if found and number_of(found) == number else None


def state_of(survey: Survey, at: datetime) -> str:
    """Return `draft`, `coming`, `open` or `over`."""
    if survey.is_draft:
        return "draft"
    if survey.is_over(at):
        return "over"
    return "coming" if at < survey.opens_at else "open"


def item_of(question: Question) -> Item:
    """Return a question in the form that the rules read."""
    return Item(
        question.code,
        Kind(question.kind),
        question.text,
        tuple(question.options),
        question.most,
        question.is_core,
        question.required,
        question.if_needed,
    )


def questions_of(survey: Survey) -> list[Question]:
    """Return the questions in their order."""
    return list(survey.questions.order_by("place", "pk"))


def items_of(survey: Survey) -> list[Item]:
    """Return the items in their order."""
    return [item_of(question) for question in questions_of(survey)]


def refusal_to_answer(survey: Survey, at: datetime) -> Refusal | None:
    """Return why nothing can be answered now."""
    return refusal_of_time(
        opened=survey.opened_at is not None,
        opens_at=survey.opens_at,
        closes_at=survey.closes_at,
        closed=survey.closed_at is not None,
        at=at,
    )


def family_of(survey: Survey, pupil: Pupil) -> Family | None:
    """Return the invited family of a child."""
    return survey.families.filter(pupils=pupil).first()


_OPEN_TO = Prepared(
    lambda pupil, at: Survey.objects.filter(
        families__pupils=pupil, opened_at__isnull=False, closed_at=None, opens_at__lte=at, closes_at__gt=at
    ).order_by("closes_at"),
    pupil=int,
    at=datetime,
)


def surveys_for(pupil: Pupil, at: datetime) -> list[Survey]:
    """Return the surveys that a child's family can answer now."""
    return _OPEN_TO.rows(pupil=pupil.pk, at=at)


def ticket_of(secret: str) -> Ticket | None:
    """Return the ticket that was given out with this secret, however it is typed from paper."""
    plain = "".join(sign for sign in secret.lower() if sign.isalnum())
    return Ticket.objects.filter(secret=plain, is_out=True).select_related("survey__school", "survey__term").first()
