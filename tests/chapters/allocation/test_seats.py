"""Seats outside the draw: the queue in its order, offers with an hour, by hand with a reason, and what an exit frees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Offer, Placement, WaitingPlace
from kehou.chapters.attendance.queries import seated
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Agreement, Application, Enrolment
from kehou.chapters.journal.models import Entry, Letter
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.consultation import hand_over_notice
from tests.deciding import put_in_force
from tests.groups import make_slot
from tests.registration import AFTER, drawn, open_stage, published, submit
from tests.world import make_pupil, moment

SERVICE = moment(19, on=date(2026, 9, 16))


@pytest.fixture
def stage(world):
    """Three children want one football seat; the queue has two."""
    stage = open_stage(world)
    for pupil in (world.mei, world.bo, make_pupil(world.riverside, "林小雨", grade=4, guardian=world.guardian)):
        submit(stage, pupil, DayWish(1, 2, ((stage.slot("校园足球"),), (stage.slot("科学小实验"),))))
    published(stage)
    return stage


def holder(stage) -> Application:
    return Placement.objects.get(slot=stage.slot("校园足球"), ended_at=None).application


def queue(stage) -> list[Application]:
    return [one.application for one in queries.queue(stage.slots["校园足球", 1])]


def sign_all(stage, world) -> None:
    for agreement in Agreement.objects.filter(state="to_sign").select_related("application__pupil__homeroom"):
        hand_over_notice([agreement.application.pupil])
        enrolment.sign_as_family(
            agreement,
            read_digest=agreement.digest,
            name="妈妈",
            pupil=enrolment.Acknowledgement("name", agreement.application.pupil.name),
            image=b"\x89PNG\r\n\x1a\n",
            by=world.by_guardian(),
            at=AFTER,
        )
    enrolment.seal(Agreement.objects.all(), by=world.riverside.by("principal"), at=AFTER)


def leave(stage, world) -> tuple[Application, list[Application]]:
    """Let the holder of the football seat leave; return it and who waited."""
    sign_all(stage, world)
    application, waiting = holder(stage), queue(stage)
    allocation.leave(Enrolment.objects.get(application=application), by=world.by_guardian(), at=SERVICE)
    return application, waiting


@pytest.mark.clause("2.3-j")
def test_a_freed_seat_is_offered_to_the_first_in_the_queue_only(stage, world):
    left, waiting = leave(stage, world)
    (offer,) = Offer.objects.all()
    assert (offer.application, offer.state) == (waiting[0], "open")
    assert offer.expires_at == moment(18, on=date(2026, 9, 18))
    assert Letter.objects.filter(kind="allocation.offered").exists()
    assert not Placement.objects.filter(application=left, ended_at=None).exists()
    assert Placement.objects.filter(application=left).values_list("until_on", flat=True)[0] == date(2026, 9, 17)


def test_the_days_to_answer_are_the_districts_to_say(stage, world):
    put_in_force("alloc.offer_working_days", 4, world=world, from_on=date(2026, 9, 10))
    leave(stage, world)
    assert Offer.objects.get().expires_at == moment(18, on=date(2026, 9, 21))  # Sunday the 20th is a working day


def test_taking_it_frees_what_the_child_held_in_the_same_hours(stage, world):
    _, waiting = leave(stage, world)
    offer = Offer.objects.get()
    science = stage.slot("科学小实验")
    assert Placement.objects.filter(application=waiting[0], slot=science, ended_at=None).exists()
    placement = allocation.answer_offer(offer, accepts=True, by=world.by_guardian(), at=SERVICE)
    assert (placement.slot_id, placement.source) == (stage.slot("校园足球"), "offer")
    held = queries.standing(waiting[0]).values_list("slot", flat=True)
    assert set(held) == {stage.slot("校园足球")}
    assert WaitingPlace.objects.get(application=waiting[0]).ended_because == "placed"


def test_leaving_it_asks_the_next(stage, world):
    _, waiting = leave(stage, world)
    allocation.answer_offer(Offer.objects.get(), accepts=False, by=world.by_guardian(), at=SERVICE)
    assert Offer.objects.get(state="open").application == waiting[1]
    assert WaitingPlace.objects.get(application=waiting[0]).ended_because == "left"


def test_an_offer_is_answered_once_and_in_time(stage, world):
    leave(stage, world)
    offer = Offer.objects.get()
    late = offer.expires_at
    with pytest.raises(Refused) as refused:
        allocation.answer_offer(offer, accepts=True, by=world.by_guardian(), at=late)
    assert refused.value.refusal.why == "offer_has_expired"
    allocation.answer_offer(offer, accepts=True, by=world.by_guardian(), at=late - timedelta(minutes=1))
    with pytest.raises(Refused) as refused:
        allocation.answer_offer(offer, accepts=True, by=world.by_guardian(), at=SERVICE)
    assert refused.value.refusal.why == "offer_answered_already"


def test_silence_declines_and_the_worker_asks_the_next(stage, world):
    _, waiting = leave(stage, world)
    expires = Offer.objects.get().expires_at
    assert allocation.expire_offers(at=expires - timedelta(seconds=1)) == 0
    assert allocation.expire_offers(at=expires) == 1
    assert Offer.objects.get(state="open").application == waiting[1]
    assert allocation.expire_offers(at=expires) == 0


def test_a_seat_is_given_by_hand_with_a_reason_for_all_to_read(stage, world):
    application = queue(stage)[0]
    science = queries.standing(application).get(slot=stage.slot("科学小实验"))
    office = world.riverside.by("asp_manager")
    singing = stage.slot("童声合唱")
    with pytest.raises(Refused) as refused:
        allocation.place(application, singing, reason="请假", by=office, at=AFTER)
    assert refused.value.refusal.why == "say_why_by_hand"
    care = queries.standing(application).get(source="base_care")
    placement = allocation.place(application, singing, reason="合唱队老师已面试", by=office, at=AFTER, instead_of=care)
    assert placement.source == "manual"
    entry = Entry.objects.get(verb="allocation.placed_by_hand")
    assert entry.facts["reason"] == "合唱队老师已面试"
    assert science.ended_at is None


@pytest.mark.parametrize("slot,why", [("校园足球", "no_seat_left"), ("作业答疑站", "hours_overlap")])
def test_no_seat_is_made_out_of_nothing(stage, world, slot, why):
    application = queue(stage)[0]
    with pytest.raises(Refused) as refused:
        allocation.place(
            application, stage.slot(slot), reason="家长要求调整", by=world.riverside.by("asp_manager"), at=AFTER
        )
    assert refused.value.refusal.why == why


def test_no_seat_is_given_by_hand_in_another_school_nor_in_a_group_that_does_not_exist(stage, world):
    application = queue(stage)[0]
    elsewhere = make_slot(world.hill, world.term, weekday=2)
    elsewhere.activity.grades = [3]
    elsewhere.activity.save()
    for slot_id in (elsewhere.pk, 10**9):
        with pytest.raises(Refused) as refused:
            allocation.place(
                application, slot_id, reason="家长要求调整", by=world.riverside.by("asp_manager"), at=AFTER
            )
        assert refused.value.refusal.why == "not_offered_here"
    assert not Placement.objects.filter(slot=elsewhere).exists()


def test_an_offered_seat_is_not_given_away_meanwhile(stage, world):
    _, waiting = leave(stage, world)
    with pytest.raises(Refused) as refused:
        allocation.place(
            waiting[1],
            stage.slot("校园足球"),
            reason="家长要求调整",
            by=world.riverside.by("asp_manager"),
            at=SERVICE,
        )
    assert refused.value.refusal.why == "no_seat_left"


def test_a_seat_taken_back_goes_to_the_queue(stage, world):
    waiting = queue(stage)
    allocation.remove(
        Placement.objects.get(slot=stage.slot("校园足球")),
        reason="孩子受伤，家长要求",
        by=world.riverside.by("asp_manager"),
        at=AFTER,
    )
    assert Offer.objects.get().application == waiting[0]


def test_a_family_hears_that_a_seat_was_taken_back_and_who_has_none_waits_again(stage, world):
    application, office = holder(stage), world.riverside.by("asp_manager")
    Letter.objects.all().delete()
    for seat in queries.standing(application):
        allocation.remove(seat, reason="孩子受伤，家长要求", by=office, at=AFTER)
    application.refresh_from_db()
    assert (application.state, application.agreements.get().state) == ("waiting", "ended")
    letter = Letter.objects.filter(kind="allocation.moved").first()
    assert "孩子受伤，家长要求" in letter.body


def test_the_seat_a_hand_has_freed_is_offered_on(stage, world):
    application, waiting = holder(stage), queue(stage)
    football = queries.standing(application).get(slot=stage.slot("校园足球"))
    office = world.riverside.by("asp_manager")
    for care in queries.standing(application).filter(source="base_care"):
        allocation.remove(care, reason="改上两课时的合唱", by=office, at=AFTER)
    singing = stage.slot("童声合唱")
    allocation.place(application, singing, reason="与老师谈过", by=office, at=AFTER, instead_of=football)
    assert Offer.objects.get(slot=stage.slot("校园足球")).application == waiting[0]


@pytest.mark.clause("2.7.3-c")
def test_nothing_is_changed_by_hand_before_the_result_is_public_nor_for_who_has_left(world):
    stage = open_stage(world)
    submit(stage, world.mei, DayWish(1, 2, ((stage.slot("校园足球"),),)))
    drawn(stage)
    seat, office = Placement.objects.filter(slot=stage.slot("校园足球")).get(), world.riverside.by("asp_manager")
    for act in (
        lambda: allocation.remove(seat, reason="家长要求调整", by=office, at=AFTER),
        lambda: allocation.place(
            seat.application, stage.slot("童声合唱"), reason="家长要求调整", by=office, at=AFTER, instead_of=seat
        ),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.refusal.why == "by_hand_after_publishing"
    assert Placement.objects.get(pk=seat.pk).ended_at is None
    assert not Letter.objects.filter(kind="allocation.moved").exists()
    allocation.publish(seat.draw, by=office, at=AFTER)
    allocation.give_up(seat.application, by=world.by_guardian(), at=AFTER)
    with pytest.raises(Refused) as refused:
        allocation.place(seat.application, stage.slot("童声合唱"), reason="家长要求调整", by=office, at=AFTER)
    assert refused.value.refusal.why == "stepped_back"


def test_a_family_that_steps_back_between_freeze_and_draw_is_not_placed(world):
    """It stays in the frozen list, which could not be drawn again without it, and its seat goes to the queue."""
    stage = open_stage(world)
    children = (world.mei, world.bo, make_pupil(world.riverside, "林小雨", grade=4, guardian=world.guardian))
    for pupil in children:
        submit(stage, pupil, DayWish(1, 2, ((stage.slot("校园足球"),),)))
    draw = drawn(stage)
    application = holder(stage)
    assert WaitingPlace.objects.filter(slot=stage.slot("校园足球")).count() == 2
    allocation.give_up(application, by=world.by_guardian(), at=AFTER)
    waiting = WaitingPlace.objects.filter(slot=stage.slot("校园足球")).order_by("position").first()
    allocation.publish(draw, by=world.riverside.by("asp_manager"), at=AFTER)
    application.refresh_from_db()
    assert application.state == "ended" and not queries.standing(application).exists()
    assert not Letter.objects.filter(kind="allocation.published", title__contains=application.pupil.name).exists()
    assert Offer.objects.get(slot=stage.slot("校园足球")).application == waiting.application


def test_what_was_offered_to_a_family_that_leaves_goes_to_the_next(stage, world):
    _, waiting = leave(stage, world)
    assert Offer.objects.get(state="open").application == waiting[0]
    allocation.leave(Enrolment.objects.get(application=waiting[0]), by=world.by_guardian(), at=SERVICE)
    assert Offer.objects.get(state="open", slot=stage.slot("校园足球")).application == waiting[1]


def test_who_leaves_at_noon_is_counted_in_and_handed_over_today_still(stage, world):
    """The seat ends with the next service day, and so does the school's watch over the child."""
    sign_all(stage, world)
    application, today = holder(stage), date(2026, 9, 21)
    assert application.pk in seated(today).values_list("application", flat=True)
    allocation.leave(Enrolment.objects.get(application=application), by=world.by_guardian(), at=moment(10, on=today))
    assert application.pk in seated(today).values_list("application", flat=True)
    assert application.pk not in seated(date(2026, 9, 28)).values_list("application", flat=True)


