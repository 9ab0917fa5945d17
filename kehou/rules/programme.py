"""The activity table as a whole: what it must offer, its balance, what changed between two versions of it.

Its rows are checked by `kehou.rules.timetable`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kehou.rules.timetable import Category, Domain, Draft, warnings_of_table
from kehou.rules.verdicts import Refusal, refuse

AIM_WORDS = ("兴趣", "特长", "视野", "实践")  # 2.3-e names what an activity may aim at
WEEKS = {1: "每月第一个", 2: "每月第二个", 3: "每月第三个", 4: "每月第四个"}

# How many children a classroom holds: the national limit of an ordinary class.
CLASSROOM_PRIMARY, CLASSROOM_JUNIOR = 45, 50


def classroom_holds(grade: int) -> int:
    """Return how many children a classroom of a grade holds."""
    return CLASSROOM_JUNIOR if grade >= 7 else CLASSROOM_PRIMARY


def tier_needed(first_hour: int, class_hours: int) -> int:
    """Return the least number of class hours a day that a child must choose to take part in the whole slot."""
    return first_hour + class_hours - 1


def refusals_of_offer(rows: Sequence[Draft], grades: Sequence[int]) -> tuple[Refusal, ...]:
    """Return why a table cannot be published as a whole: nothing in it, no basic for a grade, nothing featured."""
    if not rows:
        return (refuse("R-CONT-06", "table_empty"),)
    return tuple(one for one in warnings_of_table(rows, grades) if one.code == "R-CONT-02")


def domain_hours(rows: Iterable[Draft]) -> dict[str, int]:
    """Return the weekly class hours by domain; an activity of two domains counts for both (R-CONT-01)."""
    hours = {domain.value: 0 for domain in Domain}
    for row in rows:
        for domain in row.domains:
            hours[domain] += (row.hours or 0) * len(row.weekdays)
    return hours


def variety(rows: Iterable[Draft], grades: Iterable[int]) -> dict[int, dict[int, int]]:
    """Return the number of distinct categories by grade and ISO weekday (2.3-f)."""
    found: dict[int, dict[int, set[str]]] = {grade: {weekday: set() for weekday in range(1, 6)} for grade in grades}
    for row in rows:
        for grade in row.grades & found.keys():
            for weekday in row.weekdays & found[grade].keys():
                found[grade][weekday].add(row.category)
    return {grade: {weekday: len(kinds) for weekday, kinds in days.items()} for grade, days in found.items()}


# --- Published rows ---------------------------------------------------------------------------------------------------

COLUMNS = {
    "category": "类别",
    "kind": "基础或特色",
    "domains": "五育",
    "aim": "目标",
    "grades": "年级",
    "place": "地点",
    "leader": "带组人",
    "class_hours": "课时",
    "slots": "时间",
    "capacity": "人数上限",
    "minimum": "最少人数",
    "risk_class": "安全类别",
    "kit": "器材",
    "week_of_month": "频次",
}


@dataclass(frozen=True, slots=True)
class RowChange:
    """One activity between two versions: `new`, `gone`, or `changed` with the names of the columns."""

    name: str
    how: str
    columns: tuple[str, ...] = ()


def difference(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> tuple[RowChange, ...]:
    """Return what changed from one version of the rows to another, in the order of the new one, then what is gone."""
    old = {row["name"]: row for row in before}
    new = {row["name"]: row for row in after}
    found = []
    for name, row in new.items():
        if name not in old:
            found.append(RowChange(name, "new"))
        elif columns := tuple(label for key, label in COLUMNS.items() if row.get(key) != old[name].get(key)):
            found.append(RowChange(name, "changed", columns))
    return (*found, *(RowChange(name, "gone") for name in old if name not in new))


# What a family pays for and where its child is, and when: what was filed with it holds until the change is filed too.
FILED = {"slots": "时间", "week_of_month": "频次", "place": "地点", "class_hours": "课时（收费档次）", "grades": "年级"}


def beyond(filed: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> dict[str, Refusal]:
    """Return by name which activities go beyond the filed version of a table, each with the refusal (4-c, 2.7.2-g).

    New ones, and those whose time, place, price or grades differ. What is gone, what has fewer seats, other kit or
    another leader is filed too, but keeps nobody from coming: people are held back by the accepted roster (2.4-p).
    """
    old = {row["name"]: row for row in filed}
    found = {}
    for row in rows:
        name, known = row["name"], old.get(row["name"])
        if known is None:
            found[name] = refuse("R-GATE-00", "activity_not_filed", name=name)
        elif what := [label for key, label in FILED.items() if row.get(key) != known.get(key)]:
            found[name] = refuse("R-GATE-00", "change_not_filed", name=name, what="、".join(what))
    return found


# 语数外理化 (domain/03, P2-2): their teachers with their whole class on most days look like a lesson.
EXAM_SUBJECTS = ("语文", "数学", "英语", "外语", "物理", "化学")
PATTERN_DAYS = 3


def warning_of_class_pattern(name: str, *, own_classroom: bool, leader: str, subject: str, days: int) -> Refusal | None:
    """Return the warning that a group has the shape of a lesson (2.3-n, P2-2): a question to people, not a verdict.

    `own_classroom`: it meets in its classroom, as a whole class; `subject` is what the leader teaches; `days` a week.
    """
    if own_classroom and days >= PATTERN_DAYS and any(one in subject for one in EXAM_SUBJECTS):
        return refuse("R-PROH-02", "class_pattern", name=name, leader=leader, subject=subject, days=days)
    return None


GRADUATING = (6, 9)
TUTORING_PERCENT = 80


def tutoring_years(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the graduating grades that are offered hardly anything but tutoring (P2-5): a question, not a verdict.

    More than four class hours in five are 作业辅导, and fewer than two categories are offered at all.
    """
    found = []
    for grade in GRADUATING:
        own = [row for row in rows if grade in row["grades"]]
        hours = [(row["category"], row["class_hours"] * max(1, len(row["slots"]))) for row in own]
        whole = sum(count for _, count in hours)
        tutoring = sum(count for category, count in hours if category == Category.HOMEWORK_HELP)
        if whole and 100 * tutoring > TUTORING_PERCENT * whole and len({category for category, _ in hours}) < 2:
            found.append(grade)
    return found
