"""Two adults at one roll: on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.models import DayClosing, Mark, Register, Release
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


def test_a_child_is_not_put_back_on_site_while_the_day_is_counted_to_zero():
    """Closing the day, taking a hand-over back and an absence that was none: whoever is second is told."""
    world = build()
    school, teacher, office = world.riverside.school, world.riverside.by("teacher"), world.riverside.by("asp_manager")
    session = make_session(world.riverside, world.term, [world.mei, world.bo])
    marks = {world.mei.pk: MarkState.PRESENT, world.bo.pk: MarkState.ABSENT}
    attendance.mark(session, marks, by=teacher, at=moment(16))
    register = attendance.close_register(session, by=teacher, at=moment(16, 20))
    for _ in range(8):
        Release.objects.all().delete()
        DayClosing.objects.all().delete()
        gone = attendance.release(
            world.mei, TODAY, way=Way.GUARDIAN, to_name=world.guardian.name, by=teacher, at=moment(18)
        )
        results = race(
            lambda: attendance.close_day(school, TODAY, by=office, at=moment(18, 30)),
            lambda one=gone: attendance.take_back_release(one, reason="登记错了孩子", by=teacher, at=moment(18, 30)),
        )
        assert refused(results) == 1
        assert DayClosing.objects.count() == Release.objects.count()
    _approve_while_closing(world, register)


def _approve_while_closing(world, register):
    school, office = world.riverside.school, world.riverside.by("asp_manager")
    Release.objects.all().delete()
    DayClosing.objects.all().delete()
    attendance.release(
        world.mei, TODAY, way=Way.GUARDIAN, to_name=world.guardian.name,
        by=world.riverside.by("teacher"), at=moment(18),
    )  # fmt: skip
    asked = attendance.ask_correction(
        register, world.bo, MarkState.PRESENT, reason="孩子来了，漏点", by=world.riverside.by("teacher"), at=moment(18)
    )
    closed, approved = race(
        lambda: attendance.close_day(school, TODAY, by=office, at=moment(18, 30)),
        lambda: attendance.decide_correction(asked, approve=True, by=office, at=moment(18, 30)),
    )
    assert approved.state == "approved"
    entries = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    if refused([closed]) == 0:  # then the count came first, and the approval is a correction of a day that is over
        assert entries.index("attendance.day_closed") < entries.index("attendance.correction_approved")
