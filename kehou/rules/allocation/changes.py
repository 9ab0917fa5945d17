"""The log of changes in a public record: what was changed after the draw, on which day, by which office, and why.

The drawn result is never rewritten. Every later change stands below it, sealed to the one before, so that a line cannot
be altered or taken out unseen. Verifiers repeat the draw, follow the log and list it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kehou.rules.allocation.commitment import text

FIELDS = ("n", "on", "kind", "pid", "day", "from", "to", "by", "reason")


@dataclass(frozen=True, slots=True)
class Change:
    """One pupil's seat on one weekday was changed on a date.

    `kind`: by "hand", by an "offer" down the waiting list, in a "swap" or a "refill" round, because a group was
    "cancelled", or because the family "left". `frees` and `takes` are sections, None for no seat. `by` is the title of
    a role, never a name. `reason` is read by everybody; a change by hand must have one (clause 2.7.3-c).
    """

    on: date
    kind: Literal["hand", "offer", "swap", "refill", "cancelled", "left"]
    pid: str
    day: int
    frees: str | None
    takes: str | None
    by: str
    reason: str = ""


def with_changes(record: Mapping[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """Return a public record with further changes in its log, given in the order in which they were made.

    The log tells what the public record can know. A kept seat that was accepted in confidence is not in it (it would
    say who is protected), and who leaves such a seat is shown coming from nowhere. A record without results takes none.
    :raises ValueError: for a change without a role, by hand without a reason, to a seat that is held already, to a
        section that the day does not have, or before the last one in time
    """
    if record["days"] is None:
        return dict(record)
    log = list(record["changes"])
    held = _held(record)
    confidential = {section for section, _ in record["head"][4]}
    day_of = {row[0]: row[1] for row in record["sections"]}
    for change in changes:
        mine = held.setdefault((change.pid, change.day), set())
        frees = change.frees if change.frees in mine else None
        takes = None if change.kind == "offer" and change.takes in confidential else change.takes
        if frees is None and takes is None:
            continue
        _insist(change, takes, mine, day_of, log[-1]["on"] if log else "")
        mine.discard(frees or "")
        mine.update([takes] if takes else [])
        # Only who held a kept seat would be re-placed or swap out of nowhere; to be placed out of nowhere is common.
        kind = "refill" if change.kind in ("cancelled", "swap") and frees is None else change.kind
        values = (len(log) + 1, change.on.isoformat(), kind, change.pid, change.day, frees, takes)
        log.append(dict(zip(FIELDS, (*values, change.by.strip(), change.reason.strip()), strict=True)))
    return {**record, "changes": log, "changes_seal": sealed(record["root"], log)}


def sealed(root: str, log: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the hash that binds all lines of a log to each other and to the root; None for no lines."""
    seal = start = bytes.fromhex(root)
    for line in log:
        seal = hashlib.sha256(b"\3" + seal + text([line[name] for name in FIELDS])).digest()
    return None if seal is start else seal.hex()


def _held(record: Mapping[str, Any]) -> dict[tuple[str, int], set[str]]:
    """Return what each pupil holds on each weekday as far as the public knows, the log so far included."""
    held = {
        (turn[0], int(day)): {*turn[4], *([turn[2]] if turn[2] else [])}
        for day, there in record["days"].items()
        for turn in there["turns"]
    }
    for line in record["changes"]:
        mine = held.setdefault((line["pid"], line["day"]), set())
        mine.discard(line["from"])
        mine.update([line["to"]] if line["to"] else [])
    return held


def _insist(change: Change, takes: str | None, mine: set[str], day_of: Mapping[str, int], last: str) -> None:
    if not change.by.strip():
        raise ValueError("a change says by which role it was made")
    if change.kind == "hand" and not change.reason.strip():
        raise ValueError("a change by hand says why")
    if takes in mine:
        raise ValueError(f"{change.pid} holds {takes} already")
    if takes is not None and day_of.get(takes) != change.day:
        raise ValueError(f"{takes} is no section of day {change.day}")
    if change.on.isoformat() < last:
        raise ValueError(f"the change of {change.on} comes after one of {last}")