def test_stepping_back_before_signing_frees_the_seat_too(stage, world):
    application, waiting = holder(stage), queue(stage)
    allocation.give_up(application, by=world.by_guardian(), at=AFTER)
    application.refresh_from_db()
    assert application.state == "ended"
    assert application.agreements.get().state == "ended"
    assert Offer.objects.get().application == waiting[0]
    with pytest.raises(Refused):
        allocation.give_up(application, by=world.by_guardian(), at=AFTER)


def test_a_family_that_waits_gets_an_agreement_when_it_takes_a_seat(world):
    rows = (("校园足球", (1,), 1, 2, 1, 0, False, False),)
    stage = open_stage(world, rows=rows)
    for n in (1, 2):
        child = make_pupil(world.riverside, f"六年级{n}", grade=6, guardian=world.guardian)
        submit(stage, child, DayWish(1, 2, ((stage.slot("校园足球"),),), False))
    published(stage)
    waiting = queue(stage)[0]
    allocation.give_up(holder(stage), by=world.by_guardian(), at=AFTER)
    allocation.answer_offer(Offer.objects.get(), accepts=True, by=world.by_guardian(), at=AFTER)
    waiting.refresh_from_db()
    assert waiting.state == "allocated"
    assert waiting.agreements.get().state == "to_sign"


