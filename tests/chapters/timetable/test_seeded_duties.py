"""The days that the demonstration lives on to have their duties, also when somebody's proofs have run out by then."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.timetable.models import Duty
from seeds import afternoons
from tests.world import World

MONDAY = date(2026, 9, 21)


def test_nobody_whose_file_has_ended_is_put_on_duty(world: World) -> None:
    place = world.riverside
    ended = place.school.staff.order_by("pk")[0]
    StaffMember.objects.filter(pk=ended.pk).update(fit_until_on=MONDAY, fit_ends="health")
    leaders = list(place.school.staff.order_by("pk"))
    staffed = SimpleNamespace(school=place.school, by={"asp_manager": place.by("asp_manager")}, leaders=leaders)

    afternoons.fill_duties(SimpleNamespace(staffed=staffed), MONDAY)
    on_duty = Duty.objects.filter(school=place.school, on=MONDAY)
    assert {one.staff_id for one in on_duty} == {one.pk for one in leaders} - {ended.pk}
    assert len({one.kind for one in on_duty}) == len(leaders) - 1
