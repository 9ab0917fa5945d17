"""Refill rounds: after the first weeks seats are free, some children are new, and many would rather be elsewhere.

A refill round is drawn like any other (`allocate`, `public_record`), under rules of its own:

* Everybody who holds a seat takes part with it, whether he asks for anything or not. His list ends at his seat, and
  there he comes first: deferred acceptance then never takes it from him. Nobody loses.
* The lottery is *reversed*: the number of the draw before, turned round, so that who came last comes first. It needs
  the fewest moves for each child newly served (Feigenbaum, Kanoria, Lo, Sethuraman 2020). Who is new to a day has a
  balanced number of this round's own randomness; who lost his group by its cancelling keeps his number as it was.
* Nothing is closed for want of pupils and no place is kept: both were settled before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kehou.rules.allocation.model import Request, Rules
from kehou.rules.allocation.outcome import Outcome


def refill_rules() -> Rules:
    """Return the only rules under which a refill round is drawn."""
    return Rules(mechanism="da", lottery="reversed", siblings="off", minimum="report")


def refill_request(
    pid: str, day: int, wanted: Iterable[str], *, seat: str | None, any_place: bool = False, hours: int = 0
) -> Request:
    """Return what a pupil asks for: sections he would rather have than his `seat`, best first, which ends his list.

    `any_place` and `hours` (a mask) are for who holds nothing that day: base care fills what a section leaves free.
    """
    above = tuple((section,) for section in wanted if section != seat)
    if seat is None:
        return Request(pid, day, above, any_place, hours)
    return Request(pid, day, (*above, (seat,)), any_place=False, hours=0)


@dataclass(frozen=True, slots=True)
class Refilled:
    """A refill round in counts of children and days: who asked, who moved up, who has a seat that had none there."""

    asked: int
    moved: int
    served: int
    unchanged: int


def refilled(outcome: Outcome) -> Refilled:
    """Return what a refill round did: `asked` is the sum of the rest; who asked for nothing is not counted."""
    found: Counter[str] = Counter()
    for row in outcome.round.before:
        wish = outcome.round.requests_on[row.day][row.pid]
        if wish.tiers == ((row.seat,),):
            continue
        got = outcome.seat.get((row.pid, row.day))
        found["unchanged" if got == row.seat else "served" if row.seat is None else "moved"] += 1
    return Refilled(found.total(), found["moved"], found["served"], found["unchanged"])
