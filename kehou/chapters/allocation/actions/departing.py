"""Children who have left the school: their days, seats, places in a queue, offers and wishes end together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from kehou.chapters.allocation.actions.seats import free_seats, give_up, hold
from kehou.chapters.allocation.models import Offer, Placement, RefillWish, Renewal, SwapWish, WaitingPlace
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Application, Enrolment
from kehou.lib.actors import Actor
from kehou.rules.states import DRAW, SWAPS

SCHOOL_LEFT = "离校"


@transaction.atomic
def depart(days: Mapping[int, date], *, by: Actor, at: datetime) -> set[int]:
    """End what children hold and wait for who have left the school: pupil id → the first day without the child.

    What becomes free is offered on. Return the pupils who held or waited for something. All families are held first,
    then all groups: the next in a queue may be a family of the same list, and two lists may cross.
    """
    standing = Application.objects.filter(
        pupil__in=days, registration__term__until_on__gt=min(days.values(), default=at.date())
    ).exclude(state__in=("ended", "declined"))
    families = sorted(standing.values_list("pk", flat=True))
    hold(families, ())
    hold((), _groups(families))
    _take_back_wishes(days, families, by=by, at=at)
    # Nobody of the list is asked to take what another of the list gives up.
    WaitingPlace.objects.filter(application__in=families, ended_at=None).update(ended_at=at, ended_because="left")
    rows = standing.filter(pk__in=families).select_related("pupil", "registration__school", "registration__term")
    touched = set()
    for application in rows.order_by("pk"):
        touched.add(application.pupil_id)
        _depart(application, days[application.pupil_id], by=by, at=at)
    return touched


def _groups(families: list[int]) -> set[int]:
    """Return the slots in which these applications hold a seat or an offer."""
    seats = Placement.objects.filter(application__in=families, ended_at=None).values_list("slot", flat=True)
    offers = Offer.objects.filter(application__in=families, state=Offer.OPEN).values_list("slot", flat=True)
    return {*seats, *offers}


def _depart(application: Application, on: date, *, by: Actor, at: datetime) -> None:
    enrolled = Enrolment.objects.filter(application=application).first()
    if enrolled is None:
        give_up(application, by=by, at=at)
    elif enrolled.until_on > max(on, enrolled.from_on):
        left = enrolment.leave(enrolled, by=by, at=at, reason=SCHOOL_LEFT, effective_on=on)
        free_seats(left, by=by, at=at)


def _take_back_wishes(days: Mapping[int, date], families: list[int], *, by: Actor, at: datetime) -> None:
    """Take back what was wished for while it may still be wished for; a frozen round passes over who has left."""
    swaps = SwapWish.objects.filter(placement__application__in=families, round__state=SWAPS.start, withdrawn_at=None)
    swaps.update(withdrawn_at=at)
    refills = RefillWish.objects.filter(application__in=families, refill__state=DRAW.start, withdrawn_at=None)
    refills.update(withdrawn_at=at)
    keeps = Renewal.objects.filter(~Q(answer="let_go"), pupil__in=days, window__closes_at__gt=at)
    keeps.update(answer="let_go", answered_at=at, answered_by=str(by))
