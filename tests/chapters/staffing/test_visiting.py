"""走教: three agree, one person in one place at a time, in the other school's picker without a second row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from kehou.chapters.people.queries import seat_at_school
from kehou.chapters.programme import actions as programme
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.models import StaffMember, Visit
from kehou.chapters.timetable import actions as timetable
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from kehou.rules.visiting import VisitFacts
from tests.chapters.programme.stage import row
from tests.chapters.staffing.outside import AT, WHEN, agreed, proposed
from tests.groups import make_session
from tests.world import TODAY, World


def keys(no: pytest.ExceptionInfo[Refused]) -> list[str]:
    assert all(say(one) for one in no.value.refusals)
    return [one.key for one in no.value.refusals]


def test_a_need_stands_on_the_board_until_it_is_withdrawn(world: World) -> None:
    place, by = world.hill, world.hill.by("asp_manager")
    with pytest.raises(Refused) as no:
        staffing.state_need(place.school, world.term, area="music", what="", weekdays=[3], hours=1, by=by, at=AT)
    assert keys(no) == ["R-STAF-05:need_incomplete"]
    need = staffing.state_need(
        place.school, world.term, area="music", what="合唱", weekdays=[3, 3], hours=1, by=by, at=AT
    )
    assert list(queries.needs_of(world.term, text="合唱")) == [need] and need.weekdays == [3]
    staffing.withdraw_need(need, by=by, at=AT)
    with pytest.raises(Refused) as no:
        staffing.withdraw_need(need, by=by, at=AT)
    assert keys(no) == ["R-STAF-05:need_over"]


def test_it_is_in_force_when_three_have_agreed_and_the_teacher_for_themselves(world: World) -> None:
    visit, place = proposed(world), world.riverside
    programme.agree_to_visit(visit, "home", by=place.by("principal"), at=AT)
    with pytest.raises(Refused) as no:
        programme.agree_to_visit(visit, "home", by=place.by("principal"), at=AT)
    assert keys(no) == ["R-FLOW-01:agreed_already"]
    with pytest.raises(Refused) as no:
        programme.agree_to_visit(visit, "teacher", by=place.by("principal"), at=AT)
    assert keys(no) == ["R-STAF-05:teacher_only"]
    programme.agree_to_visit(visit, "teacher", by=place.by("teacher"), at=AT)
    assert not queries.agreed_visits(world.term).exists()
    assert place.staff["teacher"] not in queries.leaders_of(world.hill.school, on=TODAY)
    programme.agree_to_visit(visit, "host", by=world.hill.by("principal"), at=AT)
    assert place.staff["teacher"] in queries.leaders_of(world.hill.school, on=TODAY)
    assert StaffMember.objects.filter(account=place.who["teacher"]).count() == 1
    seat = seat_at_school(place.who["teacher"], world.hill.school.code, on=TODAY)
    assert seat is not None and seat.roles == {"teacher"}


def test_the_visitor_leads_there_within_the_agreed_time_only(world: World) -> None:
    agreed(world)
    place, by = world.hill, world.hill.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=by, at=AT)
    facts = row(place, grades=(7, 8), leader=world.riverside.staff["teacher"], slots={3: 1}, risk_class="A")
    with pytest.raises(Refused) as no:
        programme.add_activity(table, replace(facts, slots={4: 1}), by=by, at=AT)
    assert "R-STAF-03:outside_the_visit" in keys(no)
    programme.add_activity(table, facts, by=by, at=AT)  # 17:00–17:40, as agreed


def test_one_place_at_a_time_across_schools_with_the_way_between(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=manager, at=AT)
    programme.add_activity(table, row(place, slots={3: 1}), by=manager, at=AT)  # Wednesday 16:00–16:40 at home
    with pytest.raises(Refused) as no:
        proposed(world, VisitFacts(3, time(16, 50), time(17, 30)))  # ten minutes for a way of twenty
    assert keys(no) == ["R-STAF-03:two_places"]
    visit = agreed(world)  # 17:00–17:40: twenty minutes are enough
    late = row(place, name="晚一点", slots={3: 2})
    with pytest.raises(Refused) as no:
        programme.add_activity(table, late, by=manager, at=AT)
    assert "R-STAF-03:leader_taken" in keys(no)
    assert "走教" in next(one for one in no.value.refusals if one.why == "leader_taken").fact("by")
    programme.end_visit(visit, reason="人手不够", by=place.by("principal"), at=AT)
    programme.add_activity(table, late, by=manager, at=AT)


def test_a_visit_is_declined_or_ended_with_a_reason_and_the_seat_goes(world: World) -> None:
    visit, place = agreed(world), world.riverside
    with pytest.raises(Refused) as no:
        programme.end_visit(visit, reason=" ", by=place.by("teacher"), at=AT)
    assert keys(no) == ["R-STAF-05:reason_missing"]
    programme.end_visit(visit, reason="身体不便", by=place.by("teacher"), at=AT)
    assert seat_at_school(place.who["teacher"], world.hill.school.code, on=date(2026, 11, 20)) is None
    with pytest.raises(Refused) as no:
        programme.end_visit(visit, reason="再来", by=place.by("teacher"), at=AT)
    assert keys(no) == ["R-FLOW-01:visit_over"]
    declined = proposed(world)
    programme.end_visit(declined, reason="路太远", by=place.by("teacher"), at=AT)
    with pytest.raises(Refused) as no:
        programme.agree_to_visit(declined, "host", by=world.hill.by("principal"), at=AT)
    assert keys(no) == ["R-FLOW-01:visit_over"]
    assert Visit.objects.filter(ended_because="路太远").exists()


def test_a_visit_with_groups_does_not_end_under_them(world: World) -> None:
    visit = agreed(world)
    place, by = world.hill, world.hill.by("asp_manager")
    table = programme.start_table(place.school, world.term, by=by, at=AT)
    facts = row(place, grades=(7, 8), leader=world.riverside.staff["teacher"], slots={3: 1}, risk_class="A")
    programme.add_activity(table, facts, by=by, at=AT)
    with pytest.raises(Refused) as no:
        programme.end_visit(visit, reason="不去了", by=world.riverside.by("principal"), at=AT)
    assert keys(no) == ["R-STAF-05:still_leads_there"]


@pytest.mark.clause("2.4-c")
def test_a_substitute_on_leave_or_in_class_is_refused(world: World) -> None:
    place, manager = world.riverside, world.riverside.by("asp_manager")
    session = make_session(place, world.term, [world.mei])
    substitute = place.staff["duty_leader"]
    leave = staffing.Bond("leave", "", TODAY, date(2026, 11, 20))
    staffing.add_commitments([(substitute, leave)], by=manager, at=AT)
    with pytest.raises(Refused) as no:
        timetable.substitute(session, substitute, reason="出差", by=manager, at=AT)
    assert "R-STAF-03:on_leave" in keys(no)
    with pytest.raises(Refused) as no:
        timetable.give_duty(substitute, "gate", on=TODAY, by=manager, at=AT)
    assert keys(no) == ["R-STAF-03:on_leave"]
    other = place.staff["homeroom_teacher"]
    term = world.term
    lesson = staffing.Bond("lesson", "五2语文", term.from_on, term.until_on, 3, time(16, 10), time(16, 50))
    staffing.add_commitments([(other, lesson)], by=manager, at=AT)
    with pytest.raises(Refused) as no:
        timetable.substitute(session, other, reason="出差", by=manager, at=AT)
    assert "R-STAF-03:leader_taken_that_day" in keys(no)


def test_proposals_that_make_no_sense(world: World) -> None:
    place = world.riverside
    proposal = staffing.Proposal(place.staff["teacher"], place.school, world.term, "合唱", WHEN)
    with pytest.raises(Refused) as no:
        programme.propose_visit(proposal, by=place.by("asp_manager"), at=AT)
    assert keys(no) == ["R-STAF-03:visits_own_school"]
