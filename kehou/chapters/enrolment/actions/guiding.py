"""A teacher suggests, a family answers; the choice is written by nobody but the family (2.7.3-d, R-VOL-04)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from kehou.chapters.enrolment.models import Application, Suggestion
from kehou.chapters.enrolment.queries import offer_for
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.queries import guardians_of
from kehou.lib.actors import Actor
from kehou.rules.guiding import GROUNDS, SuggestionState, refusal_to_suggest
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def suggest(application: Application, slot_id: int, *, ground: str, by: Actor, at: datetime) -> Suggestion:
    """Suggest a group to a family that takes part, while it can still change its choice; it gets a letter.

    :raises Refused: R-VOL-04 to a family that refused, after the deadline, for a group that is not open to the child,
        chosen or suggested already; R-GRP-02 on a ground that is not on the list
    """
    registration = application.registration
    offer = offer_for(registration, application.pupil.homeroom.grade)
    current = application.current
    asked = application.suggestions.filter(slot=slot_id, state=SuggestionState.OPEN.value).exists()
    insist(
        refusal_to_suggest(
            joins=application.joins,
            state=application.state,
            is_open=registration.is_open(at),
            ground=ground,
            offered=slot_id in offer.places,
            wished=current is not None and current.wishes.filter(slot=slot_id).exists(),
            asked=asked,
        )
    )
    try:
        with transaction.atomic():
            made = Suggestion.objects.create(
                application=application, slot_id=slot_id, ground=ground, made_by=str(by), made_at=at
            )
    except IntegrityError as twice:  # two clicks at once
        raise Refused(refuse("R-VOL-04", "suggested_already")) from twice
    journal.write("enrolment.suggested", about=made, by=by, at=at, school_code=registration.school.code, slot=slot_id)
    _tell(made, at)
    return made


@transaction.atomic
def answer_suggestion(suggestion: Suggestion, *, accepts: bool, by: Actor, at: datetime) -> None:
    """Keep what the family says to it. Nothing else changes: whoever wants the group chooses it in the application.

    :raises Refused: R-VOL-04 when it was answered or withdrawn
    """
    _close(suggestion, SuggestionState.ACCEPTED if accepts else SuggestionState.DECLINED, by, at)


@transaction.atomic
def withdraw_suggestion(suggestion: Suggestion, *, by: Actor, at: datetime) -> None:
    """Take a suggestion back. :raises Refused: R-VOL-04 when it was answered or withdrawn"""
    _close(suggestion, SuggestionState.WITHDRAWN, by, at)


def _close(suggestion: Suggestion, to: SuggestionState, by: Actor, at: datetime) -> None:
    waiting = Suggestion.objects.filter(pk=suggestion.pk, state=SuggestionState.OPEN.value)
    if not waiting.update(state=to.value, answered_by=str(by), answered_at=at):
        raise Refused(refuse("R-VOL-04", "suggestion_answered"))
    suggestion.state = to.value
    code = suggestion.application.registration.school.code
    journal.write(f"enrolment.suggestion_{to.value}", about=suggestion, by=by, at=at, school_code=code)


def _tell(suggestion: Suggestion, at: datetime) -> None:
    """Write to every guardian what is suggested and why; that it binds nobody stands in the letter."""
    pupil, activity = suggestion.application.pupil, suggestion.slot.activity.name
    body = f"班主任建议{pupil.name}可以考虑“{activity}”：{GROUNDS[suggestion.ground]}。"
    body += "这只是建议，您的选择没有改动，采不采纳都可以。"
    for guardian in guardians_of(pupil, on=at.date()):
        journal.send(
            guardian.pk,
            kind="enrolment.suggested",
            title=f"老师给{pupil.name}的建议",
            body=body,
            at=at,
            link=f"/guardian/{pupil.pk}/suggestions/",
            school_code=pupil.school.code,
        )
