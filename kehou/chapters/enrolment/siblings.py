"""Brothers and sisters of a round: who may share a number of the draw, who does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kehou.chapters.enrolment.models import Application, Registration, SameNumber
from kehou.chapters.people.models import Guardianship, Pupil
from kehou.chapters.people.queries import held_on
from kehou.rules.siblings import Sibling, refusal_of_sibling
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True)
class Candidate:
    """A child of one family beside a round. `linked` while it shares its number; `refusal` says why it cannot."""

    pupil: Pupil
    application: Application | None
    linked: bool
    refusal: Refusal | None


def standing_links() -> QuerySet[SameNumber]:
    """Return the rows that hold."""
    return SameNumber.objects.filter(ended_at=None)


def link_of(application: Application) -> SameNumber | None:
    """Return the row by which a child shares its number, or None."""
    return standing_links().filter(application=application).first()


def sharing_with(application: Application) -> list[SameNumber]:
    """Return the rows of the other children with whom this one shares its number, by name."""
    groups = standing_links().filter(application=application).values("group")
    rows = standing_links().filter(group__in=groups).exclude(application=application)
    return list(rows.select_related("application__pupil__homeroom").order_by("application__pupil__name_sort"))


def links_in(registration: Registration, *, text: str = "") -> QuerySet[SameNumber]:
    """Return who shares a number in a round, family by family; a name finds the whole family."""
    rows = standing_links().filter(application__registration=registration)
    if text:
        named = rows.filter(
            Q(application__pupil__name__icontains=text) | Q(application__pupil__name_sort__icontains=text)
        )
        rows = rows.filter(group__in=named.values("group"))
    return rows.select_related("application__pupil__homeroom").order_by("asked_at", "group", "application")


def same_guardian(pupils: Iterable[int], *, on: date) -> set[int]:
    """Return the accounts that answer for every one of the pupils."""
    children: dict[int, set[int]] = defaultdict(set)
    wanted = set(pupils)
    for account, pupil in Guardianship.objects.filter(held_on(on), pupil__in=wanted).values_list("account", "pupil"):
        children[account].add(pupil)
    return {account for account, there in children.items() if there == wanted}


def siblings_of(pupil: Pupil, *, on: date) -> list[Pupil]:
    """Return the pupils in school who have a guardian in common with a child, wherever they go to school."""
    accounts = Guardianship.objects.filter(held_on(on), pupil=pupil).values("account")
    rows = Guardianship.objects.filter(held_on(on), account__in=accounts).exclude(pupil=pupil).values("pupil")
    found = Pupil.objects.filter(pk__in=rows, state=Pupil.IN_SCHOOL)
    return list(found.select_related("school", "homeroom").order_by("-homeroom__grade", "pk"))


def candidates(registration: Registration, pupils: Iterable[Pupil], family: set[int]) -> list[Candidate]:
    """Return how each of the pupils stands; `family` are those of the guardian who asks."""
    asked = list(pupils)
    mine = {one.pupil_id: one for one in registration.applications.filter(pupil__in=asked)}
    linked = set(standing_links().filter(application__in=mine.values()).values_list("application__pupil", flat=True))
    return [
        Candidate(
            pupil,
            mine.get(pupil.pk),
            pupil.pk in linked,
            refusal_of_sibling(sibling(registration, pupil, mine.get(pupil.pk), family)),
        )
        for pupil in asked
    ]


def sibling(registration: Registration, pupil: Pupil, application: Application | None, family: set[int]) -> Sibling:
    """Return a child as the rules judge it."""
    return Sibling(
        name=pupil.name,
        here=pupil.school_id == registration.school_id,
        same_guardian=pupil.pk in family,
        joins=application is not None and application.joins and application.state != "ended",
    )


def groups_among(applications: Iterable[Application]) -> dict[int, str]:
    """Return the group of each application that shares its number with another one of those given: one statement."""
    rows = dict(
        standing_links().filter(application__in=[one.pk for one in applications]).values_list("application", "group")
    )
    sharing = list(rows.values())
    return {application: group for application, group in rows.items() if sharing.count(group) > 1}
