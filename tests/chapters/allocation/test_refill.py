"""Refill rounds: asked for in a window, frozen, drawn, moved all at once; nobody loses what he has."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Draw, Offer, Placement, SeatChange
from kehou.chapters.allocation.records import public_record, record_bytes
from kehou.chapters.allocation.rounds import Frozen, pseudonym
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.programme.models import Slot
from kehou.rules.allocation import verify, verify_follows
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.refilling import (
    CARE,
    CLOSES,
    FOOTBALL,
    FROZEN,
    OPENED,
    PUBLIC,
    SCIENCE,
    WRITING,
    ask,
    base_of,
    opened,
    refill_stage,
    run,
)
from tests.registration import AFTER, drawn, open_stage, published, submit
from tests.swapping import holds, seat_of
from tests.world import make_pupil

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(world):
    return refill_stage(world)[0]


def office(world):
    return world.riverside.by("asp_manager")


def leave_football(stage, world, at=OPENED):
    allocation.give_up(stage.application(world.mei), by=world.by_guardian(), at=at)


def refusal(act):
    with pytest.raises(Refused) as no:
        act()
    return [one.why for one in no.value.refusals]


# --- what follows -----------------------------------------------------------------------------------------------------


def test_a_freed_seat_moves_one_child_and_its_seat_serves_the_next(stage, world):
    """Mei leaves football; Bo wants it, the third wants Bo's science group: both move, nobody loses."""
    third = Placement.objects.get(slot=stage.slot(WRITING)).application.pupil
    refill = opened(stage)
    leave_football(stage, world)
    ask(stage, refill, world.bo, FOOTBALL)
    ask(stage, refill, third, SCIENCE)
    run(stage, refill)
    assert (holds(world.bo), holds(third)) == (FOOTBALL, SCIENCE)
    seat = seat_of(world.bo)
    assert (seat.source, seat.from_on) == ("refill", date(2026, 9, 20))
    was = Placement.objects.get(application=seat.application, slot=stage.slot(SCIENCE))
    assert was.until_on == date(2026, 9, 20)  # no day without a seat, none with two


def test_nothing_moves_before_the_result_is_public(stage, world):
    refill = opened(stage)
    leave_football(stage, world)
    wish = ask(stage, refill, world.bo, FOOTBALL)
    done = run(stage, refill, upto="drawn")
    assert holds(world.bo) == SCIENCE and done.stats["refilled"]["moved"] == 1
    wish.refresh_from_db()
    assert (wish.outcome, wish.got, wish.held_id) == ("moved", [stage.slot(FOOTBALL)], stage.slot(SCIENCE))


def test_who_gets_nothing_keeps_what_it_has(stage, world):
    refill = opened(stage)
    wish = ask(stage, refill, world.bo, FOOTBALL)
    run(stage, refill)
    wish.refresh_from_db()
    assert (holds(world.bo), holds(world.mei), wish.outcome) == (SCIENCE, FOOTBALL, "unchanged")
    assert Letter.objects.filter(title=f"{world.bo.name}：这次没有补上").exists()


def test_two_who_want_each_others_groups_exchange_where_nobody_else_wants_them(stage, world):
    """Each proposes to the other's group first, and nobody has a better claim there."""
    refill = opened(stage)
    ask(stage, refill, world.mei, SCIENCE)
    ask(stage, refill, world.bo, FOOTBALL)
    run(stage, refill)
    assert (holds(world.mei), holds(world.bo)) == (SCIENCE, FOOTBALL)


def test_the_last_of_the_draw_comes_first(world):
    """Three had wished for the one football seat; when it is free, the last number gets it."""
    stage = open_stage(world, rows=((CARE, (1,), 1, 1, 40, 0, True, True), (FOOTBALL, (1,), 1, 1, 1, 0, False, False)))
    children = [make_pupil(world.riverside, f"学生{n}", grade=5, guardian=world.guardian) for n in range(4)]
    for child in children:
        submit(stage, child, DayWish(1, 1, ((stage.slot(FOOTBALL),),)))
    published(stage)
    holder = Placement.objects.get(slot=stage.slot(FOOTBALL)).application
    position = {
        seat.application_id: seat.reason["position"]
        for seat in Placement.objects.filter(ended_at=None)
        if "position" in seat.reason
    }
    refill = opened(stage)
    allocation.give_up(holder, by=world.by_guardian(), at=OPENED)
    for child in children:
        if child != holder.pupil:
            ask(stage, refill, child, FOOTBALL)
    run(stage, refill)
    winner = Placement.objects.get(slot=stage.slot(FOOTBALL), ended_at=None).application_id
    del position[holder.pk]
    assert position[winner] == max(position.values())


