"""Children who came after the draw: they apply during a refill round, are reviewed like all, and draw with the others."""

from __future__ import annotations

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Placement
from kehou.chapters.allocation.records import public_record
from kehou.chapters.allocation.rounds import pseudonym
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Enrolment
from kehou.rules.allocation import verify_follows
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.chapters.allocation.test_refill import leave_football, refusal
from tests.chapters.allocation.test_seats import sign_all
from tests.refilling import CARE, CLOSES, FOOTBALL, OPENED, WRITING, base_of, opened, refill_stage, run
from tests.registration import choice, open_stage, published, review_all, submit
from tests.swapping import holds
from tests.world import make_pupil

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(world):
    return refill_stage(world)[0]


def newcomer(stage, world, at=OPENED, name="新同学"):
    child = make_pupil(world.riverside, name, grade=4, guardian=world.guardian)
    wish = DayWish(1, 1, ((stage.slot(FOOTBALL),), (stage.slot(WRITING),)))
    enrolment.submit(stage.registration, child, choice(wish), by=world.by_guardian(), at=at)
    return child


def test_a_newcomer_applies_during_the_round_and_gets_a_seat_and_an_agreement(stage, world):
    with pytest.raises(Refused):
        newcomer(stage, world, name="早来的")
    refill = opened(stage)
    stage.registration.refresh_from_db()
    leave_football(stage, world)
    child = newcomer(stage, world)
    assert refusal(lambda: run(stage, refill)) == ["nobody_asked_for_refill", "reviews_open"]
    review_all(stage, at=OPENED)
    done = run(stage, refill)
    application = stage.application(child)
    assert holds(child) == FOOTBALL and application.state == "allocated"
    assert application.agreements.get().state == "to_sign"
    record = public_record(done)
    row = next(row for row in record["before"] if row[0] == pseudonym(base_of(stage), application.pk))
    assert row[2:] == [None, None, False] and verify_follows(record, public_record(base_of(stage))) == []


def test_after_the_round_nobody_applies_any_more_and_a_family_of_the_draw_never_twice(stage, world):
    opened(stage)
    stage.registration.refresh_from_db()
    with pytest.raises(Refused):
        newcomer(stage, world, at=CLOSES)
    again = lambda: enrolment.submit(  # noqa: E731
        stage.registration, world.bo, choice(), by=world.by_guardian(), at=OPENED
    )
    assert refusal(again) == ["choice_is_settled"]


def test_an_enrolled_child_that_gets_a_further_weekday_is_enrolled_on_it(world):
    """Asked for and never placed: with the seat comes the day, and with the day what is billed."""
    rows = ((CARE, (1, 2), 1, 1, 40, 0, True, True), (FOOTBALL, (3,), 1, 1, 1, 0, False, False))
    stage = open_stage(world, rows=rows)
    tight = DayWish(3, 1, ((stage.slot(FOOTBALL, 3),),), any_place=False)
    for name in ("学生一", "学生二"):
        child = make_pupil(world.riverside, name, grade=5, guardian=world.guardian)
        submit(stage, child, DayWish(1, 1), tight)
    published(stage)
    sign_all(stage, world)
    winner = Placement.objects.get(slot=stage.slot(FOOTBALL, 3)).application
    other = next(one for one in Enrolment.objects.all() if one.application_id != winner.pk)
    assert set(other.days.values_list("weekday", flat=True)) == {1}
    refill = opened(stage)
    allocation.leave(winner.enrolment, by=world.by_guardian(), at=OPENED)
    ranks = {stage.slot(FOOTBALL, 3): 1}
    allocation.ask_for_refill(refill, other.application, 3, ranks, by=world.by_guardian(), at=OPENED)
    run(stage, refill)
    assert dict(other.days.filter(until_on=other.until_on).values_list("weekday", "hours")) == {1: 1, 3: 1}
