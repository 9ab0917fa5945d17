"""Two lists of leavers that cross, an answer and an exit at the same instant: nobody waits in a circle, no seat is lost."""

from __future__ import annotations

from datetime import date

import pytest

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Offer, Placement
from kehou.chapters.money import actions as money
from kehou.rules.choice import DayWish
from tests.races.test_seats import race
from tests.registration import open_stage, published, submit
from tests.world import build, make_pupil, moment

pytestmark = pytest.mark.django_db(transaction=True)
AT = moment(9, on=date(2026, 9, 7))


def test_lists_that_cross_free_every_seat_and_offer_it_once():
    world = build()
    stage = open_stage(world)
    football, singing = stage.slots["校园足球", 1], stage.slots["童声合唱", 4]
    children = [make_pupil(world.riverside, f"学生{n}", grade=3, guardian=world.guardian) for n in range(6)]
    for child in children:
        submit(stage, child, DayWish(1, 2, ((football.pk,),)), DayWish(4, 2, ((singing.pk,),)))
    published(stage)
    by = world.riverside.by("asp_manager")
    first, second, stays = children[0:2], children[2:4], children[4:]
    race(
        lambda: money.leave_school(first, on=AT.date(), by=by, at=AT),
        lambda: money.leave_school(list(reversed(second)), on=AT.date(), by=by, at=AT),
        lambda: money.leave_school([second[1], first[1]], on=AT.date(), by=by, at=AT),
        lambda: allocation.expire_offers(at=AT),
    )
    gone = [child.pk for child in (*first, *second)]
    assert not Placement.objects.filter(application__pupil__in=gone, ended_at=None).exists()
    assert not Offer.objects.filter(application__pupil__in=gone, state="open").exists()
    held = Placement.objects.filter(slot=football, ended_at=None).count()
    offered = Offer.objects.filter(slot=football, state="open")
    assert held + offered.count() == 1, "one seat, held or offered to one who stays"
    assert {one.application.pupil_id for one in offered} <= {child.pk for child in stays}
