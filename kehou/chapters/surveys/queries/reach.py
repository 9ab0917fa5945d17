"""Who was invited and how many answered; never who."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.people.models import Pupil
from kehou.chapters.surveys.models import Family, Sheet, Survey
from kehou.rules.surveys import warnings_of_reach
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class Reach:
    """Families invited and reached, tickets out, families that answered; children on the register and those covered."""

    families: int
    reached: int
    by_slip: int
    answered: int
    sheets: int
    children: int
    covered: int
    warnings: tuple[Refusal, ...]

    @property
    def percent(self) -> int:
        """Return the response rate in whole percent, rounded down."""
        return self.answered * 100 // self.families if self.families else 0


def reach_of(survey: Survey) -> Reach:
    """Return how far a survey has reached: four queries, whatever its size."""
    families = survey.families.aggregate(
        all=Count("pk"), invited=Count("pk", filter=~Q(reached="")), slips=Count("pk", filter=Q(reached=Family.SLIP))
    )
    answered = Sheet.objects.filter(ticket__survey=survey).aggregate(
        families=Count("ticket", distinct=True), sheets=Count("pk")
    )
    children = Pupil.objects.filter(school=survey.school, state=Pupil.IN_SCHOOL).count()
    covered = children - uninvited(survey).count()
    # A child whom nobody has invited is a family not reached.
    missing = children - covered
    warnings = warnings_of_reach(
        families=families["all"] + missing,
        reached=families["invited"],
        answered=answered["families"],
        least_percent=parameters_on(survey.opens_at.date()).survey.min_response,
    )
    return Reach(
        families["all"],
        families["invited"],
        families["slips"],
        answered["families"],
        answered["sheets"],
        children,
        covered,
        warnings if survey.opened_at else (),
    )


def uninvited(survey: Survey) -> QuerySet[Pupil]:
    """Return the children on the register whose family is not invited."""
    invited = Family.pupils.through.objects.filter(family__survey=survey, pupil=OuterRef("pk"))
    return Pupil.objects.filter(~Exists(invited), school=survey.school, state=Pupil.IN_SCHOOL)


@dataclass(frozen=True, slots=True)
class ClassReach:
    """One class: the families whose slip is handed over here, how many have a phone letter, a slip, nothing yet.

    Never how many answered: in a class one could count who has not.
    """

    homeroom_id: int
    homeroom: str
    families: int
    letters: int
    slips: int
    waiting: int


def reach_by_class(survey: Survey) -> list[ClassReach]:
    """Return how the classes were reached, by grade and number."""
    rows = (
        survey.families.values("homeroom", "homeroom__grade", "homeroom__number")
        .annotate(
            families=Count("pk"),
            letters=Count("pk", filter=Q(reached=Family.LETTER)),
            slips=Count("pk", filter=Q(reached=Family.SLIP)),
        )
        .order_by("homeroom__grade", "homeroom__number")
    )
    names = {one.pk: str(one) for one in survey.school.homerooms.all()}
    return [
        ClassReach(
            row["homeroom"], names[row["homeroom"]], row["families"], row["letters"], row["slips"],
            row["families"] - row["letters"] - row["slips"],
        )
        for row in rows
    ]  # fmt: skip


def silent_accounts(survey: Survey) -> list[int]:
    """Return whom a reminder goes to: with names, who has not answered; without, everybody, since nobody knows.

    For `actions.remind` alone: no page and no person gets this list.
    """
    families = survey.families.filter(account__isnull=False)
    if not survey.anonymous:
        families = families.exclude(Exists(Sheet.objects.filter(ticket__family=OuterRef("pk"))))
    return list(families.order_by("pk").values_list("account", flat=True))
