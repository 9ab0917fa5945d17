"""The groups of children whose outcome in a draw is counted, never listed: whom the policy names, and staff's own.

Clauses 2.1-f…j; staff's children have no bonus, and their outcome stands beside that of the others (domain/09 row 10).
A group is told only if neither it nor the rest is small (2.1-k).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

STAFF = "staff"
# In the order of the bits of `allocation.Student.groups`, which the seal of a draw covers: new ones go to the end.
GROUPS: dict[str, str] = {
    "left_behind": "留守儿童",
    "migrant_child": "进城务工人员随迁子女",
    "poverty_relief_household": "农村脱贫户家庭儿童",
    "dibao_family": "低保家庭儿童",
    "lower_grade": "中低年级学生",
    STAFF: "本校教职工子女",
}
ORDER = tuple(GROUPS)
COUNTS = ("requests", "first", "placed")


def mask_of(categories: Collection[str], *, lower: bool, staff: bool) -> int:
    """Return the bit mask of a child's groups."""
    mine = {*categories, *(["lower_grade"] if lower else []), *([STAFF] if staff else [])}
    return sum(1 << bit for bit, group in enumerate(ORDER) if group in mine)


def told(
    counts: Mapping[int, Mapping[str, int]], pupils: Mapping[int, int], *, every: int, least: int
) -> dict[str, dict[str, int]]:
    """Return the counts by group of those that may be told: `pupils` by bit, `every` pupil of the draw."""
    return {
        ORDER[bit]: {name: there[name] for name in COUNTS}
        for bit, there in sorted(counts.items())
        if bit < len(ORDER) and pupils[bit] >= least and every - pupils[bit] >= least
    }


def beside_the_others(stats: Mapping[str, Any], group: str = STAFF) -> tuple[dict[str, int], dict[str, int]] | None:
    """Return the counts of a group and of everybody else from the `stats` of a draw; None if it may not be told."""
    mine = stats.get("groups", {}).get(group)
    if not mine:
        return None
    return mine, {name: stats["all"][name] - mine[name] for name in COUNTS}


def by_group(stats: Iterable[Mapping[str, Any]]) -> list[tuple[str, dict[str, int], dict[str, int]]]:
    """Return (group, its counts, those of everybody else at the same schools), summed over draws that tell of it."""
    mine: dict[str, Counter[str]] = {group: Counter() for group in ORDER}
    others: dict[str, Counter[str]] = {group: Counter() for group in ORDER}
    for one in stats:
        for group in one.get("groups", {}):
            if pair := beside_the_others(one, group):
                mine[group].update(pair[0])
                others[group].update(pair[1])
    return [(GROUPS[group], dict(mine[group]), dict(others[group])) for group in ORDER if mine[group]]
