"""How good the draw is: real preference data, weekly fairness, what the guarantee costs, moves in a refill.

The real instances (Worcester Polytechnic, UMass, AGH, AAMAS; see their README for sources and licences) are not part of
the repository: they are read from ../shared/data/allocation, or from the folder that KEHOU_ALLOCATION_DATA names.
"""

from __future__ import annotations

import json
import os
import random
import statistics
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.allocation_rounds import made_up
from kehou.rules.allocation import Outcome, Request, Round, Rules, Section, Student, allocate, numbers, refill

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "allocation"
DRAWS = 10
DAY = 1
PLAIN = Rules(minimum="report", guarantee="flagged")
UMASS_SHARE = 0.1  # its seats are for several courses a student; we ask for one


def plain(**changes: Any) -> Rules:
    """Return the plain rules with some changes."""
    return replace(PLAIN, **changes)


def real(path: Path) -> Round | None:
    """Return a real instance as a one-day round, None if its lists are strict."""
    source = json.loads(path.read_text(encoding="utf-8"))
    agents = [agent["prefs"] for agent in source["agents"] if any(agent["prefs"])]
    if not any(len(tier) > 1 for prefs in agents for tier in prefs):
        return None
    seats = {item["id"]: item["capacity"] if item["capacity"] is not None else 1 for item in source["items"]}
    if path.stem.startswith("umass"):
        seats = {id: max(1, round(cap * UMASS_SHARE)) for id, cap in seats.items()}
    name = {id: f"s{n}" for n, (id, cap) in enumerate(seats.items()) if cap > 0}
    requests = []
    for n, prefs in enumerate(agents):
        tiers = [tuple(name[item] for item in tier if item in name) for tier in prefs]
        requests.append(Request(f"p{n}", DAY, tuple(tier for tier in tiers if tier), any_place=False))
    students = [Student(r.pid, "c", 1) for r in requests]
    return Round(path.stem, PLAIN, [Section(s, DAY, seats[id]) for id, s in name.items()], students, requests)


def draw(market: Round, key: bytes) -> Outcome:
    """Return the outcome of a round under a throw-away key."""
    return allocate(market, numbers(key, market.students, market.requests, rules=market.rules))


def share_of_optimum(folder: Path) -> None:
    """Print the share of tier 1 beside the greatest possible (proven) and beside ties broken by hand."""
    ratios = []
    for path in sorted(folder.glob("*.json")):
        if (market := real(path)) is None:
            continue
        greatest = first_share(replace(market, rules=plain(mechanism="mcf", objective="rankmax")), b"0")
        ours = statistics.mean(first_share(market, b"%d" % n) for n in range(DRAWS))
        strict = [replace(r, tiers=tuple((s,) for tier in r.tiers for s in tier)) for r in market.requests]
        by_hand = statistics.mean(
            first_tier_of(market, replace(market, requests=strict), b"%d" % n) for n in range(DRAWS)
        )
        ratios.append(ours / greatest)
        print(
            f"  {path.stem:<16} {len(market.students):>4} pupils: tier 1 ours {ours:.1%}, greatest possible"
            f" {greatest:.1%} = {ours / greatest:.1%}; ties broken by hand {by_hand:.1%}"
        )
    if ratios:
        mean, least = statistics.mean(ratios), min(ratios)
        print(f"  share of the optimum: mean {mean:.1%} (aim 99 %), least {least:.1%} (aim 97 %)")


def first_share(market: Round, key: bytes) -> float:
    """Return the share of requests granted in tier 1."""
    counts = draw(market, key).stats()["all"]
    return counts["first"] / counts["requests"]


def first_tier_of(truth: Round, strict: Round, key: bytes) -> float:
    """Return the share that got a section of its true first tier when its list was made strict."""
    seat = draw(strict, key).seat
    return sum(seat.get((r.pid, DAY)) in r.tiers[0] for r in truth.requests) / len(truth.requests)


