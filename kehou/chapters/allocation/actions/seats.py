"""Seats given outside the draw: from the waiting list in its order, by hand with a reason; each locked once, late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, QuerySet

from kehou.chapters.allocation import queries
from kehou.chapters.allocation.actions.noting import insist_on_reason, note
from kehou.chapters.allocation.actions.telling import tell_moved, tell_offer, tell_removed
from kehou.chapters.allocation.models import Offer, Placement, WaitingPlace
from kehou.chapters.allocation.refills import standing_refill
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Application, Enrolment, Exit, Registration
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.queries import guardians_of
from kehou.chapters.programme.models import Slot
from kehou.lib.actors import SYSTEM, Actor
from kehou.rules import drawing, refilling
from kehou.rules.verdicts import Refused, insist, refuse


def _lock(slot_id: int) -> Slot:
    """Return the slot, held until the end of the transaction; SQLite holds the whole database instead."""
    return Slot.objects.select_for_update(of=("self",), no_key=True).select_related("activity").get(pk=slot_id)


def insist_on_rest(registration: Registration) -> None:
    """Raise while a refill round is frozen: it knows who holds what. Call it with the slots locked.

    :raises Refused: R-ALLOC-02
    """
    refill = standing_refill(registration)
    insist(refilling.refusal_to_give(refill.state if refill else None))


def hold(applications: Iterable[int], slots: Iterable[int]) -> dict[int, Slot]:
    """Hold families, then groups, each by id, until the end of the transaction; return the groups.

    Whoever moves a seat takes them in this order, which is that of an exit: nobody waits for another in a circle, and
    the hours of one child are not filled twice.
    """
    families = sorted(set(applications))
    list(Enrolment.objects.select_for_update(no_key=True).filter(application__in=families).order_by("pk"))
    list(Application.objects.select_for_update(no_key=True).filter(pk__in=families).order_by("pk"))
    return {pk: _lock(pk) for pk in sorted(set(slots))}


def _insist_on_seat(slot: Slot, *, but: Offer | None = None) -> None:
    """Raise unless a seat of the locked slot is free: neither held nor offered to somebody else."""
    taken = queries.taken_in(slot, but=but)
    insist(drawing.refusal_to_seat(taken=taken, seats=slot.activity.capacity, activity=slot.activity.name))


@transaction.atomic
def place(
    application: Application,
    slot_id: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    instead_of: Placement | None = None,
) -> Placement:
    """Give a child a seat by hand, with a reason published beside the result (2.7.3-c); what it had is offered on.

    :raises Refused: R-GRP-01 without a free seat, for another grade, for a group that this school does not offer, or on
        top of something else; R-ALLOC-02, R-PRIV-02 as `insist_on_reason`, before publishing, or for who stepped back
    """
    insist_on_reason(application.registration, reason)
    if not slots_of(application.registration).filter(pk=slot_id).exists():
        raise Refused(refuse("R-GRP-01", "not_offered_here"))
    frees = [instead_of.slot] if instead_of is not None else []
    slot = hold([application.pk], [slot_id, *(one.pk for one in frees)])[slot_id]
    insist_on_rest(application.registration)
    _insist_on_hand(application)
    _insist_on_seat(slot)
    if instead_of is not None:
        _end(instead_of, at)
    placement = _seat(application, slot, source="manual", at=at, reason={"by_hand": reason.strip()})
    note(application, "hand", frees=frees, takes=slot, by=by, at=at, reason=reason.strip())
    journal.write(
        "allocation.placed_by_hand",
        about=placement,
        by=by,
        at=at,
        school_code=application.registration.school.code,
        pupil=application.pupil_id,
        slot=slot.pk,
        instead_of=instead_of.slot_id if instead_of else None,
        reason=reason.strip(),
    )
    tell_moved(application, slot, at)
    offer_free_seats([one.pk for one in frees], by=SYSTEM, at=at)
    return placement


@transaction.atomic
def remove(placement: Placement, *, reason: str, by: Actor, at: datetime) -> None:
    """Take a seat back by hand, with a reason; the family is told and the next in the queue is asked.

    Who has no seat left and has not signed yet waits again. :raises Refused: R-ALLOC-02 as `place`
    """
    application = placement.application
    insist_on_reason(application.registration, reason)
    hold([application.pk], [placement.slot_id])
    _insist_on_hand(application)
    _end(placement, at)
    note(application, "hand", frees=[placement.slot], by=by, at=at, reason=reason.strip())
    journal.write(
        "allocation.removed_by_hand",
        about=placement,
        by=by,
        at=at,
        school_code=application.registration.school.code,
        reason=reason.strip(),
        slot=placement.slot_id,
    )
    if not queries.standing(application).exists():
        _wait_again(application)
    tell_removed(application, placement.slot, reason.strip(), at)
    offer_free_seats([placement.slot_id], by=by, at=at)


def _insist_on_hand(application: Application) -> None:
    """Raise unless a seat may be changed by hand: the result is public, and the family has not stepped back."""
    application.refresh_from_db(fields=["state"])
    published = queries.published_draw_of(application.registration) is not None
    insist(drawing.refusal_by_hand(published=published, state=application.state))


def _wait_again(application: Application) -> None:
    """Let a child without a seat wait; an agreement that nobody's ink is on yet has lost what it was about."""
    if Application.objects.filter(pk=application.pk, state="allocated").update(state="waiting"):
        application.agreements.filter(state="to_sign").update(state="ended")


