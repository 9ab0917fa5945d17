"""Made-up rounds of any size for the benchmarks: the same arguments give the same round everywhere.

Popularity of activities follows Zipf's law within a campus; lists have one to five wishes over the sections open to the
pupil's grade band. `tightness` is seats over requests.
"""

from __future__ import annotations

import random
from bisect import bisect
from itertools import accumulate

from kehou.rules.allocation import Request, Round, Rules, Section, Student

DAYS = (1, 2, 3, 4, 5)
PUPILS_A_CAMPUS = 1000
ACTIVITIES = 24
LENGTHS = (2, 3, 3, 3, 4, 4)  # 3.2 wishes a request: 1.6 million for 100,000 pupils and five days


def made_up(
    pupils: int,
    *,
    tightness: float = 1.0,
    tiered: bool = False,
    guaranteed: float = 0.0,
    any_place: float = 0.0,
    care: float = 0.0,
    minimum: int = 0,
    rules: Rules | None = None,
    key: int = 1,
) -> Round:
    """Return a round: `care` is the share of the seats that is base care, other shares count pupils or families."""
    dice = random.Random(key)
    campuses = max(1, pupils // PUPILS_A_CAMPUS)
    students = [
        Student(
            _pid(dice),
            f"c{i % campuses}",
            1 + dice.randrange(6),
            guaranteed=dice.random() < guaranteed,
        )
        for i in range(pupils)
    ]
    sections = _sections(dice, pupils / campuses * tightness, campuses, care, minimum)
    open_to: dict[tuple[str, int, int], tuple[list[str], list[float]]] = {}
    for section in sections:
        for grade in range(1, 7):
            if section.grades >> grade - 1 & 1:
                (campus,) = section.campuses
                found = open_to.setdefault((campus, grade, section.day), ([], []))
                found[0].append(section.id)
                found[1].append(1 / (1 + int(section.id.rsplit("-", 1)[1])))
    cumulative = {place: (ids, list(accumulate(weights))) for place, (ids, weights) in open_to.items()}
    requests = [
        Request(s.pid, day, _tiers(dice, *cumulative[s.campus, s.grade, day], tiered), dice.random() < any_place)
        for s in students
        for day in DAYS
    ]
    return Round(f"made-up-{pupils}", rules or Rules(minimum="report"), sections, students, requests)


def _sections(dice: random.Random, seats: float, campuses: int, care: float, minimum: int) -> list[Section]:
    bands = (0b111111, 0b000111, 0b111000, 0b111111, 0b011110)
    sections = []
    for campus in range(campuses):
        for day in DAYS:
            sizes = [dice.choice((15, 20, 25, 30, 40)) for _ in range(ACTIVITIES)]
            whole = seats * (1 - care) / sum(sizes)
            for rank, size in enumerate(sizes):
                cap = max(1, round(size * whole))
                found = Section(
                    f"c{campus}-d{day}-{rank}",
                    day,
                    cap,
                    min(minimum, cap),
                    grades=bands[rank % 5],
                    campuses=frozenset({f"c{campus}"}),
                )
                sections.append(found)
            if care:
                cap = max(1, round(seats * care))
                sections.append(
                    Section(f"c{campus}-d{day}-99", day, cap, kind="care", campuses=frozenset({f"c{campus}"}))
                )
    return sections


def _tiers(dice: random.Random, ids: list[str], weights: list[float], tiered: bool) -> tuple[tuple[str, ...], ...]:
    length, picked = dice.choice(LENGTHS), []
    while len(picked) < length:
        found = ids[bisect(weights, dice.random() * weights[-1])]
        if found not in picked:
            picked.append(found)
    if not tiered:
        return tuple((section,) for section in picked)
    return tuple(tier for tier in (tuple(picked[:2]), tuple(picked[2:])) if tier)


def _pid(dice: random.Random) -> str:
    return f"{dice.getrandbits(64):016x}"
