"""What a school offers: its rooms, its seasons, and an activity table made of the forty templates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import cycle

from kehou.chapters.basis.models import Term
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.programme.queries import ActivityFacts
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Homeroom, Room, School
from kehou.chapters.staffing.models import StaffMember
from kehou.lib.actors import SYSTEM
from kehou.lib.demonstration import GAOLIANG, NIANHUA
from kehou.rules.forty import FORTY, Template
from seeds import resources
from seeds.people import Staffed
from seeds.schools import Plan

WEEK = (1, 2, 3, 4, 5)
WINTER = date(2026, 11, 1)
GROUNDS = {"操场A", "操场B", "足球场", "篮球场", "田径场", "校内种植园", "操场"}
# How many class hours a leader may give in a week before it weighs on the day's lessons.
WEEKLY_HOURS = 10
PRINTS = 13  # 梁平木版年画体验
RETIRED = (12, 19)  # 硬笔书写, 科学小实验: what 彭守义 comes for on four days
PLANES = 22  # 纸飞机与航模: the group of 李舒, under way on the Wednesday the demonstration begins on
TEAMS = {GAOLIANG: "田径与体能", NIANHUA: "硬笔书写"}  # the same children on all its days
SECOND_HOUR = (1, 4, 10, 19, 25, 28, 31, 34, 37)  # so that a grade has something to do in both hours


def seasons_of(school: School, plan: Plan, term: Term, at: datetime) -> None:
    """Give a school its summer and, in the hills, a winter timetable that ends the day before dark (2.2-d, 2.2-e)."""
    turns = [("夏季作息", term.from_on, WINTER, 0), ("冬季作息", WINTER, term.until_on, 20 if plan.hilly else 0)]
    for name, from_on, until_on, earlier in turns:
        season = schools.add_season(school, name=name, from_on=from_on, until_on=until_on, by=SYSTEM, at=at)
        times = {
            (grade, weekday): _earlier(plan.dismissal(grade), earlier) for grade in plan.classes for weekday in WEEK
        }
        schools.set_dismissals(season, times, by=SYSTEM, at=at)


def _earlier(moment: time, minutes: int) -> time:
    return (datetime.combine(WINTER, moment) - timedelta(minutes=minutes)).time()


def rooms_of(
    school: School, homerooms: Iterable[Homeroom], templates: Iterable[Template], at: datetime
) -> dict[str, Room]:
    """Write the resource ledger: the rooms of the templates, and a classroom for every homeroom."""
    rooms: dict[str, Room] = {}
    for template in templates:
        if template.place in rooms or template.place == "本班教室":
            continue
        ground = template.place in GROUNDS
        facts = schools.RoomFacts(
            code=f"{'P' if ground else 'F'}-{len(rooms) + 1:02d}",
            name=template.place,
            kind="ground" if ground else "room",
            capacity=max(60 if ground else 45, template.capacity),
            seats=None if ground else max(45, template.capacity),
            building="" if ground else "综合楼",
            risk_class=template.risk_class,
            checked_on=resources.LOOKED_AT,
            keeper="王老师",
            surface="塑胶" if ground else "",
            rain_rule="改在本班教室" if ground else "",
        )
        rooms[template.place] = schools.add_room(school, facts, by=SYSTEM, at=at)
    return rooms


def table_of(staffed: Staffed, term: Term, at: datetime) -> ActivityTable:
    """Draw up the school's table: care in every homeroom for two class hours, and clubs as far as leaders reach."""
    plan, school = staffed.plan, staffed.school
    by = staffed.by["asp_manager"]
    templates = [one for one in FORTY if set(one.grades) & set(plan.classes) and _fits(one, plan)]
    rooms = rooms_of(school, staffed.homerooms, templates, at)
    resources.stock(school, by=by, at=at)
    resources.census(school, term, by=by, at=at)
    table = programme.start_table(school, term, by=by, at=at + timedelta(hours=6))
    programme.add_activities(table, (*_care(staffed), *_clubs(staffed, templates, rooms)), by=by, at=at)
    return table


def _fits(template: Template, plan: Plan) -> bool:
    """A village school offers eight clubs, a special school those with small groups."""
    if template.place == "本班教室":
        return False
    pupils = plan.full
    if pupils < 150:
        return template.number in (4, 6, 12, 13, 17, 18, 19, 23, 28, 30, 34, 38)
    if pupils < 500:
        return template.number not in (8, 9, 16, 20, 24, 32, 36, 40)
    return True


