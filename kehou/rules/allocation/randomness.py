"""Public randomness: how it is named before the deadline and typed in after the draw.

A name lists the draws whose results will be used, in order, with commas: `ssq:2026134` (双色球 draw 2026134),
`dlt:26134` (大乐透), `drand:quicknet:15000000` (a round of the public beacon), `ceremony:HASH` (SHA-256 of what one
witness will reveal). The beacon gives each draw its result: `ssq:2026134:03-07-12-19-25-31+08`; witnesses' words are
the reveals. A round whose randomness is witnesses only has the beacon `ceremony`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from kehou.rules.verdicts import Refusal, refuse

LEAST_WITNESSES = 3

_NAMES = {
    "ssq": re.compile(r"ssq:20\d{5}"),
    "dlt": re.compile(r"dlt:\d{5}"),
    "drand": re.compile(r"drand:quicknet:[1-9]\d{0,11}"),
    "ceremony": re.compile(r"ceremony:[0-9a-f]{64}"),
}
_EXAMPLES = {
    "ssq": "ssq:2026134:03-07-12-19-25-31+08",
    "dlt": "dlt:26134:05-11-17-22-35+03-09",
    "drand": "drand:quicknet:15000000:（64 位十六进制数）",
    "ceremony": "ceremony:（64 位十六进制数）",
}
_BALLS = {"ssq": ((6, 33), (1, 16)), "dlt": ((5, 35), (2, 12))}  # (how many, of how many), main and extra
CEREMONY_ONLY = "ceremony"


def refusal_to_name(named: str) -> Refusal | None:
    """Return why a text does not name public randomness; the empty text (a rehearsal) is in order."""
    parts = named.split(",") if named else []
    for part in parts:
        kind = part.partition(":")[0]
        if kind not in _NAMES:
            return refuse("R-ALLOC-02", "beacon_unknown_kind", kind=kind)
        if not _NAMES[kind].fullmatch(part):
            return refuse("R-ALLOC-02", "beacon_malformed", text=part, example=_EXAMPLES[kind].rpartition(":")[0])
    witnesses = sum(part.startswith("ceremony:") for part in parts)
    if 0 < witnesses < LEAST_WITNESSES and witnesses == len(parts):
        return refuse("R-ALLOC-02", "too_few_witnesses", least=LEAST_WITNESSES, count=witnesses)
    return None


def sealed_word(word: str) -> str:
    """Return the part of a name by which a witness binds himself to a word without showing it."""
    return "ceremony:" + hashlib.sha256(word.encode()).hexdigest()


def refusal_to_draw(named: str, beacon: str, reveals: Sequence[str] = ()) -> Refusal | None:
    """Return why beacon and reveals are not the results of exactly what was named."""
    parts = named.split(",") if named else []
    draws = [part for part in parts if not part.startswith("ceremony:")]
    sealed = [part for part in parts if part.startswith("ceremony:")]
    results = beacon.split(",")
    if not draws:
        if beacon != CEREMONY_ONLY:
            return refuse("R-ALLOC-02", "beacon_malformed", text=beacon, example=CEREMONY_ONLY)
    elif len(results) != len(draws):
        example = ",".join(_EXAMPLES[part.partition(":")[0]] for part in draws)
        return refuse("R-ALLOC-02", "beacon_malformed", text=beacon, example=example)
    for part, result in zip(draws, results, strict=False):
        if no := _refusal_to_result(part, result):
            return no
    if len(reveals) != len(sealed):
        return refuse("R-ALLOC-02", "too_few_witnesses", least=len(sealed), count=len(reveals))
    for place, (seal, word) in enumerate(zip(sealed, reveals, strict=True), 1):
        if "|" in word:
            return refuse("R-ALLOC-02", "seed_part_with_bar")
        if sealed_word(word) != seal:
            return refuse("R-ALLOC-02", "reveal_mismatch", place=place)
    return None


def _refusal_to_result(part: str, result: str) -> Refusal | None:
    kind = part.partition(":")[0]
    name, _, drawn = result.rpartition(":")
    if name == part and (re.fullmatch(r"[0-9a-f]{64}", drawn) if kind == "drand" else _are_balls(kind, drawn)):
        return None
    example = f"{part}:{_EXAMPLES[kind].rpartition(':')[2]}"
    if name != part and name.partition(":")[0] in _NAMES and _NAMES[name.partition(":")[0]].fullmatch(name):
        return refuse("R-ALLOC-02", "beacon_of_another_draw", named=part, text=name, example=example)
    return refuse("R-ALLOC-02", "beacon_malformed", text=result, example=example)


def _are_balls(kind: str, drawn: str) -> bool:
    groups = drawn.split("+")
    if len(groups) != 2:
        return False
    for group, (many, highest) in zip(groups, _BALLS[kind], strict=True):
        if not re.fullmatch(r"\d\d(-\d\d)*", group):
            return False
        balls = [int(ball) for ball in group.split("-")]
        if len(balls) != many or balls != sorted(set(balls)) or not 1 <= balls[0] <= balls[-1] <= highest:
            return False
    return True
