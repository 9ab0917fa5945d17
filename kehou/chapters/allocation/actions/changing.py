"""Other days in mid-term: the enrolled days, and with them the seats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from kehou.chapters.allocation import queries
from kehou.chapters.allocation.actions.noting import note
from kehou.chapters.allocation.actions.seats import _end, _lock, _seat, hold, insist_on_rest, offer_free_seats
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Application, EnrolledDay, Enrolment
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.programme.models import Slot
from kehou.lib.actors import Actor
from kehou.rules.calendar import weekday_name
from kehou.rules.drawing import is_left_over
from kehou.rules.verdicts import Refused, refuse

CHANGED_DAYS = "家长增加星期或课时：摇号后剩下、没有人候补的空位，先到先得"


@transaction.atomic
def change_days(enrolled: Enrolment, becomes: Mapping[int, int], *, by: Actor, at: datetime) -> list[EnrolledDay]:
    """Change a child's weekdays and hours from the next service day; hours that are added are base care.

    What is given up goes to the queue. :raises Refused: R-ENR-01 outside a window or where no seat is free
    """
    made = enrolment.change_days(enrolled, becomes, by=by, at=at)
    application = Application.objects.select_related(
        "pupil__homeroom", "registration__term", "registration__school"
    ).get(pk=enrolled.application_id)
    care = slots_of(application.registration).filter(weekday__in=list(becomes), activity__is_base_care=True)
    mine = queries.standing(application).values_list("slot", flat=True)
    hold([application.pk], [*care.values_list("pk", flat=True), *mine])
    freed = []
    for seat in queries.standing(application).select_related("slot__activity", "application__registration"):
        if max(queries.hours_of(seat.slot)) > becomes.get(seat.weekday, 0):
            _end(seat, at)
            note(application, "left", frees=[seat.slot], by=by, at=at)
            freed.append(seat.slot_id)
    for weekday, hours in sorted(becomes.items()):
        held = queries.standing(application).filter(weekday=weekday).select_related("slot__activity")
        covered = {hour for seat in held for hour in queries.hours_of(seat.slot)}
        for hour in sorted(set(range(1, hours + 1)) - covered):
            found = _care_for(application, weekday, hour, at)
            note(application, "hand", takes=found, by=by, at=at, reason=CHANGED_DAYS)
    offer_free_seats(freed, by=by, at=at)
    return made


def _before(application: Application, slot: Slot) -> int:
    """Return how many others wait for a group."""
    return sum(one.application_id != application.pk for one in queries.queue(slot))


def _care_for(application: Application, weekday: int, hour: int, at: datetime) -> Slot:
    """Seat a child in base care for one class hour. :raises Refused: R-ENR-01 where none is left over"""
    care = slots_of(application.registration).filter(weekday=weekday, first_hour=hour, activity__is_base_care=True)
    mine = application.pupil.homeroom_id
    # The child's own class first, then rooms that are nobody's, then those of others.
    for found in sorted(
        care, key=lambda one: (one.activity.homeroom_id not in (mine, None), one.activity.homeroom_id != mine)
    ):
        if application.pupil.homeroom.grade in found.activity.grades:
            slot = _lock(found.pk)
            insist_on_rest(application.registration)
            # First come, first served holds for places that are left over, and never past somebody who waits (2.3-j).
            if is_left_over(
                taken=queries.taken_in(slot), seats=slot.activity.capacity, waiting=_before(application, slot)
            ):
                _seat(application, slot, source="base_care", at=at, reason={"left_over": True})
                return slot
    raise Refused(refuse("R-ENR-01", "change_without_seat", day=weekday_name(weekday)))
