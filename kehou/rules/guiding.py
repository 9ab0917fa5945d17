"""指导学生选择: what a teacher may suggest to a family, on which grounds; the family decides (2.7.3-d, e; R-VOL-04).

Groups are told apart by what a child needs, never by how good it is (R-GRP-02): no ground speaks of marks or behaviour.
"""

from __future__ import annotations

from kehou.rules.labels import Labelled
from kehou.rules.timetable import ActivityKind, Category
from kehou.rules.verdicts import Refusal, refuse


class Need(Labelled):
    """分类编组: what a group is for."""

    HOMEWORK = "homework", "作业与帮扶"
    READING = "reading", "阅读"
    EXTENSION = "extension", "拓展与实践"
    INTEREST = "interest", "兴趣"


def need_of(category: str, kind: str) -> Need:
    """Return what an activity is for, by its category; a basic one that is neither homework nor reading widens."""
    if category == Category.HOMEWORK_HELP:
        return Need.HOMEWORK
    if category == Category.FREE_READING:
        return Need.READING
    practice = {Category.LABOUR_EXPERIENCE, Category.POPULAR_SCIENCE, Category.SAFETY_DRILL}
    return Need.EXTENSION if category in practice or kind == ActivityKind.BASIC else Need.INTEREST


# The closed list of grounds. None of them ranks a child.
GROUNDS: dict[str, str] = {
    "interest": "孩子平时对这方面有兴趣",
    "homework_help": "孩子完成作业需要答疑或小组帮扶",
    "reading": "孩子需要安静的阅读时间",
    "grade_fit": "这项活动更适合孩子的年级",
    "health": "身体条件更适合这项活动",
    "time": "时间与接送更合适",
    "crowded": "原来选的报名人数多，可以多一个选择",
}


class SuggestionState(Labelled):
    """A suggestion of a teacher to a family."""

    OPEN = "open", "等家长答复"
    ACCEPTED = "accepted", "家长愿意考虑"
    DECLINED = "declined", "家长不采纳"
    WITHDRAWN = "withdrawn", "老师已撤回"


OPEN_CHOICES = ("submitted", "returned", "reviewed")  # a choice that the family can still change


def refusal_to_suggest(
    *, joins: bool, state: str, is_open: bool, ground: str, offered: bool, wished: bool, asked: bool
) -> Refusal | None:
    """Return why a teacher may not suggest a group to a family (R-VOL-04, R-GRP-02).

    `offered`: the group is open to the child's grade in this registration; `wished`: the family has chosen it;
    `asked`: the same suggestion waits already.
    """
    checks = (
        (not joins, "R-VOL-04", "refusers_are_left_alone"),
        (state not in OPEN_CHOICES or not is_open, "R-VOL-04", "choice_is_closed"),
        (ground not in GROUNDS, "R-GRP-02", "ground_not_on_the_list"),
        (not offered, "R-VOL-04", "not_open_to_the_child"),
        (wished, "R-VOL-04", "chosen_already"),
        (asked, "R-VOL-04", "suggested_already"),
    )
    return next((refuse(code, why) for wrong, code, why in checks if wrong), None)
