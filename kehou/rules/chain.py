"""The chain that binds what was written: whoever changes, drops or adds an entry breaks every seal after it.

A seal is SHA-256 over the seal before it, its own number, and its entries in canonical form, in the order of their
numbers. An entry's number is given when the entry is written, and transactions do not end in the order in which they
began; therefore a seal lists the numbers it covers, and a later one may cover a number that an earlier one skipped.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FIRST = "0" * 64
Ranges = tuple[tuple[int, int], ...]


def canonical(entry: Mapping[str, Any]) -> bytes:
    """Return the one form of an entry: sorted keys, no spaces, UTF-8. Instants come in as text."""
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Half a sign (a lone surrogate) can be stored by SQLite; it must not stop the sealing of everything after it.
    return text.encode(errors="surrogatepass")


def seal(previous: str, number: int, entries: Iterable[Mapping[str, Any]]) -> str:
    """Return the digest in hex of seal `number` over `entries` after the seal with digest `previous`."""
    digest = hashlib.sha256(f"{previous}|{number}\n".encode())
    for entry in entries:
        form = canonical(entry)
        digest.update(f"{len(form)}:".encode())  # the length first: two entries cannot be read as one
        digest.update(form)
    return digest.hexdigest()


def ranges_of(numbers: Sequence[int]) -> Ranges:
    """Return ascending numbers as (first, last) runs: 1 2 3 5 is (1, 3), (5, 5)."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return tuple((first, last) for first, last in runs)


def numbers_of(ranges: Iterable[Sequence[int]]) -> list[int]:
    """Return the numbers of (first, last) runs, in order."""
    return [number for first, last in ranges for number in range(first, last + 1)]


def noted(head: str) -> tuple[int, str]:
    """Return (number, digest) of a seal as somebody noted it down: `12:9f3c…`, spaces and capitals forgiven.

    :raises ValueError: for anything else; a head that cannot be read would find nothing and look like a good result
    """
    number, _, digest = "".join(head.split()).replace("：", ":").lower().partition(":")
    if not (number.isascii() and number.isdecimal() and int(number) and re.fullmatch(r"[0-9a-f]{64}", digest)):
        raise ValueError(head)
    return int(number), digest


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in the chain and where: `kind` is one of KINDS, `seal` its number, `entries` those concerned."""

    kind: str
    seal: int
    entries: tuple[int, ...] = ()


KINDS = {
    "seal_missing": "第{seal}号封签不见了",
    "chain_broken": "第{seal}号封签与前一号接不上",
    "entries_missing": "第{seal}号封签内的记录{entries}不见了",
    "entries_changed": "第{seal}号封签内有记录被改动",
    "entry_slipped_in": "记录{entries}混在已封存的记录之间，却没有封签",
    "head_differs": "第{seal}号封签与当初抄录的不一致",
    "head_missing": "当初抄录的第{seal}号封签不见了，最新的记录可能被整段删去",
}


def say(fault: Fault) -> str:
    """Return a fault in words."""
    shown = "、".join(map(str, fault.entries[:5])) + ("等" if len(fault.entries) > 5 else "")
    return KINDS[fault.kind].format(seal=fault.seal, entries=shown)


def fault_of_seal(
    number: int,
    *,
    expected_number: int,
    previous: str,
    expected_previous: str,
    digest: str,
    ranges: Iterable[Sequence[int]],
    entries: Mapping[int, Mapping[str, Any]],
) -> Fault | None:
    """Return what is wrong with one seal, or None. `entries` are those found, by number; missing ones are absent."""
    if number != expected_number:
        return Fault("seal_missing", expected_number)
    if previous != expected_previous:
        return Fault("chain_broken", number)
    covered = numbers_of(ranges)
    if missing := tuple(one for one in covered if one not in entries):
        return Fault("entries_missing", number, missing)
    if seal(previous, number, (entries[one] for one in covered)) != digest:
        return Fault("entries_changed", number)
    return None
