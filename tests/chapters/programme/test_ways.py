"""A whole table at once: from a spreadsheet, from a survey, from an earlier term."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kehou.chapters.basis.models import Term
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme import queries
from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.chapters.schools.models import DismissalTime, Season
from kehou.rules.demand import Assumptions
from kehou.rules.table_sheet import SheetRow
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import AT, homework, row
from tests.chapters.surveys.stage import AT as ASKED
from tests.chapters.surveys.stage import FULL, answer, families, opened, take
from tests.world import World

SCIENCE = {
    "name": "科学小实验", "category": "popular_science", "kind": "featured", "domains": ("intellectual",),
    "grades": (3, 4), "weekdays": (1, 3), "class_hours": 1, "place": "科学室", "capacity": 20, "minimum": 8,
    "risk_class": "C", "kit": "烧杯", "aim": "培养科学兴趣", "category_reason": "", "week_of_month": None,
}  # fmt: skip


def said(number: int = 2, **changes: Any) -> SheetRow:
    return SheetRow(number, {key: value for key, value in {**SCIENCE, **changes}.items() if value != "-"})


def take_rows(world: World, table: ActivityTable, *rows: SheetRow, only_try: bool = False) -> programme.Taken:
    return programme.take_table(table, rows, by=world.riverside.by("asp_manager"), at=AT, only_try=only_try)


def problems(no: Any) -> list[tuple[int, str]]:
    return [(row, one.key) for row, one in no.value.problems]


@pytest.mark.clause("2.3-i")
def test_a_sheet_adds_then_changes_and_leaves_the_rest_alone(world: World, table: ActivityTable) -> None:
    place = world.riverside
    leader = place.staff["teacher"].name
    assert take_rows(world, table, said(leader=leader), only_try=True) == programme.Taken(1, 0, 0)
    assert not Activity.objects.exists()
    assert take_rows(world, table, said(leader=leader)) == programme.Taken(1, 0, 0)
    assert take_rows(world, table, said(leader=leader)) == programme.Taken(0, 0, 1)
    programme.add_activity(table, homework(place), by=place.by("asp_manager"), at=AT)
    change = SheetRow(2, {"name": "科学小实验", "capacity": 18, "weekdays": (1, 4)})
    assert take_rows(world, table, change) == programme.Taken(0, 1, 0)
    kept = queries.standing(table).get(name="科学小实验")
    assert (kept.capacity, kept.leader, kept.room) == (18, place.staff["teacher"], place.rooms["F-03"])
    assert [slot.weekday for slot in kept.slots.all()] == [1, 4]
    assert queries.standing(table).count() == 2


def test_one_wrong_row_keeps_the_whole_sheet_out(world: World, table: ActivityTable) -> None:
    with pytest.raises(programme.SheetRefused) as no:
        take_rows(
            world, table, said(2), said(3, name="奥数竞赛班", place="本班教室"), said(4, name="木工", place="地下室"),
            said(5, name="合唱", leader="没有这个人", place="音乐室"),
        )  # fmt: skip
    found = problems(no)
    assert {row for row, _ in found} == {3, 4, 5} and not Activity.objects.exists()
    assert (4, "R-CONT-06:place_unknown") in found and (5, "R-CONT-06:person_unknown") in found
    assert any(row == 3 and key.startswith("P2-1") for row, key in found)


@pytest.mark.clause("2.3-l")
def test_rows_of_a_sheet_are_held_against_each_other_as_they_become(world: World, table: ActivityTable) -> None:
    with pytest.raises(programme.SheetRefused) as no:
        take_rows(world, table, said(2), said(3, name="小实验二"))
    assert set(problems(no)) == {(2, "R-VEN-02:room_taken"), (3, "R-VEN-02:room_taken")}
    take_rows(world, table, said(2), said(3, name="小实验二", place="音乐室"))
    change = [
        SheetRow(2, {"name": "科学小实验", "place": "音乐室"}),
        SheetRow(3, {"name": "小实验二", "place": "科学室"}),
    ]
    assert take_rows(world, table, *change).changed == 2, "two may change places"


def test_what_we_export_is_read_back_as_it_stands(world: World, publishable: ActivityTable) -> None:
    from kehou.rules.roster.grid import Grid
    from kehou.rules.table_sheet import read_table

    programme.add_activity(
        publishable,
        row(world.riverside, name="法治课", slots={5: 1}, week_of_month=2, room=world.riverside.rooms["P-01"], leader=None),
        by=world.riverside.by("asp_manager"), at=AT,
    )  # fmt: skip
    lines = queries.lines_of(queries.rows_of(publishable))
    grid = Grid("表", list(enumerate([queries.COLUMNS, *(line.cells() for line in lines)], start=1)))
    reading = read_table(grid)
    assert not reading.problems
    assert take_rows(world, publishable, *reading.rows) == programme.Taken(0, 0, 3)


def test_a_published_table_takes_no_sheet(world: World, publishable: ActivityTable) -> None:
    programme.publish(publishable, by=world.riverside.by("principal"), at=AT)
    for act in (
        lambda: take_rows(world, publishable, said()),
        lambda: programme.copy_from(publishable, publishable, ["x"], by=world.riverside.by("asp_manager"), at=AT),
    ):
        with pytest.raises(Refused) as no:
            act()
        assert no.value.refusal.key == "R-GATE-02:published_already"


# --- From the survey --------------------------------------------------------------------------------------------------


def test_a_table_is_not_begun_for_a_proposal_that_is_refused(world: World) -> None:
    by, school, people = world.riverside.by("asp_manager"), world.riverside.school, families(world, 12)
    survey = opened(world, at=ASKED)
    with pytest.raises(Refused, match="results_after_close"):
        programme.start_from_proposal(school, survey, Assumptions(), by=by, at=ASKED)
    assert not ActivityTable.objects.filter(school=school).exists()
    for account, pupil in people:
        answer(take(survey, account, pupil, at=ASKED), FULL, at=ASKED)
    made = programme.start_from_proposal(school, survey, Assumptions(), by=by, at=ASKED + timedelta(days=8))
    assert made and ActivityTable.objects.get(school=school) == made[0].table


@pytest.mark.clause("2.2-f")
def test_a_proposal_becomes_drafts_once(world: World, table: ActivityTable) -> None:
    people = families(world, 12)
    survey = opened(world, at=ASKED)
    for account, pupil in people:
        answer(take(survey, account, pupil, at=ASKED), FULL, at=ASKED)
    by = world.riverside.by("asp_manager")
    with pytest.raises(Refused) as no:
        programme.take_over_proposal(table, survey, Assumptions(), by=by, at=ASKED)
    assert no.value.refusal.key == "R-SURV-01:results_after_close"
    later = ASKED + timedelta(days=8)
    made = programme.take_over_proposal(table, survey, Assumptions(), by=by, at=later)
    names = {one.name for one in made}
    assert (
        "花样跳绳" in names and "作业答疑站" in names and "作业静心屋" not in names
    )  # nobody of grade 1 or 2 answered
    rows = list(queries.standing(table))
    assert len(rows) == len(made) and all(one.leader is None and one.slots.count() for one in rows)
    assert all(set(one.grades) <= set(range(1, 7)) for one in rows)
    with pytest.raises(Refused) as no:
        programme.take_over_proposal(table, survey, Assumptions(), by=by, at=later)
    assert no.value.refusal.key == "R-CONT-06:nothing_to_take_over"


# --- From an earlier term ---------------------------------------------------------------------------------------------


@pytest.fixture
def spring(world: World, publishable: ActivityTable) -> ActivityTable:
    """Return the next term's table, nothing in it yet; the autumn has two rows."""
    place = world.riverside
    from_on, until_on = world.term.until_on + timedelta(days=30), world.term.until_on + timedelta(days=150)
    term = Term.objects.create(
        code="2027-spring", name="2026—2027学年第二学期", school_year=2026, from_on=from_on, until_on=until_on,
        service_from_on=from_on, service_until_on=until_on,
    )  # fmt: skip
    season = Season.objects.create(school=place.school, name="春季", from_on=from_on, until_on=until_on)
    DismissalTime.objects.bulk_create(
        DismissalTime(season=season, grade=one.grade, weekday=one.weekday, at=one.at)
        for one in place.season.dismissals.all()
    )
    place.school.rooms.update(checked_on=from_on - timedelta(days=3))
    return programme.start_table(place.school, term, by=place.by("asp_manager"), at=AT)


