"""The table as a whole: published as a version that stays, what it must hold, who may change it when."""

from __future__ import annotations

import hashlib
import json
from datetime import time

import pytest

from kehou.chapters.journal.models import Entry
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.programme.queries import (
    checking,
    latest_publication,
    published_tables,
    refusals_of_tiers,
    rows_of,
    sellable_tiers,
    slots_of,
    standing,
)
from kehou.rules.programme import difference, domain_hours, variety
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import AT, homework, row
from tests.chapters.programme.test_activities import add, keys
from tests.world import World


@pytest.mark.clause("2.3-h")
@pytest.mark.clause("2.3-i")
def test_a_version_keeps_its_rows_its_day_and_a_hash_that_anybody_can_compute(
    world: World, publishable: ActivityTable
) -> None:
    publication = programme.publish(publishable, by=world.riverside.by("principal"), at=AT)
    assert (publication.version, publication.published_at) == (1, AT)
    document = {"school": "2150990002", "term": "2026-autumn", "version": 1, "rows": publication.rows}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert publication.digest == hashlib.sha256(text.encode()).hexdigest()
    science = next(one for one in publication.rows if one["name"] == "科学小实验")
    assert science["place"] == "科学室" and science["leader"] == world.riverside.staff["teacher"].name
    assert science["slots"][0] == {
        "weekday": 1, "first_hour": 1, "tier": 1, "times": [{"season": "全学期", "from": "16:00", "to": "16:40"}],
    }  # fmt: skip
    assert Entry.objects.get(verb="programme.table_published").facts["digest"] == publication.digest


@pytest.mark.clause("2.3-i")
def test_an_incomplete_table_is_refused_with_every_problem(world: World, table: ActivityTable) -> None:
    place = world.riverside
    add(world, table, row(place, room=None, leader=None, aim="", kit="", domains=()))
    with pytest.raises(Refused) as no:
        programme.publish(table, by=place.by("principal"), at=AT)
    columns = {one.fact("column") for one in no.value.refusals if one.key == "R-CONT-06:column_empty"}
    assert columns == {"五育", "地点", "带组人", "器材（没有就写“无”）"}
    assert {"R-CONT-03:aim_empty", "R-CONT-02:no_basic_for_grade"} <= keys(no)
    assert not table.publications.exists()


@pytest.mark.clause("2.3-b")
def test_basic_and_featured_must_both_exist(world: World, table: ActivityTable) -> None:
    place = world.riverside
    with pytest.raises(Refused) as no:
        programme.publish(table, by=place.by("principal"), at=AT)
    assert keys(no) == {"R-CONT-06:table_empty"}
    add(world, table, homework(place, grades=(1, 2, 3, 4, 5)))
    with pytest.raises(Refused) as no:
        programme.publish(table, by=place.by("principal"), at=AT)
    assert keys(no) == {"R-CONT-02:no_featured", "R-CONT-02:no_basic_for_grade"}


def test_what_families_read_is_changed_only_after_it_was_opened_again(world: World, publishable: ActivityTable) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    first = programme.publish(publishable, by=place.by("principal"), at=AT)
    science = standing(publishable).get(name="科学小实验")
    for forbidden in (
        lambda: programme.change_activity(science, row(place, capacity=18), by=by, at=AT),
        lambda: programme.withdraw_activity(science, by=by, at=AT),
        lambda: programme.add_activity(publishable, row(place, name="新"), by=by, at=AT),
        lambda: programme.retime(publishable, by=by, at=AT),
        lambda: programme.publish(publishable, by=by, at=AT),
    ):
        with pytest.raises(Refused) as no:
            forbidden()
        assert keys(no) == {"R-GATE-02:published_already"}
    with pytest.raises(Refused) as no:
        programme.reopen(publishable, reason=" ", by=by, at=AT)
    assert keys(no) == {"R-GATE-02:reason_missing"}
    programme.reopen(publishable, reason="科学室维修，换地点", by=by, at=AT)
    with pytest.raises(Refused) as no:
        programme.reopen(publishable, reason="再开", by=by, at=AT)
    assert keys(no) == {"R-GATE-02:table_open_already"}
    with pytest.raises(Refused) as no:
        programme.publish(publishable, by=by, at=AT)
    assert keys(no) == {"R-GATE-02:nothing_changed"}
    programme.change_activity(science, row(place, capacity=18), by=by, at=AT)
    second = programme.publish(publishable, by=place.by("principal"), at=AT)
    first.refresh_from_db()
    assert second.version == 2 and second.digest != first.digest
    assert [one["capacity"] for one in first.rows] == [40, 20]
    changes = difference(first.rows, second.rows)
    assert [(one.name, one.how, one.columns) for one in changes] == [("科学小实验", "changed", ("人数上限",))]


