"""Children whose group was taken out of the table after the draw, and where the engine would place them next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from kehou.chapters.allocation.models import Draw, Offer, Placement
from kehou.chapters.allocation.queries import hours_of, taken_by_slot
from kehou.chapters.allocation.rounds import _campus, classes_with_own_care, pseudonym, section_of, slot_of
from kehou.chapters.allocation.swaps import numbers_of
from kehou.chapters.enrolment.models import Application, Wish
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.programme.models import Slot
from kehou.chapters.programme.queries import table_of
from kehou.rules.allocation import CARE, Numbers, Request, Round, Rules, Section, Student, allocate
from kehou.rules.drawing import refusal_to_place_anew
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class Displaced:
    """A child's seats of one weekday whose groups are cancelled, and what it gets instead, if anything."""

    application: Application
    weekday: int
    seats: tuple[Placement, ...]
    takes: tuple[Slot, ...] = ()


def displaced(draw: Draw) -> list[Displaced]:
    """Return the children who sit in groups that the table no longer has, by weekday: one statement."""
    rows = (
        Placement.objects.filter(
            application__registration=draw.registration_id, ended_at=None, slot__withdrawn_at__isnull=False
        )
        .select_related("slot__activity", "application__pupil__homeroom", "application__pupil__school")
        .select_related("application__registration__school", "application__registration__term")
        .order_by("weekday", "application", "slot__first_hour")
    )
    found: dict[tuple[int, int], list[Placement]] = defaultdict(list)
    for seat in rows:
        found[seat.weekday, seat.application_id].append(seat)
    return [Displaced(there[0].application, day, tuple(there)) for (day, _), there in found.items()]


def refusal_now(draw: Draw, children: int) -> Refusal | None:
    """Return why the children of cancelled groups cannot be placed at this moment: what the button says."""
    table = table_of(draw.registration.school, draw.registration.term)
    return refusal_to_place_anew(
        published=draw.state == "published",
        table_is_public=table is not None and table.state == "published",
        children=children,
    )


def next_places(draw: Draw, children: Iterable[Displaced]) -> list[Displaced]:
    """Return the children with what each gets: its next wishes in the order of the draw's numbers, then base care.

    They lost through no fault of theirs and keep their number; seats promised to others stay promised. Nothing is
    written.
    """
    asked = list(children)
    if not asked:
        return []
    slots = {slot.pk: slot for slot in slots_of(draw.registration)}
    own = classes_with_own_care(draw.registration, slots.values())
    with_care, drawn = set(own.values()), numbers_of(draw)
    taken, wishes = _taken(slots), _wishes(asked)
    found: list[Displaced] = []
    for day in sorted({one.weekday for one in asked}):
        sections = {
            pk: replace(section_of(slot, own.get(pk)), cap=max(slot.activity.capacity - taken[pk], 0), min=0)
            for pk, slot in slots.items()
            if slot.weekday == day
        }
        there = {pseudonym(draw, one.application.pk): one for one in asked if one.weekday == day}
        students = {
            pid: Student(pid, _campus(one.application.pupil.homeroom, with_care), one.application.pupil.homeroom.grade)
            for pid, one in there.items()
        }
        requests = [_request(pid, one, students[pid], sections, wishes) for pid, one in there.items()]
        asking = [request for request in requests if request.tiers]
        found += _placed(day, there, students, sections, asking, drawn, slots)
    return found


def _placed(
    day: int,
    there: dict[str, Displaced],
    students: dict[str, Student],
    sections: dict[int, Section],
    asking: list[Request],
    drawn: Numbers,
    slots: dict[int, Slot],
) -> list[Displaced]:
    before = drawn.value.get(day, {})
    last = max(before.values(), default=0) + 1
    round = Round(
        id="cancelled",
        rules=Rules(minimum="report"),
        sections=tuple(sections.values()),
        students=tuple(students.values()),
        requests=tuple(asking),
    )
    outcome = allocate(round, Numbers({day: {one.pid: before.get(one.pid, last) for one in asking}}), days=(day,))
    found = []
    for pid, one in there.items():
        seat = outcome.seat.get((pid, day))
        gets = [seat, *outcome.care.get((pid, day), ())] if seat else []
        found.append(replace(one, takes=tuple(slots[slot_of(section)] for section in gets)))
    return found


def _taken(slots: Iterable[int]) -> Counter[int]:
    """Return how many seats of each slot are held or promised."""
    ids = list(slots)
    promised = Offer.objects.filter(slot__in=ids, state=Offer.OPEN).values_list("slot", flat=True)
    return Counter(taken_by_slot(ids)) + Counter(promised)


def _wishes(children: Iterable[Displaced]) -> dict[tuple[int | None, int], list[tuple[int, int]]]:
    """Return the wishes as (tier, slot) by submission and weekday."""
    found: dict[tuple[int | None, int], list[tuple[int, int]]] = defaultdict(list)
    rows = Wish.objects.filter(submission__in=[one.application.current_id for one in children]).order_by("tier", "pk")
    for submission, weekday, tier, slot in rows.values_list("submission", "weekday", "tier", "slot"):
        found[submission, weekday].append((tier, slot))
    return found


def _request(
    pid: str,
    one: Displaced,
    student: Student,
    sections: dict[int, Section],
    wishes: dict[tuple[int | None, int], list[tuple[int, int]]],
) -> Request:
    """Return the wishes that are left within the hours that were freed, and base care as the last of them."""
    hours = reduce(or_, (1 << (hour - 1) for seat in one.seats for hour in hours_of(seat.slot)))
    open_to = {pk: s for pk, s in sections.items() if s.admits(student) and not s.hours & ~hours}
    tiers: dict[int, list[str]] = defaultdict(list)
    for tier, slot in wishes.get((one.application.current_id, one.weekday), ()):
        if slot in open_to and open_to[slot].kind != CARE:
            tiers[tier].append(open_to[slot].id)
    care = sorted(section.id for section in open_to.values() if section.kind == CARE)
    listed = [tuple(options) for _, options in sorted(tiers.items())]
    return Request(pid, one.weekday, (*listed, *([tuple(care)] if care else [])), any_place=False, hours=hours)
