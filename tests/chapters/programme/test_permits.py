"""The district releases a wording for one school and term, and approves an activity off campus before it is published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kehou.chapters.journal.models import Entry, Letter
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme import queries
from kehou.chapters.programme.models import Activity, ActivityTable, Permit
from kehou.chapters.schools import actions as schools
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import AT, homework, row
from tests.world import World

REASON = "培优指培育优良苗木，不涉及任何学科"
TRIP = {
    "route": "步行1.2公里，沿滨湖路人行道", "safety_plan": "两头各一名成人，带急救包，下雨改在校内", "consent": "发纸质回执",
    "reason": "学校没有水面，观鸟只能到湿地",
}  # fmt: skip


def keys(no: Any) -> set[str]:
    return {one.key for one in no.value.refusals}


def nursery(world: World, **changes: Any) -> programme.ActivityFacts:
    return row(world.riverside, name="苗木培优班", aim="学习育苗，培养劳动实践能力", **changes)


def ask(world: World, table: ActivityTable, facts: programme.ActivityFacts, reason: str = REASON) -> Permit:
    by = world.riverside.by("asp_manager")
    return programme.ask_release(table, facts, reason=reason, sent={"name": facts.name}, by=by, at=AT)


def decide(world: World, permit: Permit, *, grant: bool = True, reason: str = "看过内容，确是育苗") -> None:
    programme.decide_permit(permit, grant=grant, reason=reason, by=world.riverside.by("principal"), at=AT)


def test_a_blocked_wording_passes_only_after_the_release_and_only_as_it_was_read(
    world: World, table: ActivityTable
) -> None:
    by, facts = world.riverside.by("asp_manager"), nursery(world)
    with pytest.raises(Refused) as no:
        programme.add_activity(table, facts, by=by, at=AT)
    assert keys(no) == {"P2-1:elite"}
    permit = ask(world, table, facts)
    with pytest.raises(Refused):
        programme.add_activity(table, facts, by=by, at=AT)
    decide(world, permit)
    activity = programme.add_activity(table, facts, by=by, at=AT)
    with pytest.raises(Refused) as no:
        programme.change_activity(activity, replace(facts, aim="数学培优"), by=by, at=AT)
    assert "P2-1:elite" in keys(no)
    verbs = Entry.objects.filter(verb__startswith="programme.permit").values_list("verb", flat=True)
    assert list(verbs.order_by("pk")) == ["programme.permit_asked", "programme.permit_granted"]


def test_a_released_wording_is_published_and_says_so(world: World, publishable: ActivityTable) -> None:
    place = world.riverside
    facts = nursery(world, slots={2: 1}, leader=place.staff["duty_leader"], room=place.rooms["F-03"])
    decide(world, ask(world, publishable, facts))
    programme.add_activity(publishable, facts, by=place.by("asp_manager"), at=AT)
    made = programme.publish(publishable, by=place.by("principal"), at=AT)
    assert [one["name"] for one in made.rows if one["released"]] == ["苗木培优班"]
    assert [one.name for one in queries.lines_of(made.rows) if one.released] == ["苗木培优班"]


def test_a_release_holds_for_the_one_school(world: World, table: ActivityTable) -> None:
    decide(world, ask(world, table, nursery(world)))
    other = programme.start_table(world.hill.school, world.term, by=world.hill.by("asp_manager"), at=AT)
    words = nursery(world)
    assert queries.checking(table, on=AT.date()).blocked_words(words) == ()
    assert queries.checking(other, on=AT.date()).blocked_words(words) == ("培优",)


def test_selling_is_never_released(world: World, table: ActivityTable) -> None:
    facts = nursery(world, kit="每人交50元苗木费")
    decide(world, ask(world, table, facts))
    with pytest.raises(Refused) as no:
        programme.add_activity(table, facts, by=world.riverside.by("asp_manager"), at=AT)
    assert {one.partition(":")[0] for one in keys(no)} <= {"P4-3", "P9-1", "P9-2"}


def test_what_is_refused_withdrawn_or_revoked_stays_blocked(world: World, table: ActivityTable) -> None:
    by, facts = world.riverside.by("asp_manager"), nursery(world)
    decide(world, ask(world, table, facts), grant=False, reason="名称会让家长误会，请换说法")
    programme.withdraw_permit(ask(world, table, facts), by=by, at=AT)
    taken_back = ask(world, table, facts)
    decide(world, taken_back)
    programme.revoke_permit(taken_back, reason="巡查发现实际在上数学课", by=world.riverside.by("principal"), at=AT)
    with pytest.raises(Refused) as no:
        programme.add_activity(table, facts, by=by, at=AT)
    assert keys(no) == {"P2-1:elite"}
    with pytest.raises(Refused) as no:
        decide(world, taken_back)
    assert keys(no) == {"R-FLOW-01:final_state"}


def test_the_school_reads_each_decision_with_its_reason_and_nobody_else_does(
    world: World, table: ActivityTable
) -> None:
    asked = ask(world, table, nursery(world))
    assert not Letter.objects.exists()
    decide(world, asked, reason="这是儿歌律动，可以放行")
    office = {world.riverside.who[role].pk for role in ("asp_manager", "principal")}
    letters = list(Letter.objects.filter(kind="permit"))
    assert {one.to_account for one in letters} == office
    assert all("可以放行" in one.body and one.link.endswith(f"/permits/{asked.pk}/") for one in letters)
    programme.revoke_permit(asked, reason="巡查发现实际在上数学课", by=world.by_district("basic_education"), at=AT)
    assert Letter.objects.filter(body__contains="实际在上数学课").count() == len(office)


def test_a_release_is_not_asked_for_nothing_twice_or_without_a_reason(world: World, table: ActivityTable) -> None:
    with pytest.raises(Refused) as no:
        ask(world, table, row(world.riverside))
    assert keys(no) == {"R-PROH-02:nothing_to_release"}
    with pytest.raises(Refused) as no:
        ask(world, table, nursery(world), reason="需要")
    assert keys(no) == {"R-PROH-02:permit_reason_missing"}
    permit = ask(world, table, nursery(world))
    with pytest.raises(Refused) as no:
        ask(world, table, nursery(world))
    assert keys(no) == {"R-PROH-02:release_asked"}
    with pytest.raises(Refused) as no:
        decide(world, permit, reason="可以")
    assert keys(no) == {"R-PROH-02:permit_reason_missing"}
    decide(world, permit)
    with pytest.raises(Refused) as no:
        ask(world, table, nursery(world))
    assert keys(no) == {"R-PROH-02:released_already"}


# --- Off campus -------------------------------------------------------------------------------------------------------


@pytest.fixture
def outing(world: World, table: ActivityTable) -> Activity:
    """Return an activity at the wetland beside a lawful basic row: everything is right but the approval."""
    place, by = world.riverside, world.riverside.by("asp_manager")
    facts = schools.RoomFacts(
        code="W-01", name="双桂湖湿地", capacity=30, kind="off_campus", risk_class="D", checked_on=AT.date(),
        approval_reference="学校自己写的文号",
    )  # fmt: skip
    wetland = schools.add_room(place.school, facts, by=by, at=AT)
    programme.add_activity(table, homework(place), by=by, at=AT)
    adults = (place.staff["volunteer"],)
    return programme.add_activity(
        table, row(place, room=wetland, risk_class="D", helpers=adults, name="湿地观鸟"), by=by, at=AT
    )


def request(world: World, outing: Activity, **changes: Any) -> Permit:
    said = {**TRIP, **changes}
    return programme.ask_off_campus(outing, **said, by=world.riverside.by("asp_manager"), at=AT)


def publish(world: World, table: ActivityTable) -> None:
    programme.publish(table, by=world.riverside.by("principal"), at=AT)


@pytest.mark.clause("2.3-k")
def test_an_activity_off_campus_is_published_only_after_the_district_approved_it(
    world: World, table: ActivityTable, outing: Activity
) -> None:
    with pytest.raises(Refused) as no:
        publish(world, table)
    assert keys(no) == {"R-VEN-01:off_campus_not_approved"}, "a reference that the school typed is no approval"
    permit = request(world, outing)
    with pytest.raises(Refused):
        publish(world, table)
    decide(world, permit, grant=False, reason="路线要过省道，请改线")
    with pytest.raises(Refused):
        publish(world, table)
    decide(world, request(world, outing, route="步行，走村道，不过省道"))
    publish(world, table)


@pytest.mark.clause("2.3-k")
@pytest.mark.parametrize("change", [{"grades": (3, 4, 5)}, {"slots": {1: 1, 3: 1, 4: 1}}, {"name": "湿地写生"}])
def test_another_trip_needs_another_approval(
    world: World, table: ActivityTable, outing: Activity, change: dict[str, Any]
) -> None:
    decide(world, request(world, outing))
    facts = replace(queries.facts_of(queries.standing(table).get(pk=outing.pk)), **change)
    programme.change_activity(outing, facts, by=world.riverside.by("asp_manager"), at=AT)
    with pytest.raises(Refused) as no:
        publish(world, table)
    assert keys(no) == {"R-VEN-01:off_campus_not_approved"}


def test_the_request_says_how_and_with_whom(world: World, table: ActivityTable, outing: Activity) -> None:
    with pytest.raises(Refused) as no:
        request(world, outing, safety_plan="", consent=" ")
    assert keys(no) == {"R-VEN-01:trip_plan_incomplete"}
    permit = request(world, outing)
    assert len(permit.escorts) == 2 and permit.pupils == 20 and permit.weekdays == [1, 3]
    with pytest.raises(Refused) as no:
        request(world, outing)
    assert keys(no) == {"R-VEN-01:approval_asked"}
    decide(world, permit)
    with pytest.raises(Refused) as no:
        request(world, outing)
    assert keys(no) == {"R-VEN-01:approved_already"}


def test_what_stays_in_the_school_needs_no_approval(world: World, publishable: ActivityTable) -> None:
    with pytest.raises(Refused) as no:
        request(world, publishable.activities.get(kind="featured"))
    assert keys(no) == {"R-VEN-01:not_off_campus"}
