"""Two officers at one request, one school asking twice: one decision, one request."""

from __future__ import annotations

import pytest

from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import Permit
from tests.chapters.programme.stage import AT, row
from tests.races.test_seats import race, refused
from tests.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "培优指培育优良苗木，不涉及任何学科"


def asked(world: World) -> Permit:
    place, by = world.riverside, world.riverside.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=by, at=AT)
    return programme.ask_release(table, row(place, name="苗木培优班"), reason=REASON, sent={}, by=by, at=AT)


def test_of_two_officers_one_decides():
    world = build()
    permit = asked(world)

    def decide(grant: bool):
        one, by = Permit.objects.select_related("school").get(pk=permit.pk), world.by_district("basic_education")
        return lambda: programme.decide_permit(one, grant=grant, reason="看过内容，写明理由", by=by, at=AT)

    results = race(*[decide(True), decide(False)] * 2)
    assert refused(results) == 3 and Permit.objects.get().state in ("granted", "refused")


def test_a_form_sent_twice_is_one_request():
    world = build()
    place, by = world.riverside, world.riverside.by("asp_manager")
    table, facts = programme.start_table(place.school, world.term, by=by, at=AT), row(place, name="苗木培优班")
    ask = [lambda: programme.ask_release(table, facts, reason=REASON, sent={}, by=by, at=AT)] * 4
    assert refused(race(*ask)) == 3 and Permit.objects.count() == 1
