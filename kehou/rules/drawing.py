"""When a school may plan, freeze, draw, publish and change: what stands around the engine of `rules.allocation`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from kehou.rules.allocation.randomness import refusal_to_draw, refusal_to_name
from kehou.rules.enrolling import said
from kehou.rules.verdicts import Refusal, refuse

PATIENCE = timedelta(days=7)  # from the deadline to the draw: reviews take two working days (domain/06 3.13)
LEAST_REASON = 4  # signs: 「请假」 says nothing, 「哥哥同组」 does


def refusals_to_plan(
    *,
    mechanism: str,
    method: str,
    randomness: str,
    closes_at: datetime,
    at: datetime,
    standing: bool,
    again: bool = False,
) -> list[Refusal]:
    """Return why a draw may not be planned so: by the published method, with randomness named before the deadline.

    `again`: a ceremony failed because a word was not shown. Then a public draw that is still to come may be named
    after the deadline, over the same frozen choices.
    """
    found = []
    if standing:
        found.append(refuse("R-ALLOC-02", "draw_stands_already"))
    if mechanism != method:
        found.append(refuse("R-ALLOC-01", "method_differs"))
    if not randomness:
        found.append(refuse("R-ALLOC-02", "randomness_not_named"))
    elif no := refusal_to_name(randomness):
        found.append(no)
    if at >= closes_at and not again:
        found.append(refuse("R-ALLOC-02", "named_after_deadline", closes=said(closes_at)))
    elif at >= closes_at and "ceremony:" in randomness:
        found.append(refuse("R-ALLOC-02", "ceremony_after_deadline"))
    return found


def refusals_to_freeze(*, unreviewed: int, joins: int) -> list[Refusal]:
    """Return why the choices may not be frozen: each family's choice is reviewed first (R-FLOW-01)."""
    found = []
    if unreviewed:
        found.append(refuse("R-FLOW-01", "reviews_open", count=unreviewed))
    elif not joins:
        found.append(refuse("R-ALLOC-02", "nobody_to_place"))
    return found


def warnings_of_round(
    *, opens_at: datetime, closes_at: datetime, named_at: datetime | None, drawn: bool, at: datetime
) -> list[Refusal]:
    """Return what the district asks a school about its round: families know the randomness before they choose.

    Named after the opening, some chose without knowing it; after the deadline, nobody can believe it (R-ALLOC-02).
    """
    found = []
    if named_at is None and at >= opens_at:
        found.append(refuse("R-ALLOC-01", "opened_without_randomness"))
    if named_at is not None and named_at > opens_at:
        found.append(refuse("R-ALLOC-01", "named_after_opening", named=said(named_at)))
    if not drawn and at > closes_at + PATIENCE:
        found.append(refuse("R-ALLOC-02", "not_drawn_for_days", closes=said(closes_at)))
    return found


def refusal_of_entries(named: str, entries: Sequence[tuple[int, str, tuple[str, ...]]]) -> Refusal | None:
    """Return why the draw cannot begin: two different persons have typed the same, right result.

    `entries` are (account, beacon, reveals).
    """
    if len({account for account, _, _ in entries}) < 2:
        return refuse("R-ALLOC-02", "second_person_missing", count=len(entries))
    if len({(beacon, reveals) for _, beacon, reveals in entries}) > 1:
        return refuse("R-ALLOC-02", "entries_differ")
    _, beacon, reveals = entries[0]
    return refusal_to_draw(named, beacon, reveals)


def refusal_to_seat(*, taken: int, seats: int, activity: str) -> Refusal | None:
    """Return why no more child can be seated."""
    return refuse("R-GRP-01", "no_seat_left", activity=activity, seats=seats) if taken >= seats else None


def is_left_over(*, taken: int, seats: int, waiting: int) -> bool:
    """Return whether a seat is left after the round: free, and nobody waits. Only such a seat goes to who comes first.

    Everything else goes by the draw and its queues, where the time of clicking never matters (R-ALLOC-01).
    """
    return taken < seats and not waiting


def refusal_of_reason(reason: str) -> Refusal | None:
    """Return why a change by hand may not be made so: it says why, for everybody to read."""
    return refuse("R-ALLOC-02", "say_why_by_hand") if len(reason.strip()) < LEAST_REASON else None


def refusal_by_hand(*, published: bool, state: str) -> Refusal | None:
    """Return why a seat may not be changed by hand: every such change stands beside the public result (2.7.3-c)."""
    if not published:
        return refuse("R-ALLOC-02", "by_hand_after_publishing")
    return refuse("R-ALLOC-02", "stepped_back") if state == "ended" else None


def refusal_to_answer(*, state: str, expires_at: datetime, at: datetime) -> Refusal | None:
    """Return why an offer cannot be answered any more."""
    if state != "open":
        return refuse("R-ALLOC-02", "offer_answered_already")
    if at >= expires_at:
        return refuse("R-ALLOC-02", "offer_has_expired", until=said(expires_at))
    return None


def refusal_to_place_anew(*, published: bool, table_is_public: bool, children: int) -> Refusal | None:
    """Return why nobody can be placed anew: before publishing a group is closed by the draw itself.

    While the table is being changed a group may still come back, and a new one is not offered yet.
    """
    if not published:
        return refuse("R-ALLOC-02", "results_before_publishing")
    if children and not table_is_public:
        return refuse("R-ALLOC-02", "table_is_being_changed")
    return None if children else refuse("R-ALLOC-02", "nobody_in_cancelled_groups")