def test_the_results_count_wishes_seats_and_queue(stage):
    football = next(
        row for row in queries.results(queries.draw_of(stage.registration)) if row.slot.pk == stage.slot("校园足球")
    )
    assert (football.seats, football.first, football.wished, football.taken, football.waiting) == (1, 3, 3, 1, 2)
    assert football.closed_at == 2


@pytest.mark.parametrize("wishes", [1, 3])
def test_a_result_costs_the_same_statements(world, wishes, django_assert_max_num_queries):
    stage = open_stage(world)
    names = ("校园足球", "科学小实验", "童声合唱")[:wishes]
    submit(stage, world.mei, *(DayWish(1, 2, tuple((stage.slot(name),) for name in names)),))
    published(stage)
    with django_assert_max_num_queries(6):
        queries.result_for(stage.application(world.mei))


def test_seats_not_signed_for_in_time_go_to_the_queue_when_the_office_says_so(stage, world):
    application, waiting = holder(stage), queue(stage)
    office = world.riverside.by("asp_manager")
    in_time = moment(10, on=date(2026, 9, 9))  # the last day for signing
    assert allocation.release_unsigned(stage.registration, by=office, at=in_time) == 0
    assert allocation.release_unsigned(stage.registration, by=office, at=in_time + timedelta(days=1)) == 3
    application.refresh_from_db()
    assert application.state == "ended"
    assert Letter.objects.filter(kind="allocation.released").count() == 3
    assert not Placement.objects.filter(application__in=waiting, ended_at=None).exists()
    assert allocation.release_unsigned(stage.registration, by=office, at=in_time + timedelta(days=2)) == 0