def week() -> None:
    """The week of 15,000 pupils under one number a week and under the balanced lottery."""
    found = {}
    for lottery in ("single", "independent", "balanced"):
        satisfaction: list[float] = []
        for key in range(3):
            market = made_up(5000, rules=plain(lottery=lottery), key=key, tightness=0.8)
            outcome = draw(market, b"week%d" % key)
            by_pupil: dict[str, list[float]] = {}
            for r in market.requests:
                tier = outcome.tier.get((r.pid, r.day))
                by_pupil.setdefault(r.pid, []).append(0.0 if tier is None else max(0.0, 1.2 - 0.2 * (tier or 5)))
            satisfaction += [statistics.mean(days) for days in by_pupil.values()]
        low = sorted(satisfaction)[len(satisfaction) // 20]
        found[lottery] = (statistics.mean(satisfaction), statistics.pstdev(satisfaction), low)
        print(f"  {lottery:<12} mean {found[lottery][0]:.3f}, sd {found[lottery][1]:.3f}, 5th percentile {low:.3f}")
    one, ours = found["single"], found["balanced"]
    print(f"  balanced ÷ single: sd {ours[1] / one[1]:.2f}× (aim 0.65), 5th percentile {ours[2] / one[2]:.1f}× (aim 3)")


def guarantee() -> None:
    """What the guarantee gives the protected and costs the others, seats for 85 % of the requests."""
    rows: dict[str, list[tuple[float, float]]] = {"flagged": [], "block": [], "none": []}
    for key in range(5):
        market = made_up(5000, guaranteed=0.2, care=0.25, tightness=0.85, any_place=0.5, rules=PLAIN, key=key)
        bare = replace(market, students=[replace(s, guaranteed=False) for s in market.students])
        protected = {s.pid for s in market.students if s.guaranteed}
        for name, row in rows.items():
            chosen = bare if name == "none" else replace(market, rules=plain(guarantee=name))
            outcome = draw(chosen, b"g%d" % key)
            served = outcome.seat.keys() | outcome.offered.keys()
            left = sum((r.pid, r.day) not in served for r in market.requests if r.pid in protected)
            firsts = [outcome.tier.get((r.pid, r.day)) == 1 for r in market.requests if r.pid not in protected]
            row.append((left, 100 * sum(firsts) / len(firsts)))
    without = statistics.mean(first for _, first in rows["none"])
    for name, row in rows.items():
        left, first = (statistics.mean(column) for column in zip(*row, strict=True))
        print(
            f"  {name:<8} protected without a place {left:6.1f}; others' first wishes {first:.2f} %"
            f" ({first - without:+.2f} points)"
        )


def second_round() -> None:
    """Moves per newly served pupil in a refill: 8 % leave, 2 % join."""
    moves = {"same": [0, 0], "fresh": [0, 0], "reverse": [0, 0]}
    for key in range(5):
        dice = random.Random(key)
        everyone = made_up(2000, key=key, rules=PLAIN)
        late = {s.pid for s in everyone.students[::50]}
        market = replace(everyone, requests=[r for r in everyone.requests if r.pid not in late])
        outcome = draw(market, b"r%d" % key)
        gone = [(r.pid, r.day) for r in market.requests if dice.random() < 0.08]
        wishes: dict[str, list[Request]] = {}
        for r in everyone.requests:
            if r.pid in late:
                wishes.setdefault(r.pid, []).append(r)
        joined = [(everyone.student[pid], tuple(listed)) for pid, listed in wishes.items()]
        drawn = numbers(b"second%d" % key, everyone.students, everyone.requests)
        for lottery, sums in moves.items():
            after = refill(outcome, gone, joined, lottery=lottery, drawn=drawn)  # type: ignore[arg-type]
            sums[0] += sum(k in outcome.seat and outcome.seat[k] != s for k, s in after.seat.items())
            sums[1] += sum(k not in outcome.seat for k in after.seat)
    for lottery, (moved, served) in moves.items():
        aim = " (aim 0.30)" if lottery == "reverse" else ""
        print(f"  {lottery:<8} {served:>6} newly served, {moved / served:.2f} moves each{aim}")


def main() -> None:
    """Run all parts."""
    folder = Path(os.environ.get("KEHOU_ALLOCATION_DATA") or BESIDE)
    print("Real data, tier 1 against the proven optimum:")
    if folder.is_dir():
        share_of_optimum(folder)
    else:
        print("  left out: ../shared/data/allocation is absent and KEHOU_ALLOCATION_DATA names no folder")
    for part in (week, guarantee, second_round):
        print(part.__doc__)
        part()


if __name__ == "__main__":
    main()
