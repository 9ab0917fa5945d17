"""Swaps: what a seat may be swapped for, who has asked, and the cycles that follow from it (top trading cycles)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from kehou.chapters.allocation.models import Draw, Placement, SwapRound, SwapWish
from kehou.chapters.allocation.rounds import Frozen, pseudonym, section_id, section_of, slot_of
from kehou.chapters.enrolment.models import Application
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.programme.models import Slot
from kehou.rules.allocation import Numbers, Outcome, Round, Rules, Section, Student, numbers, trade


@dataclass(frozen=True, slots=True)
class Swap:
    """One child's part in a cycle."""

    wish: SwapWish
    frees: Slot
    takes: Slot


def swap_round_of(draw: Draw) -> SwapRound | None:
    """Return the call for swaps that stands open, or the last one."""
    return draw.swap_rounds.order_by("-number").first()


def options_for(placement: Placement) -> list[Slot]:
    """Return what a seat may be swapped for: same weekday and class hours, open to the grade, no base care."""
    return [slot for slot in _same_hours(placement) if slot.pk != placement.slot_id]


def _same_hours(placement: Placement) -> list[Slot]:
    slot, application = placement.slot, placement.application
    registration = application.registration
    found = slots_of(registration).filter(
        weekday=slot.weekday,
        first_hour=slot.first_hour,
        activity__class_hours=slot.activity.class_hours,
        activity__is_base_care=False,
        activity__one_team=False,
    )
    grade = application.pupil.homeroom.grade
    return [one for one in found.order_by("activity__name", "pk") if grade in one.activity.grades]


def seats_to_swap(application: Application) -> list[Placement]:
    """Return the seats of a child that may be swapped: all but base care, which has room for all, and whole teams."""
    return list(
        Placement.objects.filter(application=application, ended_at=None)
        .exclude(Q(slot__activity__is_base_care=True) | Q(slot__activity__one_team=True))
        .select_related("slot__activity", "application__pupil__homeroom")
        .select_related("application__registration__school", "application__registration__term")
        .order_by("weekday", "slot__first_hour")
    )


def wishes_of(round: SwapRound) -> QuerySet[SwapWish]:
    """Return the wishes that stand: not taken back, the seat still held, or swapped in this round."""
    return (
        round.wishes.filter(withdrawn_at=None)
        .filter(Q(placement__ended_at=None) | Q(got__isnull=False))
        .exclude(placement__application__state="ended", got=None)
        .select_related("placement__slot__activity", "placement__application__pupil__homeroom", "got__activity")
        .select_related("placement__application__pupil__school")
        .select_related("placement__application__registration__school", "placement__application__registration__term")
        .order_by("placement__weekday", "placement__application__pupil__name_sort", "pk")
    )


def find_cycles(round: SwapRound, wishes: Iterable[SwapWish]) -> list[list[Swap]]:
    """Return who would move together if the swaps were carried out now; nothing is written.

    Only those who asked exchange seats, in the order of the draw's numbers: a free seat belongs to the queue. There is
    one market for each weekday and span of class hours.
    """
    markets: dict[tuple[int, int, int], list[SwapWish]] = defaultdict(list)
    for wish in wishes:
        slot = wish.placement.slot
        markets[slot.weekday, slot.first_hour, slot.activity.class_hours].append(wish)
    if not markets:
        return []
    slots = {slot.pk: slot for slot in slots_of(round.draw.registration)}
    drawn = numbers_of(round.draw)
    found: list[list[Swap]] = []
    for _, asked in sorted(markets.items()):
        found += _cycles(round.draw, asked, slots, drawn)
    return found


def _cycles(draw: Draw, asked: list[SwapWish], slots: dict[int, Slot], drawn: Numbers) -> list[list[Swap]]:
    """Return the cycles of one weekday and span of hours."""
    day = asked[0].placement.weekday
    by_pid = {pseudonym(draw, wish.placement.application_id): wish for wish in asked}
    seats = Counter(wish.placement.slot_id for wish in asked)
    ids = {pk: section_id(slot) for pk, slot in slots.items()}
    # A section has as many seats as there are holders who would give theirs away.
    sections = [_with_seats(slots[pk], count) for pk, count in seats.items() if pk in slots]
    last = max(drawn.value.get(day, {}).values(), default=0) + 1
    market = Outcome(
        Round(
            id="swap",
            rules=Rules(),
            sections=tuple(sections),
            students=tuple(Student(pid, "", w.placement.application.pupil.homeroom.grade) for pid, w in by_pid.items()),
            requests=(),
        ),
        # Who was not in the draw of this weekday comes last, in a fixed order.
        Numbers({day: {pid: drawn.value.get(day, {}).get(pid, last) for pid in by_pid}}),
        {},
    )
    wanted = {
        (pid, day): [ids[slot] for slot in wish.slots if slot in seats and slot in ids]
        for pid, wish in by_pid.items()
        if wish.placement.slot_id in slots
    }
    held = {(pid, day): ids[by_pid[pid].placement.slot_id] for pid, _ in wanted}
    return [
        [Swap(by_pid[pid], slots[slot_of(frees or "")], slots[slot_of(takes)]) for pid, frees, takes in cycle.moves]
        for cycle in trade(market, wanted, held=held)
    ]


def _with_seats(slot: Slot, seats: int) -> Section:
    return replace(section_of(slot), cap=seats, min=0)


def numbers_of(draw: Draw) -> Numbers:
    """Return the numbers that were drawn, computed anew from the frozen round and the public seed."""
    with draw.frozen.open("rb") as file:
        frozen = Frozen.of_json(file.read()).round
    return numbers(bytes.fromhex(draw.seed), frozen.students, frozen.requests, rules=frozen.rules)


def in_counts(cycles: Iterable[Iterable[Swap]]) -> list[list[list[int]]]:
    """Return cycles as slots only, [frees, takes] for each child: what is kept of them, without whose they are."""
    return [[[one.frees.pk, one.takes.pk] for one in cycle] for cycle in cycles]
