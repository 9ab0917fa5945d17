"""Deferred acceptance, for a school that insists on priorities inside the round (mechanism "da").

Pupils propose down their lists (a tier is read in the order in which it is written); a section keeps those of the
higher priority class and, within a class, of the earlier turn: one lottery for all sections (DA-STB). Where only some
seats are reserved, these are filled first, by class and turn, the others by turn alone (soft reserves: what the class
does not fill is open to all). Strategy-proof for families, free of justified envy. Gale, Shapley 1962; Abdulkadiroğlu,
Pathak, Roth 2009; Hafalir, Yenmez, Yildirim 2013; Dur, Kominers, Pathak, Sönmez 2018 (reserved seats first).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from heapq import heappush, heappushpop

from kehou.rules.allocation.eligible import Places
from kehou.rules.allocation.model import ANY_PLACE, Request, Round, Student
from kehou.rules.allocation.serial import DayResult


def propose(
    round: Round, day: int, order: tuple[str, ...], seats: Mapping[str, int], shut: Collection[str] = ()
) -> DayResult:
    """Return what deferred acceptance gives on one day; `cut` is the turn of the best pupil a section refused."""
    wishes, places = round.requests_on[day], Places(s for s in round.sections_on[day] if s.id not in shut)
    lists = [flat(wishes[pid], round.student[pid], places, shut) for pid in order]
    classes = {s: dict(round.priorities.get(s, {})) for s in seats}
    inside: dict[str, list[tuple[int, int]]] = {s: [] for s in seats if s not in shut}
    refused: dict[str, tuple[int, int]] = {}
    asked = [0] * len(order)
    for first in range(len(order)):
        turn = first
        while asked[turn] < len(lists[turn]):
            section = lists[turn][asked[turn]][0]
            rank = (classes[section].get(order[turn], 0), -turn)  # the greater, the better
            if len(inside[section]) < seats[section]:
                heappush(inside[section], rank)
                break
            worst = _displaced(inside[section], rank, round.reserved.get(section))
            refused[section] = max(refused.get(section, worst), worst)
            turn = -worst[1]
            asked[turn] += 1
    result = DayResult(day, order, cut={s: 1 - worst[1] for s, worst in refused.items()})
    for turn, pid in enumerate(order):
        if asked[turn] < len(lists[turn]):
            result.seat[pid], result.tier[pid] = lists[turn][asked[turn]]
    return result


Rank = tuple[int, int]  # (class, minus turn)


def _displaced(held: list[Rank], rank: Rank, reserved: int | None) -> Rank:
    """Put a rank among those that fill a section and return the one that leaves. `held` is a heap, the least first."""
    if not held:
        return rank
    if reserved is None:
        return heappushpop(held, rank)
    ranked = sorted([*held, rank], reverse=True)
    worst = min(ranked[reserved:] or ranked[-1:], key=lambda one: one[1])
    ranked.remove(worst)
    held[:] = ranked[::-1]  # ascending, so a heap again
    return worst


def flat(wish: Request, student: Student, places: Places, shut: Collection[str] = ()) -> list[tuple[str, int]]:
    """Return a request as a strict list of (section, tier), "any place" last."""
    listed = [(s, tier) for tier, options in enumerate(wish.tiers, 1) for s in options if s not in shut]
    if wish.any_place:
        known = {s for s, _ in listed}
        listed += [(s, ANY_PLACE) for s in places.of(student, wish.hours) if s not in known]
    return listed
