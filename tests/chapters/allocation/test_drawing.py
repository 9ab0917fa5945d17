"""The draw: named before, frozen, drawn from public randomness, whole, once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import BeaconEntry, Draw, Placement, Unplaced, WaitingPlace
from kehou.chapters.allocation.rounds import freeze_round
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Agreement, Registration
from kehou.chapters.enrolment.queries import forget_offers
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.people.models import CareRecord
from kehou.chapters.schools.models import Homeroom
from kehou.rules.allocation import Rules
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.registration import (
    AFTER,
    CLOSES,
    DURING,
    NAMED,
    RESULT,
    committed,
    decline,
    drawn,
    open_stage,
    planned,
    published,
    review_all,
    submit,
)
from tests.world import make_pupil


@pytest.fixture
def stage(world):
    return open_stage(world)


@pytest.fixture
def both_want_football(stage, world):
    """Mei and Bo want the one seat; reading is as good to Bo as singing."""
    football, reading = stage.slot("校园足球"), stage.slot("阅读漂流")
    submit(stage, world.mei, DayWish(1, 2, ((football,), (stage.slot("科学小实验"),))))
    submit(stage, world.bo, DayWish(1, 2, ((football,), (reading, stage.slot("童声合唱")))))
    return stage


def why(refused) -> list[str]:
    return [refusal.key for refusal in refused.value.refusals]


@pytest.mark.clause("2.3-j")
def test_the_method_of_the_draw_is_the_one_that_was_published(stage):
    with pytest.raises(Refused) as refused:
        planned(stage, mechanism="da")
    assert why(refused) == ["R-ALLOC-01:method_differs"]


@pytest.mark.parametrize(
    "randomness,at,reason",
    [
        ("", DURING, "R-ALLOC-02:randomness_not_named"),
        ("电脑随机", DURING, "R-ALLOC-02:beacon_unknown_kind"),
        (NAMED, CLOSES, "R-ALLOC-02:named_after_deadline"),
    ],
)
def test_the_randomness_is_named_in_advance(stage, world, randomness, at, reason):
    with pytest.raises(Refused) as refused:
        allocation.plan(
            stage.registration,
            rules=Rules(),
            randomness=randomness,
            by=world.riverside.by("asp_manager"),
            at=at,
        )
    assert why(refused) == [reason]


def test_one_draw_stands_at_a_time(stage):
    planned(stage)
    with pytest.raises(Refused) as refused:
        planned(stage)
    assert why(refused) == ["R-ALLOC-02:draw_stands_already"]


@pytest.mark.clause("3.1-i")
def test_nothing_is_frozen_while_a_class_has_not_answered(both_want_football, world):
    draw = planned(both_want_football)
    office = world.riverside.by("asp_manager")
    with pytest.raises(Refused) as refused:
        allocation.commit(draw, by=office, at=AFTER)
    assert why(refused) == ["R-FLOW-01:reviews_open"]
    review_all(both_want_football)
    with pytest.raises(Refused) as refused:
        allocation.commit(draw, by=office, at=CLOSES - timedelta(seconds=1))
    assert why(refused) == ["R-FLOW-01:freeze_before_deadline"]
    assert Registration.objects.get().frozen_at is None
    assert allocation.commit(draw, by=office, at=AFTER).state == "committed"


def test_a_round_without_anybody_is_refused(stage, world):
    enrolment.submit(stage.registration, world.mei, decline(), by=world.by_guardian(), at=DURING)
    with pytest.raises(Refused) as refused:
        committed(stage)
    assert why(refused) == ["R-ALLOC-02:nobody_to_place"]


def test_who_refused_is_not_in_the_round(both_want_football, world):
    lin = make_pupil(world.riverside, "林小雨", grade=4, guardian=world.guardian)
    enrolment.submit(both_want_football.registration, lin, decline(), by=world.by_guardian(), at=DURING)
    assert committed(both_want_football).requests == 2


@pytest.mark.clause("2.7.3-c")
def test_two_persons_type_the_same_result_before_anything_is_drawn(both_want_football, world):
    draw = committed(both_want_football)
    office = world.riverside.by("asp_manager")
    with pytest.raises(Refused) as refused:
        allocation.draw_lots(draw, by=office, at=AFTER)
    assert why(refused) == ["R-ALLOC-02:second_person_missing"]
    for _ in range(2):  # the same person twice is one person
        allocation.enter_beacon(draw, beacon=RESULT, by=office, at=AFTER)
    assert BeaconEntry.objects.count() == 1
    other = RESULT.replace("+08", "+09")
    allocation.enter_beacon(draw, beacon=other, by=world.riverside.by("principal"), at=AFTER)
    with pytest.raises(Refused) as refused:
        allocation.draw_lots(draw, by=office, at=AFTER)
    assert why(refused) == ["R-ALLOC-02:entries_differ"]
    allocation.enter_beacon(draw, beacon=RESULT, by=world.riverside.by("principal"), at=AFTER)
    assert allocation.draw_lots(draw, by=office, at=AFTER).state == "drawn"


def test_a_result_of_another_draw_is_refused(both_want_football, world):
    draw = committed(both_want_football)
    with pytest.raises(Refused) as no:
        allocation.enter_beacon(
            draw, beacon=RESULT.replace("2026104", "2026105"), by=world.riverside.by("principal"), at=AFTER
        )
    assert why(no) == ["R-ALLOC-02:beacon_of_another_draw"]


@pytest.mark.clause("2.7.3-c")
def test_one_gets_the_seat_the_other_the_next_wish_and_the_first_place_in_the_queue(both_want_football, world):
    stage = both_want_football
    drawn(stage)
    football = Placement.objects.get(slot=stage.slot("校园足球"))
    assert football.tier == 1
    (waiting,) = WaitingPlace.objects.all()
    assert (waiting.slot_id, waiting.position) == (stage.slot("校园足球"), 1)
    assert waiting.application_id != football.application_id
    other = Placement.objects.get(application=waiting.application_id, tier=2)
    (passed,) = other.reason["passed"]
    assert (passed["slot"], passed["seats"], passed["closed_at"]) == (stage.slot("校园足球"), 1, 2)
    assert other.reason["position"] == 2


@pytest.mark.clause("2.7.3-c")
def test_the_same_frozen_round_and_result_give_the_same_seats(both_want_football):
    draw = drawn(both_want_football)
    first = sorted(Placement.objects.values_list("application", "slot", "tier"))
    seed, record = draw.seed, draw.record_digest
    Draw.objects.update(state="committed")
    Placement.objects.all().delete()
    WaitingPlace.objects.all().delete()
    draw.refresh_from_db()
    allocation.draw_lots(draw, by=both_want_football.world.riverside.by("asp_manager"), at=AFTER)
    assert sorted(Placement.objects.values_list("application", "slot", "tier")) == first
    assert (draw.seed, draw.record_digest) == (seed, record)


def test_what_is_drawn_is_what_was_frozen(both_want_football, world):
    """A seat more in the table after the freeze changes nothing in the draw."""
    stage = both_want_football
    committed(stage)
    activity = stage.slots["校园足球", 1].activity
    type(activity).objects.filter(pk=activity.pk).update(capacity=30)
    draw = Draw.objects.select_related("registration__school", "registration__term").get()
    for role in ("asp_manager", "principal"):
        allocation.enter_beacon(draw, beacon=RESULT, by=world.riverside.by(role), at=AFTER)
    allocation.draw_lots(draw, by=world.riverside.by("asp_manager"), at=AFTER)
    assert Placement.objects.filter(slot=stage.slot("校园足球")).count() == 1


def test_free_hours_are_filled_with_base_care(stage, world):
    submit(stage, world.mei, DayWish(1, 2, ((stage.slot("科学小实验"),),)))
    drawn(stage)
    rows = Placement.objects.order_by("slot__first_hour").values_list("slot", "source")
    assert list(rows) == [(stage.slot("科学小实验"), "draw"), (stage.slot("阅读漂流"), "base_care")]


def test_a_draw_is_not_made_twice(both_want_football, world):
    draw = drawn(both_want_football)
    before = Placement.objects.count()
    with pytest.raises(Refused):
        allocation.draw_lots(draw, by=world.riverside.by("asp_manager"), at=AFTER)
    stale = Draw.objects.get(pk=draw.pk)
    stale.state = "committed"  # a second worker that read before the first wrote
    with pytest.raises(Refused) as refused:
        allocation.draw_lots(stale, by=world.riverside.by("asp_manager"), at=AFTER)
    assert why(refused) == ["R-FLOW-01:moved_meanwhile"]
    assert Placement.objects.count() == before


@pytest.mark.clause("2.1-f", "2.1-k")
def test_a_protected_child_is_seated_and_the_record_does_not_say_so(world):
    rows = (("作业答疑站", (1,), 1, 1, 1, 0, True, True),)  # one seat for two children
    stage = open_stage(world, rows=rows)
    small = [make_pupil(world.riverside, f"五年级{n}", grade=5, guardian=world.guardian) for n in (1, 2)]
    protected = small[1]
    CareRecord.objects.create(
        pupil=protected,
        category="left_behind",
        source="学籍系统",
        from_on=DURING.date(),
        recorded_by="资助专员",
        recorded_at=DURING,
    )
    for child in small:
        submit(stage, child, DayWish(1, 1))
    draw = published(stage)
    application = stage.application(protected)
    seat = Placement.objects.filter(application=application).exists()
    assert seat or application.offers.filter(state="open").exists()
    record = draw.record.open("rb").read().decode()
    assert "left_behind" not in record and "guaranteed" not in record
    assert json.loads(record)["format"] == "sunlot-record-1"
    facts = json.dumps(list(Entry.objects.values_list("facts", flat=True)), ensure_ascii=False)
    assert "left_behind" not in facts


def test_who_got_nothing_is_told_why(world):
    rows = (("校园足球", (1,), 1, 2, 1, 0, False, False),)
    stage = open_stage(world, rows=rows)
    for n in (1, 2):
        child = make_pupil(world.riverside, f"六年级{n}", grade=6, guardian=world.guardian)
        submit(stage, child, DayWish(1, 2, ((stage.slot("校园足球"),),)))
    published(stage)
    (nothing,) = Unplaced.objects.all()
    assert nothing.reason["passed"][0]["closed_at"] == 2
    assert nothing.application.state == "waiting"
    (day,) = queries.result_for(nothing.application)
    assert (day.placed, day.passed[0].waiting) == (False, 1)
    assert not Agreement.objects.filter(application=nothing.application).exists()


def test_a_draw_that_is_not_public_can_be_voided_with_a_reason(both_want_football, world):
    draw = drawn(both_want_football)
    office = world.riverside.by("asp_manager")
    with pytest.raises(Refused) as refused:
        allocation.void(draw, reason="错", by=office, at=AFTER)
    assert why(refused) == ["R-ALLOC-02:say_why_by_hand"]
    allocation.void(draw, reason="项目表名额录错", by=office, at=AFTER)
    assert not Placement.objects.exists()
    assert queries.draw_of(both_want_football.registration) is None


@pytest.mark.clause("2.7.3-c", "3.1-i")
def test_publishing_moves_states_writes_letters_and_agreements(both_want_football, world):
    published(both_want_football)
    for pupil in (world.mei, world.bo):
        application = both_want_football.application(pupil)
        assert application.state == "allocated"
        agreement = Agreement.objects.get(application=application)
        assert agreement.content["days"] == {"1": 2}
        letter = Letter.objects.get(link=f"/guardian/{pupil.pk}/result/")
        assert letter.to_account == world.guardian.pk
    with pytest.raises(Refused):
        allocation.publish(Draw.objects.get(), by=world.riverside.by("principal"), at=AFTER)


@pytest.mark.parametrize("children", [2, 12])
def test_drawing_and_publishing_cost_the_same_statements(stage, world, children, django_assert_max_num_queries):
    for n in range(children):
        child = make_pupil(world.riverside, f"学生{n}", grade=3, guardian=world.guardian)
        submit(stage, child, DayWish(1, 2, ((stage.slot("校园足球"),), (stage.slot("科学小实验"),))), DayWish(2, 1))
    draw = committed(stage)
    for role in ("asp_manager", "principal"):
        allocation.enter_beacon(draw, beacon=RESULT, by=world.riverside.by(role), at=AFTER)
    with django_assert_max_num_queries(45):
        allocation.draw_lots(draw, by=world.riverside.by("asp_manager"), at=AFTER)
        allocation.publish(draw, by=world.riverside.by("principal"), at=AFTER)


def test_freezing_costs_the_same_statements(stage, world, django_assert_max_num_queries):
    for n in range(12):
        submit(stage, make_pupil(world.riverside, f"学生{n}", grade=3, guardian=world.guardian))
    draw = planned(stage)
    review_all(stage)
    with django_assert_max_num_queries(10):
        freeze_round(draw)


def care_of(world, stage, number):
    """Return the slot of base care in the classroom of grade 3 class `number`."""
    homeroom = world.riverside.homerooms[3, number]
    slot = stage.slots[f"本班托管{number}", 1]
    type(slot.activity).objects.filter(pk=slot.activity_id).update(homeroom=homeroom, grades=[3])
    return slot


def test_each_child_stays_with_its_own_class_where_every_class_has_care(world):
    rows = tuple((f"本班托管{n}", (1,), 1, 1, 40, 0, True, True) for n in (1, 2))
    stage = open_stage(world, rows=rows)
    rooms = {n: care_of(world, stage, n).pk for n in (1, 2)}
    forget_offers()
    children = {}
    for n in (1, 2, 1, 2, 2):
        children.setdefault(n, []).append(
            make_pupil(world.riverside, f"{n}班学生", grade=3, number=n, guardian=world.guardian)
        )
    for child in children[1] + children[2]:
        submit(stage, child, DayWish(1, 1))
    published(stage)
    for n in (1, 2):
        seats = Placement.objects.filter(application__pupil__in=children[n]).values_list("slot", flat=True)
        assert set(seats) == {rooms[n]} and len(seats) == len(children[n])


@pytest.mark.parametrize(("rooms", "label"), [((1, 2), "三年级2班"), ((1,), "全校")])
def test_the_record_says_where_a_child_belongs_only_where_that_decides(world, rooms, label):
    stage = open_stage(world, rows=tuple((f"本班托管{n}", (1,), 1, 1, 40, 0, True, True) for n in rooms))
    for n in rooms:
        care_of(world, stage, n)
    forget_offers()
    Homeroom.objects.update(site="青龙村教学点")
    far = make_pupil(world.riverside, "村里的孩子", grade=3, number=2, guardian=world.guardian)
    submit(stage, far, DayWish(1, 1))
    with published(stage).record.open("rb") as file:
        record = file.read().decode()
    assert label in record and "教学点" not in record, "a point of few children names them"


def test_where_classes_share_one_room_care_is_open_to_all_of_them(world):
    stage = open_stage(world, rows=(("本班托管1", (1,), 1, 1, 40, 0, True, True),))
    shared = care_of(world, stage, 1).pk
    forget_offers()
    other = make_pupil(world.riverside, "二班学生", grade=3, number=2, guardian=world.guardian)
    submit(stage, other, DayWish(1, 1))
    published(stage)
    assert Placement.objects.get().slot_id == shared


def test_a_wish_for_another_class_s_room_does_not_stop_the_draw(world):
    rows = tuple((f"本班托管{n}", (1,), 1, 1, 40, 0, True, True) for n in (1, 2))
    stage = open_stage(world, rows=rows)
    rooms = {n: care_of(world, stage, n).pk for n in (1, 2)}
    forget_offers()
    submit(stage, world.mei, DayWish(1, 1, ((rooms[2],),)))
    published(stage)
    assert Placement.objects.get().slot_id == rooms[1]
