"""The last seat, the same form sent twice, two offices deciding the same thing: on SQLite and on PostgreSQL.

The stage is written for good (no test transaction), because threads see only what is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Draw, Offer, Placement, SeatChange, SwapRound, WaitingPlace
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Agreement, Application, ClassReview, Enrolment, Submission
from kehou.chapters.journal.models import Letter
from kehou.chapters.programme.models import Slot
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.consultation import hand_over_notice
from tests.registration import AFTER, DURING, RESULT, choice, committed, drawn, open_stage, published, submit
from tests.swapping import CLOSES, OPENED, RUN, holds, seat_of, swap_stage
from tests.world import build, make_pupil

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


def race(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at the same instant, each on its own connection; return what each returned, or its refusal."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=20)
            return act()
        except Refused as no:
            return no
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, act) for act in acts]]


def refused(results: list[Any]) -> int:
    return sum(isinstance(one, Refused) for one in results)


@pytest.fixture
def stage():
    """A published draw after which twelve children hold base care and one singing seat is free."""
    world = build()
    rows = (
        ("作业答疑站", (1,), 1, 1, 40, 0, True, True),
        ("童声合唱", (1,), 2, 1, 1, 0, False, False),
    )
    stage = open_stage(world, rows=rows)
    for n in range(THREADS):
        child = make_pupil(world.riverside, f"学生{n}", grade=5, guardian=world.guardian)
        submit(stage, child, DayWish(1, 1))
    published(stage)
    return stage


def test_the_last_seat_is_given_once(stage):
    office = stage.world.riverside.by("asp_manager")
    slot = stage.slot("童声合唱")
    applications = list(Application.objects.select_related("pupil__homeroom", "registration__term"))

    def place(application: Application) -> Callable[[], Any]:
        return lambda: allocation.place(application, slot, reason="老师已面试", by=office, at=AFTER)

    results = race(*map(place, applications))
    assert refused(results) == THREADS - 1
    assert {no.refusal.key for no in results if isinstance(no, Refused)} == {"R-GRP-01:no_seat_left"}
    assert Placement.objects.filter(slot=slot, ended_at=None).count() == 1


def test_two_families_that_change_places_by_offers_do_not_wait_for_each_other():
    """Each takes the group the other leaves: groups are held in one order, or PostgreSQL would end one of the two."""
    world = build()
    rows = (("作业答疑站", (1,), 1, 2, 40, 0, True, True), ("童声合唱", (1,), 1, 2, 40, 0, False, False))
    stage = open_stage(world, rows=rows)
    children = [make_pupil(world.riverside, f"学生{n}", grade=5, guardian=world.guardian) for n in range(THREADS)]
    groups = (stage.slot("作业答疑站"), stage.slot("童声合唱"))
    for n, child in enumerate(children):
        submit(stage, child, DayWish(1, 2, ((groups[n % 2],),)))
    draw = published(stage)
    offers = []
    for seat in Placement.objects.filter(draw=draw).order_by("pk"):
        other = groups[1] if seat.slot_id == groups[0] else groups[0]
        facts = {"draw": draw, "slot_id": other, "made_at": AFTER, "expires_at": AFTER + timedelta(days=2)}
        offers.append(Offer.objects.create(application=seat.application, **facts))

    def take(offer: Offer) -> Callable[[], Any]:
        return lambda: allocation.answer_offer(offer, accepts=True, by=world.by_guardian(), at=AFTER)

    assert refused(race(*map(take, offers))) == 0
    held = Placement.objects.filter(ended_at=None)
    assert sorted(held.values_list("slot", flat=True)) == sorted(offer.slot_id for offer in offers)


def test_the_hours_of_one_child_are_filled_once():
    """Two offices give the same child two groups of the same hour at the same moment."""
    world = build()
    rows = (
        ("作业答疑站", (1,), 1, 1, 40, 0, True, True),
        ("童声合唱", (1,), 2, 1, 9, 0, False, False),
        ("口风琴", (1,), 2, 1, 9, 0, False, False),
    )
    stage = open_stage(world, rows=rows)
    submit(stage, make_pupil(world.riverside, "学生", grade=5, guardian=world.guardian), DayWish(1, 1))
    published(stage)
    office, application = world.riverside.by("asp_manager"), Application.objects.get()

    def place(name: str) -> Callable[[], Any]:
        return lambda: allocation.place(application, stage.slot(name), reason="老师已面试", by=office, at=AFTER)

    assert refused(race(place("童声合唱"), place("口风琴"))) == 1


def test_an_offer_taken_twice_at_once_is_one_seat(stage):
    slot, application = stage.slot("童声合唱"), Application.objects.order_by("pk").first()
    offer = Offer.objects.create(
        draw=Draw.objects.get(),
        application=application,
        slot_id=slot,
        made_at=DURING,
        expires_at=AFTER.replace(hour=20),
    )
    by = stage.world.by_guardian()
    results = race(*[lambda: allocation.answer_offer(offer, accepts=True, by=by, at=AFTER)] * 4)
    assert refused(results) == 3
    assert Placement.objects.filter(slot=slot, ended_at=None).count() == 1


def test_an_offer_taken_and_left_at_once_is_one_answer(stage):
    slot, application = stage.slot("童声合唱"), Application.objects.order_by("pk").first()
    offer = Offer.objects.create(
        draw=Draw.objects.get(),
        application=application,
        slot_id=slot,
        made_at=DURING,
        expires_at=AFTER.replace(hour=20),
    )
    by = stage.world.by_guardian()
    results = race(
        lambda: allocation.answer_offer(offer, accepts=True, by=by, at=AFTER),
        lambda: allocation.answer_offer(offer, accepts=False, by=by, at=AFTER),
    )
    assert refused(results) == 1
    offer.refresh_from_db()
    taken = Placement.objects.filter(slot=slot, ended_at=None).count()
    assert taken == (1 if offer.state == "accepted" else 0)


def test_an_offer_taken_as_it_expires_is_one_answer(stage):
    """The family is in time by its own clock while the worker closes the offer by the next second's."""
    slot = stage.slot("童声合唱")
    first, second = Application.objects.order_by("pk")[:2]
    draw, until = Draw.objects.get(), AFTER.replace(hour=20)
    WaitingPlace.objects.create(draw=draw, application=second, slot_id=slot, position=9)
    offer = Offer.objects.create(draw=draw, application=first, slot_id=slot, made_at=DURING, expires_at=until)
    by = stage.world.by_guardian()
    results = race(
        lambda: allocation.answer_offer(offer, accepts=True, by=by, at=until - timedelta(seconds=1)),
        lambda: allocation.expire_offers(at=until),
    )
    offer.refresh_from_db()
    seated = Placement.objects.filter(slot=slot, ended_at=None)
    asked = Offer.objects.filter(slot=slot, state=Offer.OPEN)
    if offer.state == "accepted":
        assert refused(results) == 0 and [seat.application for seat in seated] == [first] and not asked.exists()
    else:
        assert offer.state == "expired" and refused(results) == 1
        assert not seated.exists() and [one.application for one in asked] == [second]


