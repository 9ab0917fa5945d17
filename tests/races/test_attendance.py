"""Two adults at one roll: on SQLite and on PostgreSQL."""

from __future__ import annotations

from threading import Event

import pytest

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.actions import departures
from kehou.chapters.attendance.models import Mark, Register, Release
from kehou.chapters.journal.models import Entry
from kehou.rules.attendance import MarkState, Way
from tests.groups import make_session
from tests.races.test_seats import race, refused
from tests.world import TODAY, build, moment

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


def counted_slowly(monkeypatch, act):
    """Return `close_day`'s and the act's turns: the act begins once nobody was found, and may be done before the end."""
    counted, done = Event(), Event()
    rule = departures.rules.refusal_to_close_day

    def slow(**facts):
        found = rule(**facts)
        counted.set()
        done.wait(timeout=0.5)  # who is held waits in vain: the day is closed first
        return found

    def turn():
        counted.wait(timeout=20)
        try:
            return act()
        finally:
            done.set()

    monkeypatch.setattr(departures.rules, "refusal_to_close_day", slow)
    return turn


def closed_roll(world):
    """Return the closed roll of a group in which Mei was counted in and Bo was not; Mei has been fetched."""
    by = world.riverside.by("teacher")
    session = make_session(world.riverside, world.term, [world.mei, world.bo])
    marks = {world.mei.pk: MarkState.PRESENT, world.bo.pk: MarkState.ABSENT}
    attendance.mark(session, marks, by=by, at=moment(16))
    mother = world.guardian.name
    attendance.release(world.mei, TODAY, way=Way.GUARDIAN, to_name=mother, by=by, at=moment(18))
    return attendance.close_register(session, by=by, at=moment(16, 20))


def test_a_hand_over_is_not_taken_back_while_the_day_is_counted_to_zero(monkeypatch):
    world = build()
    closed_roll(world)
    by, gone = world.riverside.by("asp_manager"), Release.objects.get()
    back = counted_slowly(
        monkeypatch, lambda: attendance.take_back_release(gone, reason="登记错了孩子", by=by, at=moment(18, 30))
    )
    closing, refusal = race(lambda: attendance.close_day(world.riverside.school, TODAY, by=by, at=moment(18, 30)), back)
    assert (closing.released, refusal.refusal.why) == (1, "day_closed")
    assert Release.objects.exists()


def test_an_absence_that_was_none_waits_for_the_count_and_is_then_a_correction(monkeypatch):
    world = build()
    register, by = closed_roll(world), world.riverside.by("asp_manager")
    asked = attendance.ask_correction(
        register, world.bo, MarkState.PRESENT, reason="孩子来了，漏点", by=world.riverside.by("teacher"), at=moment(18)
    )
    approve = counted_slowly(
        monkeypatch, lambda: attendance.decide_correction(asked, approve=True, by=by, at=moment(18, 30))
    )
    race(lambda: attendance.close_day(world.riverside.school, TODAY, by=by, at=moment(18, 30)), approve)
    verbs = ("attendance.day_closed", "attendance.correction_approved")
    assert list(Entry.objects.filter(verb__in=verbs).order_by("pk").values_list("verb", flat=True)) == list(verbs)
