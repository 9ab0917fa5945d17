"""自愿报名: what a teacher offers for a term, what stands against it, and who fits an activity best.

Serving is voluntary for teachers too (2.4-c): both answers weigh the same, nothing is answered beforehand, and silence
is no. Skills stand apart from the teaching subject (2.4-d): no function here is even given the subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from kehou.rules.calendar import weekday_name
from kehou.rules.spans import ClockSpan
from kehou.rules.verdicts import Refusal, refuse
from kehou.rules.wall import hour_in_words

ANSWERS = {"yes": "参加", "no": "不参加"}
SCHOOL_WEEK = range(1, 6)
# Offered to tick; what is missing is typed beside it. Hobbies as much as what somebody was trained in.
SKILLS = (
    "书法", "绘画", "剪纸", "年画", "竹编", "手工", "合唱", "器乐", "竹笛", "舞蹈", "戏曲", "朗诵", "篮球", "足球",
    "乒乓球", "羽毛球", "跳绳", "武术", "田径", "棋类", "科学实验", "编程", "机器人", "航模", "园艺", "烹饪", "木工",
    "摄影", "阅读指导", "作业辅导", "心理", "急救", "法治宣传",
)  # fmt: skip
MOST_SKILLS = 12
COMMITMENTS = {"lesson": "教学课", "duty": "校内值守", "leave": "请假"}


@dataclass(frozen=True, slots=True)
class StaffOffer:
    """What somebody answers for a term. `days` gives each ISO weekday the class hours of that afternoon."""

    joins: bool | None = None
    days: Mapping[int, int] = field(default_factory=dict)
    weekly_cap: int | None = None
    skills: tuple[str, ...] = ()
    wishes: str = ""
    leads: str = ""


@dataclass(frozen=True, slots=True)
class Busy:
    """When somebody is bound every week: a lesson, a duty of their own."""

    weekday: int
    span: ClockSpan
    what: str


def refusals_of_offer(offer: StaffOffer, *, daily: int, weekly: int) -> tuple[Refusal, ...]:
    """Return what is missing or too much in an answer (R-STAF-05, R-STAF-04); somebody who says no owes nothing else.

    `daily` and `weekly` are the class hours that nobody may exceed.
    """
    if offer.joins is None:
        return (refuse("R-STAF-05", "not_answered"),)
    if not offer.joins:
        return ()
    found = []
    if not offer.days:
        found.append(refuse("R-STAF-05", "no_day_chosen"))
    for weekday, hours in sorted(offer.days.items()):
        if weekday not in SCHOOL_WEEK or not 1 <= hours <= daily:
            found.append(refuse("R-STAF-04", "too_many_a_day", weekday=weekday_name(weekday), most=daily))
    if offer.weekly_cap is None:
        found.append(refuse("R-STAF-04", "cap_missing"))
    elif not 1 <= offer.weekly_cap <= weekly:
        found.append(refuse("R-STAF-04", "cap_above_limit", most=weekly))
    if len(offer.skills) > MOST_SKILLS:
        found.append(refuse("R-STAF-06", "too_many_skills", most=MOST_SKILLS))
    return tuple(found)


def warning_of_long_week(offer: StaffOffer, *, warn_from: int) -> Refusal | None:
    """Return the warning that somebody offers so much that their own work may suffer (R-STAF-04)."""
    if offer.joins and offer.weekly_cap is not None and offer.weekly_cap > warn_from:
        return refuse("R-STAF-04", "long_week", hours=offer.weekly_cap, usual=warn_from)
    return None


def refusals_of_clash(
    days: Mapping[int, int], afternoons: Mapping[int, Sequence[ClockSpan]], busy: Iterable[Busy]
) -> tuple[Refusal, ...]:
    """Return for each weekday why the class hours offered cannot all be given: own work comes first (R-STAF-03).

    `afternoons` are the class hours of the service by ISO weekday. One refusal a weekday, naming what stands there.
    """
    bound = list(busy)
    found = []
    for weekday, hours in sorted(days.items()):
        spans = afternoons.get(weekday, ())
        in_the_way = [one for one in bound if one.weekday == weekday and any(one.span.overlaps(span) for span in spans)]
        free = sum(not any(one.span.overlaps(span) for one in in_the_way) for span in spans)
        if in_the_way and hours > free:
            first = in_the_way[0]
            found.append(
                refuse(
                    "R-STAF-03",
                    "own_work",
                    weekday=weekday_name(weekday),
                    span=str(first.span),
                    what=first.what,
                    free=free,
                )
            )
    return tuple(found)


def refusal_of_window(opens_at: datetime, closes_at: datetime, *, least_days: int) -> Refusal | None:
    """Return why a window cannot be opened: fewer whole days than the district asks for (R-STAF-05)."""
    if (closes_at - opens_at).days >= least_days:
        return None
    return refuse("R-STAF-05", "window_too_short", days=least_days)


def refusal_to_answer(
    *, opens_at: datetime | None, closes_at: datetime | None, closed_at: datetime | None, at: datetime
) -> Refusal | None:
    """Return why nobody can answer at an instant; after the window a change is asked for (R-STAF-05)."""
    if opens_at is None or closes_at is None:
        return refuse("R-STAF-05", "no_window")
    if at < opens_at:
        return refuse("R-STAF-05", "not_open_yet", opens=hour_in_words(opens_at))
    if closed_at is not None or at >= closes_at:
        return refuse("R-STAF-05", "window_closed")
    return None


def refusal_to_decline(joins: bool) -> Refusal | None:
    """Return why a wish to change may not be declined: who wants to stop is let go (R-STAF-05)."""
    return None if joins else refuse("R-STAF-05", "leaving_is_free")


def refusal_to_plan(name: str, *, window: bool, joins: bool | None) -> Refusal | None:
    """Return why somebody may not be given a group: where teachers were asked, only who said yes serves (R-STAF-05)."""
    if not window or joins:
        return None
    return refuse("R-STAF-05", "has_not_offered", name=name)


def refusal_of_leave(name: str, on: date, leaves: Iterable[tuple[date, date]]) -> Refusal | None:
    """Return why somebody cannot be there that day (R-STAF-03); a leave is (first day, first day after it)."""
    for start, end in leaves:
        if start <= on < end:
            return refuse("R-STAF-03", "on_leave", name=name, day=f"{on.month}月{on.day}日")
    return None


# --- Who fits best ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Willing:
    """Somebody who offered, as the planner sees them; `left` are the class hours of the week still to give."""

    key: int
    name: str
    days: Mapping[int, int]
    skills: tuple[str, ...]
    leads: str
    left: int


@dataclass(frozen=True, slots=True)
class Match:
    """A suggestion: which skill speaks for somebody, and whether they offered every weekday wanted."""

    key: int
    name: str
    skills: tuple[str, ...]
    all_days: bool
    left: int


def suggestions(
    people: Iterable[Willing], *, words: str, weekdays: Iterable[int], hours: int, most: int = 5
) -> tuple[Match, ...]:
    """Return who should be asked first (R-STAF-06): who has the skill and offered the days, then who has the skill.

    `words` are the activity's name, aim and category. The teaching subject is not asked: nobody is tied to it.
    """
    wanted = sorted(set(weekdays))
    found = []
    for one in people:
        fitting = tuple(skill for skill in one.skills if skill and skill in words)
        if not fitting and not (one.leads and one.leads in words):
            continue
        free = all(one.days.get(day, 0) > 0 for day in wanted)
        if one.left >= hours * len(wanted) and any(one.days.get(day) for day in wanted or one.days):
            found.append(Match(one.key, one.name, fitting or (one.leads,), free, one.left))
    return tuple(
        sorted(found, key=lambda match: (not match.all_days, -len(match.skills), -match.left, match.key))[:most]
    )