def _seat(application: Application, slot: Slot, *, source: str, at: datetime, reason: dict[str, object]) -> Placement:
    """Write a placement, unless it does not fit the child. :raises Refused: R-GRP-01"""
    grade = application.pupil.homeroom.grade
    if grade not in slot.activity.grades:
        raise Refused(refuse("R-GRP-01", "not_open_to_grade", activity=slot.activity.name))
    mine = queries.standing(application).filter(weekday=slot.weekday).select_related("slot__activity")
    if any(queries.overlap(slot, other.slot) for other in mine):
        raise Refused(refuse("R-GRP-01", "hours_overlap", activity=slot.activity.name))
    from_on, until_on = _span(application, at.date())
    WaitingPlace.objects.filter(application=application, slot=slot, ended_at=None).update(
        ended_at=at, ended_because="placed"
    )
    Application.objects.filter(pk=application.pk, state="waiting").update(state="allocated")
    return Placement.objects.create(
        application=application,
        draw=queries.draw_of(application.registration),
        slot=slot,
        weekday=slot.weekday,
        source=source,
        reason=reason,
        from_on=from_on,
        until_on=until_on,
    )


def _span(application: Application, today: date) -> tuple[date, date]:
    """Return from when until when a seat given today holds: from the next service day."""
    term = application.registration.term
    from_on = enrolment.next_service_day(application.registration, after=today)
    if from_on is None:
        raise Refused(refuse("R-ENR-01", "no_service_day_left"))
    return from_on, term.service_until_on


def _end(placement: Placement, at: datetime) -> None:
    """End a seat from the next service day on. :raises Refused: R-ALLOC-02 when it has ended"""
    registration = placement.application.registration
    until = enrolment.next_service_day(registration, after=at.date()) or placement.until_on
    until = max(until, placement.from_on)
    standing = Placement.objects.filter(pk=placement.pk, ended_at=None)
    if not standing.update(ended_at=at, until_on=min(until, placement.until_on)):
        raise Refused(refuse("R-ALLOC-02", "seat_has_ended"))


# --- The queue --------------------------------------------------------------------------------------------------------


