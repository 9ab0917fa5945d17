"""Refill rounds of a school: when they open, what may be wished, when they are frozen (2.3-j, R-ALLOC-02).

From the opening until the result is public freed seats are not offered down the waiting lists: they are given in the
round. From the freezing on nobody else gives a seat either. Families may leave at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import pairwise

from kehou.rules.allocation.randomness import refusal_to_name
from kehou.rules.enrolling import said
from kehou.rules.states import DRAW, refusal_to_move
from kehou.rules.verdicts import Refusal, refuse

STANDING = ("planned", "committed", "drawn")
FROZEN = ("committed", "drawn")


def refusals_to_open(
    *, published: bool, standing: bool, swapping: bool, randomness: str, closes_at: datetime, at: datetime
) -> list[Refusal]:
    """Return why a refill round may not be opened: after the result, one at a time, with randomness nobody can know."""
    found = []
    if not published:
        found.append(refuse("R-ALLOC-02", "refill_after_publishing"))
    if standing:
        found.append(refuse("R-ALLOC-02", "refill_stands_already"))
    if swapping:
        found.append(refuse("R-ALLOC-02", "refill_during_swaps"))
    if closes_at <= at:
        found.append(refuse("R-ALLOC-02", "refill_closes_in_the_past"))
    if not randomness:
        found.append(refuse("R-ALLOC-02", "randomness_not_named"))
    elif no := refusal_to_name(randomness):
        found.append(no)
    return found


def refusal_to_ask(*, state: str, closes_at: datetime, at: datetime) -> Refusal | None:
    """Return why a family may not ask or take back at this moment; whoever asks early has no advantage."""
    if at >= closes_at:
        return refuse("R-ALLOC-02", "refill_is_closed", until=said(closes_at))
    return None if state == DRAW.start else refuse("R-ALLOC-02", "refill_not_open")


def refusals_of_wish(ranks: Mapping[int, int], *, open_to: Collection[int], care: bool) -> list[Refusal]:
    """Return why a wish (slot id → rank) cannot stand: something is wished, no rank twice, only what fits the child."""
    if not ranks and not care:
        return [refuse("R-ALLOC-02", "refill_without_wish")]
    found = []
    given = sorted(ranks.values())
    twice = next((rank for rank, after in pairwise(given) if rank == after), None)
    if twice is not None:
        found.append(refuse("R-ALLOC-02", "refill_rank_twice", rank=twice))
    if not set(ranks) <= set(open_to):
        found.append(refuse("R-GRP-01", "refill_not_for_child"))
    return found


def in_order(ranks: Mapping[int, int]) -> list[int]:
    """Return the wished slots, best first."""
    return sorted(ranks, key=lambda slot: (ranks[slot], slot))


def fits(hours: int, *, day: int, main: int, others: Collection[int]) -> bool:
    """Return whether a group fits a child's day. All are masks, bit h−1 for class hour h; `main` is 0 for no group.

    It lies within the hours the child stays, covers those of the group it would replace, and cuts no other seat in two:
    so no hour is left without care, and fee and the way home stay as they are.
    """
    return not hours & ~day and not main & ~hours and all(not hours & other or not other & ~hours for other in others)


def refusals_to_freeze(
    *, state: str, closes_at: datetime, at: datetime, asked: int, offers: int, displaced: int, unreviewed: int = 0
) -> list[Refusal]:
    """Return why a round may not be frozen: after its end, with wishes, and no seat promised to somebody else."""
    if no := refusal_to_move(DRAW, state, "committed"):
        return [no]
    found = []
    if at < closes_at:
        found.append(refuse("R-ALLOC-02", "refill_still_open", until=said(closes_at)))
    elif not asked:
        found.append(refuse("R-ALLOC-02", "nobody_asked_for_refill"))
    if unreviewed:
        found.append(refuse("R-FLOW-01", "reviews_open", count=unreviewed))
    if offers:
        found.append(refuse("R-ALLOC-02", "refill_offers_open", count=offers))
    if displaced:
        found.append(refuse("R-ALLOC-02", "refill_displaced_first", count=displaced))
    return found


def refusal_to_give(refill: str | None) -> Refusal | None:
    """Return why no seat may be given beside a refill round in this state; None for no round."""
    return refuse("R-ALLOC-02", "seats_rest_for_refill") if refill in FROZEN else None
