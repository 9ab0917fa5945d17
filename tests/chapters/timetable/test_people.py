"""Who may not serve any more leaves sessions and duties ahead, and the office is told what to fill (P8-1, P6-1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.staffing.models import Proof, StaffMember
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.actions.people import keep_people_fit
from kehou.chapters.timetable.models import Duty
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM
from kehou.lib.models import JobReport
from kehou.rules.verdicts import Refused
from tests.chapters.timetable.stage import NOW, SCIENCE, make, open_school, session
from tests.world import TODAY, World

YESTERDAY, MONDAY = TODAY - timedelta(days=1), date(2026, 11, 23)


@pytest.fixture
def on_duty(world: World) -> StaffMember:
    """Return the teacher of Riverside, on duty yesterday, today and on Monday; somebody else is on Monday as well."""
    place, by = world.riverside, world.riverside.by("asp_manager")
    teacher = place.staff["teacher"]
    rows = [(on, "gate", teacher) for on in (YESTERDAY, TODAY, MONDAY)]
    timetable.give_duties(place.school, [*rows, (MONDAY, "patrol", place.staff["duty_leader"])], by=by, at=NOW)
    return teacher


def days(member: StaffMember) -> list[date]:
    return list(Duty.objects.filter(staff=member).order_by("on").values_list("on", flat=True))


@pytest.mark.clause("2.5-g")
def test_who_is_suspended_leaves_the_duties_ahead_and_the_office_hears_of_the_gap(
    world: World, on_duty: StaffMember
) -> None:
    place = world.riverside
    timetable.suspend(on_duty, reason="投诉属实", by=place.by("asp_manager"), at=NOW)
    assert days(on_duty) == [YESTERDAY], "what was is history"
    assert days(place.staff["duty_leader"]) == [MONDAY]
    entries = Entry.objects.filter(verb="timetable.duty_ended")
    assert {one.facts["on"] for one in entries} == {TODAY.isoformat(), MONDAY.isoformat()}
    assert {one.school_code for one in entries} == {place.school.code}
    letter = Letter.objects.get(to_account=place.who["asp_manager"].pk, kind="staff.vacated")
    assert "2个班次要另外安排" in letter.title and "门卫" in letter.body
    assert letter.link == f"/school/{place.school.code}/duty/"
    assert Letter.objects.filter(to_account=on_duty.account_id, title="您的值班已暂停安排").count() == 1
    with pytest.raises(Refused, match="not_in_use"):
        timetable.give_duty(on_duty, "gate", on=MONDAY, by=place.by("asp_manager"), at=NOW)


def test_sessions_of_who_is_suspended_look_for_somebody_and_are_theirs_again_afterwards(world: World) -> None:
    open_school(world)
    make(world)
    place, by, wednesday = world.riverside, world.riverside.by("asp_manager"), date(2026, 11, 25)
    leader = session(SCIENCE, wednesday).leader
    assert leader is not None
    gone = timetable.suspend(leader, reason="投诉待查", by=by, at=NOW)
    assert gone > 0 and session(SCIENCE, wednesday).leader is None
    timetable.resume(StaffMember.objects.select_related("school").get(pk=leader.pk), by=by, at=NOW)
    one = session(SCIENCE, wednesday)
    assert one.leader_id == leader.pk
    entries = Entry.objects.filter(verb="timetable.sessions_returned")
    assert entries.count() == gone and {row.school_code for row in entries} == {place.school.code}
    said = entries.get(about_id=str(one.pk)).facts
    assert (said["was"]["leader"], said["becomes"]["leader"]) == (None, leader.pk)


def test_the_daily_look_lifts_whose_proof_has_ended_once_and_leaves_who_is_fit(
    world: World, on_duty: StaffMember, at_moment: Any
) -> None:
    at_moment(NOW)
    Proof.objects.filter(member=on_duty, valid_until_on__gt=TODAY).update(valid_until_on=TODAY)
    for turn in range(2):
        jobs.ask(keep_people_fit, key=f"look {turn}", title="核对", by=SYSTEM, at=NOW)
        jobs.work_off()
    assert [one.result for one in JobReport.objects.order_by("pk")] == [
        {"warned": 0, "vacated": 0, "lifted": 2, "returned": 0},
        {"warned": 0, "vacated": 0, "lifted": 0, "returned": 0},
    ]
    assert days(on_duty) == [YESTERDAY]
    assert days(world.riverside.staff["duty_leader"]) == [MONDAY]
