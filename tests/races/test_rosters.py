"""Two offices take a roster in the same moment: it is taken once, and no child stands twice on the register."""

from __future__ import annotations

import pytest

from kehou.chapters.people import actions as people
from kehou.chapters.people.actions.rosters import content_of
from kehou.chapters.people.models import Account, Guardianship, Pupil, RosterImport
from kehou.rules.verdicts import Refused
from tests.chapters.people.test_rosters import file_of
from tests.races.test_seats import race
from tests.rules.roster.sheets import pupil
from tests.world import build, moment

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_roster_is_taken_once_and_two_rosters_of_the_same_children_double_nobody():
    world = build()
    school, by = world.riverside.school, world.riverside.by("asp_manager")
    rows = [pupil(at, name="王" + "一二三四五六七八九"[at % 9], phone=str(19900002000 + at)) for at in range(1, 13)]
    kept = [
        people.keep_roster(school, file_name=f"{at}.csv", content=file_of(*rows), by=by, at=moment()) for at in (1, 2)
    ]
    reports = {one.pk: people.read_for(school, content_of(one), at=moment()) for one in kept}

    def taking(one: RosterImport):
        fresh = RosterImport.objects.get(pk=one.pk)
        return lambda: people.take_roster(fresh, reports[one.pk], by=by, at=moment())

    results = race(taking(kept[0]), taking(kept[0]), taking(kept[1]), taking(kept[1]))
    assert sum(isinstance(one, Refused) for one in results) == 2
    taken = [one for one in results if not isinstance(one, Refused)]
    assert sorted(one.new for one in taken) == [0, 12]
    assert Pupil.objects.filter(school=school, id_hash__isnull=False).count() == 12
    assert Account.objects.filter(phone__startswith="199000020").count() == 12
    assert Guardianship.objects.filter(account__phone__startswith="199000020").count() == 12
