"""A refill round as the engine knows it: who holds what by the public record, the free seats, the wishes that stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from kehou.chapters.allocation.models import Draw, Offer, Placement, RefillWish
from kehou.chapters.allocation.queries import taken_by_slot
from kehou.chapters.allocation.records import public_record
from kehou.chapters.allocation.refills import ChildDay, days_of, offered_groups, wishes_of
from kehou.chapters.allocation.rounds import (
    Frozen,
    _campus,
    classes_with_own_care,
    pseudonym,
    round_id,
    section_id,
    section_of,
    slot_of,
)
from kehou.chapters.allocation.swaps import numbers_of
from kehou.chapters.programme.models import Slot
from kehou.rules.allocation import CARE, Base, Request, Round, Section, Standing, Student, refill_request, refill_rules
from kehou.rules.allocation.follows import held_after

Key = tuple[int, int]  # application, weekday


@dataclass
class Market:
    """What is in a round: sections by slot with their seats, the group each holder came with, the children."""

    slots: dict[int, Slot]
    sections: dict[int, Section]
    mains: dict[Key, Placement]
    students: dict[int, Student]
    held: dict[Key, list[Placement]] = field(default_factory=dict)


def freeze_refill(refill: Draw, on: date) -> tuple[Frozen, dict[int, Slot]]:
    """Return the frozen round, and by wish the group its child came with. Statements do not grow with the children.

    The public record says who holds what, so that everybody can compare. A seat that it does not show, because it was
    offered in confidence or its group is younger than the draw, stays with the child and out of the round.
    """
    base = refill.base
    assert base is not None
    record = public_record(base)
    known, lost = held_after(record, record["changes"])
    wishes = list(wishes_of(refill))
    market = _market(base, {slot_of(row[0]): row[0] for row in record["sections"]}, known, wishes)
    drawn = numbers_of(base).value
    days = days_of({wish.application_id: wish.application for wish in wishes}.values(), on)
    asked = {(wish.application_id, wish.weekday): wish for wish in wishes}
    requests, standings = [], []
    for key in sorted(market.mains.keys() | asked.keys()):
        application, weekday = key
        wish, child = asked.get(key), days.get(application, {}).get(weekday)
        if (request := _request(market, key, wish, child)) is None:
            continue
        number, main = drawn.get(weekday, {}).get(request.pid), market.mains.get(key)
        seat = market.sections[main.slot_id].id if main else None
        keeps = number is not None and (request.pid, weekday) in lost
        standings.append(Standing(request.pid, weekday, seat, number, keeps))
        requests.append(request)
    asking = {request.pid for request in requests}
    round = Round(
        id=round_id(refill),
        rules=refill_rules(),
        sections=tuple(market.sections.values()),
        students=tuple(student for student in market.students.values() if student.pid in asking),
        requests=tuple(requests),
        randomness=refill.randomness,
        before=tuple(standings),
        base=Base(record["head"][1], record["root"], len(record["changes"]), record["changes_seal"]),
    )
    held = {wish.pk: main.slot for key, wish in asked.items() if (main := market.mains.get(key))}
    return Frozen(round, {s.pid: pk for pk, s in market.students.items() if s.pid in asking}), held


def _market(
    base: Draw, names: dict[int, str], known: dict[tuple[str, int], set[str]], wishes: list[RefillWish]
) -> Market:
    slots = {slot.pk: slot for slot in offered_groups(base)}
    own = classes_with_own_care(base.registration, slots.values())
    with_care = set(own.values())
    every = {
        pk: replace(section_of(slot, own.get(pk)), id=names.get(pk, section_id(slot)), min=0)
        for pk, slot in slots.items()
    }
    mains: dict[Key, Placement] = {}
    held: dict[Key, list[Placement]] = defaultdict(list)
    pupils = {wish.application_id: wish.application for wish in wishes}
    for seat in _seats(base):
        key = seat.application_id, seat.weekday
        held[key].append(seat)
        section = every.get(seat.slot_id)
        if section is None or section.kind == CARE or key in mains:
            continue
        if section.id in known.get((pseudonym(base, seat.application_id), seat.weekday), ()):
            mains[key] = seat
            pupils[seat.application_id] = seat.application
    students = {
        pk: Student(pseudonym(base, pk), _campus(one.pupil.homeroom, with_care), one.pupil.homeroom.grade)
        for pk, one in pupils.items()
    }
    return Market(slots, _with_seats(every, slots, mains.values()), mains, students, held)


def _seats(base: Draw) -> Iterable[Placement]:
    return (
        Placement.objects.filter(application__registration=base.registration_id, ended_at=None)
        .select_related("slot__activity", "application__pupil__homeroom")
        .order_by("slot__first_hour", "pk")
    )


def _with_seats(every: dict[int, Section], slots: dict[int, Slot], mains: Iterable[Placement]) -> dict[int, Section]:
    """Return the sections with the seats that are in the round: the holders' and the free ones; none without any."""
    promised = Counter(Offer.objects.filter(slot__in=list(slots), state=Offer.OPEN).values_list("slot", flat=True))
    taken, holders = taken_by_slot(list(slots)), Counter(seat.slot_id for seat in mains)
    seats = {
        pk: max(slot.activity.capacity - taken.get(pk, 0) - promised[pk], 0) + holders[pk] for pk, slot in slots.items()
    }
    return {pk: replace(section, cap=seats[pk]) for pk, section in every.items() if seats[pk]}


def _request(market: Market, key: Key, wish: RefillWish | None, child: ChildDay | None) -> Request | None:
    """Return what stands for a child on a weekday; None for who holds nothing and asks for nothing that is there."""
    application, weekday = key
    student, main = market.students[application], market.mains.get(key)
    seat = market.sections[main.slot_id].id if main else None
    wanted, hours = [], 0
    if wish is not None and child is not None:
        fitting = {slot.pk for slot in child.options(student.grade, market.slots.values())}
        sections = [market.sections[slot] for slot in wish.slots if slot in fitting and slot in market.sections]
        wanted = [section.id for section in sections if section.admits(student)]
        if not market.held.get(key):  # nothing yet: base care fills what is left of the hours, or all of them
            hours = child.hours
            wanted += _care(market, weekday, student, hours) if wish.care else []
    if seat is None and not wanted:
        return None
    return refill_request(student.pid, weekday, wanted, seat=seat, hours=hours)


def _care(market: Market, weekday: int, student: Student, hours: int) -> list[str]:
    """Return the base care a child may attend, the longest first."""
    there = (s for s in market.sections.values() if s.kind == CARE and s.day == weekday)
    open_to = [s for s in there if s.admits(student) and not s.hours & ~hours]
    return [s.id for s in sorted(open_to, key=lambda s: (-s.hours.bit_count(), s.id))]
