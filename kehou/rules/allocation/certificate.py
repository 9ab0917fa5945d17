"""Check the prices of an optimised record (mechanism "mcf") with the standard library alone.

Nobody can do better at the published prices, and only full sections have a price: so no other assignment is cheaper in
total (complementary slackness). What the prices do not show is whether the objective is a good one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kehou.rules.allocation.costs import NOTHING, UNLISTED, Costs
from kehou.rules.allocation.verifier import verify


def check_prices(record: Mapping[str, Any]) -> list[str]:
    """Return every reason why an optimised record is not right; an empty list proves it optimal."""
    found: list[str] = verify(dict(record))
    if found or record["days"] is None:
        return found
    lost: Counter[str] = Counter()
    try:
        for day in sorted(map(int, record["days"])):
            found += _day(record, day, lost)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        found.append(f"the record is malformed: {type(error).__name__}: {error}")
    return found


def _day(record: Mapping[str, Any], day: int, lost: Counter[str]) -> Iterator[str]:
    head, stated = record["head"], record["days"][str(day)]
    aside, price = dict(head[4]), dict(stated["prices"])
    sections = {s[0]: s for s in record["sections"] if s[1] == day}
    opened = {s: row for s, row in sections.items() if s not in stated["closed"]}
    wish = {p[0]: (p[1], p[2], *r[1:]) for p in record["pupils"] for r in p[4] if r[0] == day}
    order = [turn[0] for turn in stated["turns"]]
    flagged = set(order) if head[3] == "everyone" else _flagged(record) if head[3] == "flagged" else set()
    klass = {(w[0], w[1]): [s for s, row in opened.items() if admits(row, w[0], w[1])] for w in wish.values()}
    costs = Costs(
        head[2][4],
        order,
        {pid: len(wish[pid][2]) for pid in order},
        {pid: len(klass[wish[pid][:2]]) for pid in order},
        len(sections),
        dict(lost) if head[2][4] == "weekly" else {},
    )
    filled = Counter(turn[2] for turn in stated["turns"] if turn[2] is not None)
    for section, amount in price.items():
        if amount < 0 or filled[section] < sections[section][2] - aside.get(section, 0):
            yield f"day {day}: {section} has a price but also free seats"
    for pid, _, seat, tier, _ in stated["turns"]:
        campus, grade, tiers, anywhere, hours = wish[pid]
        cost = costs.of(pid)
        options: list[tuple[int, str | None, int | None]] = [
            (cost(t), s, t) for t, listed in enumerate(tiers, 1) for s in listed if s in opened
        ]
        if anywhere or pid in flagged:
            within = 0b111 if pid in flagged else hours
            options += [(cost(UNLISTED), s, 0) for s in klass[campus, grade] if not opened[s][4] & ~within]
        if pid not in flagged:
            options.append((cost(NOTHING), None, None))
        held = [c + price.get(s, 0) for c, s, t in options if (s, t) == (seat, tier)]
        if not held or held[0] > min(c + price.get(s, 0) for c, s, _ in options):
            yield f"day {day}: at these prices {pid} would rather have something else"
        lost[pid] += (tier or len(tiers) + 1) - 1


def _flagged(record: Mapping[str, Any]) -> set[str]:
    return {pid for pid, guaranteed, _ in record.get("sealed", {}).get("flags", ()) if guaranteed}


def admits(section: list[Any], campus: str, grade: int) -> bool:
    """Return whether a row of the section table is open to a campus and grade."""
    return bool(section[5] >> (grade - 1) & 1) and (not section[6] or campus in section[6])