@transaction.atomic
def offer_free_seats(slot_ids: Iterable[int], *, by: Actor, at: datetime) -> list[Offer]:
    """Offer every free seat of the slots to the next in the queue, in the order of the draw (2.3-j).

    The time of clicking never matters; a family that has an open offer there is not asked twice.
    """
    made: list[Offer] = []
    for slot_id in sorted(set(slot_ids)):
        slot = _lock(slot_id)
        free = slot.activity.capacity - queries.taken_in(slot)
        for waiting in queries.queue(slot)[: max(free, 0)]:
            offer = Offer.objects.create(
                draw=waiting.draw,
                application=waiting.application,
                slot=slot,
                made_at=at,
                expires_at=queries.offer_deadline(at),
            )
            journal.write(
                "allocation.offered",
                about=offer,
                by=by,
                at=at,
                school_code=waiting.application.registration.school.code,
                position=waiting.position,
                slot=slot.pk,
            )
            tell_offer(offer, slot, at)
            made.append(offer)
    return made


@transaction.atomic
def answer_offer(offer: Offer, *, accepts: bool, by: Actor, at: datetime) -> Placement | None:
    """Take or leave an offered seat. Taking it frees what the child holds in the same hours, and that is offered on.

    :raises Refused: R-ALLOC-02 when it was answered or has expired
    """
    held = queries.standing(offer.application).filter(weekday=offer.slot.weekday).values_list("slot", flat=True)
    slot = hold([offer.application_id], [offer.slot_id, *held])[offer.slot_id]
    offer = Offer.objects.select_related("application__pupil__homeroom", "application__registration__term").get(
        pk=offer.pk
    )
    insist(drawing.refusal_to_answer(state=offer.state, expires_at=offer.expires_at, at=at))
    answer = Offer.ACCEPTED if accepts else Offer.DECLINED
    Offer.objects.filter(pk=offer.pk).update(state=answer, answered_at=at, answered_by=str(by))
    application = offer.application
    verb = "allocation.offer_accepted" if accepts else "allocation.offer_declined"
    journal.write(verb, about=offer, by=by, at=at, school_code=application.registration.school.code, slot=slot.pk)
    if not accepts:
        _leave_queue(offer, "left", at)
        offer_free_seats([slot.pk], by=SYSTEM, at=at)
        return None
    _insist_on_seat(slot, but=offer)
    freed = []
    for mine in queries.standing(application).filter(weekday=slot.weekday).select_related("slot__activity"):
        if queries.overlap(slot, mine.slot):
            _end(mine, at)
            freed.append(mine.slot)
    placement = _seat(application, slot, source="offer", at=at, reason={"offer": offer.pk})
    note(application, "offer", frees=freed, takes=slot, by=by, at=at)
    _draw_up(application, by=by, at=at)
    offer_free_seats([one.pk for one in freed], by=SYSTEM, at=at)
    return placement


@transaction.atomic
def expire_offers(*, at: datetime, by: Actor = SYSTEM) -> int:
    """Close the offers whose hour has passed and ask the next; run by the worker. Return how many."""
    due = Offer.objects.filter(state=Offer.OPEN, expires_at__lte=at).select_related("application")
    slots = set()
    # The group first, as an answer does: otherwise an answer at the last moment and the worker wait for each other.
    for slot in sorted(set(due.values_list("slot", flat=True))):
        _lock(slot)
    for offer in due.order_by("pk"):
        if Offer.objects.filter(pk=offer.pk, state=Offer.OPEN).update(state=Offer.EXPIRED, answered_at=at):
            _leave_queue(offer, "expired", at)
            slots.add(offer.slot_id)
    offer_free_seats(slots, by=by, at=at)
    return len(slots)


def _leave_queue(offer: Offer, because: str, at: datetime) -> None:
    WaitingPlace.objects.filter(application=offer.application_id, slot=offer.slot_id, ended_at=None).update(
        ended_at=at, ended_because=because
    )


def _draw_up(application: Application, *, by: Actor, at: datetime) -> None:
    """Draw up the agreement of a child that had none and now has a seat."""
    application.refresh_from_db(fields=["state"])
    if application.state == "allocated":
        served = queries.served(application.registration, {application.pk})
        enrolment.draw_up_agreements(application.registration, served, by=by, at=at)