def test_a_child_with_base_care_only_gives_it_up_for_a_group(world):
    stage = open_stage(world, rows=((CARE, (1,), 1, 1, 40, 0, True, True), (FOOTBALL, (1,), 1, 1, 1, 0, False, False)))
    for child in (world.mei, world.bo):
        submit(stage, child, DayWish(1, 1, ((stage.slot(FOOTBALL),),)))
    published(stage)
    winner = Placement.objects.get(slot=stage.slot(FOOTBALL)).application
    other = next(child for child in (world.mei, world.bo) if child != winner.pupil)
    refill = opened(stage)
    allocation.give_up(winner, by=world.by_guardian(), at=OPENED)
    assert not Offer.objects.exists()  # the seat is for the round, not for the waiting list
    ask(stage, refill, other, FOOTBALL)
    run(stage, refill)
    assert holds(other) == FOOTBALL
    assert Placement.objects.filter(application__pupil=other).count() == 2


# --- the records ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("2.7.3-c")
def test_both_records_can_be_checked_and_the_refill_follows_from_the_draw(stage, world):
    third = Placement.objects.get(slot=stage.slot(WRITING)).application.pupil
    refill = opened(stage)
    leave_football(stage, world)
    ask(stage, refill, world.bo, FOOTBALL)
    ask(stage, refill, third, SCIENCE)
    done = run(stage, refill)
    base = base_of(stage)
    record, before = json.loads(record_bytes(done)), json.loads(record_bytes(base))
    assert record["format"] == "sunlot-refill-1"
    assert verify(record) == [] and verify(before) == [] and verify_follows(record, before) == []
    lines = public_record(base)["changes"]
    assert [(line["kind"], line["pid"]) for line in lines[-2:]] == [
        ("refill", pseudonym(base, stage.application(child).pk)) for child in (world.bo, third)
    ]
    assert {line["reason"] for line in lines if line["kind"] == "refill"} == {"第2次统筹，补选"}


def test_the_frozen_round_names_the_draw_by_its_root_and_log(stage, world):
    refill = opened(stage)
    leave_football(stage, world)
    ask(stage, refill, world.bo, FOOTBALL)
    done = run(stage, refill, upto="committed")
    with done.frozen.open("rb") as file:
        round = Frozen.of_json(file.read()).round
    base = base_of(stage)
    assert round.base and (round.base.root, round.base.lines) == (base.root, SeatChange.objects.count())
    assert round.commitment().root == done.root
    assert {row.seat.partition("-")[0] for row in round.before if row.seat} == {
        str(stage.slot(SCIENCE)), str(stage.slot(WRITING)),
    }  # fmt: skip


def test_a_second_round_begins_from_the_first_ones_seats(stage, world):
    refill = opened(stage)
    leave_football(stage, world)
    ask(stage, refill, world.bo, FOOTBALL)
    run(stage, refill)
    third = Placement.objects.get(slot=stage.slot(WRITING)).application.pupil
    later = {"at": PUBLIC, "closes_at": PUBLIC + timedelta(days=2), "randomness": "ssq:2026109"}
    second = opened(stage, **later)
    ask(stage, second, third, SCIENCE, at=PUBLIC)
    office_ = office(world)
    done = allocation.commit_refill(second, by=office_, at=PUBLIC + timedelta(days=2))
    result = "ssq:2026109:01-02-03-04-05-06+07"
    for role in ("asp_manager", "principal"):
        allocation.enter_beacon(done, beacon=result, by=world.riverside.by(role), at=PUBLIC)
    done = allocation.draw_lots(done, by=office_, at=PUBLIC + timedelta(days=2))
    done = allocation.publish_refill(done, by=office_, at=PUBLIC + timedelta(days=2))
    assert (holds(world.bo), holds(third)) == (FOOTBALL, SCIENCE)
    assert verify_follows(json.loads(record_bytes(done)), json.loads(record_bytes(base_of(stage)))) == []


