"""One session changed: what it would do is told first, what may not be is refused, whom it concerns is written to."""

from __future__ import annotations

from datetime import date, time

import pytest

from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Session, SessionChange
from kehou.chapters.timetable.queries import Change, clashes_in, consequences_of
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.chapters.timetable.stage import HOMEWORK, NOW, SCIENCE, make, open_school, seat, session, slot
from tests.world import World

WEDNESDAY, THURSDAY = date(2026, 11, 25), date(2026, 11, 26)


@pytest.fixture
def science(world: World) -> Session:
    """Return a session of the science group in which Mei and Bo sit; Bo has homework care on Thursday."""
    open_school(world)
    for pupil in (world.mei, world.bo):
        seat(world, pupil, slot(SCIENCE, 3))
    seat(world, world.bo, slot(HOMEWORK, 4))
    make(world)
    return session(SCIENCE, WEDNESDAY)


def refused(no: pytest.ExceptionInfo[Refused]) -> set[str]:
    assert all(say(one) for one in no.value.refusals)
    return {one.key for one in no.value.refusals}


def test_the_consequences_of_cancelling_are_told_and_nothing_is_written(world: World, science: Session) -> None:
    seat(world, world.mei, slot(HOMEWORK, 3))
    found = consequences_of(science, Change("cancelled"), at=NOW)
    assert not found.refusals
    assert {one.name for one in found.children} == {"陈小梅", "陈小波"}
    assert [one.name for one in found.only_session] == ["陈小波"] and found.still_billed == 1
    assert list(found.guardians) == [world.guardian.pk]
    assert found.leaders == [world.riverside.staff["teacher"]]
    science.refresh_from_db()
    assert science.state == "planned" and not SessionChange.objects.exists() and not Letter.objects.exists()


def test_cancelling_tells_the_family_and_the_leader(world: World, science: Session) -> None:
    change = timetable.cancel(science, reason="老师病假", by=world.riverside.by("asp_manager"), at=NOW)
    assert (change.kind, change.reason, change.was["state"]) == ("cancelled", "老师病假", "planned")
    readers = set(Letter.objects.values_list("to_account", flat=True))
    assert readers == {world.guardian.pk, world.riverside.who["teacher"].pk}
    assert "原因：老师病假" in Letter.objects.get(to_account=world.guardian.pk).body
    assert Entry.objects.get(verb="timetable.session_cancelled").facts["children"] == 2


def test_a_move_names_the_children_who_are_elsewhere_and_those_who_would_have_to_stay(
    world: World, science: Session
) -> None:
    found = consequences_of(science, Change("moved", on=THURSDAY), at=NOW)
    assert [one.name for one in found.busy] == ["陈小波"]
    assert [one.name for one in found.not_staying] == ["陈小梅"]


def test_it_moves_and_says_where_to(world: World, science: Session) -> None:
    timetable.move(science, on=THURSDAY, reason="消防检查", by=world.riverside.by("asp_manager"), at=NOW)
    science.refresh_from_db()
    assert (science.on, science.planned_on, science.changed_by_hand) == (THURSDAY, WEDNESDAY, True)
    body = Letter.objects.get(to_account=world.guardian.pk).body
    assert "11月25日 周三16:00“科学小实验”改到11月26日 周四16:00–16:40，原因：消防检查。" in body


