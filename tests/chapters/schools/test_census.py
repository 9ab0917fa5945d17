"""The census of a term, equipment, checks and repairs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kehou.chapters.basis.models import Term
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Census, CensusClosing, Equipment, Room
from kehou.chapters.schools.queries import COLUMNS, census_of, fitness_of, open_repairs, tally_of
from kehou.chapters.schools.queries.census import latest_closing, parts_in_words
from kehou.chapters.staffing import actions as staffing
from kehou.rules.parameters import Parameters
from kehou.rules.resources import Part
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import AT
from tests.world import World, moment

SAFETY = Parameters().safety


def by(world: World):
    return world.riverside.by("asp_manager")


def keys(no: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.key for refusal in no.value.refusals}


@pytest.fixture
def census(world: World) -> Census:
    return staffing.open_census(world.riverside.school, world.term, by=by(world), at=AT)


def kit(world: World, **changes) -> schools.EquipmentFacts:
    facts = schools.EquipmentFacts("E-117", "电子琴", 12, 11, room=world.riverside.rooms["F-05"], from_fund=True)
    return replace(facts, **changes)


@pytest.mark.clause("2.7.1-a")
def test_the_standing_ledger_is_carried_over_looked_at_and_closed_with_a_hash(world: World, census: Census) -> None:
    place = world.riverside
    tally = tally_of(census)
    assert (tally[Part.ROOMS].pending, tally[Part.STAFF].pending) == (4, place.school.staff.count())
    with pytest.raises(Refused) as no:
        staffing.close_census(census, by=by(world), at=AT)
    assert "R-RES-04:rows_pending" in keys(no) and "R-RES-02:part_blank" in keys(no)
    assert latest_closing(place.school, world.term) is None
    schools.confirm_items(census, census.items.values_list("pk", flat=True), by=by(world), at=AT)
    schools.add_equipment(place.school, kit(world), by=by(world), at=AT)
    for part in (Part.GROUNDS, Part.BASES):
        schools.state_none(census, part.value, by=by(world), at=AT)
    closing = staffing.close_census(census, by=by(world), at=AT)
    assert latest_closing(place.school, world.term) == closing and closing.closed_at == AT
    assert (len(closing.document["parts"]["rooms"]), closing.document["parts"]["bases"]) == (4, [])
    assert closing.document["parts"]["equipment"][0][:5] == ["E-117", "电子琴", "", 12, 11]
    with pytest.raises(Refused) as no:
        schools.confirm_items(census, [1], by=by(world), at=AT)
    assert keys(no) == {"R-RES-01:census_closed"}


@pytest.mark.clause("2.7.1-c")
def test_the_ledger_lives_on_and_every_row_is_looked_at_anew_each_term(world: World, census: Census) -> None:
    """台账: kept between closings by use, checks and repairs; what was true last term is evidence of nothing now."""
    place, later = world.riverside, moment()

    def close(one: Census) -> CensusClosing:
        schools.confirm_items(one, one.items.values_list("pk", flat=True), by=by(world), at=later)
        for part in (part for part, tally in tally_of(one).items() if not tally.standing):
            schools.state_none(one, part.value, by=by(world), at=later)
        return staffing.close_census(one, by=by(world), at=later)

    def science(parts: dict) -> dict[str, object]:
        row = next(row for row in parts["rooms"] if row[0] == "F-03")
        return dict(zip(COLUMNS[Part.ROOMS], row, strict=True))

    first = close(census)
    lab = place.rooms["F-03"]
    schools.record_checks(place.school, [lab], checked_on=later.date(), checker="王老师", by=by(world), at=later)
    schools.open_repair(lab, fault="水管漏水", gravity="red", by=by(world), at=later)
    lab.refresh_from_db()
    schools.change_room(lab, replace(schools.facts_of(lab), capacity=24), by=by(world), at=later)
    now = science(parts_in_words(place.school, ()))
    assert (now["最多人数"], now["最近检查"]) == (24, later.date().isoformat())
    assert [one.fault for one in open_repairs(place.school)] == ["水管漏水"]
    first.refresh_from_db()
    assert science(first.document["parts"])["最多人数"] == 28, "a closed version stays as it was signed"

    spring = Term.objects.create(
        code="2027-spring", name="第二学期", school_year=2026, from_on=date(2027, 2, 22), until_on=date(2027, 7, 9),
        service_from_on=date(2027, 3, 1), service_until_on=date(2027, 7, 3),
    )  # fmt: skip
    assert latest_closing(place.school, spring) is None
    second = staffing.open_census(place.school, spring, by=by(world), at=later)
    assert set(second.items.values_list("state", flat=True)) == {"pending"}, "carried over, and not taken as verified"
    with pytest.raises(Refused) as no:
        staffing.close_census(second, by=by(world), at=later)
    assert "R-RES-04:rows_pending" in keys(no)
    assert science(close(second).document["parts"])["最多人数"] == 24


def test_what_changes_while_the_census_is_open_counts_as_looked_at(world: World, census: Census) -> None:
    place = world.riverside
    science = place.rooms["F-03"]
    schools.change_room(science, replace(schools.facts_of(science), capacity=24), by=by(world), at=AT)
    schools.retire_room(place.rooms["F-01"], on=AT.date(), by=by(world), at=AT)
    schools.add_room(place.school, schools.RoomFacts("P-09", "后操场", 80, kind="ground"), by=by(world), at=AT)
    states = dict(census.items.exclude(part="staff").values_list("name", "state"))
    assert states == {
        "图书室": "struck",
        "科学室": "changed",
        "操场A": "pending",
        "音乐室": "pending",
        "后操场": "added",
    }


def test_none_said_of_a_part_falls_away_when_something_comes(world: World, census: Census) -> None:
    schools.state_none(census, Part.EQUIPMENT.value, by=by(world), at=AT)
    schools.add_equipment(world.riverside.school, kit(world), by=by(world), at=AT)
    assert not tally_of(census)[Part.EQUIPMENT].none
    with pytest.raises(Refused) as no:
        schools.state_none(census, Part.EQUIPMENT.value, by=by(world), at=AT)
    assert keys(no) == {"R-RES-02:part_is_not_empty"}


def test_a_census_begins_once_and_a_closed_one_is_opened_with_a_reason(world: World, census: Census) -> None:
    with pytest.raises(Refused) as no:
        staffing.open_census(world.riverside.school, world.term, by=by(world), at=AT)
    assert keys(no) == {"R-RES-01:census_begun"}
    schools.confirm_items(census, census.items.values_list("pk", flat=True), by=by(world), at=AT)
    for part in (Part.EQUIPMENT, Part.GROUNDS, Part.BASES):
        schools.state_none(census, part.value, by=by(world), at=AT)
    first = staffing.close_census(census, by=by(world), at=AT)
    with pytest.raises(Refused) as no:
        schools.reopen_census(census, reason=" ", by=by(world), at=AT)
    assert keys(no) == {"R-RES-01:reason_missing"}
    schools.reopen_census(census, reason="新添一批电子琴", by=by(world), at=AT)
    schools.add_equipment(world.riverside.school, kit(world), by=by(world), at=AT)
    second = staffing.close_census(census, by=by(world), at=AT)
    assert (first.version, second.version) == (1, 2) and first.digest != second.digest
    assert census_of(world.riverside.school, world.term).state == "closed"  # type: ignore[union-attr]


def test_somebody_who_came_since_the_opening_is_taken_along(world: World, census: Census) -> None:
    facts = staffing.StaffFacts(name="宋师傅", kind="heritage_inheritor", skills="木版年画、年画二级")
    member = staffing.add_staff(world.riverside.school, facts, by=by(world), at=AT)
    schools.confirm_items(census, census.items.values_list("pk", flat=True), by=by(world), at=AT)
    for part in (Part.EQUIPMENT, Part.GROUNDS, Part.BASES):
        schools.state_none(census, part.value, by=by(world), at=AT)
    closing = staffing.close_census(census, by=by(world), at=AT)
    if member.state == "in_use":
        assert census.items.get(key=f"staff:{member.pk}").state == "added"
        assert any(row[0] == "宋师傅" and row[5] == "年画二级" for row in closing.document["parts"]["staff"])


# --- Two editors ------------------------------------------------------------------------------------------------------


def test_the_second_of_two_editors_is_told_and_nothing_is_overwritten(world: World) -> None:
    science = world.riverside.rooms["F-03"]
    seen = schools.version_of(science)
    schools.change_room(science, replace(schools.facts_of(science), keeper="王老师"), by=by(world), at=AT, seen=seen)
    with pytest.raises(Refused) as no:
        schools.change_room(science, replace(schools.facts_of(science), kit="无"), by=by(world), at=AT, seen=seen)
    assert keys(no) == {"R-RES-02:changed_meanwhile"}
    assert Room.objects.get(pk=science.pk).keeper == "王老师"


def test_equipment_is_counted_corrected_and_struck(world: World) -> None:
    row = schools.add_equipment(world.riverside.school, kit(world), by=by(world), at=AT)
    with pytest.raises(Refused) as no:
        schools.change_equipment(row, kit(world, good=13), by=by(world), at=AT)
    assert keys(no) == {"R-RES-02:more_good_than_all"}
    with pytest.raises(Refused) as no:
        schools.add_equipment(world.riverside.school, kit(world), by=by(world), at=AT)
    assert keys(no) == {"R-RES-02:room_code_taken"}
    with pytest.raises(Refused) as no:
        schools.add_equipment(world.hill.school, kit(world), by=by(world), at=AT)
    assert keys(no) == {"R-RES-02:equipment_elsewhere"}
    schools.change_equipment(row, kit(world, good=9), by=by(world), at=AT)
    schools.retire_equipment(row, on=AT.date(), by=by(world), at=AT)
    assert Equipment.objects.get(pk=row.pk).good == 9
    with pytest.raises(Refused):
        schools.change_equipment(row, kit(world), by=by(world), at=AT)


# --- Checks and repairs -----------------------------------------------------------------------------------------------


@pytest.mark.clause("3.2-d")
def test_a_check_opens_a_room_and_a_grave_fault_closes_it(world: World) -> None:
    school, science, at = world.riverside.school, world.riverside.rooms["F-03"], moment()
    Room.objects.filter(pk=science.pk).update(checked_on=date(2026, 9, 10))
    science.refresh_from_db()

    def refusal():
        science.refresh_from_db()
        return fitness_of(school, world.term, on=at.date(), safety=SAFETY).refusal(science)

    assert refusal().key == "R-SAFE-05:check_overdue"
    schools.record_checks(school, [science], checked_on=at.date(), checker="王老师", by=by(world), at=at)
    assert refusal() is None
    mild = schools.open_repair(science, fault="一盏灯不亮", gravity="yellow", by=by(world), at=at)
    assert refusal() is None
    grave = schools.open_repair(science, fault="水管漏水", gravity="red", by=by(world), at=at)
    assert refusal().key == "R-SAFE-05:under_repair" and refusal().fact("fault") == "水管漏水"
    with pytest.raises(Refused) as no:
        schools.close_repair(grave, outcome=" ", by=by(world), at=at)
    assert keys(no) == {"R-SAFE-05:outcome_missing"}
    schools.close_repair(grave, outcome="换了水管", by=by(world), at=at)
    assert refusal() is None
    with pytest.raises(Refused) as no:
        schools.close_repair(grave, outcome="又修一次", by=by(world), at=at)
    assert keys(no) == {"R-SAFE-05:repair_closed"}
    schools.close_repair(mild, outcome="换灯", by=by(world), at=at)


def test_a_check_needs_a_day_a_name_and_a_place_of_this_school(world: World) -> None:
    school, science, at = world.riverside.school, world.riverside.rooms["F-03"], moment()
    with pytest.raises(Refused) as no:
        schools.record_checks(school, [], checked_on=at.date() + timedelta(days=1), checker="", by=by(world), at=at)
    assert keys(no) == {
        "R-SAFE-05:check_in_the_future", "R-SAFE-05:checker_missing", "R-SAFE-05:nothing_checked",
    }  # fmt: skip
    with pytest.raises(Refused):
        schools.record_checks(world.hill.school, [science], checked_on=at.date(), checker="王", by=by(world), at=at)
    schools.record_checks(school, [science], checked_on=date(2026, 9, 1), checker="王", by=by(world), at=at)
    science.refresh_from_db()
    assert science.checked_on == date(2026, 11, 12), "an older check that is written down late moves nothing back"