# --- beside other ways to a seat --------------------------------------------------------------------------------------


def test_from_the_freezing_on_no_seat_is_given_beside_the_round(stage, world):
    refill = opened(stage)
    leave_football(stage, world)
    ask(stage, refill, world.bo, FOOTBALL)
    run(stage, refill, upto="committed")
    third = Placement.objects.get(slot=stage.slot(WRITING)).application
    place = lambda: allocation.place(third, stage.slot(FOOTBALL), reason="老师已面试", by=office(world), at=FROZEN)  # noqa: E731
    assert refusal(place) == ["seats_rest_for_refill"]
    swaps = lambda: allocation.open_swaps(base_of(stage), closes_at=PUBLIC, by=office(world), at=FROZEN)  # noqa: E731
    assert refusal(swaps) == ["swaps_during_refill"]


def test_a_family_that_leaves_after_the_freezing_gets_nothing_and_the_seat_goes_on(stage, world):
    refill = opened(stage)
    leave_football(stage, world)
    wish = ask(stage, refill, world.bo, FOOTBALL)
    done = run(stage, refill, upto="drawn")
    allocation.give_up(stage.application(world.bo), by=world.by_guardian(), at=FROZEN)
    allocation.publish_refill(done, by=office(world), at=PUBLIC)
    wish.refresh_from_db()
    assert wish.outcome == "lapsed"
    assert not Placement.objects.filter(application=wish.application, ended_at=None).exists()
    assert verify(json.loads(record_bytes(base_of(stage)))) == []


def test_with_an_offer_open_the_round_is_not_frozen(stage, world):
    third = stage.application(world.bo)
    Offer.objects.create(
        draw=base_of(stage), application=third, slot_id=stage.slot(WRITING), made_at=OPENED, expires_at=PUBLIC
    )
    refill = opened(stage)
    ask(stage, refill, world.bo, FOOTBALL)
    assert refusal(lambda: run(stage, refill)) == ["refill_offers_open"]


def test_children_of_a_cancelled_group_come_first(stage, world):
    refill = opened(stage)
    ask(stage, refill, world.bo, FOOTBALL)
    Slot.objects.filter(pk=stage.slot(WRITING)).update(withdrawn_at=OPENED)
    assert refusal(lambda: run(stage, refill)) == ["refill_displaced_first"]
    allocation.place_anew(base_of(stage), reason="教练生病了", by=office(world), at=OPENED)
    done = run(stage, refill)
    record = json.loads(record_bytes(done))
    assert verify_follows(record, json.loads(record_bytes(base_of(stage)))) == []


def test_a_child_whose_group_was_cancelled_keeps_its_number(stage, world):
    third = Placement.objects.get(slot=stage.slot(WRITING)).application
    Slot.objects.filter(pk=stage.slot(WRITING)).update(withdrawn_at=OPENED)
    allocation.place_anew(base_of(stage), reason="教练生病了", by=office(world), at=OPENED)
    refill = opened(stage)
    ask(stage, refill, third.pupil, FOOTBALL)
    done = run(stage, refill)
    rows = {row[0]: row for row in public_record(done)["before"]}
    assert rows[pseudonym(base_of(stage), third.pk)][4] is True
    assert verify_follows(public_record(done), public_record(base_of(stage))) == []


def test_swaps_and_a_refill_do_not_stand_together(stage, world):
    allocation.open_swaps(base_of(stage), closes_at=CLOSES, by=office(world), at=OPENED)
    assert refusal(lambda: opened(stage)) == ["refill_during_swaps"]


# --- the window -------------------------------------------------------------------------------------------------------


def test_one_round_at_a_time_after_the_result_with_randomness_and_an_end(stage, world):
    opened(stage)
    assert refusal(lambda: opened(stage)) == ["refill_stands_already"]
    wrong = {"closes_at": OPENED, "randomness": ""}
    assert refusal(lambda: opened(stage, **wrong))[1:] == ["refill_closes_in_the_past", "randomness_not_named"]
    assert refusal(lambda: opened(stage, randomness="dice"))[1:] == ["beacon_unknown_kind"]


def test_before_publishing_there_is_nothing_to_refill(world):
    stage = open_stage(world)
    submit(stage, world.mei)
    drawn(stage)
    assert refusal(lambda: opened(stage, at=AFTER)) == ["refill_after_publishing"]


