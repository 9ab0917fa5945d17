"""Swaps: asked for in a window, carried out together along the cycles, each a line of the public record."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Placement, SeatChange, SwapRound
from kehou.chapters.allocation.records import public_record, record_bytes
from kehou.chapters.allocation.swaps import find_cycles, wishes_of
from kehou.chapters.journal.models import Entry, Letter
from kehou.rules.allocation import verify
from kehou.rules.verdicts import Refused
from tests.registration import AFTER, drawn, open_stage, submit
from tests.swapping import CLOSES, OPENED, RUN, holds, seat_of, swap_stage
from tests.world import moment

pytestmark = pytest.mark.django_db
FOOTBALL, SCIENCE, WRITING = "校园足球", "科学小实验", "硬笔书法"


@pytest.fixture
def stage(world):
    return swap_stage(world)[0]


def office(world):
    return world.riverside.by("asp_manager")


def opened(stage, world) -> SwapRound:
    return allocation.open_swaps(stage.registration.draws.get(), closes_at=CLOSES, by=office(world), at=OPENED)


def ask(stage, world, round, pupil, *names, at=OPENED):
    ranks = {stage.slot(name): rank for rank, name in enumerate(names, start=1)}
    return allocation.ask_for_swap(round, seat_of(pupil), ranks, by=world.by_guardian(), at=at)


def test_two_children_exchange_and_the_third_keeps_what_it_has(stage, world):
    round, third = opened(stage, world), Placement.objects.get(slot=stage.slot(WRITING)).application.pupil
    ask(stage, world, round, world.mei, SCIENCE)
    ask(stage, world, round, world.bo, WRITING, FOOTBALL)
    ask(stage, world, round, third, FOOTBALL)
    # Writing → football → science → writing: all three get what they wished first.
    cycles = allocation.carry_out_swaps(round, by=office(world), at=RUN)
    assert [len(cycle) for cycle in cycles] == [3]
    assert (holds(world.mei), holds(world.bo), holds(third)) == (SCIENCE, WRITING, FOOTBALL)
    seat = seat_of(world.mei)
    assert (seat.source, seat.from_on) == ("swap", date(2026, 9, 17))
    was = Placement.objects.get(application=seat.application, slot=stage.slot(FOOTBALL))
    assert was.until_on == date(2026, 9, 17)  # no day without a seat, none with two


def test_only_who_asked_moves_and_only_to_what_it_asked_for(stage, world):
    round, third = opened(stage, world), Placement.objects.get(slot=stage.slot(WRITING)).application.pupil
    ask(stage, world, round, world.mei, SCIENCE)
    ask(stage, world, round, world.bo, WRITING)
    assert allocation.carry_out_swaps(round, by=office(world), at=RUN) == []
    assert (holds(world.mei), holds(world.bo), holds(third)) == (FOOTBALL, SCIENCE, WRITING)
    assert Letter.objects.filter(title__contains="没有换成").count() >= 2


def test_the_preview_is_what_is_carried_out_and_writes_nothing(stage, world):
    round = opened(stage, world)
    ask(stage, world, round, world.mei, SCIENCE)
    ask(stage, world, round, world.bo, FOOTBALL)
    shown = find_cycles(round, wishes_of(round))
    assert holds(world.mei) == FOOTBALL
    done = allocation.carry_out_swaps(round, by=office(world), at=RUN)
    assert [[one.takes for one in cycle] for cycle in shown] == [[one.takes for one in cycle] for cycle in done]


@pytest.mark.clause("2.7.3-c")
def test_each_move_is_a_line_of_the_public_record_and_both_families_are_told(stage, world):
    round = opened(stage, world)
    ask(stage, world, round, world.mei, SCIENCE)
    ask(stage, world, round, world.bo, FOOTBALL)
    allocation.carry_out_swaps(round, by=office(world), at=RUN)
    draw = round.draw
    lines = public_record(draw)["changes"]
    assert [line["kind"] for line in lines] == ["swap", "swap"]
    assert {(line["from"].split("-")[0], line["to"].split("-")[0]) for line in lines} == {
        (str(stage.slot(FOOTBALL)), str(stage.slot(SCIENCE))),
        (str(stage.slot(SCIENCE)), str(stage.slot(FOOTBALL))),
    }
    assert verify(json.loads(record_bytes(draw))) == []
    titles = set(Letter.objects.filter(kind="allocation.swapped").values_list("title", flat=True))
    assert titles == {f"{world.mei.name}：互换办好了", f"{world.bo.name}：互换办好了"}


def test_a_wish_taken_back_does_not_count(stage, world):
    round = opened(stage, world)
    wish = ask(stage, world, round, world.mei, SCIENCE)
    ask(stage, world, round, world.bo, FOOTBALL)
    for _ in range(2):
        allocation.withdraw_swap(wish, by=world.by_guardian(), at=OPENED)
    assert Entry.objects.filter(verb="allocation.swap_withdrawn").count() == 1
    assert allocation.carry_out_swaps(round, by=office(world), at=RUN) == []
    assert holds(world.mei) == FOOTBALL


def test_asking_again_replaces_what_was_asked(stage, world):
    round = opened(stage, world)
    ask(stage, world, round, world.mei, SCIENCE)
    wish = ask(stage, world, round, world.mei, WRITING)
    assert round.wishes.count() == 1 and wish.slots == [stage.slot(WRITING)]


def test_a_seat_given_up_meanwhile_takes_no_part(stage, world):
    round = opened(stage, world)
    ask(stage, world, round, world.mei, SCIENCE)
    ask(stage, world, round, world.bo, FOOTBALL)
    allocation.give_up(stage.application(world.mei), by=world.by_guardian(), at=OPENED)
    assert allocation.carry_out_swaps(round, by=office(world), at=RUN) == []
    assert holds(world.bo) == SCIENCE


def refusal(act):
    with pytest.raises(Refused) as no:
        act()
    return no.value.refusal.why


def test_refused_outside_the_window(stage, world):
    round = opened(stage, world)
    wish = ask(stage, world, round, world.mei, SCIENCE)
    assert refusal(lambda: ask(stage, world, round, world.mei, SCIENCE, at=CLOSES)) == "swaps_are_closed"
    assert refusal(lambda: allocation.withdraw_swap(wish, by=world.by_guardian(), at=CLOSES)) == "swaps_are_closed"
    early = CLOSES - timedelta(seconds=1)
    assert refusal(lambda: allocation.carry_out_swaps(round, by=office(world), at=early)) == "swaps_still_open"
    allocation.carry_out_swaps(round, by=office(world), at=RUN)
    assert refusal(lambda: ask(stage, world, round, world.mei, SCIENCE)) == "swaps_not_open"
    assert refusal(lambda: allocation.carry_out_swaps(round, by=office(world), at=RUN)) == "final_state"


def test_refused_when_no_service_day_would_be_left(stage, world):
    late = moment(17, on=date(2027, 2, 20))
    round = allocation.open_swaps(stage.registration.draws.get(), closes_at=late, by=office(world), at=OPENED)
    assert refusal(lambda: ask(stage, world, round, world.mei, SCIENCE)) == "no_service_day_left"


@pytest.mark.parametrize(
    ("ranks", "why"),
    [
        ({}, "swap_without_wish"),
        ({SCIENCE: 1, WRITING: 1}, "swap_rank_twice"),
        ({FOOTBALL: 1}, "swap_other_hours"),
        ({"作业答疑站": 1}, "swap_other_hours"),
    ],
)
def test_what_may_be_wished(stage, world, ranks, why):
    round, wished = opened(stage, world), {stage.slot(name): rank for name, rank in ranks.items()}
    ask = lambda: allocation.ask_for_swap(round, seat_of(world.mei), wished, by=world.by_guardian(), at=OPENED)  # noqa: E731
    assert refusal(ask) == why
    assert not round.wishes.exists()


def test_one_call_at_a_time_and_only_after_publishing(stage, world):
    round = opened(stage, world)
    assert refusal(lambda: opened(stage, world)) == "swaps_open_already"
    allocation.cancel_swaps(round, reason="台风停课", by=office(world), at=OPENED)
    assert opened(stage, world).number == 2


def test_before_publishing_there_is_nothing_to_swap(world):
    stage = open_stage(world)
    submit(stage, world.mei)
    draw = drawn(stage)
    opening = lambda: allocation.open_swaps(draw, closes_at=CLOSES, by=office(world), at=AFTER)  # noqa: E731
    assert refusal(opening) == "swaps_after_publishing"


def test_calling_off_moves_nobody_and_tells_who_asked(stage, world):
    round = opened(stage, world)
    ask(stage, world, round, world.mei, SCIENCE)
    ask(stage, world, round, world.bo, FOOTBALL)
    allocation.cancel_swaps(round, reason="台风停课", by=office(world), at=OPENED)
    assert (holds(world.mei), holds(world.bo)) == (FOOTBALL, SCIENCE)
    assert Letter.objects.filter(kind="allocation.swaps_cancelled", body__contains="台风停课").count() == 2
    assert not SeatChange.objects.exists()
