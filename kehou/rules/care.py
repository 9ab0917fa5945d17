"""Whom the policy protects: the categories of children with a guaranteed place, a waiver, or both.

Clauses 2.1-f…j (留守、随迁、脱贫户、低保、中低年级等群体) and 2.6.1-j; domain/05 C6: the two that the policy
names are locked, the list is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kehou.rules.verdicts import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Category:
    """One ground. `waiver_key` names its row in the parameter `waiver.table` (percent), empty without a waiver."""

    title: str
    guaranteed: bool
    waiver_key: str = ""
    clause: str = "2.1-j"


CATEGORIES: dict[str, Category] = {
    "left_behind": Category("留守儿童", True, "", "2.1-f"),
    "migrant_child": Category("进城务工人员随迁子女", True, "", "2.1-g"),
    "poverty_relief_household": Category("农村脱贫户", True, "poverty_relief_household", "2.1-h"),
    "dibao_family": Category("低保家庭", True, "dibao_family", "2.1-h"),
    "relapse_monitored": Category("防止返贫监测对象", True, "relapse_monitored"),
    "extreme_hardship": Category("特困供养", True, "extreme_hardship"),
    "orphan": Category("孤儿", True, "orphan"),
    "unsupported_child": Category("事实无人抚养儿童", True, "unsupported_child"),
    "disabled_pupil": Category("残疾学生", True, "disabled_pupil"),
    "martyr_child": Category("烈士子女", True, "martyr_child"),
    "both_parents_work": Category("双职工家庭", False),
}


# What the policy names (parameter `prio.categories` as we ship it): other words there are the district's own.
NAMED = ("留守儿童", "进城务工人员随迁子女", "农村脱贫户家庭儿童", "低保家庭儿童", "中低年级学生")


def added_categories(named: Iterable[str]) -> tuple[str, ...]:
    """Return the groups that the district added to the list by `prio.categories` and that we do not know (2.1-j)."""
    known = {*NAMED, *(one.title for one in CATEGORIES.values())}
    return tuple(title for title in named if title not in known)


def title_of(category: str) -> str:
    """Return what a category is called; one that the district added is called as it is kept."""
    return CATEGORIES[category].title if category in CATEGORIES else category


def is_guaranteed(
    categories: Iterable[str], *, grade: int, guaranteed_grades: Iterable[int], named: Iterable[str] = ()
) -> bool:
    """Return whether a child is guaranteed a place in the service (R-PRIO-01, R-PRIO-02).

    `named` is `prio.categories` on the day: what the district added counts as what the policy names (R-PRIO-03).
    """
    more = set(named)
    return grade in set(guaranteed_grades) or any(
        category in more or (category in CATEGORIES and _counts(CATEGORIES[category], more)) for category in categories
    )


def _counts(category: Category, more: set[str]) -> bool:
    return category.guaranteed or category.title in more


def waiver_percent(categories: Iterable[str], table: dict[str, int]) -> int:
    """Return the largest percentage of the `waiver.table` among the categories, 0 without one (2.6.1-j)."""
    keys = (CATEGORIES[category].waiver_key for category in categories if category in CATEGORIES)
    return max((table.get(key, 0) for key in keys if key), default=0)


# What families are told of the waiver, by `waiver.source`.
WAIVER_WORDS = {
    "aid_list": "农村脱贫户和低保家庭等按学校核定的名单直接减免，不需要您提交证明。",
    "family_proof": "农村脱贫户和低保家庭等凭证明减免，请把证明交给学校资助专员；别人看不到。",
}


def refusal_of_list(source: str) -> Refusal | None:
    """Return why a whole list may not be taken: the district decided that families bring a proof (waiver.source)."""
    return refuse("R-WAIV-02", "list_is_not_the_ground") if source == "family_proof" else None