def test_refused_outside_the_window(stage, world):
    refill = opened(stage)
    wish = ask(stage, refill, world.bo, FOOTBALL)
    assert refusal(lambda: ask(stage, refill, world.bo, FOOTBALL, at=CLOSES)) == ["refill_is_closed"]
    taking_back = lambda: allocation.withdraw_refill(wish, by=world.by_guardian(), at=CLOSES)  # noqa: E731
    assert refusal(taking_back) == ["refill_is_closed"]
    early = CLOSES - timedelta(seconds=1)
    freezing = lambda: allocation.commit_refill(refill, by=office(world), at=early)  # noqa: E731
    assert refusal(freezing) == ["refill_still_open"]


def test_frozen_drawn_and_published_once(stage, world):
    refill = opened(stage)
    ask(stage, refill, world.bo, FOOTBALL)
    done = run(stage, refill)
    again = Draw.objects.select_related("registration__school").get(pk=done.pk)
    assert refusal(lambda: allocation.commit_refill(again, by=office(world), at=PUBLIC)) == ["final_state"]
    assert refusal(lambda: allocation.draw_lots(again, by=office(world), at=PUBLIC)) == ["drawn_already"]
    assert refusal(lambda: allocation.publish_refill(again, by=office(world), at=PUBLIC)) == ["final_state"]


@pytest.mark.parametrize(
    ("names", "weekday", "why"),
    [
        ((), 1, "refill_without_wish"),
        ((CARE,), 1, "refill_not_for_child"),
        ((SCIENCE,), 1, "refill_not_for_child"),
        ((FOOTBALL,), 2, "refill_day_not_taken"),
    ],
)
def test_what_may_be_wished(stage, world, names, weekday, why):
    refill = opened(stage)
    assert refusal(lambda: ask(stage, refill, world.bo, *names, weekday=weekday)) == [why]
    assert not refill.refill_wishes.exists()


def test_a_rank_given_twice_is_refused(stage, world):
    refill, ranks = opened(stage), {stage.slot(FOOTBALL): 1, stage.slot(WRITING): 1}
    asking = lambda: allocation.ask_for_refill(  # noqa: E731
        refill, stage.application(world.bo), 1, ranks, by=world.by_guardian(), at=OPENED
    )
    assert refusal(asking) == ["refill_rank_twice"]


def test_asking_again_replaces_and_a_wish_taken_back_does_not_count(stage, world):
    refill = opened(stage)
    first = ask(stage, refill, world.bo, FOOTBALL)
    again = ask(stage, refill, world.bo, WRITING, FOOTBALL)
    assert refill.refill_wishes.count() == 1 and first.digest != again.digest
    for _ in range(2):
        allocation.withdraw_refill(again, by=world.by_guardian(), at=OPENED)
    assert Entry.objects.filter(verb="allocation.refill_withdrawn").count() == 1
    assert refusal(lambda: run(stage, refill)) == ["nobody_asked_for_refill"]


def test_calling_off_moves_nobody_tells_who_asked_and_lets_the_waiting_lists_go_on(stage, world):
    refill = opened(stage)
    ask(stage, refill, world.bo, FOOTBALL)
    leave_football(stage, world)
    why = lambda: allocation.void_refill(refill, reason="", by=office(world), at=OPENED)  # noqa: E731
    assert refusal(why) == ["say_why_by_hand"]
    allocation.void_refill(refill, reason="教室要维修", by=office(world), at=OPENED)
    assert Letter.objects.filter(kind="allocation.refill_called_off", body__contains="教室要维修").exists()
    assert opened(stage).number == 3


def test_everybody_who_takes_part_is_told_when_it_opens(stage, world):
    opened(stage)
    told = set(Letter.objects.filter(kind="allocation.refill_opened").values_list("title", flat=True))
    assert told == {f"{name}：补选开始了" for name in (world.mei.name, world.bo.name, "林小雨")}


def test_the_draw_stays_the_draw(stage, world):
    base, refill = base_of(stage), opened(stage)
    ask(stage, refill, world.bo, FOOTBALL)
    run(stage, refill)
    assert base_of(stage) == base and queries.published_draw_of(stage.registration) == base