def test_last_term_comes_over_without_who_has_left_and_what_is_gone(world: World, spring: ActivityTable) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    at = AT + timedelta(days=170)
    source = queries.earlier_table(spring)
    assert source is not None and source.term == world.term
    found = queries.copies_of(spring, source, at=at)
    assert {one.facts.name for one in found} == {"作业静心屋", "科学小实验"} and not any(one.refusals for one in found)
    place.rooms["F-03"].retired_on = AT.date()
    place.rooms["F-03"].save()
    gone = next(one for one in queries.copies_of(spring, source, at=at) if one.facts.name == "科学小实验")
    assert "地点（科学室）" in gone.opened and gone.facts.room is None
    made = programme.copy_from(spring, source, ["科学小实验"], by=by, at=at)
    assert [one.name for one in made] == ["科学小实验"] and made[0].room is None and made[0].slots.count() == 2
    again = next(one for one in queries.copies_of(spring, source, at=at) if one.facts.name == "科学小实验")
    assert "R-CONT-06:name_twice" in {one.key for one in again.refusals}
    with pytest.raises(Refused) as no:
        programme.copy_from(spring, source, ["科学小实验"], by=by, at=at)
    assert no.value.refusal.key == "R-CONT-06:nothing_to_copy"


def test_the_first_table_has_nothing_before_it(table: ActivityTable) -> None:
    assert queries.earlier_table(table) is None