# --- Leaving ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def leave(enrolled: Enrolment, *, by: Actor, at: datetime, reason: str = "") -> Exit:
    """Let the family go from the next service day on, free the child's seats and ask the next in each queue.

    :raises Refused: R-ENR-01 when no service day is left
    """
    left = enrolment.leave(enrolled, by=by, at=at, reason=reason)
    free_seats(left, by=by, at=at)
    return left


def free_seats(left: Exit, *, by: Actor, at: datetime) -> None:
    """Free everything an exit leaves behind: seats, waiting places, open offers."""
    application = left.enrolment.application
    seats = Placement.objects.filter(application=application, ended_at=None)
    slots = _note_leaving(application, seats, by=by, at=at) + _close_offers(application, at)
    seats.filter(from_on__gte=left.effective_on).update(ended_at=at, until_on=F("from_on"))  # never begun
    seats.update(ended_at=at, until_on=left.effective_on)
    WaitingPlace.objects.filter(application=application, ended_at=None).update(ended_at=at, ended_because="left")
    offer_free_seats(slots, by=by, at=at)


def _close_offers(application: Application, at: datetime) -> list[int]:
    """Close what is offered to a family that leaves; return the slots, which are to be offered on."""
    open_offers = Offer.objects.filter(application=application, state=Offer.OPEN)
    slots = list(open_offers.values_list("slot", flat=True))
    open_offers.update(state=Offer.EXPIRED, answered_at=at)
    return slots


def _note_leaving(application: Application, seats: QuerySet[Placement], *, by: Actor, at: datetime) -> list[int]:
    """Write each seat that is given up into the public record; return their slots."""
    slots = [seat.slot for seat in seats.select_related("slot").order_by("weekday", "pk")]
    for slot in slots:
        note(application, "left", frees=[slot], by=by, at=at)
    return [slot.pk for slot in slots]


@transaction.atomic
def give_up(application: Application, *, by: Actor, at: datetime) -> None:
    """Let a family step back before its agreement is in force: seats, queue and paper end. Silence does the same.

    :raises Refused: R-FLOW-01 when the agreement is in force: then it is an exit
    """
    before = ("submitted", "returned", "reviewed", "waiting", "allocated", "agreed")
    moved = Application.objects.filter(pk=application.pk, state__in=before).update(state="ended")
    if not moved:
        raise Refused(refuse("R-FLOW-01", "give_up_is_an_exit_now"))
    application.agreements.filter(state__in=("to_sign", "guardian_signed")).update(state="ended")
    seats = Placement.objects.filter(application=application, ended_at=None)
    slots = _note_leaving(application, seats, by=by, at=at) + _close_offers(application, at)
    seats.update(ended_at=at, until_on=F("from_on"))
    WaitingPlace.objects.filter(application=application, ended_at=None).update(ended_at=at, ended_because="left")
    code = application.registration.school.code
    journal.write("allocation.given_up", about=application, by=by, at=at, school_code=code)
    offer_free_seats(slots, by=by, at=at)


@transaction.atomic
def release_unsigned(registration: Registration, *, by: Actor, at: datetime) -> int:
    """Give the seats of families who let the term for signing pass to the queue; return how many (2.7.3-g).

    The office presses this after having called them: a letter unread is no refusal.
    """
    overdue = registration.applications.filter(
        state="allocated", agreements__state="to_sign", agreements__sign_by_on__lt=at.date()
    )
    released = list(overdue.select_related("pupil", "registration__school", "registration__term"))
    for application in released:
        give_up(application, by=by, at=at)
        for guardian in guardians_of(application.pupil, on=at.date()):
            journal.send(
                guardian.pk,
                kind="allocation.released",
                title=f"{application.pupil.name}的名额已转给候补",
                body="协议没有在期限内签署，名额按顺序转给了候补。仍想参加，请联系学校办公室。",
                at=at,
                link=f"/guardian/{application.pupil_id}/",
                school_code=registration.school.code,
            )
    return len(released)
