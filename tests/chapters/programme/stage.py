"""Rows that nothing speaks against, to be changed by one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from kehou.chapters.programme import actions as programme
from tests.world import Place, moment

AT: datetime = moment(10, 0, on=moment().date().replace(month=8, day=28))


def row(place: Place, **changes: Any) -> programme.ActivityFacts:
    """Return a lawful row at a place: a science group on Mondays and Wednesdays in the first class hour."""
    facts = programme.ActivityFacts(
        name="科学小实验",
        category="popular_science",
        kind="featured",
        grades=(3, 4),
        slots={1: 1, 3: 1},
        class_hours=1,
        capacity=20,
        minimum=8,
        aim="培养对科学的兴趣，锻炼实践能力",
        domains=("intellectual",),
        room=place.rooms["F-03"],
        leader=place.staff["teacher"],
        risk_class="C",
        kit="烧杯、放大镜",
    )
    return replace(facts, **changes)


def homework(place: Place, grades: tuple[int, ...] = (1, 2, 3, 4, 5, 6), **changes: Any) -> programme.ActivityFacts:
    """Return a lawful basic row for all grades, so that a table can be published."""
    facts = row(
        place,
        name="作业静心屋",
        category="homework_help",
        kind="basic",
        grades=grades,
        slots=dict.fromkeys(range(1, 6), 1),
        capacity=40,
        domains=("moral", "intellectual", "physical", "aesthetic", "labour"),
        room=None,
        in_homeroom=True,
        leader=place.staff["homeroom_teacher"],
        risk_class="A",
        kit="无",
        is_base_care=True,
    )
    return replace(facts, **changes)
