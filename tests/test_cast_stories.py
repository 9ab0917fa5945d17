"""What the cast's families want is theirs and not chance's; what a person's line tells can be found in the product."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from kehou.lib import demonstration
from kehou.rules.choice import Offer, Place
from seeds.choosing import Taste, choice_of
from seeds.incidents import LISTED_LATE
from seeds.schools import SIZES, TWELVE, plans_of
from seeds.term import ROBOTS

ROBOTS_DAYS = (2, 4)
GRADES = frozenset(range(4, 7))


def _offer(grade: int) -> Offer:
    places = [
        Place(10 * day + one, day, name, 1, 1, GRADES)
        for day in range(1, 6)
        for one, name in enumerate(("足球", "合唱"))
    ]
    places += [Place(100 + day, day, ROBOTS, 1, 2, GRADES) for day in ROBOTS_DAYS]
    return Offer(grade, dict.fromkeys(range(1, 6), 2), {one.id: one for one in places})


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("grade", [4, 5])
def test_both_children_of_chenxia_want_the_robots_first(seed: int, grade: int) -> None:
    family: Any = SimpleNamespace(guardian=SimpleNamespace(name="陈霞", phone="19900000001"), relation="母亲")
    pupil: Any = SimpleNamespace(homeroom=SimpleNamespace(grade=grade))
    taste = Taste(True, (1, 2, 3, 4, 5), 2, loves=ROBOTS)
    choice = choice_of(pupil, family, taste, _offer(grade), SimpleNamespace(), Random(seed))  # type: ignore[arg-type]
    days = {day.weekday: day for day in choice.days}
    for weekday in ROBOTS_DAYS:
        assert days[weekday].tiers[0] == (100 + weekday,)
        assert sorted(days[weekday].wishes) == sorted(set(days[weekday].wishes)), "nothing is wished for twice"
    assert all(100 + weekday not in days[weekday].wishes for weekday in (1, 3, 5))


def test_a_loved_club_that_ends_too_late_or_is_for_others_changes_nothing() -> None:
    family: Any = SimpleNamespace(guardian=SimpleNamespace(name="陈霞", phone="19900000001"), relation="母亲")
    pupil: Any = SimpleNamespace(homeroom=SimpleNamespace(grade=5))
    plain, short = (
        choice_of(pupil, family, Taste(True, (2, 4), 1, loves=loves), _offer(5), SimpleNamespace(), Random(3))  # type: ignore[arg-type]
        for loves in ("", ROBOTS)
    )
    assert plain.days == short.days


def test_the_hill_school_has_two_teaching_points_at_every_size() -> None:
    for size in SIZES.values():
        plan = next(plan for plan, _ in plans_of(size) if plan.code == demonstration.ZHUHAI)
        assert {plan.site(grade) for grade in plan.classes} == {"中心校", "竹丰教学点", "百里教学点"}
    assert {plan.site(1) for plan in TWELVE if plan.code != demonstration.ZHUHAI} == {""}


def test_the_cashier_who_pays_back_sits_where_too_much_was_charged() -> None:
    luoping = demonstration.persona("luoping")
    assert luoping.role == "cashier" and luoping.school in LISTED_LATE
    assert luoping.school in {plan.code for plan, _ in plans_of(SIZES["S"])}


@pytest.mark.parametrize("key", ["zhaoxin", "songwei", "qinchuan"])
def test_a_story_that_a_later_part_will_tell_says_so(key: str) -> None:
    assert "随督导部分启用" in demonstration.persona(key).line