@pytest.fixture
def window():
    return open_stage(build())


def test_one_form_sent_many_times_at_once_is_one_version(window):
    world = window.world
    by, registration = world.by_guardian(), window.registration
    results = race(*[lambda: enrolment.submit(registration, world.mei, choice(), by=by, at=DURING)] * THREADS)
    assert refused(results) == 0
    assert len({receipt.digest for receipt in results}) == 1
    assert sum(not receipt.again for receipt in results) == 1
    assert Submission.objects.count() == 1


def test_two_tabs_with_different_choices_are_two_versions_and_the_last_stands(window):
    world = window.world
    by, registration = world.by_guardian(), window.registration

    def send(weekday: int) -> Callable[[], Any]:
        return lambda: enrolment.submit(registration, world.mei, choice(DayWish(weekday, 1)), by=by, at=DURING)

    results = race(*[send(weekday) for weekday in (1, 2, 3, 4)])
    assert refused(results) == 0
    assert sorted(Submission.objects.values_list("version", flat=True)) == [1, 2, 3, 4]
    application = window.application(world.mei)
    assert application.current.version == application.version == 4
    assert application.current.digest == application.digest
    assert Application.objects.count() == 1


def test_two_teachers_answer_one_application_once(window):
    world = window.world
    application = submit(window, world.mei)
    by = world.riverside.by("homeroom_teacher")
    results = race(
        lambda: enrolment.review(application, version=1, passed=True, by=by, at=DURING),
        lambda: enrolment.review(
            Application.objects.select_related("pupil__school", "current").get(pk=application.pk),
            version=1, passed=False, reason="contact", by=by, at=DURING,
        ),
    )  # fmt: skip
    assert refused(results) == 1
    assert ClassReview.objects.count() == 1