def _care(staffed: Staffed) -> Iterator[ActivityFacts]:
    """Yield homework care in hour one and reading in hour two for every homeroom, in its own classroom."""
    junior = max(staffed.plan.classes) >= 7
    pairs = zip(staffed.leaders[2::2], staffed.leaders[3::2], strict=False)
    for homeroom, (first, second) in zip(staffed.homerooms, pairs, strict=False):
        lower = homeroom.grade <= 2
        homework = "作业静心屋" if lower else "自主作业" if junior and homeroom.grade >= 7 else "作业答疑站"
        for name, category, hour, leader in (
            (homework, "homework_help", 1, first),
            ("班级阅读角", "free_reading", 2, second),
        ):
            yield ActivityFacts(
                name=f"{name}·{homeroom}",
                category=category,
                kind="basic",
                grades=(homeroom.grade,),
                slots=dict.fromkeys(WEEK, hour),
                class_hours=1,
                capacity=40,
                minimum=1,
                aim="实践：当天书面作业在校完成" if hour == 1 else "视野：自己选书、安静地读",
                domains=("intellectual",) if hour == 1 else ("intellectual", "moral"),
                kit="自带当天作业" if hour == 1 else "班级图书角",
                in_homeroom=True,
                homeroom=homeroom,
                leader=leader,
                is_base_care=True,
            )


def _clubs(staffed: Staffed, templates: Iterable[Template], rooms: dict[str, Room]) -> Iterator[ActivityFacts]:
    """Yield the clubs; each leader is in one place at a time and within the weekly cap."""
    subject_teachers = [one for one in staffed.leaders if one.subject not in ("语文", "数学")]
    order = cycle(subject_teachers + staffed.leaders[:2])
    hours: dict[int, int] = defaultdict(int)
    busy: set[tuple[int, int]] = set()
    taken: set[tuple[str, int, int]] = set()
    named = [one for one in staffed.leaders[1:2] if one.name == "李舒"]
    small = staffed.plan.full < 150 or staffed.plan.kind == "special"
    for template in templates:
        weekdays = template.weekdays
        weight = template.class_hours * len(weekdays)
        candidates = (
            [*named] if template.number == PLANES and named else [next(order) for _ in range(len(subject_teachers) + 2)]
        )
        candidates = [*_from_outside(staffed, template), *candidates]
        first_hour = _free_hour(template, taken, late=template.number in SECOND_HOUR)
        leader = _free(candidates, weekdays, weight, hours, busy) if first_hour else None
        if leader is None or first_hour is None:
            continue
        capacity = min(template.capacity, rooms[template.place].capacity, _ratio(template.risk_class))
        yield ActivityFacts(
            name=template.name,
            category=template.category,
            kind=template.kind,
            grades=tuple(grade for grade in template.grades if grade in staffed.plan.classes),
            slots=dict.fromkeys(weekdays, first_hour),
            class_hours=template.class_hours,
            capacity=10 if small else capacity,
            minimum=4 if small else min(12, capacity // 2),
            aim=template.aim,
            domains=template.domains,
            room=rooms[template.place],
            leader=leader,
            risk_class=template.risk_class,
            kit=template.kit,
            week_of_month=template.week_of_month,
            one_team=template.name == TEAMS.get(staffed.plan.code),
        )


def _from_outside(staffed: Staffed, template: Template) -> list[StaffMember]:
    """Return who from outside is asked first for an activity: the heritage inheritor for prints, 彭守义 for his two."""
    if template.number == PRINTS:
        return staffed.externals[:1]
    retired = template.number in RETIRED
    return [one for one in staffed.externals[1:2] if retired and one.name == "彭守义"]


def _free_hour(template: Template, taken: set[tuple[str, int, int]], *, late: bool) -> int | None:
    """Return the class hour in which the room is free on all weekdays, and take it; some clubs come second."""
    for first in (2, 1) if late else (1, 2):
        last = first + template.class_hours - 1
        wanted = {(template.place, weekday, hour) for weekday in template.weekdays for hour in range(first, last + 1)}
        if last <= 2 and not wanted & taken:
            taken |= wanted
            return first
    return None


def _ratio(risk_class: str) -> int:
    """Return how many children one adult may lead (domain/06 §3.9)."""
    return {"A": 40, "B": 30, "C": 20, "D": 10}[risk_class]


def _free(
    candidates: Iterable[StaffMember],
    weekdays: tuple[int, ...],
    weight: int,
    hours: dict[int, int],
    busy: set[tuple[int, int]],
) -> StaffMember | None:
    for one in candidates:
        cap = min(WEEKLY_HOURS, one.weekly_cap)
        if hours[one.pk] + weight <= cap and not any((one.pk, weekday) in busy for weekday in weekdays):
            hours[one.pk] += weight
            busy.update((one.pk, weekday) for weekday in weekdays)
            return one
    return None
