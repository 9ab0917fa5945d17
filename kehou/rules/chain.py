"""The hash chain of the journal: entries are sealed in batches, each seal bound to the one before.

`seal` makes the next seal; `verify` walks seals and entries side by side, in constant memory, and names every change,
gap and insertion. What nobody can see from inside is a tail that was cut off together with its seals: compare `head`
with a digest that was printed or sent away earlier.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from kehou.rules.labels import Labelled

GENESIS = "0" * 64
FORMAT = "kehou-journal-1"

Numbered = tuple[int, Mapping[str, Any]]  # an entry: its number in the journal, and its columns


def canonical(value: Any) -> bytes:
    """Return the one JSON form of a value: sorted keys, no blanks, ASCII; instants in UTC, days in ISO.

    :raises TypeError: for what JSON does not have (sets, bytes, keys that are no text), and for naive instants
    :raises ValueError: for NaN and infinity
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        if strange := [key for key in value if not isinstance(key, str)]:
            raise TypeError(f"a key must be text, not {strange[0]!r}")
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("an instant needs its time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Seal:
    """One batch of entries, bound to all before it. Numbers of seals run from 1 without a gap."""

    number: int
    first_entry: int
    last_entry: int
    entries: int
    previous: str
    digest: str


def seal(entries: Sequence[Numbered], *, after: Seal | None) -> Seal:
    """Return the seal of a batch that follows `after`.

    :raises ValueError: if the batch is empty, out of order, or reaches back behind `after`
    """
    numbers = [number for number, _ in entries]
    last = after.last_entry if after else 0
    if not numbers or numbers != sorted(set(numbers)) or numbers[0] <= last:
        raise ValueError("a batch holds entries in order, after those that are sealed")
    number, previous = (after.number + 1, after.digest) if after else (1, GENESIS)
    hashing = _begin(number, previous)
    for entry in entries:
        _take(hashing, entry)
    return Seal(number, numbers[0], numbers[-1], len(numbers), previous, hashing.hexdigest())


def _begin(number: int, previous: str) -> Any:
    return hashlib.sha256(canonical([FORMAT, number, previous]))


def _take(hashing: Any, entry: Numbered) -> None:
    hashing.update(b"\n" + canonical([entry[0], entry[1]]))


class FaultKind(Labelled):
    """What is wrong with a chain."""

    SEAL_GAP = "seal_gap", "封条缺号或乱序"
    SEAL_UNLINKED = "seal_unlinked", "封条与前一封条接不上"
    ENTRIES_MISSING = "entries_missing", "少了记录"
    ENTRIES_ADDED = "entries_added", "多了记录"
    ENTRY_CHANGED = "entry_changed", "记录被改动"
    HEAD_DIFFERS = "head_differs", "末尾与留存的摘要不符"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: in which seal, between which entries."""

    kind: FaultKind
    seal: int
    first_entry: int
    last_entry: int

    def __str__(self) -> str:
        """Return the fault as the auditor reads it."""
        return f"第{self.seal}号封条（记录{self.first_entry}–{self.last_entry}）：{self.kind.label}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk over the journal found. `unsealed` entries wait for the next seal."""

    seals: int
    sealed: int
    unsealed: int
    head: str
    faults: tuple[Fault, ...]

    @property
    def is_whole(self) -> bool:
        """Return whether nothing was changed, dropped or inserted."""
        return not self.faults


def verify(seals: Iterable[Seal], entries: Iterable[Numbered], *, head: str | None = None) -> Verification:
    """Return what is wrong with a journal, both read in the order of their numbers.

    `head` is a digest of the last seal that was kept elsewhere: with it a cut tail is found too. It may be an older
    head: it must then be the digest of some seal.
    """
    walk = _Walk(iter(entries))
    faults: list[Fault] = []
    number, previous, known, sealed = 0, GENESIS, head is None, 0
    for one in seals:
        if one.number != number + 1:
            faults.append(Fault(FaultKind.SEAL_GAP, one.number, one.first_entry, one.last_entry))
        if one.previous != previous:
            faults.append(Fault(FaultKind.SEAL_UNLINKED, one.number, one.first_entry, one.last_entry))
        faults += walk.check(one)
        number, previous, sealed = one.number, one.digest, sealed + one.entries
        known = known or one.digest == head
    if not known:
        faults.append(Fault(FaultKind.HEAD_DIFFERS, number, 0, 0))
    return Verification(number, sealed, walk.rest(), previous, tuple(faults))


class _Walk:
    """The entries, read once, batch by batch."""

    def __init__(self, entries: Iterator[Numbered]) -> None:
        self.entries = entries
        self.waiting = next(entries, None)

    def check(self, one: Seal) -> Iterator[Fault]:
        hashing, count, before = _begin(one.number, one.previous), 0, 0
        while self.waiting is not None and self.waiting[0] <= one.last_entry:
            if self.waiting[0] < one.first_entry:
                before += 1
            else:
                _take(hashing, self.waiting)
                count += 1
            self.waiting = next(self.entries, None)
        where = (one.number, one.first_entry, one.last_entry)
        if before or count > one.entries:
            yield Fault(FaultKind.ENTRIES_ADDED, *where)
        if count < one.entries:
            yield Fault(FaultKind.ENTRIES_MISSING, *where)
        elif count == one.entries and hashing.hexdigest() != one.digest:
            yield Fault(FaultKind.ENTRY_CHANGED, *where)

    def rest(self) -> int:
        """Return how many entries come after the last seal."""
        return sum(1 for _ in self.entries) + (self.waiting is not None)
