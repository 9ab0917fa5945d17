"""A row of the activity table: every refusal beside the success."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from kehou.chapters.journal.models import Entry
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme import queries
from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.chapters.programme.queries import checking, facts_of
from kehou.chapters.schools import actions as schools
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused
from tests.chapters.programme.stage import AT, homework, row
from tests.world import World


def add(world: World, table: ActivityTable, facts: programme.ActivityFacts) -> Activity:
    return programme.add_activity(table, facts, by=world.riverside.by("asp_manager"), at=AT)


def keys(no: pytest.ExceptionInfo[Refused]) -> set[str]:
    """Return what was refused; every one of them can be said in Chinese."""
    assert all(say(refusal) for refusal in no.value.refusals)
    return {refusal.key for refusal in no.value.refusals}


@pytest.mark.clause("2.2-b")
@pytest.mark.clause("2.2-g")
def test_its_clock_times_follow_from_the_dismissal(world: World, table: ActivityTable) -> None:
    activity = add(world, table, row(world.riverside, slots={1: 1, 3: 2}, class_hours=2))
    slots = {slot.weekday: (slot.starts_at, slot.ends_at) for slot in activity.slots.all()}
    assert slots == {1: (time(16, 0), time(17, 30)), 3: (time(16, 50), time(18, 20))}


@pytest.mark.clause("2.2-b")
def test_it_starts_after_the_latest_dismissed_of_its_grades(world: World, table: ActivityTable) -> None:
    world.riverside.season.dismissals.filter(grade=4, weekday=1).update(at=time(16, 10))
    activity = add(world, table, row(world.riverside, slots={1: 1}))
    assert activity.slots.get().starts_at == time(16, 20)


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("2.2-a", {"slots": {6: 1}}, "R-TIME-01:weekend"),
    ("2.2-c", {"slots": {1: 3}, "class_hours": 2}, "R-TIME-03:ends_after_limit"),
    ("2.2-g", {"class_hours": 4}, "R-TIME-06:not_whole_class_hours"),
    ("2.3-m", {"capacity": 29}, "R-GRP-01:more_than_room_holds"),
    ("2.3-m", {"minimum": 21}, "R-GRP-01:minimum_above_capacity"),
    ("2.3-g", {"category": "maths_olympiad"}, "R-CONT-05:category_unknown"),
    ("2.3-g", {"category": "other"}, "R-CONT-05:other_without_reason"),
    ("2.3-i", {"name": ""}, "R-CONT-06:column_empty"),
    ("2.3-i", {"slots": {}}, "R-CONT-06:column_empty"),
    ("2.3-i", {"grades": (7,)}, "R-CONT-06:grade_not_taught"),
    ("3.2-b", {"capacity": 28}, "R-SAFE-04:too_few_adults"),
]


@pytest.mark.parametrize(("clause", "changes", "key"), REFUSED, ids=[f"{one[2]}-{one[1]}" for one in REFUSED])
def test_it_is_not_kept_when_a_rule_says_no(
    world: World, table: ActivityTable, clause: str, changes: dict[str, Any], key: str
) -> None:
    with pytest.raises(Refused) as no:
        add(world, table, row(world.riverside, **changes))
    assert key in keys(no)
    assert not table.activities.exists()


@pytest.mark.clause("2.2-a")
@pytest.mark.clause("2.2-c")
def test_every_problem_is_said_at_once_beside_its_field(world: World, table: ActivityTable) -> None:
    facts = row(world.riverside, slots={6: 3}, class_hours=2, capacity=99, name=" ")
    problems = checking(table, on=AT.date()).draft_problems(facts)
    assert {problem.field for problem in problems} >= {"name", "weekdays", "capacity", "helpers"}


@pytest.mark.clause("2.3-l")
def test_a_room_holds_one_group_at_a_time(world: World, table: ActivityTable) -> None:
    place = world.riverside
    add(world, table, row(place))
    other = row(place, name="湿地观鸟", leader=place.staff["volunteer"])
    with pytest.raises(Refused) as no:
        add(world, table, replace(other, slots={3: 1}))
    assert keys(no) == {"R-VEN-02:room_taken"}
    assert "科学室周三16:00–16:40已用于“科学小实验”" in say(no.value.refusal)
    add(world, table, replace(other, slots={3: 2}))
    add(world, table, replace(other, name="另一间", slots={3: 1}, room=place.rooms["P-01"]))


@pytest.mark.clause("2.4-c")
def test_a_leader_is_in_one_place_at_a_time(world: World, table: ActivityTable) -> None:
    place = world.riverside
    add(world, table, row(place))
    with pytest.raises(Refused) as no:
        add(world, table, row(place, name="跳绳", room=place.rooms["P-01"]))
    assert keys(no) == {"R-STAF-03:leader_taken"}


def test_helpers_are_taken_too(world: World, table: ActivityTable) -> None:
    place = world.riverside
    add(world, table, row(place, helpers=(place.staff["volunteer"],)))
    with pytest.raises(Refused) as no:
        add(world, table, row(place, name="跳绳", room=place.rooms["P-01"], leader=place.staff["volunteer"]))
    assert keys(no) == {"R-STAF-03:leader_taken"}


@pytest.mark.clause("3.2-b")
def test_a_second_adult_makes_the_larger_group_lawful(world: World, table: ActivityTable) -> None:
    place = world.riverside
    with pytest.raises(Refused) as no:
        add(world, table, row(place, capacity=28, helpers=(place.staff["teacher"],)))  # who leads it is one adult
    assert keys(no) == {"R-SAFE-04:adult_named_twice", "R-SAFE-04:too_few_adults"}
    add(world, table, row(place, capacity=28, helpers=(place.staff["volunteer"],)))
    assert place.staff["volunteer"].name in queries.lines_of(queries.rows_of(table))[0].leader


@pytest.mark.clause("2.3-m")
def test_grades_and_classes_share_a_group_that_is_no_larger_than_its_place(
    world: World, publishable: ActivityTable
) -> None:
    """Families of both grades are offered the one group; the room bounds it, whatever the classes would hold."""
    place = world.riverside
    programme.publish(publishable, by=place.by("principal"), at=AT)
    mixed = publishable.activities.get(name="科学小实验")
    slots = list(queries.slots_of(place.school, world.term))
    offered = {grade: {slot.pk for slot in slots if grade in slot.activity.grades} for grade in (3, 4, 5)}
    own = set(mixed.slots.values_list("pk", flat=True))
    assert own <= offered[3] and own <= offered[4]
    assert not own & offered[5]
    programme.reopen(publishable, reason="改人数", by=place.by("asp_manager"), at=AT)
    facts = replace(queries.facts_of(mixed), helpers=(place.staff["volunteer"],), capacity=29)
    with pytest.raises(Refused) as no:
        programme.change_activity(mixed, facts, by=place.by("asp_manager"), at=AT)
    assert keys(no) == {"R-GRP-01:more_than_room_holds"}
    programme.change_activity(mixed, replace(facts, capacity=28), by=place.by("asp_manager"), at=AT)


@pytest.mark.clause("2.3-e")
@pytest.mark.parametrize("word", ["兴趣", "特长", "视野", "实践"])
def test_no_activity_is_published_without_an_aim_and_the_four_words_are_asked_for(
    world: World, publishable: ActivityTable, word: str
) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    activity = publishable.activities.get(name="科学小实验")
    aimless = replace(queries.facts_of(activity), aim="  ")
    activity = programme.change_activity(activity, aimless, by=by, at=AT)
    with pytest.raises(Refused) as no:
        programme.publish(publishable, by=place.by("principal"), at=AT)
    assert keys(no) == {"R-CONT-03:aim_empty"}
    against = checking(publishable, on=AT.date())
    vague, clear = replace(aimless, aim="做实验"), replace(aimless, aim=f"做实验，发展{word}")
    warned = [{one.key for one in against.warnings(facts)} for facts in (vague, clear)]
    assert "R-CONT-03:aim_without_the_words" in warned[0] and "R-CONT-03:aim_without_the_words" not in warned[1]
    programme.change_activity(activity, clear, by=by, at=AT)
    made = programme.publish(publishable, by=place.by("principal"), at=AT)
    assert any(row_of["aim"] == clear.aim for row_of in made.rows)


def test_monthly_activities_share_a_room_in_different_weeks(world: World, table: ActivityTable) -> None:
    place = world.riverside
    add(world, table, row(place, slots={5: 1}, week_of_month=1))
    add(world, table, row(place, name="法治课", slots={5: 1}, week_of_month=2))
    with pytest.raises(Refused) as no:
        add(world, table, row(place, name="安全演练", slots={5: 1}, week_of_month=2))
    assert keys(no) == {"R-VEN-02:room_taken", "R-STAF-03:leader_taken"}


def test_a_room_whose_check_has_lapsed_cannot_be_booked(world: World, table: ActivityTable) -> None:
    room = world.riverside.rooms["F-03"]
    room.checked_on = AT.date().replace(month=1)
    room.save()
    with pytest.raises(Refused) as no:
        add(world, table, row(world.riverside))
    assert keys(no) == {"R-SAFE-05:check_overdue"}


def test_a_grade_without_dismissal_has_no_times(world: World, table: ActivityTable) -> None:
    world.riverside.season.dismissals.filter(grade=3, weekday=1).delete()
    with pytest.raises(Refused) as no:
        add(world, table, row(world.riverside))
    assert keys(no) == {"R-TIME-02:dismissal_unknown"}


@pytest.mark.clause("2.2-e")
def test_the_winter_timetable_is_checked_as_well(world: World, table: ActivityTable) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    summer = place.season
    schools.change_season(
        summer, name="夏季作息", from_on=summer.from_on, until_on=AT.date().replace(month=10), by=by, at=AT
    )
    winter = schools.add_season(
        place.school, name="冬季作息", from_on=AT.date().replace(month=10), until_on=world.term.until_on, by=by, at=AT
    )
    late = {(grade, weekday): time(17, 0) for grade in range(1, 7) for weekday in range(1, 6)}
    schools.set_dismissals(winter, late, by=by, at=AT)
    with pytest.raises(Refused) as no:
        add(world, table, row(place, class_hours=2))
    assert keys(no) == {"R-TIME-03:ends_after_limit"}
    add(world, table, row(place, class_hours=1))


@pytest.mark.clause("2.2-c")
def test_an_approved_exception_lets_it_end_later(world: World, table: ActivityTable) -> None:
    from kehou.rules.spans import Span

    place, term = world.riverside, world.term
    facts = row(place, slots={1: 2}, class_hours=2)
    world.riverside.season.dismissals.update(at=time(16, 30))
    with pytest.raises(Refused) as no:
        add(world, table, facts)
    assert keys(no) == {"R-TIME-03:ends_after_limit"}
    schools.approve_end_exception(
        place.school,
        latest_end=time(19, 0),
        days=Span(term.service_from_on, term.service_until_on),
        reason="家长下班晚",
        approval_reference="梁教基〔2026〕8号",
        limit=time(18, 30),
        by=world.by_district("basic_education"),
        at=AT,
    )
    add(world, table, facts)


def test_a_name_stands_once(world: World, table: ActivityTable) -> None:
    place = world.riverside
    add(world, table, row(place))
    with pytest.raises(Refused) as no:
        add(world, table, row(place, slots={5: 1}))
    assert keys(no) == {"R-CONT-06:name_twice"}


def test_a_change_keeps_the_slots_of_the_weekdays_that_stay(world: World, table: ActivityTable) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    activity = add(world, table, row(place))
    monday = activity.slots.get(weekday=1)
    programme.change_activity(activity, row(place, slots={1: 2, 5: 1}), by=by, at=AT)
    standing = {slot.weekday: slot for slot in activity.slots.filter(withdrawn_at=None)}
    assert set(standing) == {1, 5} and standing[1].pk == monday.pk and standing[1].starts_at == time(16, 50)
    assert activity.slots.get(weekday=3).withdrawn_at == AT
    entry = Entry.objects.get(verb="programme.activity_changed")
    assert entry.facts["changed"] == {"slots": ["1:1、3:1", "1:2、5:1"]}


def test_a_change_that_changes_nothing_writes_nothing(world: World, table: ActivityTable) -> None:
    activity = add(world, table, row(world.riverside))
    programme.change_activity(activity, facts_of(activity), by=world.riverside.by("asp_manager"), at=AT)
    assert not Entry.objects.filter(verb="programme.activity_changed").exists()


def test_a_withdrawn_row_is_gone_and_stays_for_the_past(world: World, table: ActivityTable) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    activity = add(world, table, row(place))
    programme.withdraw_activity(activity, by=by, at=AT)
    add(world, table, row(place))
    with pytest.raises(Refused) as no:
        programme.withdraw_activity(activity, by=by, at=AT)
    assert keys(no) == {"R-CONT-06:activity_withdrawn"}
    with pytest.raises(Refused):
        programme.change_activity(activity, row(place), by=by, at=AT)
    assert table.activities.count() == 2


def test_what_may_stay_open_in_a_draft(world: World, table: ActivityTable) -> None:
    add(world, table, row(world.riverside, room=None, leader=None, aim="", kit="", domains=()))


@pytest.mark.clause("2.4-c")
def test_it_warns_of_more_than_somebody_offered(world: World, table: ActivityTable) -> None:
    place = world.riverside
    volunteer = place.staff["volunteer"]
    volunteer.weekdays = [1]
    facts = row(place, leader=volunteer, slots={1: 1, 3: 1}, class_hours=3)
    said = [one.key for one in checking(table, on=AT.date()).warnings(facts)]
    assert said == ["R-STAF-04:more_than_offered", "R-STAF-05:day_not_offered"]


def test_rooms_and_people_in_use_cannot_go(world: World, table: ActivityTable) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    activity = add(world, table, row(place))
    with pytest.raises(Refused) as no:
        programme.retire_room(place.rooms["F-03"], on=AT.date(), by=by, at=AT)
    assert keys(no) == {"R-RES-02:room_in_use"}
    with pytest.raises(Refused) as no:
        programme.let_go(place.staff["teacher"], on=AT.date(), reason="调离", by=by, at=AT)
    assert keys(no) == {"R-STAF-01:still_leads"}
    programme.withdraw_activity(activity, by=by, at=AT)
    programme.retire_room(place.rooms["F-03"], on=AT.date(), by=by, at=AT)
    programme.let_go(place.staff["teacher"], on=AT.date(), reason="调离", by=by, at=AT)
    with pytest.raises(Refused) as no:
        add(world, table, homework(place, room=place.rooms["F-03"], in_homeroom=False, leader=place.staff["teacher"]))
    assert keys(no) >= {"R-VEN-02:room_retired", "R-STAF-03:leader_has_left"}


def test_many_rows_are_added_as_if_one_by_one(
    world: World, table: ActivityTable, django_assert_max_num_queries: Any
) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    rows = [homework(place, helpers=(place.staff["volunteer"],)), row(place)]
    rows += [homework(place, name=f"阅读{n}", slots={n % 5 + 1: 2 + n // 5}, leader=None) for n in range(10)]
    with django_assert_max_num_queries(26):
        added = programme.add_activities(table, rows, by=by, at=AT)
    assert [facts_of(one) for one in Activity.objects.order_by("pk")] == [
        replace(facts, helpers=tuple(facts.helpers), grades=tuple(facts.grades)) for facts in rows
    ]
    assert [slot.starts_at for slot in added[1].slots.order_by("weekday")] == [time(16, 0)] * 2
    assert Entry.objects.filter(verb="programme.activity_added").count() == 12


def test_many_rows_are_all_added_or_none(world: World, table: ActivityTable) -> None:
    place, by = world.riverside, world.riverside.by("asp_manager")
    twin = row(place, name="另一组", leader=None)
    with pytest.raises(Refused) as no:
        programme.add_activities(table, [row(place), twin, homework(place, capacity=0)], by=by, at=AT)
    assert {"R-VEN-02:room_taken", "R-GRP-01:nobody_fits"} <= keys(no)
    with pytest.raises(Refused) as no:
        programme.add_activities(table, [row(place), row(place, slots={5: 2})], by=by, at=AT)
    assert keys(no) == {"R-CONT-06:name_twice"}
    assert not table.activities.exists()
