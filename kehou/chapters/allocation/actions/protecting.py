"""R-PRIO-01: a protected child that got no place is offered one; nobody who waits is passed over for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.allocation import queries
from kehou.chapters.allocation.actions.seats import _lock, insist_on_rest
from kehou.chapters.allocation.actions.telling import tell_offer
from kehou.chapters.allocation.models import Offer
from kehou.chapters.allocation.protection import protected_without_place
from kehou.chapters.enrolment.models import Application
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.journal import actions as journal
from kehou.lib.actors import Actor
from kehou.rules import drawing
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def offer_alternative(application: Application, slot_id: int, *, by: Actor, at: datetime) -> Offer:
    """Offer a free seat for which nobody waits to a protected child that has none that day; the family answers.

    The journal says that a seat was offered, and not on which ground the child is protected (2.1-k).

    :raises Refused: R-PRIO-01 before the result is public, for a child that is not protected or has a place that day,
        where others wait, or while an offer for that day is open; R-GRP-01 without a free seat or for another grade
    """
    registration = application.registration
    draw = queries.published_draw_of(registration)
    if draw is None:
        raise Refused(refuse("R-PRIO-01", "not_published_yet"))
    if not slots_of(registration).filter(pk=slot_id).exists():
        raise Refused(refuse("R-GRP-01", "not_offered_here"))
    slot = _lock(slot_id)
    insist_on_rest(registration)
    cases = {case.application.pk: case for case in protected_without_place(registration)}
    case = cases.get(application.pk)
    if case is None or slot.weekday not in case.weekdays:
        raise Refused(refuse("R-PRIO-01", "not_waiting_that_day"))
    if any(one.state == Offer.OPEN and one.slot.weekday == slot.weekday for one in case.offers):
        raise Refused(refuse("R-PRIO-01", "offered_already"))
    if application.pupil.homeroom.grade not in slot.activity.grades:
        raise Refused(refuse("R-GRP-01", "not_open_to_grade", activity=slot.activity.name))
    if any(one.application_id != application.pk for one in queries.queue(slot)):
        raise Refused(refuse("R-PRIO-01", "others_wait_there", activity=slot.activity.name))
    taken = queries.taken_in(slot)
    insist(drawing.refusal_to_seat(taken=taken, seats=slot.activity.capacity, activity=slot.activity.name))
    offer = Offer.objects.create(
        draw=draw, application=application, slot=slot, made_at=at, expires_at=queries.offer_deadline(at)
    )
    code = registration.school.code
    journal.write("allocation.alternative_offered", about=offer, by=by, at=at, school_code=code, slot=slot.pk)
    tell_offer(offer, slot, at)
    return offer
