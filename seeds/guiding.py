"""What class teachers suggest to families on the last evening of registration; families answer as they like."""

from __future__ import annotations

from datetime import datetime, timedelta

from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Application, Suggestion
from kehou.chapters.enrolment.queries import offer_for
from kehou.lib.actors import Actor
from seeds.term import CLOSES, SchoolStory

GROUNDS = ("interest", "crowded", "reading", "time")  # one a child, in each class
ANSWERS = {1: True, 3: False}
TOLD = CLOSES - timedelta(hours=1, minutes=40)
CLASSES = ((3, 1), (5, 1))  # of 周婷; of the elder child of 陈霞


def suggest(story: SchoolStory) -> None:
    """Let two class teachers suggest a group to a few families; of four one will think of it and one will not."""
    assert story.registration is not None
    who = {pupil.pk: family for family in story.families for pupil in family.pupils}
    mine = Application.objects.filter(registration=story.registration, joins=True).select_related(
        "pupil__homeroom", "pupil__school", "current", "registration__school", "registration__term"
    )
    for grade, number in CLASSES:
        teacher = story.staffed.by[f"homeroom {grade}.{number}"]
        rows = mine.filter(pupil__homeroom__grade=grade, pupil__homeroom__number=number).order_by("pk")
        cast_first = sorted(rows, key=lambda one: not who[one.pupil_id].guardian.phone.startswith("1990000000"))
        for turn, application in enumerate(cast_first[: len(GROUNDS)]):
            family = who[application.pupil_id]
            by = Actor(family.guardian.pk, family.guardian.name, family.relation)
            made = _suggest(application, GROUNDS[turn], teacher, TOLD + timedelta(minutes=turn))
            if turn in ANSWERS:
                answered = TOLD + timedelta(minutes=25 + turn)
                enrolment.answer_suggestion(made, accepts=ANSWERS[turn], by=by, at=answered)


def _suggest(application: Application, ground: str, teacher: Actor, at: datetime) -> Suggestion:
    """Suggest the first club that is open to the child and was not chosen."""
    offer = offer_for(application.registration, application.pupil.homeroom.grade)
    wished = set(application.current.wishes.values_list("slot", flat=True))  # type: ignore[union-attr]
    slot = next(pk for pk, place in offer.places.items() if pk not in wished and not place.care)
    return enrolment.suggest(application, slot, ground=ground, by=teacher, at=at)
