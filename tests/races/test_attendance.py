"""Two adults at one roll: on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.models import Mark, Register
from kehou.chapters.journal.models import Entry
from kehou.rules.attendance import MarkState
from tests.groups import make_session
from tests.races.test_seats import race, refused
from tests.world import build, moment

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_adults_who_tap_first_open_one_register():
    world = build()
    session = make_session(world.riverside, world.term, [world.mei, world.bo])
    by = world.riverside.by("teacher")

    def tap(child):
        return lambda: attendance.mark(session, {child.pk: MarkState.PRESENT}, by=by, at=moment(16))

    results = race(tap(world.mei), tap(world.bo), tap(world.mei), tap(world.bo))
    assert refused(results) == 0
    assert Register.objects.count() == 1
    assert Mark.objects.count() == 2
    assert Entry.objects.filter(verb="attendance.register_opened").count() == 1


def test_a_roll_is_closed_once():
    world = build()
    session = make_session(world.riverside, world.term, [world.mei])
    by = world.riverside.by("teacher")
    attendance.mark(session, {world.mei.pk: MarkState.PRESENT}, by=by, at=moment(16))
    results = race(*[lambda: attendance.close_register(session, by=by, at=moment(16, 20))] * 4)
    assert refused(results) == 3
    assert Entry.objects.filter(verb="attendance.register_closed").count() == 1
