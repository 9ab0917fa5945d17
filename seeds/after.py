"""What comes after the draw: on the demonstration's afternoon one school asks for swaps, another may carry them out; a
third takes wishes for its refill round, a fourth may draw it.
"""

from __future__ import annotations

from datetime import date

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Placement
from kehou.chapters.allocation.refills import days_of, offered_groups
from kehou.chapters.allocation.swaps import options_for
from kehou.chapters.journal import actions as journal
from kehou.lib.actors import Actor
from kehou.lib.demonstration import CAST, DEFAULT_MOMENT, HUPAN, NIANHUA, YOUXIANG, ZHUHAI
from seeds.term import SchoolStory, at

CALLED, ASKED = at(date(2026, 11, 16), 9), at(date(2026, 11, 16), 19)
CLOSES = {YOUXIANG: at(date(2026, 11, 19), 17), HUPAN: at(date(2026, 11, 18), 12)}
REFILLS = {ZHUHAI: at(date(2026, 11, 20), 17), NIANHUA: at(date(2026, 11, 18), 12)}
ASK = 3  # families whose wish for the refill round is there already


def open_letters(story: SchoolStory) -> None:
    """Let two families of three open what they were sent; the people of the story keep theirs for whoever plays them."""
    cast = {one.name for one in CAST}
    for turn, family in enumerate(story.families):
        if turn % 3 and family.guardian.name not in cast:
            journal.read_all(family.guardian.pk, at=DEFAULT_MOMENT.at)


def call_for_swaps(story: SchoolStory) -> None:
    """Call for swaps where the story has one; two families want each other's group, a third wants one of the two."""
    closes_at = CLOSES.get(story.staffed.school.code)
    if closes_at is None:
        return
    assert story.draw is not None
    round = allocation.open_swaps(story.draw, closes_at=closes_at, by=story.staffed.by["asp_manager"], at=CALLED)
    seats = list(
        Placement.objects.filter(
            application__registration=story.registration, ended_at=None, slot__activity__is_base_care=False
        )
        .select_related("slot__activity", "application__pupil__homeroom")
        .select_related("application__registration__school", "application__registration__term")
        .order_by("weekday", "slot__first_hour", "pk")[:400]
    )
    who = {pupil.pk: family for family in story.families for pupil in family.pupils}
    first, second, third = _three(seats)
    for seat, slots in ((first, [second.slot_id]), (second, [first.slot_id]), (third, [first.slot_id])):
        family = who[seat.application.pupil_id]
        by = Actor(family.guardian.pk, family.guardian.name, family.relation)
        ranks = {slot: rank for rank, slot in enumerate(slots, start=1)}
        allocation.ask_for_swap(round, seat, ranks, by=by, at=ASKED)


def _three(seats: list[Placement]) -> tuple[Placement, Placement, Placement]:
    """Return two children who may have each other's group, and one who may have the first one's too."""
    for first in seats:
        may = {slot.pk for slot in options_for(first)}
        others = [
            seat
            for seat in seats
            if seat.slot_id in may
            and seat.application_id != first.application_id
            and first.application.pupil.homeroom.grade in seat.slot.activity.grades
            and seat.application.pupil.homeroom.grade in first.slot.activity.grades
        ]
        if len(others) > 1:
            return first, others[0], others[1]
    raise LookupError("no two groups of the same hours")


def open_refill(story: SchoolStory) -> None:
    """Open a refill round where the story has one, by the lottery draw after its end; a few families have asked."""
    closes_at = REFILLS.get(story.staffed.school.code)
    if closes_at is None:
        return
    assert story.draw is not None
    office = story.staffed.by["asp_manager"]
    refill = allocation.open_refill(story.draw, closes_at=closes_at, randomness="ssq:2026134", by=office, at=CALLED)
    who = {pupil.pk: family for family in story.families for pupil in family.pupils}
    taking_part = story.registration.applications.filter(state="in_force").order_by("pk")
    applications = list(taking_part.select_related("pupil__homeroom")[:120])
    groups, days, asked = offered_groups(story.draw), days_of(applications, CALLED.date()), 0
    for one in applications:
        family = who[one.pupil_id]
        by = Actor(family.guardian.pk, family.guardian.name, family.relation)
        for weekday, child in days[one.pk].items():
            options = child.options(one.pupil.homeroom.grade, groups)
            if options and asked < ASK:
                ranks = {slot.pk: rank for rank, slot in enumerate(options[:2], start=1)}
                allocation.ask_for_refill(refill, one, weekday, ranks, by=by, at=ASKED)
                asked += 1
                break