def test_a_family_changes_while_the_teacher_passes(window):
    """Whoever is first: a passed review never stands over a version the teacher has not read."""
    world = window.world
    application = submit(window, world.mei)
    race(
        lambda: enrolment.review(
            application, version=1, passed=True, by=world.riverside.by("homeroom_teacher"), at=DURING
        ),
        lambda: enrolment.submit(
            window.registration, world.mei, choice(DayWish(2, 1)), by=world.by_guardian(), at=DURING
        ),
    )
    now = window.application(world.mei)
    assert (now.state, now.version) == ("submitted", 2)


def test_two_workers_draw_once(window):
    world = window.world
    submit(window, world.mei)
    submit(window, world.bo)
    draw = committed(window)
    for role in ("asp_manager", "principal"):
        allocation.enter_beacon(draw, beacon=RESULT, by=world.riverside.by(role), at=AFTER)
    office = world.riverside.by("asp_manager")

    def run() -> Any:
        row = Draw.objects.select_related("registration__school", "registration__term").get(pk=draw.pk)
        return allocation.draw_lots(row, by=office, at=AFTER)

    results = race(run, run, run)
    assert refused(results) == 2
    assert Placement.objects.filter(application__pupil=world.mei).count() == 2  # two hours, two groups


def test_two_offices_publish_once(window):
    """One publication: states, papers and letters of the second office do not come on top of the first's."""
    world = window.world
    submit(window, world.mei)
    submit(window, world.bo)
    draw, offices = drawn(window), ("principal", "asp_manager")

    def publish(role: str) -> Callable[[], Any]:
        row = Draw.objects.select_related("registration__school", "registration__term").get(pk=draw.pk)
        return lambda: allocation.publish(row, by=world.riverside.by(role), at=AFTER)

    results = race(*map(publish, offices))
    assert refused(results) == 1
    assert Agreement.objects.count() == 2
    told = Letter.objects.filter(kind="allocation.published").values_list("to_account", "title")
    assert len(told) == len(set(told)) > 0


def test_two_offices_carry_swaps_out_once():
    world = build()
    stage, _ = swap_stage(world)
    round = swaps_asked(stage, world)
    office = world.riverside.by("asp_manager")
    results = race(*[lambda: allocation.carry_out_swaps(round, by=office, at=RUN)] * 3)
    assert refused(results) == 2
    assert (holds(world.mei), holds(world.bo)) == ("科学小实验", "校园足球")
    assert SeatChange.objects.filter(kind="swap").count() == 2


def test_a_family_steps_back_while_its_seat_is_swapped():
    """Whoever is first: nobody who has left holds a seat, and no group has two children on one seat."""
    world = build()
    stage, _ = swap_stage(world)
    round, application = swaps_asked(stage, world), stage.application(world.mei)
    results = race(
        lambda: allocation.carry_out_swaps(round, by=world.riverside.by("asp_manager"), at=RUN),
        lambda: allocation.give_up(application, by=world.by_guardian(), at=RUN),
    )
    assert refused(results) == 0
    assert not Placement.objects.filter(application=application, ended_at=None).exists()
    for name in ("校园足球", "科学小实验"):
        assert Placement.objects.filter(slot=stage.slot(name), ended_at=None).count() <= 1
    assert holds(world.bo) in ("校园足球", "科学小实验")


def test_two_offices_place_the_children_of_a_cancelled_group_once():
    world = build()
    stage, _ = swap_stage(world)
    Slot.objects.filter(pk=stage.slot("校园足球")).update(withdrawn_at=RUN)
    draw, office = Draw.objects.get(), world.riverside.by("asp_manager")
    results = race(*[lambda: allocation.place_anew(draw, reason="教练生病", by=office, at=RUN)] * 3)
    assert refused(results) == 2
    assert holds(world.mei) == "作业答疑站"
    assert SeatChange.objects.filter(kind="cancelled").count() == 1


def swaps_asked(stage: Any, world: Any) -> SwapRound:
    """Return a call for swaps in which Mei and Bo each want the other's group."""
    office, by = world.riverside.by("asp_manager"), world.by_guardian()
    round = allocation.open_swaps(Draw.objects.get(), closes_at=CLOSES, by=office, at=OPENED)
    for pupil, name in ((world.mei, "科学小实验"), (world.bo, "校园足球")):
        allocation.ask_for_swap(round, seat_of(pupil), {stage.slot(name): 1}, by=by, at=OPENED)
    return round


def test_the_school_seals_once(stage):
    world = stage.world
    for agreement in Agreement.objects.select_related("application__pupil__homeroom"):
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
    agreements = list(Agreement.objects.all())
    principal = world.riverside.by("principal")
    results = race(*[lambda: enrolment.seal(agreements, by=principal, at=AFTER)] * 2)
    assert refused(results) == 1
    assert Enrolment.objects.count() == THREADS
