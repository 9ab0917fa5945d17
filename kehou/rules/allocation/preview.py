"""What a rule would do: many rehearsals with throw-away seeds, told as medians and ranges, never as anyone's result."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kehou.rules.allocation.engine import allocate
from kehou.rules.allocation.lottery import numbers
from kehou.rules.allocation.model import Round, Rules
from kehou.rules.allocation.outcome import Outcome

COUNTED = ("requests", "placed", "first", "unlisted", "nothing")


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the median and the greatest of a count over all rehearsals."""

    low: int
    median: int
    high: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """For each rule the spreads of COUNTED for each set of pupils: "all", "grade:3", "guaranteed", "others", "group:0",
    and "beside:0" for all who are not of the group. `pupils` counts the pupils of each set.

    The set "all" also has `closed`: how many sections closed for want of pupils.
    """

    draws: int
    pupils: Mapping[str, int]
    a: Mapping[str, Mapping[str, Spread]]
    b: Mapping[str, Mapping[str, Spread]] | None


def preview(
    round: Round,
    rules_a: Rules,
    rules_b: Rules | None = None,
    draws: int = 50,
    *,
    key: bytes = b"preview",
    on_draw: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Return what `draws` rehearsals of one or two rules give; both rules see the same seeds.

    `on_draw(done, of)` is called after each rehearsal. :raises ValueError: if `draws` is less than one
    """
    if draws < 1:
        raise ValueError("a preview needs at least one draw")
    rules = [rules_a] if rules_b is None else [rules_a, rules_b]
    sets = _sets(round)
    tables = []
    for index, rule in enumerate(rules):
        rehearsed = replace(round, rules=rule)
        counts = []
        for draw in range(draws):
            seed = hashlib.sha256(key + b"|%d" % draw).digest()
            drawn = numbers(seed, round.students, round.requests, rules=rule)
            counts.append(_count(allocate(rehearsed, drawn), sets))
            if on_draw:
                on_draw(index * draws + draw + 1, draws * len(rules))
        tables.append({name: _spreads([count[name] for count in counts]) for name in counts[0]})
    pupils = Counter(name for names in sets.values() for name in names)
    return Comparison(draws, pupils, tables[0], tables[1] if rules_b is not None else None)


def _sets(round: Round) -> dict[str, tuple[str, ...]]:
    """Return for each pupil the names of the sets it is counted in."""
    found = {}
    bits = range(max((s.groups for s in round.students), default=0).bit_length())
    for s in round.students:
        groups = [f"{'group' if s.groups >> bit & 1 else 'beside'}:{bit}" for bit in bits]
        found[s.pid] = ("all", f"grade:{s.grade}", "guaranteed" if s.guaranteed else "others", *groups)
    return found


def _count(outcome: Outcome, sets: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, int]]:
    alike = Counter[tuple[tuple[str, ...], int | None]]()  # pupils of the same sets fare alike in a few ways
    for there in outcome.days.values():
        for pid in there.run.order:
            tier = there.run.tier.get(pid)
            alike[sets[pid], 0 if tier is None and pid in there.offered else tier] += 1
    found: dict[str, dict[str, int]] = {}
    for (names, tier), times in alike.items():
        for name in names:
            row = found.setdefault(name, dict.fromkeys(COUNTED, 0))
            row["requests"] += times
            row["placed"] += times * (tier is not None)
            row["first"] += times * (tier == 1)
            row["unlisted"] += times * (tier == 0)
            row["nothing"] += times * (tier is None)
    found.setdefault("all", dict.fromkeys(COUNTED, 0))["closed"] = len(outcome.closed)
    return found


def _spreads(rows: list[dict[str, int]]) -> dict[str, Spread]:
    found = {}
    for name in rows[0]:
        ordered = sorted(row[name] for row in rows)
        found[name] = Spread(ordered[0], ordered[(len(ordered) - 1) // 2], ordered[-1])
    return found
