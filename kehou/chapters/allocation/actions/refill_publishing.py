"""A refill round becomes public: seats move all at once, each a line of the draw's record; families hear."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from kehou.chapters.allocation import queries
from kehou.chapters.allocation.actions.drawing import _move, _write
from kehou.chapters.allocation.actions.noting import note
from kehou.chapters.allocation.actions.refilling import _locked, tell
from kehou.chapters.allocation.actions.seats import _end, _seat, hold, offer_free_seats
from kehou.chapters.allocation.models import Draw, Placement, RefillWish
from kehou.chapters.allocation.refills import wishes_of
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.programme.models import Slot
from kehou.lib.actors import SYSTEM, Actor
from kehou.rules import drawing
from kehou.rules.calendar import weekday_name
from kehou.rules.states import DRAW, refusal_to_move
from kehou.rules.verdicts import insist

Moves = list[tuple[RefillWish, list[Placement], list[Slot]]]  # wish, seats given up, slots taken


@transaction.atomic
def publish_refill(refill: Draw, *, by: Actor, at: datetime) -> Draw:
    """Move the seats as they were drawn, from the next service day on; families hear, agreements are drawn up.

    A family that has left, or has given its seat up since the freezing, gets nothing: what was drawn for it goes to the
    waiting list. :raises Refused: R-FLOW-01 before the draw or twice; R-GRP-01 if a group has lost seats meanwhile
    """
    refill = _locked(refill)
    insist(refusal_to_move(DRAW, refill.state, "published"))
    _hold(refill)
    _move(refill, "published", published_at=at)
    refill.registration.applications.filter(joins=True, state="reviewed").update(state="waiting")  # the newcomers
    moves = _moves(refill)
    for _, seats, _ in moves:
        for seat in seats:
            _end(seat, at)
    for wish, seats, takes in moves:
        for slot in takes:
            _seat(wish.application, slot, source="refill", at=at, reason={"refill": refill.pk})
        _note(wish, seats, takes, by=by, at=at)
    _insist_on_seats(moves)
    _follow(refill, moves, by=by, at=at)
    _tell_outcome(refill, at)
    _write(refill, "allocation.refill_published", by=by, at=at, moved=len(moves), record=refill.record_digest)
    offer_free_seats(slots_of(refill.registration).values_list("pk", flat=True), by=SYSTEM, at=at)
    return refill


def _hold(refill: Draw) -> None:
    """Hold everything that moves, in the order in which an exit takes it: enrolment, application, group."""
    applications = wishes_of(refill).exclude(got=[]).values_list("application", flat=True)
    hold(applications, slots_of(refill.registration).values_list("pk", flat=True))


def _moves(refill: Draw) -> Moves:
    """Return what moves; a wish whose child has left or no longer holds what it came with lapses."""
    rows = refill.refill_wishes.filter(withdrawn_at=None).exclude(got=[]).order_by("pk")
    related = ("application__registration__term", "application__registration__school", "application__pupil__homeroom")
    wishes = list(rows.select_related("refill", *related))
    slots = {slot.pk: slot for slot in slots_of(refill.registration)}
    held: dict[tuple[int, int], list[Placement]] = defaultdict(list)
    seats = Placement.objects.filter(application__in=[one.application_id for one in wishes], ended_at=None)
    for seat in seats.select_related("slot__activity", "application__registration__term").order_by("pk"):
        held[seat.application_id, seat.weekday].append(seat)
    moves: Moves = []
    for wish in wishes:
        mine = held[wish.application_id, wish.weekday]
        takes = [slots[pk] for pk in wish.got if pk in slots]
        came = wish.held_id is None or any(seat.slot_id == wish.held_id for seat in mine)
        if wish.application.state == "ended" or not came or len(takes) < len(wish.got):
            RefillWish.objects.filter(pk=wish.pk).update(outcome="lapsed")
        else:
            gives = [seat for seat in mine if any(queries.overlap(seat.slot, slot) for slot in takes)]
            moves.append((wish, gives, takes))
    return moves


def _note(wish: RefillWish, seats: list[Placement], takes: list[Slot], *, by: Actor, at: datetime) -> None:
    why = f"第{wish.refill.number}次统筹，补选"
    frees = [seat.slot for seat in sorted(seats, key=lambda seat: seat.slot.activity.is_base_care)]
    note(wish.application, "refill", frees=frees, takes=takes[0], by=by, at=at, reason=why)
    for care in takes[1:]:
        note(wish.application, "refill", takes=care, by=by, at=at, reason=why)


def _insist_on_seats(moves: Moves) -> None:
    """Raise if a group holds more than its seats: it was made smaller since the freezing."""
    for slot in {slot.pk: slot for _, _, takes in moves for slot in takes}.values():
        taken = queries.taken_in(slot) - 1
        insist(drawing.refusal_to_seat(taken=taken, seats=slot.activity.capacity, activity=slot.activity.name))


def _follow(refill: Draw, moves: Moves, *, by: Actor, at: datetime) -> None:
    """Let the rest of the house follow: papers for the newly placed, the weekday for who had none."""
    registration = refill.registration
    placed = {wish.application_id for wish, _, _ in moves}
    first = set(registration.applications.filter(pk__in=placed, state="allocated").values_list("pk", flat=True))
    enrolment.draw_up_agreements(registration, queries.served(registration, first), by=by, at=at)
    more: dict[int, dict[int, int]] = defaultdict(dict)
    for wish, seats, takes in moves:
        if not seats:
            more[wish.application_id][wish.weekday] = len({hour for slot in takes for hour in queries.hours_of(slot)})
    standing = Enrolment.objects.filter(application__in=list(more), application__state="in_force")
    for enrolled in standing.select_related("application__registration__term", "application__registration__school"):
        was = enrolment.hours_on(enrolled, enrolment.exit_day(enrolled, at.date()) or at.date())
        added = {day: hours for day, hours in more[enrolled.application_id].items() if day not in was}
        if added:
            enrolment.change_days(enrolled, {**was, **added}, by=by, at=at, drawn=True)


def _tell_outcome(refill: Draw, at: datetime) -> None:
    got: dict[int, list[str]] = defaultdict(list)
    changed: set[int] = set()
    wishes = list(wishes_of(refill))
    names = {slot.pk: slot.activity.name for slot in slots_of(refill.registration)}
    for wish in wishes:
        day = weekday_name(wish.weekday)
        if wish.outcome in ("moved", "served"):
            changed.add(wish.application_id)
            got[wish.application_id].append(f"{day}到“{names.get(wish.got[0], '')}”")
        else:
            got[wish.application_id].append(f"{day}没有补上，原来的安排不变")
    words = {
        pk: ("补选有结果了" if pk in changed else "这次没有补上", "；".join(lines) + "。补上的从下一个服务日起。")
        for pk, lines in got.items()
    }
    tell(refill, words, "allocation.refilled", at)
