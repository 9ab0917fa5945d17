"""Chasing on paper: a folded sheet for every family of a class without a phone; nobody sees who is asked again.

A reminder that only the silent got would tell the class teacher who they are. Inside the fold stands what the system
knows: with names, whether an answer is still welcome; without names, the same words for all (R-SURV-01, 2.7.1-e).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import Homeroom
from kehou.chapters.surveys.models import Family, Survey
from kehou.chapters.surveys.queries import refusal_to_answer
from kehou.lib.actors import Actor
from kehou.rules.verdicts import insist, refuse


@dataclass(frozen=True, slots=True)
class Folded:
    """One sheet: whose children it goes home with, and what stands inside the fold.

    `answered` is None in a survey without names; `secret` is the family's own code while it has not answered.
    """

    children: str
    answered: bool | None = None
    secret: str = ""


@transaction.atomic
def chase_on_paper(survey: Survey, homeroom: Homeroom, *, by: Actor, at: datetime) -> Sequence[Folded]:
    """Return one folded sheet for each family of a class that got its questionnaire on paper; to whom what is said is
    written nowhere.

    :raises Refused: R-SURV-01 when the survey is not open, no paper has gone out to the class, or twice in a day
    """
    survey = Survey.objects.select_for_update(no_key=True).select_related("school").get(pk=survey.pk)
    rows = survey.families.filter(homeroom=homeroom, reached=Family.SLIP).prefetch_related("pupils")
    families = list(rows.select_related("ticket").annotate(sheets=Count("ticket__sheets")).order_by("pk"))
    insist(
        refusal_to_answer(survey, at),
        None if families else refuse("R-SURV-01", "no_paper_in_class"),
        refuse("R-SURV-01", "reminded_today") if any(one.chased_on == at.date() for one in families) else None,
    )
    survey.families.filter(pk__in=[one.pk for one in families]).update(chased_on=at.date())
    journal.write(
        "surveys.paper_chased", about=survey, by=by, at=at, school_code=survey.school.code, homeroom=str(homeroom),
        slips=len(families),
    )  # fmt: skip
    return sorted((_folded(one, anonymous=survey.anonymous) for one in families), key=lambda one: one.children)


def _folded(family: Family, *, anonymous: bool) -> Folded:
    children = "、".join(sorted(pupil.name for pupil in family.pupils.all()))
    if anonymous:
        return Folded(children)
    answered = family.sheets > 0  # type: ignore[attr-defined]
    return Folded(children, answered, "" if answered else family.ticket.secret)
