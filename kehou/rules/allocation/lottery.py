"""The numbers of a draw: public randomness in, one whole number a pupil and day out.

The balanced lottery gives a pupil who asks for k days one number in each k-th of the scale, in random order: one good
day, one fairly good, and so on to one bad. For every single day the number is still uniform, whatever else is asked.

The reversed lottery of a refill round draws balanced numbers too, for those who are new to a day; everybody else has
the number of the earlier draw, turned round: SCALE − 1 − number. Who came last comes first.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kehou.rules.allocation.model import PROTOCOL, Request, Rules, Standing, Student

SCALE = 60 << 64  # numbers lie in [0, SCALE); 60 divides by every number of days up to 6
MOST_DAYS = 6


def seed(round_id: str, root: str, beacon: bytes, reveals: Sequence[bytes] = ()) -> bytes:
    """Return the 32 bytes of the draw: SHA-256 of `sunlot-v1|round|root|beacon[|reveal…]`.

    `root` is the commitment in lower-case hex. :raises ValueError: if a part contains the separator
    """
    parts = [PROTOCOL.encode(), round_id.encode(), root.encode(), beacon, *reveals]
    if any(b"|" in part for part in parts):
        raise ValueError("no part of a seed may contain a bar")
    return hashlib.sha256(b"|".join(parts)).digest()


@dataclass(frozen=True)
class Numbers:
    """The drawn numbers: `value[day][pid]`; the smaller number has the earlier turn, equal numbers go by pid."""

    value: Mapping[int, Mapping[str, int]]
    _rows: dict[int, tuple[tuple[str, ...], array[int]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # what `rows` answered last: the runs of a day ask again

    @cached_property
    def order(self) -> Mapping[int, tuple[str, ...]]:
        """Return the pids of each day in the order of their turns."""
        return {day: tuple(map(tuple(value).__getitem__, self._turns[day])) for day, value in self.value.items()}

    @cached_property
    def _turns(self) -> Mapping[int, array[int]]:
        """Return for each turn of a day where its pupil stands in `value`."""
        turns = {}
        for day, value in self.value.items():
            pids, drawn = tuple(value), tuple(value.values())
            found = sorted(range(len(drawn)), key=drawn.__getitem__)
            if len(set(drawn)) < len(drawn):
                found = sorted(sorted(found, key=pids.__getitem__), key=drawn.__getitem__)
            turns[day] = array("i", found)
        return turns

    def rows(self, day: int, pids: tuple[str, ...]) -> array[int]:
        """Return for each turn of a day where its pupil stands in `pids`. :raises ValueError: if others are meant"""
        known, rows = self._rows.get(day, (None, array("i")))
        if known is not pids:
            rows = self._rows_in(day, pids)
            self._rows[day] = pids, rows
        return rows

    def _rows_in(self, day: int, pids: tuple[str, ...]) -> array[int]:
        mine = tuple(self.value.get(day, ()))
        if mine == pids:
            return self._turns.get(day, array("i"))
        row = {pid: n for n, pid in enumerate(pids)}
        if row.keys() != set(mine):
            raise ValueError(f"the numbers of day {day} are not those of its requests")
        return array("i", [row[mine[turn]] for turn in self._turns[day]])

    @cached_property
    def _places(self) -> Mapping[int, Mapping[str, int]]:
        return {day: {pid: i for i, pid in enumerate(turns, 1)} for day, turns in self.order.items()}

    def position(self, pid: str, day: int) -> int:
        """Return the turn of a pupil on a day, 1 being first. :raises KeyError: if it asked for nothing that day"""
        return self._places[day][pid]

    def reversed(self) -> Numbers:
        """Return the numbers of a refill round, in which those who came last come first."""
        return Numbers({day: {pid: turned(u) for pid, u in value.items()} for day, value in self.value.items()})


def numbers(
    key: bytes,
    students: Iterable[Student],
    requests: Iterable[Request],
    *,
    rules: Rules | None = None,
    before: Iterable[Standing] = (),
) -> Numbers:
    """Return the numbers of all requests under the lottery of `rules` (default: balanced, siblings linked).

    `before` holds the earlier numbers and is read by the reversed lottery only.

    :raises ValueError: if a pupil asks for more than six days
    """
    rules = rules or Rules()
    linked = rules.siblings == "linked"
    ticket = {s.pid: (s.family if linked and s.family else s.pid) for s in students}
    asked: dict[str, list[int]] = {}
    for request in requests:
        asked.setdefault(request.pid, []).append(request.day)
    value: dict[int, dict[str, int]] = {day: {} for day in sorted({d for days in asked.values() for d in days})}
    draw = {"independent": _independent, "single": _single}.get(rules.lottery, _balanced)
    mac = Mac(key)
    for pid in asked:
        for day, number in draw(mac, ticket[pid], asked[pid]):
            value[day][pid] = number
    for row in before if rules.lottery == "reversed" else ():
        if row.number is not None:
            value[row.day][row.pid] = row.number if row.keeps else turned(row.number)
    return Numbers(value)


def turned(number: int) -> int:
    """Return a number turned round: the last turn becomes the first."""
    return SCALE - 1 - number


class Mac:
    """HMAC-SHA256 with the key's two blocks hashed once."""

    def __init__(self, key: bytes) -> None:
        block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(b ^ 0x36 for b in block))
        self._outer = hashlib.sha256(bytes(b ^ 0x5C for b in block))

    def __call__(self, message: str) -> bytes:
        """Return the 32 bytes of the authentication code of a text in UTF-8."""
        inner = self._inner.copy()
        inner.update(message.encode())
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()

    def whole(self, message: str) -> int:
        """Return the first 64 bits of the code."""
        return int.from_bytes(self(message)[:8], "big")


def _balanced(mac: Mac, ticket: str, days: list[int]) -> list[tuple[int, int]]:
    if len(days) > MOST_DAYS:
        raise ValueError(f"{ticket} asks for {len(days)} days; the lottery knows {MOST_DAYS}")
    width = 60 // len(days)
    ranked = sorted(days, key=lambda day: (mac(f"{ticket}|{day}"), day)) if len(days) > 1 else days
    return [(day, ((rank << 64) + mac.whole(f"{ticket}|{day}|v")) * width) for rank, day in enumerate(ranked)]


def _independent(mac: Mac, ticket: str, days: list[int]) -> list[tuple[int, int]]:
    return [(day, mac.whole(f"{ticket}|{day}|v") * 60) for day in days]


def _single(mac: Mac, ticket: str, days: list[int]) -> list[tuple[int, int]]:
    number = mac.whole(f"{ticket}|week|v") * 60
    return [(day, number) for day in days]
