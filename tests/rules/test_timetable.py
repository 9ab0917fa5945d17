"""Clock times, sellable tiers, and one row of the activity table checked while it is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.calendar import Closure
from kehou.rules.known_calendars import AUTUMN_2025
from kehou.rules.parameters import Parameters
from kehou.rules.sentences import say
from kehou.rules.spans import ClockSpan, Span, minute_of
from kehou.rules.timetable import (
    Booking,
    Category,
    Context,
    Domain,
    Draft,
    Meeting,
    Place,
    bookings_of,
    class_hours,
    latest_dismissal,
    refusal_of_length,
    refusal_to_meet,
    refusal_to_sell_tier,
    refusals_to_meet,
    refusals_to_plan_activity,
    refusals_to_publish_activity,
    season_on,
    sellable_tiers,
    warning_of_dark_way_home,
    warning_of_early_end,
    warning_of_small_group,
    warnings_of_table,
)
from kehou.rules.verdicts import refuse

OURS = Parameters.of()
times = st.integers(12 * 60, 20 * 60).map(lambda minute: time(minute // 60, minute % 60))


@pytest.mark.clause("2.2-c")
@pytest.mark.parametrize(
    ("dismissal", "tiers"),
    [
        (time(15, 40), (1, 2, 3)),
        (time(16, 0), (1, 2, 3)),
        (time(16, 1), (1, 2)),
        (time(16, 50), (1, 2)),
        (time(16, 51), (1,)),
        (time(17, 40), (1,)),
        (time(17, 41), ()),
        (time(23, 55), ()),
    ],
)
def test_what_a_school_can_sell_follows_from_its_dismissal(dismissal, tiers):
    assert sellable_tiers(dismissal, OURS) == tiers


@pytest.mark.parametrize(("hours", "latest"), [(3, time(16, 0)), (2, time(16, 50)), (1, time(17, 40))])
def test_the_latest_dismissal_for_so_many_hours(hours, latest):
    assert latest_dismissal(hours, OURS) == latest


@pytest.mark.parametrize(
    ("dismissal", "spans"),
    [
        (time(15, 40), ["15:50–16:30", "16:40–17:20", "17:30–18:10"]),
        (time(15, 50), ["16:00–16:40", "16:50–17:30", "17:40–18:20"]),
        (time(16, 50), ["17:00–17:40", "17:50–18:30"]),
    ],
)
def test_the_clock_times_are_those_of_the_sample_timetable(dismissal, spans):
    assert [str(hour.span) for hour in class_hours(dismissal, OURS)] == spans


@pytest.mark.clause("2.2-c")
def test_v26_three_hours_after_a_dismissal_at_ten_to_five_are_refused():
    no = refusal_to_sell_tier(3, time(16, 50), OURS)
    assert no.code == "R-TIME-03"
    assert "结束时间将超过18:30" in say(no)


@given(times, st.integers(1, 3))
def test_a_tier_is_sold_exactly_when_its_last_hour_ends_by_the_limit(dismissal, hours):
    end = minute_of(dismissal) + 10 + hours * 40 + (hours - 1) * 10
    assert (hours in sellable_tiers(dismissal, OURS)) == (end <= 18 * 60 + 30)


@given(times)
def test_an_earlier_dismissal_never_loses_a_tier_and_hours_never_overlap(dismissal):
    assert set(sellable_tiers(dismissal, OURS)) <= set(sellable_tiers(time(12, 0), OURS))
    hours = class_hours(dismissal, OURS)
    assert [hour.number for hour in hours] == list(sellable_tiers(dismissal, OURS))
    assert all(one.span.end < two.span.start for one, two in pairwise(hours))
    assert all(hour.span.start >= dismissal and hour.span.minutes == 40 for hour in hours)


def test_an_approved_exception_moves_the_limit_and_parameters_move_the_hours():
    assert sellable_tiers(time(16, 50), OURS, limit=time(19, 30)) == (1, 2, 3)
    longer = Parameters.of({"slot.junior_class_hour_minutes": 45})
    assert sellable_tiers(time(16, 50), longer, grade=7) == (1,)
    assert sellable_tiers(time(16, 50), longer, grade=6) == (1, 2)
    assert refusal_to_sell_tier(4, time(12, 0), OURS).key == "R-TIME-06:not_whole_class_hours"


@pytest.mark.clause("2.2-g")
@pytest.mark.parametrize(
    ("end", "right"), [(time(16, 40), True), (time(17, 30), True), (time(17, 20), False), (time(17, 0), False)]
)
def test_a_length_is_whole_class_hours(end, right):
    assert (refusal_of_length(time(16, 0), end, OURS) is None) == right


@pytest.mark.clause("2.2-a")
@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2025, 11, 8), "not_a_school_day"),
        (date(2025, 10, 1), "not_a_school_day"),
        (date(2026, 2, 10), "not_a_school_day"),
        (date(2025, 9, 3), "outside_service"),
        (date(2025, 11, 3), "closed"),
        (date(2025, 11, 4), None),
        (date(2025, 9, 28), None),
    ],
)
def test_there_is_service_on_school_days_only(day, why):
    calendar = replace(AUTUMN_2025, closures=(Closure(Span.through(date(2025, 11, 3), date(2025, 11, 3)), "暴雨"),))
    no = refusal_to_meet(day, calendar)
    assert (no.why if no else None) == why
    assert no is None or say(no)


@pytest.mark.clause("2.2-e")
def test_exactly_one_season_is_in_force_on_any_day():
    seasons = OURS.time.season
    assert season_on(date(2026, 9, 30), seasons).name == "夏季作息"
    assert season_on(date(2026, 10, 1), seasons).name == "冬季作息"
    assert season_on(date(2027, 1, 15), seasons).name == "冬季作息"


def test_a_far_way_home_after_sunset_is_warned_of():
    december, release = date(2025, 12, 5), time(18, 20)
    assert say(warning_of_dark_way_home(release, december, far=True)).startswith("12月5日 周五17:47日落")
    assert warning_of_dark_way_home(release, december, far=False) is None
    assert warning_of_dark_way_home(time(17, 30), december, far=True) is None
    assert warning_of_dark_way_home(release, date(2026, 6, 5), far=True) is None


def test_an_end_before_offices_close_is_warned_of():
    assert "17:30" in say(warning_of_early_end(time(17, 10), OURS, grade=3))
    assert warning_of_early_end(time(17, 30), OURS, grade=3) is None


# One row of the table

FOOTBALL = Draft(
    name="校园足球",
    category="arts_sports",
    kind="featured",
    domains=frozenset({"physical"}),
    aim="兴趣、特长",
    grades=frozenset({3, 4, 5, 6}),
    room="P-02",
    leaders=("12",),
    weekdays=frozenset({2, 4}),
    first_hour=1,
    hours=2,
    capacity=30,
    minimum=15,
    risk="C",
    adults=2,
    kit="足球20个",
)
AROUND = Context(
    OURS,
    dismissals={
        (grade, day): time(15, 40) if grade < 3 else time(15, 50) for grade in range(1, 7) for day in range(1, 6)
    },
    rooms={
        "P-02": Place("P-02", "足球场", 30),
        "F-03": Place("F-03", "科学室", 28, closed=refuse("R-SAFE-05", "check_overdue", room="科学室")),
        "C-00": Place("C-00", "本班教室", 45, shared=True),
    },
    bookings=(
        Booking("小篮球", 2, ClockSpan(time(16, 50), time(17, 30)), "P-01", frozenset({"9"})),
        Booking("三年级语文", 4, ClockSpan(time(15, 0), time(15, 40)), None, frozenset({"12"})),
        Booking("作业答疑站", 2, ClockSpan(time(16, 0), time(16, 40)), "C-00", frozenset({"8"})),
        Booking("小小法治课", 5, ClockSpan(time(16, 0), time(16, 40)), "P-02", frozenset({"7"}), frozenset({2})),
    ),
    leader_names={"12": "李强", "9": "王芳"},
    unfit={"66": refuse("R-STAF-03", "leader_has_left", name="赵某")},
)


def test_a_sound_row_has_no_problem():
    assert refusals_to_publish_activity(FOOTBALL, AROUND) == ()
    assert [str(one.span) for one in bookings_of(FOOTBALL, AROUND)] == ["16:00–17:30", "16:00–17:30"]


def test_an_empty_row_is_no_problem_while_typing():
    assert refusals_to_plan_activity(Draft(), AROUND) == ()


@pytest.mark.clause("2.3-i")
def test_an_empty_row_cannot_be_published_and_says_each_column():
    problems = refusals_to_publish_activity(Draft(first_hour=None), AROUND)
    assert {problem.field for problem in problems} == {
        "name", "category", "kind", "domains", "grades", "room", "leaders", "weekdays", "hours", "capacity", "minimum",
        "risk", "kit", "first_hour", "aim",
    }  # fmt: skip
    assert {problem.refusal.code for problem in problems} == {"R-CONT-06", "R-CONT-03"}


PROBLEMS = [
    ("saturday", {"weekdays": frozenset({6})}, "weekdays", "R-TIME-01:weekend"),
    ("before dismissal", {"starts": time(15, 45)}, "starts", "R-TIME-02:before_dismissal"),
    ("dismissal unknown", {"grades": frozenset({7})}, "grades", "R-TIME-02:dismissal_unknown"),
    ("after 18:30", {"starts": time(17, 30)}, "hours", "R-TIME-03:ends_after_limit"),
    ("too many hours", {"first_hour": 3}, "hours", "R-TIME-03:ends_after_limit"),
    ("typed end", {"starts": time(17, 30), "ends": time(19, 0)}, "ends", "R-TIME-03:ends_after_limit"),
    ("odd length", {"starts": time(16, 0), "ends": time(17, 0)}, "ends", "R-TIME-06:odd_length"),
    ("four hours", {"hours": 4}, "hours", "R-TIME-06:not_whole_class_hours"),
    ("no hour", {"hours": 0}, "hours", "R-TIME-06:not_whole_class_hours"),
    ("room taken", {"room": "P-02", "weekdays": frozenset({5})}, "room", "R-VEN-02:room_taken"),
    ("no such room", {"room": "X"}, "room", "R-VEN-02:no_such_room"),
    ("overdue room", {"room": "F-03", "capacity": 20}, "room", "R-SAFE-05:check_overdue"),
    ("too many for the room", {"capacity": 31}, "capacity", "R-GRP-01:more_than_room_holds"),
    ("leader taken", {"leaders": ("9",)}, "leaders", "R-STAF-03:leader_taken"),
    ("leader unfit", {"leaders": ("66",)}, "leaders", "R-STAF-03:leader_has_left"),
    ("one adult", {"adults": 1}, "adults", "R-SAFE-04:too_few_adults"),
    ("water's edge", {"risk": "D", "capacity": 10, "minimum": 5, "adults": 1}, "adults", "R-SAFE-04:risk_needs_two"),
    ("named twice", {"leaders": ("12", "12")}, "adults", "R-SAFE-04:adult_named_twice"),
    ("a trip of class C", {"off_campus": True, "risk": "C"}, "risk", "R-SAFE-04:off_campus_is_class_d"),
    ("no such class", {"risk": "Z"}, "risk", "R-SAFE-04:no_such_class"),
    ("minimum", {"minimum": 31}, "minimum", "R-GRP-01:minimum_above_capacity"),
    ("nobody", {"capacity": 0, "minimum": None}, "capacity", "R-GRP-01:nobody_fits"),
    ("eleventh category", {"category": "other"}, "category_reason", "R-CONT-05:other_without_reason"),
    ("strange category", {"category": "olympiad"}, "category", "R-CONT-05:category_unknown"),
    ("off campus", {"off_campus": True}, "off_campus", "R-VEN-01:off_campus_not_approved"),
]


@pytest.mark.clause("2.2-b", "2.2-c", "2.3-g", "2.3-l", "3.2-b")
@pytest.mark.parametrize(("change", "field", "key"), [pytest.param(*rest, id=name) for name, *rest in PROBLEMS])
def test_it_says_what_is_wrong_beside_the_field(change, field, key):
    problems = refusals_to_plan_activity(replace(FOOTBALL, **change), AROUND)
    assert {(problem.field, problem.refusal.key) for problem in problems} >= {(field, key)}
    assert all(say(problem.refusal) for problem in problems)
    assert len(problems) == len({problem.refusal for problem in problems})


def test_all_problems_are_told_at_once():
    worst = replace(
        FOOTBALL, weekdays=frozenset({2}), starts=time(17, 10), capacity=60, leaders=("9",), off_campus=True
    )
    assert {problem.field for problem in refusals_to_plan_activity(worst, AROUND)} == {
        "hours", "capacity", "leaders", "off_campus", "adults", "risk",
    }  # fmt: skip


@pytest.mark.clause("2.4-c")
def test_a_lesson_keeps_a_leader_busy():
    lesson = Booking("六年级数学", 4, ClockSpan(time(16, 0), time(16, 40)), None, frozenset({"12"}))
    (problem,) = refusals_to_plan_activity(FOOTBALL, replace(AROUND, bookings=(lesson,)))
    assert "李强" in say(problem.refusal)
    assert "周四" in say(problem.refusal)


def test_a_shared_place_takes_several_groups_and_other_weeks_do_not_clash():
    care = replace(FOOTBALL, room="C-00", weekdays=frozenset({2}), hours=1, risk="A", capacity=40)
    assert refusals_to_plan_activity(care, AROUND) == ()
    friday = replace(FOOTBALL, weekdays=frozenset({5}), weeks=frozenset({1, 3}))
    assert refusals_to_plan_activity(friday, AROUND) == ()


def test_a_row_begins_after_its_latest_grade():
    everyone = replace(FOOTBALL, grades=frozenset(range(1, 7)), first_hour=2, hours=1)
    assert [str(one.span) for one in bookings_of(everyone, AROUND)] == ["16:50–17:30", "16:50–17:30"]


def test_an_approved_exception_lets_a_row_end_later():
    late = replace(FOOTBALL, first_hour=3)
    assert refusals_to_plan_activity(late, replace(AROUND, end_limit=time(19, 30))) == ()


@given(
    st.sets(st.integers(-1, 9)).map(frozenset),
    st.sets(st.integers(0, 12)).map(frozenset),
    st.none() | times,
    st.none() | st.integers(-2, 9),
    st.none() | times,
    st.none() | st.integers(-5, 500),
    st.sampled_from(["", "A", "B", "C", "D", "E"]),
)
def test_whatever_is_typed_is_answered_in_words(weekdays, grades, starts, hours, ends, capacity, risk):
    draft = Draft(
        name="名", weekdays=weekdays, grades=grades, starts=starts, hours=hours, ends=ends, capacity=capacity, minimum=1,
        risk=risk, room="P-02", leaders=("12",),
    )  # fmt: skip
    problems = refusals_to_publish_activity(draft, AROUND)
    assert all(say(problem.refusal) for problem in problems)
    assert all(hasattr(draft, problem.field) for problem in problems)


def test_a_small_group_is_allowed_and_said():
    assert say(warning_of_small_group(10, OURS))
    assert warning_of_small_group(15, OURS) is None


# The table as a whole


def a_row(kind, grades, category="homework_help", domains=("intellectual",)):
    return Draft(kind=kind, grades=frozenset(grades), category=category, domains=frozenset(domains))


@pytest.mark.clause("1-e", "2.3-a", "2.3-b", "2.3-f")
def test_what_the_whole_table_lacks_is_asked():
    rows = [a_row("basic", [1, 2]), a_row("basic", [1], "free_reading", ("moral",))]
    assert [say(one) for one in warnings_of_table(rows, grades=[1, 2, 3])] == [
        "项目表里还没有体、美、劳方面的活动，五育并举还差一些。",
        "项目表里还没有特色活动，“基础+特色”两类都要有。",
        "2年级只有“作业辅导”一类，内容单一，建议增加。",
        "3年级还没有基础活动（如作业辅导、自主阅读）。",
        "3年级还没有可选的活动。",
    ]


def test_a_full_table_is_asked_nothing():
    rows = [a_row("basic", [1, 2]), a_row("featured", [1, 2], "club", [domain.value for domain in Domain])]
    assert warnings_of_table(rows, grades=[1, 2]) == ()
    assert len(Category) == 11


# One meeting on one day

MEETING = Meeting(
    "校园足球",
    date(2025, 11, 4),
    ClockSpan(time(16, 0), time(17, 30)),
    frozenset({3}),
    "P-02",
    "足球场",
    {"12": "李强"},
)
DISMISSALS = {grade: time(15, 50) for grade in range(1, 7)}


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({}, []),
        ({"on": date(2025, 11, 8)}, ["R-TIME-01:not_a_school_day"]),
        ({"span": ClockSpan(time(17, 20), time(18, 50))}, ["R-TIME-03:ends_after_limit"]),
        ({"span": ClockSpan(time(15, 30), time(16, 10))}, ["R-TIME-02:before_dismissal"]),
        ({"on": date(2025, 11, 5)}, ["R-VEN-02:room_taken_that_day", "R-STAF-03:leader_taken_that_day"]),
        ({"on": date(2025, 11, 5), "room": None, "leaders": {}}, []),
    ],
)
def test_a_move_shows_what_it_would_break(change, keys):
    other = replace(MEETING, what="田径", on=date(2025, 11, 5))
    found = refusals_to_meet(
        replace(MEETING, **change), AUTUMN_2025, dismissals=DISMISSALS, limit=time(18, 30), others=[other]
    )
    assert [no.key for no in found] == keys
    assert all(say(no) for no in found)
