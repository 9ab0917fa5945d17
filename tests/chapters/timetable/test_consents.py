"""Time and place are what a family agreed to: sessions move when everybody has agreed anew, and not before (2.7.2-g)."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from kehou.chapters.journal.models import Letter
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import Amendment
from kehou.chapters.planning.queries import plan_of
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.programme.queries import standing
from kehou.chapters.timetable import actions as timetable
from kehou.lib.uploads import Upload
from kehou.rules.planning import Change, ChangeKind
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import row
from tests.chapters.timetable.stage import NOW, SCIENCE, make, open_school, seat, session, slot
from tests.world import World

BEFORE, WEDNESDAY, NEXT = date(2026, 11, 18), date(2026, 11, 25), date(2026, 12, 2)
PLACE = Change(ChangeKind.PLACE, SCIENCE, "科学室", "操场")


@pytest.fixture
def table(world: World) -> ActivityTable:
    """Return the published table; Mei and Bo sit in the science group, whose sessions are made."""
    table = open_school(world)
    for pupil in (world.mei, world.bo):
        seat(world, pupil, slot(SCIENCE, 3))
    make(world)
    return table


def move_in_the_table(world: World, table: ActivityTable) -> None:
    """Publish the table with the science group in another room."""
    place, manager = world.riverside, world.riverside.by("asp_manager")
    programme.reopen(table, reason="科学室维修", by=manager, at=NOW)
    science = standing(table).get(name=SCIENCE)
    programme.change_activity(science, row(place, room=place.rooms["P-01"]), by=manager, at=NOW)
    programme.publish(table, by=place.by("principal"), at=NOW)


def told(world: World, change: Change = PLACE, **scope: object) -> Amendment:
    """Tell both families of a change from 25 November on; they may answer until the 20th, 16:25."""
    plan, manager = plan_of(world.riverside.school, world.term), world.riverside.by("asp_manager")
    assert plan is not None
    made = planning.propose_amendment(
        plan, reason="科学室维修。", changes=[change], from_on=WEDNESDAY, answer_by=NOW + timedelta(days=2), by=manager,
        at=NOW,
    )  # fmt: skip
    touched = {world.mei.pk: "周三科学小实验", world.bo.pk: "周三科学小实验"}
    planning.tell_affected(made, touched, by=manager, at=NOW, **scope)  # type: ignore[arg-type]
    made.refresh_from_db()
    return made


def agree(world: World, amendment: Amendment, *pupils: object) -> None:
    for consent in amendment.consents.filter(pupil__in=pupils):
        planning.answer_amendment(consent, agrees=True, account=world.guardian, by=world.by_guardian(), at=NOW)


@pytest.mark.clause("2.7.2-g")
def test_a_changed_table_moves_nothing_while_the_families_were_not_asked(world: World, table: ActivityTable) -> None:
    move_in_the_table(world, table)
    Letter.objects.all().delete()
    outcome = make(world, NOW)
    assert {one.slot.weekday for one in outcome.brought_in_line} == {1}, "nobody has a seat on Mondays"
    assert {one.slot.weekday for one in outcome.kept} == {3} and len(outcome.kept) > 5
    assert [(no.key, no.fact("children")) for no in outcome.refusals] == [("R-AMD-01:families_not_asked", 2)]
    assert "2名学生家长" in say(outcome.refusals[0])
    assert session(SCIENCE, NEXT).room == world.riverside.rooms["F-03"]
    assert not Letter.objects.filter(to_account=world.guardian.pk).exists()


@pytest.mark.clause("2.7.2-g")
def test_one_silent_family_keeps_the_group_where_it_is_until_it_agrees(world: World, table: ActivityTable) -> None:
    amendment = told(world)
    agree(world, amendment, world.mei)
    move_in_the_table(world, table)
    outcome = make(world, NOW)
    assert {no.key for no in outcome.refusals} == {"R-AMD-01:families_not_asked", "R-AMD-01:old_arrangement"}
    old = next(no for no in outcome.refusals if no.why == "old_arrangement")
    assert (old.fact("old"), old.fact("number")) == (1, 1) and session(SCIENCE, NEXT).room.name == "科学室"
    (bo,) = amendment.consents.filter(pupil=world.bo)
    late = NOW + timedelta(days=4)
    planning.record_paper_consent(bo, scan=Upload(b"%PDF-1.7", "pdf"), by=world.riverside.by("asp_manager"), at=late)
    outcome = make(world, late)
    assert not outcome.refusals and not outcome.kept
    assert session(SCIENCE, WEDNESDAY).room == session(SCIENCE, NEXT).room == world.riverside.rooms["P-01"]
    assert session(SCIENCE, BEFORE).room == world.riverside.rooms["F-03"], "what is over stays"


def test_who_left_no_longer_keeps_the_others(world: World, table: ActivityTable) -> None:
    amendment = told(world)
    agree(world, amendment, world.mei)
    move_in_the_table(world, table)
    world.bo.applications.get().placements.update(until_on=NOW.date())
    make(world, NOW + timedelta(days=4))
    assert session(SCIENCE, NEXT).room == world.riverside.rooms["P-01"]


def test_who_took_the_seat_afterwards_has_chosen_the_new_arrangement(world: World, table: ActivityTable) -> None:
    amendment = told(world, weekdays=[3])
    agree(world, amendment, world.mei, world.bo)
    seat(world, world.lan, slot(SCIENCE, 3))
    move_in_the_table(world, table)
    outcome = make(world, NOW + timedelta(days=4))
    assert not outcome.refusals and session(SCIENCE, NEXT).room == world.riverside.rooms["P-01"]


@pytest.mark.parametrize("scope", [{"weekdays": [4]}, {"activities": [0]}])
def test_an_amendment_about_something_else_asks_nobody_about_this(
    world: World, table: ActivityTable, scope: dict[str, list[int]]
) -> None:
    agree(world, told(world, **scope), world.mei, world.bo)
    move_in_the_table(world, table)
    assert {no.key for no in make(world, NOW).refusals} == {"R-AMD-01:families_not_asked"}


def test_another_leader_needs_no_consent(world: World, table: ActivityTable) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    programme.reopen(table, reason="换老师", by=manager, at=NOW)
    facts = row(place, leader=place.staff["duty_leader"], room=place.rooms["P-01"])
    programme.change_activity(standing(table).get(name=SCIENCE), facts, by=manager, at=NOW)
    programme.publish(table, by=place.by("principal"), at=NOW)
    assert make(world, NOW).kept
    held = session(SCIENCE, NEXT)
    assert held.leader == place.staff["duty_leader"] and held.room == place.rooms["F-03"]


@pytest.mark.clause("2.7.2-g")
def test_by_hand_a_meeting_is_moved_with_a_letter_but_not_past_a_change_that_is_being_answered(
    world: World, table: ActivityTable
) -> None:
    room, manager = world.riverside.rooms["P-01"], world.riverside.by("asp_manager")
    timetable.move(session(SCIENCE, NEXT), room=room, reason="消防检查", by=manager, at=NOW)
    amendment = told(world)
    agree(world, amendment, world.mei)
    for wanted in ({"room": room}, {"starts_at": time(16, 10)}, {"on": date(2026, 11, 26)}):
        with pytest.raises(Refused) as no:
            timetable.move(session(SCIENCE, WEDNESDAY), reason="先搬过去", by=manager, at=NOW, **wanted)  # type: ignore[arg-type]
        assert "R-AMD-01:old_arrangement" in {one.key for one in no.value.refusals}
    timetable.substitute(
        session(SCIENCE, WEDNESDAY), world.riverside.staff["duty_leader"], reason="病假", by=manager, at=NOW
    )
    agree(world, amendment, world.bo)
    timetable.move(session(SCIENCE, WEDNESDAY), room=room, reason="家长都同意", by=manager, at=NOW)
    assert session(SCIENCE, WEDNESDAY).room == room


def test_it_can_always_be_cancelled(world: World, table: ActivityTable) -> None:
    told(world)
    timetable.cancel(session(SCIENCE, WEDNESDAY), reason="停电", by=world.riverside.by("asp_manager"), at=NOW)
    assert session(SCIENCE, WEDNESDAY).state == "cancelled"
