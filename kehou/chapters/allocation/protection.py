"""Protected children who asked for a day and have no place on it: for whoever is to find them one, and nobody else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from kehou.chapters.allocation.models import Offer, Placement, WaitingPlace
from kehou.chapters.allocation.queries import taken_by_slot
from kehou.chapters.allocation.rounds import protected_among
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment.models import Application, DayChoice, Registration
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.programme.models import Slot


@dataclass(frozen=True, slots=True)
class Case:
    """One child: the weekdays without a place, every offer on them, the groups with a seat for which nobody waits.

    On which ground it is protected is not in it: a grade is no secret, the other grounds are (2.1-k).
    """

    application: Application
    weekdays: tuple[int, ...]
    offers: tuple[Offer, ...]
    free: tuple[Slot, ...]
    by_grade: bool

    @property
    def waits(self) -> bool:
        """Return whether the family has an offer to answer."""
        return any(offer.state == Offer.OPEN for offer in self.offers)


def protected_without_place(registration: Registration) -> list[Case]:
    """Return the protected children who take part and lack a place on a day that they asked for, by class and name.

    Who refused or is silent is not in it (2.1-b). The number of statements does not grow with the children.
    """
    rows = Application.objects.filter(registration=registration, joins=True, current__isnull=False)
    rows = rows.exclude(state="ended").select_related("pupil__homeroom", "pupil__school", "current")
    rows = rows.select_related("registration__school", "registration__term")
    every = list(rows.order_by("pupil__homeroom__grade", "pupil__homeroom__number", "pupil__name_sort", "pk"))
    on = registration.term.service_from_on
    chosen = protected_among(every, on)
    mine = [one for one in every if one.pk in chosen]
    lacking = _lacking(mine)
    offers: dict[int, list[Offer]] = defaultdict(list)
    for offer in Offer.objects.filter(application__in=lacking).select_related("slot__activity").order_by("made_at"):
        if offer.slot.weekday in lacking[offer.application_id]:
            offers[offer.application_id].append(offer)
    free, lower = _free(registration), parameters_on(on).prio.lower_grades_to
    return [
        Case(
            one,
            tuple(sorted(lacking[one.pk])),
            tuple(offers[one.pk]),
            tuple(
                slot
                for slot in free
                if slot.weekday in lacking[one.pk] and one.pupil.homeroom.grade in slot.activity.grades
            ),
            one.pupil.homeroom.grade <= lower,
        )
        for one in mine
        if one.pk in lacking
    ]


def _lacking(applications: list[Application]) -> dict[int, set[int]]:
    """Return the weekdays that were asked for and have no place, by application."""
    wanted: dict[int, set[int]] = defaultdict(set)
    days = DayChoice.objects.filter(submission__in=[one.current_id for one in applications])
    for application, weekday in days.values_list("submission__application_id", "weekday"):
        wanted[application].add(weekday)
    seats = Placement.objects.filter(application__in=[one.pk for one in applications], ended_at=None)
    for application, weekday in seats.values_list("application_id", "weekday"):
        wanted[application].discard(weekday)
    return {application: days for application, days in wanted.items() if days}


def _free(registration: Registration) -> list[Slot]:
    """Return the groups with a seat that is neither held nor promised, and for which nobody waits."""
    slots = list(slots_of(registration))
    ids = [slot.pk for slot in slots]
    taken = taken_by_slot(ids)
    promised = dict(Offer.objects.filter(slot__in=ids, state=Offer.OPEN).values_list("slot").annotate(n=Count("pk")))
    waited_for = set(WaitingPlace.objects.filter(slot__in=ids, ended_at=None).values_list("slot_id", flat=True))
    return [
        slot
        for slot in slots
        if slot.pk not in waited_for and slot.activity.capacity > taken.get(slot.pk, 0) + promised.get(slot.pk, 0)
    ]