def test_families_read_the_latest_version(world: World, publishable: ActivityTable) -> None:
    school = world.riverside.school
    assert latest_publication(school, world.term) is None
    publication = programme.publish(publishable, by=world.riverside.by("principal"), at=AT)
    assert latest_publication(world.riverside.school, world.term) == publication
    assert published_tables(world.term) == [publication]
    offered = {(slot.weekday, slot.activity.name): slot.activity.grades for slot in slots_of(school, world.term)}
    assert 3 in offered[1, "科学小实验"] and 3 in offered[2, "作业静心屋"]
    assert 1 not in offered[1, "科学小实验"]


@pytest.mark.clause("2.2-c")
def test_three_hours_are_sold_where_school_ends_by_four(world: World) -> None:
    world.riverside.season.dismissals.filter(grade=5).update(at=time(16, 1))
    tiers = sellable_tiers(world.riverside.school, world.term, grades=(3, 5))
    assert tiers[3, 1] == (1, 2, 3) and tiers[5, 1] == (1, 2)
    assert sellable_tiers(world.hill.school, world.term, grades=(7,))[7, 5] == (1, 2)
    why = refusals_of_tiers(world.hill.school, world.term, grades=(7,))
    assert why[7, 1, 3].key == "R-TIME-03:tier_ends_after_limit"
    assert (7, 1, 2) not in why


@pytest.mark.clause("2.2-e")
def test_a_tier_must_hold_in_every_season(world: World) -> None:
    from kehou.chapters.schools import actions as schools

    place, by, split = world.riverside, world.riverside.by("asp_manager"), AT.date().replace(month=11, day=1)
    schools.change_season(place.season, name="夏季", from_on=world.term.from_on, until_on=split, by=by, at=AT)
    winter = schools.add_season(place.school, name="冬季", from_on=split, until_on=world.term.until_on, by=by, at=AT)
    assert sellable_tiers(place.school, world.term, grades=(3,))[3, 1] == ()
    schools.set_dismissals(winter, {(3, 1): time(16, 30)}, by=by, at=AT)
    assert sellable_tiers(place.school, world.term, grades=(3,))[3, 1] == (1, 2)


@pytest.mark.clause("2.3-a")
@pytest.mark.clause("2.3-f")
def test_balance_and_variety_are_counted(world: World, publishable: ActivityTable) -> None:
    rows = checking(publishable, on=AT.date()).rows()
    assert domain_hours(rows) == {"moral": 5, "intellectual": 7, "physical": 5, "aesthetic": 5, "labour": 5}
    assert variety(rows, (1, 3))[3] == {1: 2, 2: 1, 3: 2, 4: 1, 5: 1}
    said = {one.key for one in checking(publishable, on=AT.date()).table_warnings()}
    assert said == {"R-CONT-04:one_category_only"}


@pytest.mark.parametrize("activities", [2, 12])
def test_checking_costs_the_same_for_two_rows_and_for_twelve(
    world: World, table: ActivityTable, activities: int, django_assert_num_queries: object
) -> None:
    place = world.riverside
    for number in range(activities):
        add(world, table, homework(place, name=f"阅读{number}", leader=None, slots={number % 5 + 1: number % 3 + 1}))
    table = ActivityTable.objects.select_related("school", "term").get(pk=table.pk)
    with django_assert_num_queries(21):  # type: ignore[operator]
        checking(table, on=AT.date()).publication_problems()
    with django_assert_num_queries(7):  # type: ignore[operator]
        assert len(rows_of(table)) == activities
