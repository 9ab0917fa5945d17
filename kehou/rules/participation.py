"""Parents' representatives take part all the way (2.5-q): six points of a semester, each with evidence (R-PC-02)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kehou.rules.labels import Labelled
from kehou.rules.verdicts import Refusal, refuse


class Point(Labelled):
    """Where representatives take part in the course of a semester."""

    SURVEY = "survey", "意向调查"
    PLAN = "plan", "研讨方案"
    CHOICE = "choice", "选课与统筹"
    PATROL = "patrol", "巡查"
    MONEY = "money", "经费公示"
    EVALUATION = "evaluation", "评价"


# What a representative does at each point, so that nobody has to ask.
TASKS = {
    Point.SURVEY: "看问卷、帮着提醒和回收，看汇总",
    Point.PLAN: "研讨方案，纪要签名",
    Point.CHOICE: "看报名办法，见证摇号",
    Point.PATROL: "随机看课堂、离校和场地",
    Point.MONEY: "核对公示的收支",
    Point.EVALUATION: "参加学期评价，提改进意见",
}


def refusals_of_participation(
    *, held_on: date, today: date, words: str, invited: int, strangers: Iterable[str] = ()
) -> list[Refusal]:
    """Return why a record of taking part is not kept: a day to come, nothing said, nobody, or no member on that day."""
    names = "、".join(strangers)
    return [
        no
        for no in (
            refuse("R-PC-02", "day_to_come") if held_on > today else None,
            None if words.strip() else refuse("R-PC-02", "without_words"),
            None if invited else refuse("R-PC-02", "nobody_took_part"),
            refuse("R-PC-02", "not_a_member", names=names) if names else None,
        )
        if no is not None
    ]


def points_without(evidence: Iterable[Point]) -> tuple[Point, ...]:
    """Return the points for which there is no evidence yet, in the order of the semester."""
    known = set(evidence)
    return tuple(point for point in Point if point not in known)


def warning_of_points(evidence: Iterable[Point]) -> Refusal | None:
    """Return that points are still without evidence (R-PC-02), None when all six have some."""
    missing = points_without(evidence)
    return (
        refuse("R-PC-02", "points_without_evidence", points="、".join(one.label for one in missing))
        if missing
        else None
    )
