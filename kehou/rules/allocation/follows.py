#!/usr/bin/env python3
"""Check that a refill round follows from the draw before it: the seats held, the numbers, the log of changes.

    python follows.py REFILL.json DRAW.json

One file, Python 3.10 or later, nothing else; `verifier.py` repeats each of the two records by itself. Exit code 0: it
follows. 1: it does not, and why. 2: unreadable.
"""

from __future__ import annotations

import hashlib
import json
import sys

CHANGE = ("n", "on", "kind", "pid", "day", "from", "to", "by", "reason")
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def seal_of(root, log):
    """Return the seal of the first lines of a log of changes; None for no lines."""
    seal = bytes.fromhex(root)
    for line in log:
        seal = hashlib.sha256(b"\3" + seal + ENCODER.encode([line[name] for name in CHANGE]).encode()).digest()
    return seal.hex() if log else None


def held_after(draw, log):
    """Return {(pid, day): sections} as drawn and changed, and {(pid, day)} whose group was cancelled."""
    turns = [(turn, int(day)) for day, there in draw["days"].items() for turn in there["turns"]]
    held, lost = {(turn[0], day): {turn[2], *turn[4]} for turn, day in turns}, set()
    for line in log:
        key = line["pid"], line["day"]
        held[key] = held.get(key, set()) - {line["from"]} | {line["to"]}
        if line["kind"] == "cancelled" and line["from"]:
            lost.add(key)
    return held, lost


def check(refill, draw):
    """Yield every reason why a refill round does not follow from the record of the draw before it.

    The seats in question are those outside base care and teams: these are not exchanged in a refill round.
    """
    named, log = refill["head"][9], draw["changes"][: refill["head"][9][2]]
    if named != [draw["head"][1], draw["root"], len(log), seal_of(draw["root"], log)]:
        yield "this is another draw than the one refilled, or its log of changes is another"
    held, lost = held_after(draw, log)
    care = {section[0] for section in draw["sections"] if section[7] in ("care", "series")} | {None}
    number = {(turn[0], int(day)): turn[1] for day, there in draw["days"].items() for turn in there["turns"]}
    for pid, day, seat, drawn, keeps in refill["before"]:
        key = pid, day
        mine = held.pop(key, set()) - care
        if drawn != number.get(key) or keeps != (key in lost and key in number):
            yield f"day {day}: {pid} does not come with the number of the draw before"
        if seat not in (mine or {None}):
            yield f"day {day}: {pid} holds {sorted(mine)}, not {seat}"
    for (pid, day), seats in sorted(held.items()):
        if seats - care:
            yield f"day {day}: {pid} is left out, who holds {sorted(seats - care)}"


def verify_follows(refill, draw):
    """Return every reason why a refill round does not follow from the draw before; an empty list says that it does."""
    try:
        return list(check(refill, draw))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        return [f"this is malformed: {type(error).__name__}: {error}"]


def read(path):
    """Return the record in a file."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main(arguments: list[str]) -> int:
    """Run the command line; return the exit code."""
    if len(arguments) != 2:
        print(__doc__.split("\n\n")[1])
        return 2
    try:
        refill, draw = map(read, arguments)
    except (OSError, ValueError) as error:
        print(f"cannot read: {error}")
        return 2
    wrong = verify_follows(refill, draw)
    print(
        *([f"WRONG 不符: {one}" for one in wrong] or ["RIGHT 相符: the refill round follows from the draw"]), sep="\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
