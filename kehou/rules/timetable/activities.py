"""One row of the activity table (内容项目表): every problem at once, each tied to the field that mends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time

from kehou.rules.calendar import weekday_name
from kehou.rules.labels import Labelled
from kehou.rules.parameters import Parameters
from kehou.rules.spans import ClockSpan, later
from kehou.rules.staffing import refusal_of_few_adults
from kehou.rules.timetable.bookings import EVERY_WEEK, Booking, refusal_to_assign, refusal_to_book_room
from kehou.rules.timetable.hours import (
    length_of,
    minutes_of_class_hour,
    refusal_of_length,
    refusal_to_end,
    refusal_to_meet_on_weekday,
    refusal_to_start,
)
from kehou.rules.verdicts import Refusal, refuse


class Category(Labelled):
    """The ten contents that the policy names, and the eleventh that needs a written reason (R-CONT-05)."""

    HOMEWORK_HELP = "homework_help", "作业辅导"
    FREE_READING = "free_reading", "自主阅读"
    ARTS_SPORTS = "arts_sports", "文体"
    POPULAR_SCIENCE = "popular_science", "科普"
    CLUB = "club", "社团"
    INTEREST_GROUP = "interest_group", "兴趣小组"
    LABOUR_EXPERIENCE = "labour_experience", "劳动体验"
    SAFETY_DRILL = "safety_drill", "安全演练"
    PUBLIC_LECTURE = "public_lecture", "公益讲座"
    LAW_EDUCATION = "law_education", "法治宣传"
    OTHER = "other", "其他"


class ActivityKind(Labelled):
    """基础+特色."""

    BASIC = "basic", "基础"
    FEATURED = "featured", "特色"


class Domain(Labelled):
    """五育."""

    MORAL = "moral", "德"
    INTELLECTUAL = "intellectual", "智"
    PHYSICAL = "physical", "体"
    AESTHETIC = "aesthetic", "美"
    LABOUR = "labour", "劳"


@dataclass(frozen=True, slots=True)
class Place:
    """A room as the row needs to know it. Several groups may use a `shared` one at once (本班教室, 操场).

    `closed` says why it may not be booked at all (R-SAFE-05, R-VEN-01), `weekdays` when it may be used; empty: always.
    """

    code: str
    name: str
    holds: int
    shared: bool = False
    closed: Refusal | None = None
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Draft:
    """A row as far as it is typed: None or empty is not typed yet. Field names are those of the form.

    The row begins in class hour `first_hour`, or at the clock time `starts` where one is typed; it ends after `hours`
    whole class hours, or at `ends` where that is typed.
    """

    name: str = ""
    category: str = ""
    category_reason: str = ""
    kind: str = ""
    domains: frozenset[str] = frozenset()
    aim: str = ""
    grades: frozenset[int] = frozenset()
    room: str | None = None
    leaders: tuple[str, ...] = ()
    weekdays: frozenset[int] = frozenset()
    weeks: frozenset[int] = EVERY_WEEK
    first_hour: int | None = 1
    starts: time | None = None
    hours: int | None = None
    ends: time | None = None
    capacity: int | None = None
    minimum: int | None = None
    risk: str = ""
    adults: int | None = None
    kit: str = ""
    off_campus: bool = False
    off_campus_approved: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What the row is checked against.

    `dismissals` by (grade, ISO weekday): the latest of the seasons that the table covers. `bookings` are those of all
    other rows, of lessons and of duties. `unfit` says of a leader why he may not be scheduled at all (R-FILE-…).
    `end_limit` is an approved exception to 18:30.
    """

    parameters: Parameters
    dismissals: Mapping[tuple[int, int], time] = field(default_factory=dict)
    rooms: Mapping[str, Place] = field(default_factory=dict)
    bookings: Sequence[Booking] = ()
    leader_names: Mapping[str, str] = field(default_factory=dict)
    unfit: Mapping[str, Refusal] = field(default_factory=dict)
    end_limit: time | None = None

    @property
    def limit(self) -> time:
        """Return the latest end that is allowed."""
        return self.end_limit or self.parameters.time.max_end


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal and the form field beside which it is shown."""

    field: str
    refusal: Refusal


def start_of(draft: Draft, weekday: int, context: Context) -> time | None:
    """Return when a row begins: as typed, or in the class hour of its latest-dismissed grade; None if not known."""
    if draft.starts is not None or not draft.first_hour:
        return draft.starts
    dismissals = [context.dismissals.get((grade, weekday)) for grade in draft.grades]
    latest = max((one for one in dismissals if one is not None), default=None)
    if latest is None:
        return None
    slot = context.parameters.slot
    hour = minutes_of_class_hour(context.parameters, min(draft.grades)) + slot.break_minutes
    return later(latest, slot.gap_after_dismissal_minutes + (draft.first_hour - 1) * hour)


def span_of(draft: Draft, weekday: int, context: Context) -> ClockSpan | None:
    """Return the minutes of a row on a weekday, None while they are not known or run past midnight."""
    start = start_of(draft, weekday, context)
    if start is None or (draft.ends is None and not draft.hours):
        return None
    length = length_of(draft.hours or 0, context.parameters, min(draft.grades, default=None))
    end = draft.ends if draft.ends is not None else later(start, length)
    return ClockSpan(start, end) if end is not None and start < end else None


def bookings_of(draft: Draft, context: Context) -> tuple[Booking, ...]:
    """Return the weekly bookings of a row, one for each weekday; none while its times are not known."""
    return tuple(
        Booking(draft.name, weekday, span, draft.room, frozenset(draft.leaders), draft.weeks)
        for weekday in sorted(draft.weekdays)
        if (span := span_of(draft, weekday, context))
    )


def refusals_to_plan_activity(draft: Draft, context: Context) -> tuple[Problem, ...]:
    """Return every problem of what is typed so far; what is not typed yet is not a problem while typing."""
    return tuple(problem for check in CHECKS for problem in check(draft, context))


def refusals_to_publish_activity(draft: Draft, context: Context) -> tuple[Problem, ...]:
    """Return every problem of a row that is to be published: also what is missing (R-CONT-06)."""
    return (*missing_in(draft), *refusals_to_plan_activity(draft, context))


REQUIRED = {
    "name": "名称",
    "category": "内容类别",
    "kind": "基础或特色",
    "domains": "五育",
    "grades": "年级",
    "room": "地点",
    "leaders": "带组人",
    "weekdays": "星期",
    "hours": "课时",
    "capacity": "人数上限",
    "minimum": "最少人数",
    "risk": "安全类别",
    "kit": "器材（没有就写“无”）",
}


def missing_in(draft: Draft) -> tuple[Problem, ...]:
    """Return the required columns that are empty (R-CONT-06), and the missing aim (R-CONT-03)."""
    found = [
        Problem(name, refuse("R-CONT-06", "column_empty", column=label))
        for name, label in REQUIRED.items()
        if getattr(draft, name) in (None, "", (), frozenset())
    ]
    if draft.starts is None and draft.first_hour is None:
        found.append(Problem("first_hour", refuse("R-CONT-06", "column_empty", column="从第几课时开始")))
    if not draft.aim.strip():
        found.append(Problem("aim", refuse("R-CONT-03", "aim_empty")))
    return tuple(found)


def _content(draft: Draft, context: Context) -> list[Problem]:
    if draft.category and draft.category not in {one.value for one in Category}:
        return [Problem("category", refuse("R-CONT-05", "category_unknown", given=draft.category))]
    if draft.category == Category.OTHER and not draft.category_reason.strip():
        return [Problem("category_reason", refuse("R-CONT-05", "other_without_reason"))]
    return []


def _time(draft: Draft, context: Context) -> list[Problem]:
    found = [Problem("weekdays", no) for day in sorted(draft.weekdays) if (no := refusal_to_meet_on_weekday(day))]
    most = context.parameters.slot.max_per_day
    for name, value in (("hours", draft.hours), ("first_hour", draft.first_hour)):
        if value is not None and not 1 <= value <= most:
            found.append(Problem(name, refuse("R-TIME-06", "not_whole_class_hours", hours=value, most=most)))
    if found:
        return found
    if draft.starts is not None and draft.ends is not None:
        no = refusal_of_length(draft.starts, draft.ends, context.parameters, min(draft.grades, default=None))
        found += [Problem("ends", no)] if no else []
    return found + _dismissals(draft, context) + _ends(draft, context)


def _dismissals(draft: Draft, context: Context) -> list[Problem]:
    """Return one problem for each grade and weekday that is still in class, or whose dismissal nobody has stated."""
    found = []
    for weekday in sorted(draft.weekdays):
        for grade in sorted(draft.grades):
            dismissal = context.dismissals.get((grade, weekday))
            if dismissal is None:
                no = refuse("R-TIME-02", "dismissal_unknown", grade=grade, weekday=weekday_name(weekday))
                found.append(Problem("grades", no))
            elif draft.starts and (early := refusal_to_start(draft.starts, dismissal, grade=grade, weekday=weekday)):
                found.append(Problem("starts", early))
    return found


def _ends(draft: Draft, context: Context) -> list[Problem]:
    """Return one problem for each different end after the limit."""
    where = "ends" if draft.ends else "hours"
    found: list[Problem] = []
    for weekday in sorted(draft.weekdays) or [1]:
        start = start_of(draft, weekday, context)
        if start is None or (draft.ends is None and not draft.hours):
            continue
        length = length_of(draft.hours or 0, context.parameters, min(draft.grades, default=None))
        no = refusal_to_end(draft.ends or later(start, length), context.limit)
        if no and all(problem.refusal != no for problem in found):
            found.append(Problem(where, no))
    return found


def _place(draft: Draft, context: Context) -> list[Problem]:
    found = []
    if draft.off_campus and not draft.off_campus_approved:
        found.append(Problem("off_campus", refuse("R-VEN-01", "off_campus_not_approved")))
    if draft.off_campus and draft.risk not in ("", "D"):
        found.append(Problem("risk", refuse("R-SAFE-04", "off_campus_is_class_d", risk=draft.risk)))
    room = context.rooms.get(draft.room or "")
    if room is None:
        return [*found, Problem("room", refuse("R-VEN-02", "no_such_room", room=draft.room))] if draft.room else found
    if room.closed:
        found.append(Problem("room", room.closed))
    if room.weekdays and (shut := sorted(draft.weekdays - room.weekdays)):
        days = "、".join(weekday_name(day) for day in shut)
        found.append(Problem("room", refuse("R-VEN-02", "room_closed_that_day", room=room.name, weekday=days)))
    if draft.capacity is not None and draft.capacity > room.holds:
        no = refuse("R-GRP-01", "more_than_room_holds", capacity=draft.capacity, room=room.name, holds=room.holds)
        found.append(Problem("capacity", no))
    if not room.shared:
        clashes = (refusal_to_book_room(one, context.bookings, room.name) for one in bookings_of(draft, context))
        found += [Problem("room", clash) for clash in clashes if clash]
    return found


def _people(draft: Draft, context: Context) -> list[Problem]:
    found = []
    for leader in draft.leaders:
        if leader in context.unfit:
            found.append(Problem("leaders", context.unfit[leader]))
        name = context.leader_names.get(leader, leader)
        clashes = (refusal_to_assign(leader, one, context.bookings, name) for one in bookings_of(draft, context))
        found += [Problem("leaders", clash) for clash in clashes if clash]
    return found


def _named_twice(draft: Draft, context: Context) -> list[Problem]:
    """Return who is named as leader and as second adult, or twice (R-SAFE-04)."""
    twice = sorted({one for one in draft.leaders if draft.leaders.count(one) > 1})
    names = (context.leader_names.get(one, one) for one in twice)
    return [Problem("adults", refuse("R-SAFE-04", "adult_named_twice", name=name)) for name in names]


def _size(draft: Draft, context: Context) -> list[Problem]:
    found = []
    most = context.parameters.group.max
    if draft.capacity is not None:
        if draft.capacity < 1:
            found.append(Problem("capacity", refuse("R-GRP-01", "nobody_fits", capacity=draft.capacity)))
        elif most and draft.capacity > most:
            found.append(Problem("capacity", refuse("R-GRP-01", "more_than_group", capacity=draft.capacity, most=most)))
        if draft.minimum is not None and not 0 < draft.minimum <= draft.capacity:
            no = refuse("R-GRP-01", "minimum_above_capacity", minimum=draft.minimum, capacity=draft.capacity)
            found.append(Problem("minimum", no))
    by_risk = context.parameters.ratio.by_risk
    if draft.risk and draft.risk not in by_risk:
        found.append(Problem("risk", refuse("R-SAFE-04", "no_such_class", risk=draft.risk)))
    elif draft.risk and draft.capacity and draft.capacity > 0:
        named = len(set(draft.leaders))  # one adult named twice is one pair of eyes
        adults = draft.adults if draft.adults is not None else max(1, named)
        few = refusal_of_few_adults(pupils=draft.capacity, adults=adults, risk=draft.risk, by_risk=by_risk)
        if few is None and draft.risk == "D" and adults < 2:
            few = refuse("R-SAFE-04", "risk_needs_two", risk=draft.risk)
        found += [Problem("adults", few)] if few else []
    return found


CHECKS: tuple[Callable[[Draft, Context], list[Problem]], ...] = (_content, _time, _place, _people, _named_twice, _size)


def warning_of_small_group(capacity: int, parameters: Parameters) -> Refusal | None:
    """Return the warning that a group is smaller than usual; small schools may (domain/04 row 17)."""
    usual = parameters.group.min
    return refuse("R-GRP-01", "smaller_than_usual", capacity=capacity, usual=usual) if 0 < capacity < usual else None
