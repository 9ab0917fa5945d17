"""续报优先: who of last term may keep the seat before the round, until when; what is kept is not drawn (R-ALLOC-01).

A right of renewal before the round leaves the draw what it is: strategy-proof, one chance for everybody who enters it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kehou.rules.enrolling import said
from kehou.rules.verdicts import Refusal, refuse

KEEP, LET_GO = "keep", "let_go"
ANSWERS = {KEEP: "保留", LET_GO: "不保留"}


@dataclass(frozen=True, slots=True)
class Going:
    """A group that goes on: how many of last term may keep a seat, and how many seats there are now."""

    name: str
    members: int
    seats: int


def refusals_to_open(
    groups: Sequence[Going], *, closes_at: datetime, at: datetime, opens_at: datetime | None, standing: bool
) -> list[Refusal]:
    """Return why nobody may be asked to renew so; `opens_at` is when families begin to choose, None if not yet named.

    Whoever chooses must know by then what is left.
    """
    if standing:
        return [refuse("R-ALLOC-01", "renewal_stands_already")]
    found = [] if groups else [refuse("R-ALLOC-01", "renewal_without_group")]
    if opens_at is not None and at >= opens_at:
        return [*found, refuse("R-ALLOC-01", "renewal_after_opening", opens=said(opens_at))]
    if closes_at <= at:
        found.append(refuse("R-ALLOC-01", "renewal_closes_in_the_past"))
    elif opens_at is not None and closes_at > opens_at:
        found.append(refuse("R-ALLOC-01", "renewal_closes_too_late", opens=said(opens_at)))
    return found + [no for group in groups if (no := refusal_of_group(group))]


def refusal_of_group(group: Going) -> Refusal | None:
    """Return why a group cannot be renewed: what its box says."""
    if not group.members:
        return refuse("R-ALLOC-01", "renewal_nobody_to_ask", activity=group.name)
    if group.members > group.seats:
        return refuse(
            "R-ALLOC-01", "renewal_more_than_seats", activity=group.name, members=group.members, seats=group.seats
        )
    return None


def refusal_to_answer(*, closes_at: datetime, opens_at: datetime | None, at: datetime) -> Refusal | None:
    """Return why an answer comes too late: the window is over, or families choose already."""
    until = min(closes_at, opens_at) if opens_at is not None else closes_at
    return refuse("R-ALLOC-01", "renewal_is_over", until=said(until)) if at >= until else None


def refusal_of_overlap(
    mine: Iterable[tuple[int, frozenset[int], str]], wanted: Iterable[tuple[int, frozenset[int], str]]
) -> Refusal | None:
    """Return why two groups cannot both be kept: they share a class hour. Rows are (weekday, class hours, name)."""
    held = list(mine)
    for weekday, hours, name in wanted:
        for day, taken, other in held:
            if day == weekday and taken & hours:
                return refuse("R-ALLOC-01", "renewal_overlaps", activity=name, other=other)
    return None


def kept_days(weekdays: Iterable[tuple[int, int]], chosen: dict[int, int], *, series: bool) -> frozenset[int]:
    """Return the weekdays on which a kept seat holds: those the family chose for long enough.

    `weekdays` are (weekday, last class hour of the group), `chosen` the hours by weekday of the application. A series
    is one team over the week: it is kept whole or not at all.
    """
    asked = list(weekdays)
    fits = frozenset(day for day, last in asked if chosen.get(day, 0) >= last)
    return frozenset() if series and len(fits) < len(asked) else fits
