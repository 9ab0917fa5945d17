"""A child who has left the school: seat, queue, offers, roll and bill end with it, in one act."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Offer, Placement, WaitingPlace
from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.queries import expected_in
from kehou.chapters.enrolment.models import Agreement, Application, Exit
from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.money import actions as money
from kehou.chapters.money.models import Refund
from kehou.rules.attendance import MarkState
from kehou.rules.choice import DayWish
from kehou.rules.verdicts import Refused
from tests.billing import bill_of, open_books, pay, run
from tests.groups import make_session
from tests.registration import open_stage, published, submit
from tests.world import TODAY, World, make_pupil, moment

WEDNESDAY = moment(15)


def test_the_roll_ahead_is_without_the_child_and_what_was_taken_stays(world: World) -> None:
    later = make_session(world.riverside, world.term, [world.mei, world.bo], on=TODAY + timedelta(2), name="周五")
    by = world.riverside.by("asp_manager")
    assert money.leave_school([world.mei], on=TODAY, by=by, at=WEDNESDAY) == 1
    assert expected_in(later) == {world.bo.pk}
    (seat,) = Placement.objects.filter(application__pupil=world.mei)
    assert (seat.until_on, seat.ended_at) == (TODAY, WEDNESDAY)
    assert Exit.objects.get().effective_on == TODAY
    world.mei.refresh_from_db()
    assert (world.mei.state, world.mei.left_on) == ("left", TODAY)
    assert {"people.pupil_left", "enrolment.left"} <= set(Entry.objects.values_list("verb", flat=True))
    assert Letter.objects.get(kind="people.left").to_account == world.guardian.pk
    assert money.leave_school([world.mei], on=TODAY, by=by, at=WEDNESDAY) == 0


def test_a_day_on_which_the_child_was_counted_in_has_been_taken(world: World) -> None:
    session = make_session(world.riverside, world.term, [world.mei])
    by = world.riverside.by("asp_manager")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(16))
    money.leave_school([world.mei], on=TODAY, by=by, at=moment(17))
    assert Exit.objects.get().effective_on == TODAY + timedelta(1)
    assert Placement.objects.get().until_on == TODAY + timedelta(1)


def test_the_bill_follows_and_what_was_paid_too_much_goes_back(world: World) -> None:
    open_books(world)
    run(world)
    pay(world, bill_of(world.mei))
    by = world.riverside.by("asp_manager")
    money.leave_school([world.mei], on=date(2026, 11, 4), by=by, at=moment(17, on=date(2026, 11, 4)))
    bill = bill_of(world.mei)
    assert bill.due_fen == 2 * 550, "the two days before the 4th"
    refund = Refund.objects.get(bill=bill)
    assert (refund.amount_fen, refund.state) == (11000 - bill.due_fen, "made")
    assert bill_of(world.bo).due_fen == 11000
    with pytest.raises(Refused, match="leaves_in_the_future"):
        money.leave_school([world.bo], on=date(2026, 11, 5), by=by, at=moment(17, on=date(2026, 11, 4)))
    assert not Exit.objects.filter(enrolment__pupil=world.bo).exists(), "nothing of a refused act stays"


def test_the_family_still_reaches_what_was_billed(client, world: World, at_moment) -> None:
    open_books(world)
    run(world)
    at_moment(moment(18))
    client.force_login(world.guardian)
    mei, bo = (reverse("guardian:bills", args=(child.pk,)) for child in (world.mei, world.bo))
    assert "已离校的孩子" not in client.get(bo).content.decode()
    money.leave_school([world.mei], on=TODAY, by=world.riverside.by("asp_manager"), at=WEDNESDAY)
    assert f'href="{mei}"' in client.get(bo).content.decode(), "a sibling's page leads there"
    money.leave_school([world.bo], on=TODAY, by=world.riverside.by("asp_manager"), at=WEDNESDAY)
    start = client.get(reverse("guardian:start")).content.decode()
    assert f'href="{mei}"' in start and f'href="{bo}"' in start
    page = client.get(mei)
    assert page.status_code == 200 and bill_of(world.mei).number in page.content.decode()
    client.force_login(world.other_guardian)
    assert client.get(mei).status_code == 404
    assert "已离校的孩子" not in client.get(reverse("guardian:start"), follow=True).content.decode()


@pytest.fixture
def stage(world: World):
    """Mei, Bo and Lin want one football seat; the queue has two."""
    stage = open_stage(world)
    lin = make_pupil(world.riverside, "林小雨", grade=4, guardian=world.guardian)
    for pupil in (world.mei, world.bo, lin):
        submit(stage, pupil, DayWish(1, 2, ((stage.slot("校园足球"),), (stage.slot("科学小实验"),))))
    published(stage)
    return stage


@pytest.mark.clause("2.3-j")
def test_the_seat_is_offered_to_the_next_who_stays(stage, world: World) -> None:
    """Of three the holder and the first in the queue leave together: the second is asked, and nobody else."""
    holder = Placement.objects.get(slot=stage.slot("校园足球"), ended_at=None).application
    first, second = (one.application for one in queries.queue(stage.slots["校园足球", 1]))
    at = moment(9, on=date(2026, 9, 7))
    gone = [holder.pupil, first.pupil]
    assert money.leave_school(gone, on=at.date(), by=world.riverside.by("asp_manager"), at=at) == 2
    assert list(Offer.objects.values_list("application", "state")) == [(second.pk, "open")]
    assert not Placement.objects.filter(application__in=[holder, first], ended_at=None).exists()
    assert not WaitingPlace.objects.filter(application__in=[holder, first], ended_at=None).exists()
    assert set(Application.objects.filter(pk__in=[holder.pk, first.pk]).values_list("state", flat=True)) == {"ended"}
    assert not Agreement.objects.filter(application__in=[holder, first]).exclude(state="ended").exists()
    assert Placement.objects.filter(application=second, ended_at=None).exists()


def test_an_open_offer_to_who_leaves_is_offered_on(stage, world: World) -> None:
    holder = Placement.objects.get(slot=stage.slot("校园足球"), ended_at=None).application
    first, second = (one.application for one in queries.queue(stage.slots["校园足球", 1]))
    at, by = moment(9, on=date(2026, 9, 7)), world.riverside.by("asp_manager")
    money.leave_school([holder.pupil], on=at.date(), by=by, at=at)
    assert Offer.objects.get(state="open").application == first
    money.leave_school([first.pupil], on=at.date(), by=by, at=at)
    assert Offer.objects.get(state="open").application == second