@pytest.mark.clause("2.2-a")
@pytest.mark.clause("2.2-b")
@pytest.mark.clause("2.2-c")
@pytest.mark.parametrize(
    ("change", "key"),
    [
        (Change("moved", on=date(2026, 11, 28)), "R-TIME-01:not_a_school_day"),
        (Change("moved", on=date(2027, 1, 20)), "R-TIME-01:outside_service"),
        (Change("moved", on=date(2026, 11, 17)), "R-TIME-01:day_in_the_past"),
        (Change("moved", on=date(2026, 12, 2)), "R-TIME-01:meets_already_that_day"),
        (Change("moved", starts_at=time(15, 30)), "R-TIME-02:before_dismissal"),
        (Change("moved", starts_at=time(18, 0)), "R-TIME-03:ends_after_limit"),
        (Change("moved"), "R-TIME-01:moves_nowhere"),
        (Change("restored"), "R-TIME-01:session_not_cancelled"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_it_is_refused(world: World, science: Session, change: Change, key: str) -> None:
    with pytest.raises(Refused) as no:
        timetable.change(science, change, reason="试一试", by=world.riverside.by("asp_manager"), at=NOW)
    assert key in refused(no)
    science.refresh_from_db()
    assert science.on == WEDNESDAY and not SessionChange.objects.exists()


def test_a_reason_is_needed(world: World, science: Session) -> None:
    with pytest.raises(Refused) as no:
        timetable.cancel(science, reason="  ", by=world.riverside.by("asp_manager"), at=NOW)
    assert refused(no) == {"R-TIME-01:reason_missing"}


def test_what_is_over_cannot_be_changed(world: World, science: Session) -> None:
    past = session(SCIENCE, date(2026, 11, 11))
    with pytest.raises(Refused) as no:
        timetable.cancel(past, reason="补记", by=world.riverside.by("asp_manager"), at=NOW)
    assert refused(no) == {"R-TIME-01:session_over"}


@pytest.mark.clause("2.3-l")
def test_a_room_that_is_taken_that_day_is_refused(world: World, science: Session) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    monday = session(SCIENCE, date(2026, 11, 30))
    timetable.substitute(monday, place.staff["volunteer"], reason="调课", by=manager, at=NOW)
    other = Session.objects.create(
        school=place.school,
        term=world.term,
        slot=slot(HOMEWORK, 5),
        planned_on=date(2026, 11, 29),
        on=date(2026, 12, 1),
        starts_at=time(16, 0),
        ends_at=time(16, 40),
        room=place.rooms["F-03"],
    )
    with pytest.raises(Refused) as no:
        timetable.move(monday, on=date(2026, 12, 1), reason="调课", by=manager, at=NOW)
    assert "R-VEN-02:room_taken_that_day" in refused(no)
    other.state = "cancelled"
    other.save()
    timetable.move(monday, on=date(2026, 12, 1), reason="调课", by=manager, at=NOW)


def test_a_small_room_is_refused(world: World, science: Session) -> None:
    place = world.riverside
    place.rooms["F-05"].capacity = 1
    place.rooms["F-05"].save()
    with pytest.raises(Refused) as no:
        timetable.move(science, room=place.rooms["F-05"], reason="换地方", by=place.by("asp_manager"), at=NOW)
    assert refused(no) == {"R-GRP-01:room_too_small_that_day"}


@pytest.mark.clause("3.2-b")
def test_the_second_adult_does_not_become_the_only_one(world: World, science: Session) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    activity, helper = science.slot.activity, place.staff["duty_leader"]
    activity.helpers.set([helper])
    activity.capacity = 28  # class C: one adult for twenty
    activity.save()
    with pytest.raises(Refused) as no:
        timetable.substitute(science, helper, reason="病假", by=manager, at=NOW)
    assert refused(no) == {"R-SAFE-04:helper_cannot_step_in"}
    activity.capacity = 20
    activity.save()
    timetable.substitute(science, helper, reason="病假", by=manager, at=NOW)
    science.refresh_from_db()
    assert science.leader == helper


@pytest.mark.clause("2.4-c")
def test_a_substitute_is_free_then(world: World, science: Session) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    with pytest.raises(Refused) as no:
        timetable.substitute(science, place.staff["homeroom_teacher"], reason="病假", by=manager, at=NOW)
    assert refused(no) == {"R-STAF-03:leader_taken_that_day"}
    with pytest.raises(Refused) as no:
        timetable.substitute(science, place.staff["teacher"], reason="病假", by=manager, at=NOW)
    assert "R-STAF-03:leads_already" in refused(no)
    timetable.substitute(science, place.staff["duty_leader"], reason="病假", by=manager, at=NOW)
    readers = set(Letter.objects.values_list("to_account", flat=True))
    assert readers >= {place.who["teacher"].pk, place.who["duty_leader"].pk, world.guardian.pk}


def test_a_cancelled_session_is_restored_as_it_was(world: World, science: Session) -> None:
    manager = world.riverside.by("asp_manager")
    timetable.cancel(science, reason="停电", by=manager, at=NOW)
    with pytest.raises(Refused) as no:
        timetable.move(session(SCIENCE, WEDNESDAY), on=THURSDAY, reason="改期", by=manager, at=NOW)
    assert refused(no) == {"R-TIME-01:session_cancelled"}
    timetable.restore(session(SCIENCE, WEDNESDAY), reason="来电了", by=manager, at=NOW)
    science.refresh_from_db()
    assert (science.state, science.cause) == ("planned", "")


def test_clashes_are_found(world: World, science: Session) -> None:
    other = session(HOMEWORK, WEDNESDAY)
    assert clashes_in([science, other]) == []
    other.leader = science.leader
    assert [one.what for one in clashes_in([science, other])] == ["leader"]
