"""Bad input through the actions: each refused in words, nothing half drawn; or drawn with what is left of it."""

from __future__ import annotations

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import BeaconEntry, Draw, Placement, Unplaced, WaitingPlace
from kehou.chapters.allocation.rounds import freeze_round
from kehou.chapters.enrolment.models import Registration
from kehou.chapters.programme.models import Slot
from kehou.rules.choice import DayWish
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.registration import (
    AFTER,
    DURING,
    RESULT,
    committed,
    drawn,
    open_stage,
    planned,
    published,
    review_all,
    submit,
)


@pytest.fixture
def stage(world):
    stage = open_stage(world)
    submit(stage, world.mei, DayWish(1, 2, ((stage.slot("校园足球"),), (stage.slot("科学小实验"),))))
    return stage


def nothing_drawn() -> bool:
    rows = (Placement, Unplaced, WaitingPlace)
    return not any(model.objects.exists() for model in rows) and not Draw.objects.filter(state="drawn").exists()


def refused_in_words(act) -> list[str]:
    with pytest.raises(Refused) as refused:
        act()
    assert all(say(one) for one in refused.value.refusals)
    return [one.why for one in refused.value.refusals]


def test_a_round_whose_groups_are_all_gone_is_not_frozen(stage, world):
    draw = planned(stage)
    review_all(stage)
    Slot.objects.update(withdrawn_at=DURING)
    by = world.riverside.by("asp_manager")
    assert "no_sections" in refused_in_words(lambda: allocation.commit(draw, by=by, at=AFTER))
    stored = Draw.objects.get()
    assert (stored.state, stored.root, stored.requests) == ("planned", "", 0)
    assert Registration.objects.get().frozen_at is None
    assert nothing_drawn()


def test_a_wish_for_a_group_that_is_gone_falls_out_and_the_next_one_counts(stage, world):
    Slot.objects.filter(pk=stage.slot("校园足球")).update(withdrawn_at=DURING)
    published(stage)
    held = queries.standing(stage.application(world.mei)).get(weekday=1, slot__first_hour=1)
    assert held.slot.activity.name == "科学小实验"


def test_one_pupil_alone_is_a_draw(stage, world):
    draw = published(stage)
    assert draw.requests == 1
    assert queries.standing(stage.application(world.mei)).filter(slot=stage.slot("校园足球")).exists()


def test_who_applies_twice_stands_in_the_round_once_with_the_last_choice(stage, world):
    submit(stage, world.mei, DayWish(1, 1, ((stage.slot("科学小实验"),),)))
    planned(stage)
    review_all(stage)
    round = freeze_round(queries.draw_of(stage.registration)).round
    (student,), (request,) = round.students, round.requests
    assert request.pid == student.pid
    assert [section.partition("-")[0] for tier in request.tiers for section in tier] == [str(stage.slot("科学小实验"))]


@pytest.mark.parametrize(
    "beacon",
    ["", "正面", "ssq:2026104", "ssq:2026104:3-7-12-19-25-31+8", "ssq:2026104:03-07-12-19-25-34+08", "a|b", "ceremony"],
)
def test_a_result_of_the_wrong_form_is_not_noted(stage, world, beacon):
    draw, by = committed(stage), world.riverside.by("asp_manager")
    assert refused_in_words(lambda: allocation.enter_beacon(draw, beacon=beacon, by=by, at=AFTER))
    assert not BeaconEntry.objects.exists()


def test_nothing_is_drawn_before_the_deadline_and_nothing_twice(stage, world):
    draw, by = planned(stage), world.riverside.by("asp_manager")
    assert refused_in_words(lambda: allocation.enter_beacon(draw, beacon=RESULT, by=by, at=DURING))
    assert refused_in_words(lambda: allocation.draw_lots(draw, by=by, at=DURING))
    review_all(stage)
    assert refused_in_words(lambda: allocation.commit(draw, by=by, at=DURING)) == ["freeze_before_deadline"]
    assert nothing_drawn()


def test_what_is_frozen_or_drawn_is_not_frozen_or_drawn_again(stage, world):
    draw, by = drawn(stage), world.riverside.by("asp_manager")
    seats = list(Placement.objects.values_list("pk", "slot"))
    digest = Draw.objects.get().record_digest
    assert refused_in_words(lambda: allocation.commit(draw, by=by, at=AFTER))
    assert refused_in_words(lambda: allocation.enter_beacon(draw, beacon=RESULT, by=by, at=AFTER))
    assert refused_in_words(lambda: allocation.draw_lots(draw, by=by, at=AFTER))
    assert list(Placement.objects.values_list("pk", "slot")) == seats
    assert Draw.objects.get().record_digest == digest
