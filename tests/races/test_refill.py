"""A refill round beside everything else that moves seats: on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Draw, Offer, Placement, RefillWish, SeatChange
from kehou.chapters.allocation.records import record_bytes
from kehou.chapters.journal.models import Letter
from kehou.chapters.programme.models import Slot
from kehou.rules.allocation import verify, verify_follows
from kehou.rules.verdicts import Refused
from tests.races.test_seats import race, refused
from tests.refilling import FOOTBALL, FROZEN, OPENED, PUBLIC, SCIENCE, WRITING, ask, base_of, opened, refill_stage, run
from tests.swapping import holds
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)
OFFER_UNTIL = PUBLIC


@pytest.fixture
def stage():
    """A stage on which Mei has left football and Bo would like to have it."""
    stage, _ = refill_stage(build())
    refill = opened(stage)
    allocation.give_up(stage.application(stage.world.mei), by=stage.world.by_guardian(), at=OPENED)
    ask(stage, refill, stage.world.bo, FOOTBALL)
    return stage


def the_refill() -> Draw:
    return Draw.objects.select_related("registration__school", "registration__term").get(base__isnull=False)


def nobody_too_many() -> bool:
    held = Counter(Placement.objects.filter(ended_at=None).values_list("slot", flat=True))
    return all(held[slot.pk] <= slot.activity.capacity for slot in Slot.objects.select_related("activity"))


def test_two_workers_draw_a_refill_once(stage):
    run(stage, the_refill(), upto="committed")
    for role in ("asp_manager", "principal"):
        by = stage.world.riverside.by(role)
        allocation.enter_beacon(the_refill(), beacon="ssq:2026108:02-05-11-18-24-30+06", by=by, at=FROZEN)
    office = stage.world.riverside.by("asp_manager")
    results = race(*[lambda: allocation.draw_lots(the_refill(), by=office, at=FROZEN)] * 3)
    assert refused(results) == 2
    assert RefillWish.objects.get().outcome == "moved" and holds(stage.world.bo) == SCIENCE


def test_two_principals_publish_a_refill_once(stage):
    run(stage, the_refill(), upto="drawn")
    by = stage.world.riverside.by("principal")
    results = race(*[lambda: allocation.publish_refill(the_refill(), by=by, at=PUBLIC)] * 3)
    assert refused(results) == 2
    assert holds(stage.world.bo) == FOOTBALL
    assert SeatChange.objects.filter(kind="refill").count() == 1
    told = Letter.objects.filter(kind="allocation.refilled").values_list("to_account", "title")
    assert len(told) == len(set(told)) > 0


def test_two_offices_freeze_a_refill_once(stage):
    office = stage.world.riverside.by("asp_manager")
    results = race(*[lambda: allocation.commit_refill(the_refill(), by=office, at=FROZEN)] * 3)
    assert refused(results) == 2
    assert the_refill().state == "committed"


def test_an_offer_is_answered_before_the_freezing_or_keeps_the_round_from_it(stage):
    """Bo answers an offer while the office freezes: never is a seat both in the round and given by the offer."""
    world, bo = stage.world, stage.application(stage.world.bo)
    offer = Offer.objects.create(
        draw=base_of(stage), application=bo, slot_id=stage.slot(FOOTBALL), made_at=OPENED, expires_at=OFFER_UNTIL
    )
    office = world.riverside.by("asp_manager")
    answer, frozen = race(
        lambda: allocation.answer_offer(offer, accepts=True, by=world.by_guardian(), at=FROZEN),
        lambda: allocation.commit_refill(the_refill(), by=office, at=FROZEN),
    )
    assert not isinstance(answer, Refused) and holds(world.bo) == FOOTBALL and nobody_too_many()
    if isinstance(frozen, Refused):
        assert frozen.refusal.why == "refill_offers_open"
    else:
        record = json.loads(the_refill().frozen.read())
        assert {row["seat"].partition("-")[0] for row in record["round"]["before"] if row["seat"]} >= {
            str(stage.slot(FOOTBALL))
        }


def test_a_seat_given_by_hand_while_the_round_is_frozen_is_in_it_or_refused(stage):
    third = Placement.objects.select_related("application__pupil__homeroom", "application__registration__term").get(
        slot=stage.slot(WRITING), ended_at=None
    )
    office = stage.world.riverside.by("asp_manager")

    def place() -> Any:
        return allocation.place(
            third.application, stage.slot(FOOTBALL), reason="老师已面试", by=office, at=FROZEN, instead_of=third
        )

    given, frozen = race(place, lambda: allocation.commit_refill(the_refill(), by=office, at=FROZEN))
    assert not isinstance(frozen, Refused)
    done = finish(stage)
    assert nobody_too_many()
    assert holds(stage.world.bo) == (FOOTBALL if isinstance(given, Refused) else SCIENCE)
    record, before = json.loads(record_bytes(done)), json.loads(record_bytes(base_of(stage)))
    assert verify(record) == [] and verify_follows(record, before) == []


def finish(stage: Any) -> Draw:
    for role in ("asp_manager", "principal"):
        by = stage.world.riverside.by(role)
        allocation.enter_beacon(the_refill(), beacon="ssq:2026108:02-05-11-18-24-30+06", by=by, at=FROZEN)
    allocation.draw_lots(the_refill(), by=stage.world.riverside.by("asp_manager"), at=FROZEN)
    return allocation.publish_refill(the_refill(), by=stage.world.riverside.by("principal"), at=PUBLIC)


def test_a_family_steps_back_while_the_refill_is_published(stage):
    """Whoever is first: nobody who has left holds a seat, and no group has two children on one seat."""
    run(stage, the_refill(), upto="drawn")
    application, world = stage.application(stage.world.bo), stage.world
    results = race(
        lambda: allocation.publish_refill(the_refill(), by=world.riverside.by("principal"), at=PUBLIC),
        lambda: allocation.give_up(application, by=world.by_guardian(), at=PUBLIC),
    )
    assert refused(results) == 0
    assert not Placement.objects.filter(application=application, ended_at=None).exists()
    assert nobody_too_many()
