"""A group cancelled after the draw: its children get their next wish in the order of the draw, or base care."""

from __future__ import annotations

import json

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.displaced import displaced, next_places
from kehou.chapters.allocation.models import Placement, SeatChange
from kehou.chapters.allocation.records import public_record, record_bytes
from kehou.chapters.journal.models import Letter
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable, Slot
from kehou.rules.allocation import verify
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.registration import open_stage, published, submit
from tests.swapping import RUN
from tests.world import make_pupil

pytestmark = pytest.mark.django_db
CARE, FOOTBALL, SCIENCE = "作业答疑站", "校园足球", "科学小实验"
ROWS = (
    (CARE, (1,), 1, 1, 40, 0, True, True),
    ("阅读漂流", (1,), 2, 1, 200, 0, True, False),
    (FOOTBALL, (1,), 1, 2, 3, 0, False, False),
    (SCIENCE, (1,), 1, 1, 1, 0, False, False),
)
WHY = "教练生病，找不到人代"


@pytest.fixture
def stage(world):
    """Three children play football for two hours; all would go to science next, which has one seat."""
    stage = open_stage(world, rows=ROWS)
    for pupil in (world.mei, world.bo, make_pupil(world.riverside, "林小雨", grade=4, guardian=world.guardian)):
        submit(stage, pupil, DayWish(1, 2, ((stage.slot(FOOTBALL),), (stage.slot(SCIENCE),))))
    published(stage)
    return stage


def cancel(stage, name=FOOTBALL):
    Slot.objects.filter(pk=stage.slot(name)).update(withdrawn_at=RUN)


def place_anew(stage, world):
    draw = stage.registration.draws.get()
    return allocation.place_anew(draw, reason=WHY, by=world.riverside.by("asp_manager"), at=RUN)


def held(application):
    return set(queries.standing(application).values_list("slot__activity__name", flat=True))


def test_the_first_number_gets_the_next_wish_and_the_others_base_care_in_every_hour(stage, world):
    first = min(
        Placement.objects.filter(slot=stage.slot(FOOTBALL)), key=lambda seat: seat.reason["position"]
    ).application
    cancel(stage)
    placed = place_anew(stage, world)
    assert len(placed) == 3
    for one in placed:
        wanted = {SCIENCE, "阅读漂流"} if one.application == first else {CARE, "阅读漂流"}
        assert held(one.application) == wanted
    assert not Placement.objects.filter(slot=stage.slot(FOOTBALL), ended_at=None).exists()


def test_looking_writes_nothing_and_shows_what_follows(stage, world):
    cancel(stage)
    draw = stage.registration.draws.get()
    shown = next_places(draw, displaced(draw))
    assert Placement.objects.filter(slot=stage.slot(FOOTBALL), ended_at=None).count() == 3
    assert [(one.application, one.takes) for one in shown] == [
        (one.application, one.takes) for one in place_anew(stage, world)
    ]


@pytest.mark.clause("2.7.3-c")
def test_it_stands_in_the_public_record_with_its_reason_and_families_are_told(stage, world):
    cancel(stage)
    place_anew(stage, world)
    draw = stage.registration.draws.get()
    lines = public_record(draw)["changes"]
    assert sum(line["kind"] == "cancelled" for line in lines) == 3 and {line["reason"] for line in lines} == {WHY}
    assert verify(json.loads(record_bytes(draw))) == []
    letters = Letter.objects.filter(kind="allocation.placed_anew")
    assert letters.filter(title__contains=FOOTBALL, body__contains=WHY).count() >= 3


def test_a_seat_that_is_held_or_promised_is_not_given_again(stage, world):
    # The only science seat is taken by hand before the group is cancelled.
    seat = Placement.objects.filter(slot=stage.slot(FOOTBALL)).select_related("application__pupil__homeroom").first()
    office = world.riverside.by("asp_manager")
    allocation.place(seat.application, stage.slot(SCIENCE), reason="老师同意", by=office, at=RUN, instead_of=seat)
    cancel(stage)
    place_anew(stage, world)
    assert Placement.objects.filter(slot=stage.slot(SCIENCE), ended_at=None).count() == 1


def test_while_the_table_is_being_changed_nobody_is_moved(stage, world):
    """The group is withdrawn the way an office does it: the table is reopened, the row taken out."""
    office = world.riverside.by("asp_manager")
    programme.reopen(stage.table, reason=WHY, by=office, at=RUN)
    programme.withdraw_activity(stage.slots[FOOTBALL, 1].activity, by=office, at=RUN)
    assert len(displaced(stage.registration.draws.get())) == 3
    with pytest.raises(Refused) as no:
        place_anew(stage, world)
    assert no.value.refusal.why == "table_is_being_changed"
    ActivityTable.objects.update(state="published")
    assert len(place_anew(stage, world)) == 3


def test_nobody_to_place_and_no_reason_are_refused(stage, world):
    office, draw = world.riverside.by("asp_manager"), stage.registration.draws.get()
    with pytest.raises(Refused) as no:
        allocation.place_anew(draw, reason=WHY, by=office, at=RUN)
    assert no.value.refusal.why == "nobody_in_cancelled_groups"
    cancel(stage)
    with pytest.raises(Refused) as no:
        allocation.place_anew(draw, reason="病", by=office, at=RUN)
    assert no.value.refusal.why == "say_why_by_hand"
    assert not SeatChange.objects.exists()
