"""The leading group, the principal's letter and months; duties, cards, drills and small records."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kehou.chapters.people.models import Post
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import DutyCell
from kehou.chapters.planning.papers_shelf import (
    cards_paper,
    drill_paper,
    letter_paper,
    matrix_paper,
    organisation_paper,
    records_paper,
)
from kehou.rules.safety_matrix import Need
from kehou.rules.verdicts import Refused
from tests.chapters.planning.shelf_stage import AT, FORCE, ON, PLACES, adopted, grouped
from tests.world import FROM, World, make_account, moment


@pytest.mark.clause("2.5-a", "3.1-h")
def test_a_group_is_complete_when_every_post_has_somebody_and_the_principal_heads_it(world: World) -> None:
    school = world.riverside.school
    problems = queries.organisation_of(school, world.term, on=ON).problems
    assert [one.code for one in problems] == ["R-ORG-01"] * 9 + ["R-ORG-03"]
    grouped(world)
    pack = queries.organisation_of(school, world.term, on=ON)
    assert [one.key for one in pack.problems] == ["R-ORG-03:letter_unsigned"]
    assert len(pack.evidence) == 9


def test_a_head_who_stops_being_principal_is_named(world: World) -> None:
    grouped(world)
    place = world.riverside
    Post.objects.filter(account=place.who["principal"], role="principal").update(until_on=date(2026, 10, 1))
    keys = [one.key for one in queries.organisation_of(place.school, world.term, on=date(2026, 10, 1)).problems]
    assert "R-ORG-02:head_is_not_principal" in keys


def test_only_the_schools_principal_can_head_the_group(world: World) -> None:
    place = world.riverside
    for account in (place.who["teacher"], world.hill.who["principal"], None):
        with pytest.raises(Refused) as no:
            planning.appoint(
                place.school, "head", "某人", account=account, from_on=ON, by=place.by("asp_manager"), at=AT
            )
        assert no.value.refusal.code == "R-ORG-02"


def test_who_held_what_when_is_kept(world: World) -> None:
    grouped(world)
    place, by = world.riverside, world.riverside.by("asp_manager")
    new = planning.appoint(place.school, "safety", "向东", from_on=date(2026, 10, 8), phone="199", by=by, at=AT)
    history = [one for one in queries.history_of_group(place.school) if one.post == "safety"]
    assert [(one.name, one.until_on) for one in history] == [
        ("向东", None), (place.who["duty_leader"].name, date(2026, 10, 8)),
    ]  # fmt: skip
    planning.vacate(new, until_on=date(2026, 11, 1), by=by, at=AT)
    with pytest.raises(Refused):
        planning.vacate(new, until_on=date(2026, 11, 1), by=by, at=AT)
    problems = queries.organisation_of(place.school, world.term, on=ON).problems
    assert "安全负责人" in [dict(one.facts).get("post") for one in problems]


@pytest.mark.clause("3.2-g")
def test_the_principal_signs_the_letter_and_confirms_every_month_that_is_over(world: World) -> None:
    grouped(world)
    place, school = world.riverside, world.riverside.school
    principal = place.by("principal")
    with pytest.raises(Refused) as no:
        planning.sign_letter(school, world.term, by=place.by("asp_manager"), at=AT)
    assert no.value.refusal.key == "R-ORG-03:not_the_head"
    letter = planning.sign_letter(school, world.term, by=principal, at=AT)
    assert principal.name in letter.text and world.term.name in letter.text
    assert queries.organisation_of(school, world.term, on=ON).is_complete
    assert letter_paper(letter).pages == 1

    october = moment(9, on=date(2026, 10, 12))
    (open_month,) = queries.months_open(school, world.term, on=october.date())
    warned = queries.organisation_of(school, world.term, on=october.date()).warnings
    assert [one.key for one in warned] == ["R-ORG-03:month_unconfirmed"]
    said = {"by": principal, "at": october}
    with pytest.raises(Refused) as no:
        planning.confirm_safety(school, world.term, month=date(2026, 10, 1), items=planning.ITEMS, note="", **said)
    assert no.value.refusal.why == "month_not_over"
    with pytest.raises(Refused) as no:
        planning.confirm_safety(school, world.term, month=open_month, items=["places"], note="", **said)
    assert no.value.refusal.why == "items_left_open"
    made = planning.confirm_safety(
        school, world.term, month=open_month, items=["places"], note="矩阵10月15日前补齐", **said
    )
    assert made.note.startswith("未完成：安全职责矩阵")
    assert queries.months_open(school, world.term, on=october.date()) == []
    with pytest.raises(Refused) as no:
        planning.confirm_safety(school, world.term, month=open_month, items=planning.ITEMS, note="", **said)
    assert no.value.refusal.why == "confirmed_already"


def test_a_new_principal_signs_a_letter_of_their_own(world: World) -> None:
    grouped(world)
    place = world.riverside
    planning.sign_letter(place.school, world.term, by=place.by("principal"), at=AT)
    new = make_account("新校长")
    Post.objects.create(account=new, role="principal", school=place.school, from_on=FROM)
    planning.appoint(place.school, "head", "", account=new, from_on=ON, by=place.by("asp_manager"), at=AT)
    keys = [one.key for one in queries.organisation_of(place.school, world.term, on=ON).problems]
    assert keys == ["R-ORG-03:letter_of_another"]


# --- The matrix -------------------------------------------------------------------------------------------------------


def needs(world: World) -> list[Need]:
    room = world.riverside.rooms["F-03"]
    return [Need(f"room:{room.pk}", room.name, weekday, 1) for weekday in (1, 3)]


@pytest.mark.clause("3.1-j")
def test_places_and_gates_have_somebody_at_every_time_in_use(world: World) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    gate = planning.add_point(place.school, "gate", "正门", [1, 2], by=by, at=AT)
    rows = queries.matrix_of(place.school, world.term, needs(world))
    assert [(row.name, len(row.gaps)) for row in rows] == [("正门", 2), ("科学室", 2)]
    keys = [row.place for row in rows]
    said = {"places": keys, "by": by, "at": AT}
    leader, teacher = place.staff["duty_leader"], place.staff["teacher"]
    assert planning.put_in_charge(place.school, world.term, gate.key, [(1, 1), (3, 1)], leader, **said) == 2
    room = next(row.place for row in rows if row.name == "科学室")
    with pytest.raises(Refused) as no:
        planning.put_in_charge(place.school, world.term, room, [(1, 1)], leader, **said)
    assert no.value.refusal.why == "person_at_two_places"
    planning.put_in_charge(place.school, world.term, room, [(1, 1), (3, 1)], teacher, **said)
    rows = queries.matrix_of(place.school, world.term, needs(world))
    assert not any(row.gaps for row in rows)
    assert matrix_paper(place.school, world.term, rows, at=AT).pages == 1
    assert planning.relieve(place.school, world.term, room, [(3, 1)], by=by, at=AT) == 1
    planning.remove_point(gate, by=by, at=AT)
    planning.remove_point(gate, by=by, at=AT)
    assert DutyCell.objects.count() == 1


def test_an_unknown_place_and_a_stranger_are_refused(world: World) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    member = place.staff["teacher"]
    member.school = world.hill.school
    with pytest.raises(Refused) as no:
        planning.put_in_charge(place.school, world.term, "room:9", [(1, 1)], member, places=[], by=by, at=AT)
    assert {one.why for one in no.value.refusals} == {"place_unknown", "person_not_in_use"}
    planning.add_point(place.school, "gate", "正门", [1], by=by, at=AT)
    for name, hours, why in (
        ("正门", [1], "point_twice"),
        ("", [1], "point_without_name"),
        ("后门", [], "no_time_chosen"),
    ):
        with pytest.raises(Refused) as no:
            planning.add_point(place.school, "gate", name, hours, by=by, at=AT)
        assert no.value.refusal.why == why


# --- Cards, drills, records -------------------------------------------------------------------------------------------


@pytest.mark.clause("2.5-d")
def test_an_emergency_plan_is_complete_with_its_places_a_drill_and_the_records(world: World) -> None:
    adopted(world)
    place, school, term = world.riverside, world.riverside.school, world.term
    by = place.by("asp_manager")
    pack = queries.emergency_plan_of(school, term, on=FORCE)
    assert [one.code for one in pack.problems] == ["R-SAFE-07", "R-SAFE-08", "R-SAFE-09"]
    drill = planning.plan_drill(
        school,
        term,
        scenario="fire",
        planned_on=date(2026, 10, 21),
        place="教学楼",
        leader="邓强",
        plan="",
        by=by,
        at=AT,
    )
    said = {"partner": "双桂派出所", "words": "10月起放学时段派员疏导", "by": by, "at": AT}
    planning.record_safety(school, term, kind="liaison", held_on=ON, measures="", **said)
    planning.record_safety(school, term, kind="traffic", held_on=ON, measures="分两批离校", **said)
    assert queries.emergency_plan_of(school, term, on=FORCE).is_complete
    assert drill.held_on is None


@pytest.mark.clause("2.5-d")
def test_a_drill_is_held_and_recorded_once_or_the_plan_warns(world: World) -> None:
    adopted(world)
    school, term, by = world.riverside.school, world.term, world.riverside.by("asp_manager")
    drill = planning.plan_drill(
        school,
        term,
        scenario="fire",
        planned_on=date(2026, 10, 21),
        place="教学楼",
        leader="邓强",
        plan="",
        by=by,
        at=AT,
    )
    late = queries.emergency_plan_of(school, term, on=date(2026, 11, 1))
    assert [one.key for one in late.warnings] == ["R-SAFE-07:drill_overdue"]
    after = moment(17, on=date(2026, 11, 2))
    with pytest.raises(Refused) as no:
        planning.record_drill(
            drill, held_on=after.date(), minutes=0, people=300, findings="", measures="", by=by, at=after
        )
    assert no.value.refusal.why == "record_incomplete"
    held = planning.record_drill(
        drill,
        held_on=after.date(),
        minutes=4,
        people=300,
        findings="二楼楼梯口拥挤",
        measures="分两侧下楼",
        by=by,
        at=after,
    )
    with pytest.raises(Refused):
        planning.record_drill(
            drill, held_on=after.date(), minutes=4, people=3, findings="x", measures="", by=by, at=after
        )
    assert not queries.emergency_plan_of(school, term, on=date(2027, 1, 20)).warnings
    assert drill_paper(held, at=after).pages == 1
    assert records_paper(school, term, queries.records_of(school, term), at=after).pages == 1


@pytest.mark.clause("3.2-k", "3.2-l")
def test_liaison_and_traffic_are_recorded_each_term_and_struck_with_a_reason(world: World) -> None:
    place, school, term = world.riverside, world.riverside.school, world.term
    said = {"held_on": ON, "by": place.by("asp_manager"), "at": AT}
    assert [one.code for one in queries.problems_of_records(school, term)] == ["R-SAFE-08", "R-SAFE-09"]
    with pytest.raises(Refused) as no:
        planning.record_safety(school, term, kind="traffic", partner="", words="路口无灯", measures="", **said)
    assert no.value.refusal.code == "R-SAFE-09"
    made = planning.record_safety(
        school, term, kind="traffic", partner="", words="路口无灯", measures="志愿者站岗", **said
    )
    planning.record_safety(school, term, kind="liaison", partner="派出所", words="派员", measures="", **said)
    assert queries.problems_of_records(school, term) == ()
    with pytest.raises(Refused):
        planning.strike_record(made, because=" ", by=said["by"], at=AT)
    planning.strike_record(made, because="写错了日期", by=said["by"], at=AT)
    with pytest.raises(Refused):
        planning.strike_record(made, because="又写错", by=said["by"], at=AT)
    assert [one.code for one in queries.problems_of_records(school, term)] == ["R-SAFE-09"]
    with pytest.raises(Refused) as no:
        planning.record_safety(
            school, term, kind="liaison", partner="派出所", words="派员", measures="", held_on=ON + timedelta(days=1),
            by=said["by"], at=AT,
        )  # fmt: skip
    assert no.value.refusal.why == "in_the_future"


def test_the_cards_speak_with_the_schools_names_and_todays_duty(world: World) -> None:
    grouped(world)
    place = world.riverside
    planning.set_emergency_facts(place.school, by=place.by("asp_manager"), at=AT, **PLACES)
    cards = queries.cards_of(place.school, world.term, on=ON, today={"leader": "今天的邓强"})
    fire = next(one for one in cards if one.code == "fire")
    assert fire.calls.endswith(f"今天的邓强报告校长{place.who['principal'].name}。")
    assert "足球场" in fire.children
    for small in (False, True):
        assert cards_paper(place.school, cards, [["报警", "110"]], small=small, at=AT).pages == 10
    board = queries.board_of(place.school)
    assert organisation_paper(place.school, world.term, board, at=AT).pages == 1
