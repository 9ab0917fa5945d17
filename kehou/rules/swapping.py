"""Swaps after the draw: when they may be asked for, what may be wished, when they are carried out (R-ALLOC-02).

A swap keeps weekday and class hours, so that fee, agreement and the way home stay as they are. Free seats take no part:
they belong to the queue and to the refill round (2.3-j).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import pairwise

from kehou.rules.enrolling import said
from kehou.rules.states import SWAPS, refusal_to_move
from kehou.rules.verdicts import Refusal, refuse


def refusals_to_open(
    *, published: bool, standing: bool, closes_at: datetime, at: datetime, refilling: bool = False
) -> list[Refusal]:
    """Return why a school may not call for swaps: after the result is public, one call at a time, until later.

    `refilling` says that a refill round is not published yet: no seat is promised in both.
    """
    found = []
    if refilling:
        found.append(refuse("R-ALLOC-02", "swaps_during_refill"))
    if not published:
        found.append(refuse("R-ALLOC-02", "swaps_after_publishing"))
    if standing:
        found.append(refuse("R-ALLOC-02", "swaps_open_already"))
    if closes_at <= at:
        found.append(refuse("R-ALLOC-02", "swaps_close_in_the_past"))
    return found


def refusal_to_ask(*, state: str, closes_at: datetime, at: datetime) -> Refusal | None:
    """Return why a family may not ask or take back at this moment; whoever asks early has no advantage."""
    if state != SWAPS.start:
        return refuse("R-ALLOC-02", "swaps_not_open")
    return refuse("R-ALLOC-02", "swaps_are_closed", until=said(closes_at)) if at >= closes_at else None


def refusal_to_carry_out(*, state: str, closes_at: datetime, at: datetime, asked: int) -> Refusal | None:
    """Return why the swaps may not be carried out: once, after the hour, and only if somebody asked."""
    if no := refusal_to_move(SWAPS, state, "done"):
        return no
    if at < closes_at:
        return refuse("R-ALLOC-02", "swaps_still_open", until=said(closes_at))
    return None if asked else refuse("R-ALLOC-02", "nobody_asked_to_swap")


def refusals_of_wish(ranks: Mapping[int, int], *, open_to: Collection[int], is_base_care: bool) -> list[Refusal]:
    """Return why a wish (slot id → rank) cannot stand: at least one, no rank twice, only what may be swapped for."""
    if is_base_care:
        return [refuse("R-GRP-01", "swap_of_base_care")]
    if not ranks:
        return [refuse("R-ALLOC-02", "swap_without_wish")]
    found = []
    given = sorted(ranks.values())
    twice = next((rank for rank, after in pairwise(given) if rank == after), None)
    if twice is not None:
        found.append(refuse("R-ALLOC-02", "swap_rank_twice", rank=twice))
    if not set(ranks) <= set(open_to):
        found.append(refuse("R-GRP-01", "swap_other_hours"))
    return found


def in_order(ranks: Mapping[int, int]) -> list[int]:
    """Return the wished slots, best first."""
    return sorted(ranks, key=lambda slot: (ranks[slot], slot))
