"""What only the district may allow: a wording that the lint blocks (P2-1), an activity off campus (2.3-k).

A release holds for the words that the officer read, and for nothing else: another name or another aim is asked for
anew. An approval holds for the trip as it was described: another place, day or grade, or more children, is another
trip.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from kehou.rules.labels import Labelled
from kehou.rules.lint.plain import plain
from kehou.rules.verdicts import Refusal, refuse

SHORTEST_REASON = 8  # signs: "需要" or "同意" is not a reason that anybody can check later


class PermitKind(Labelled):
    """What a school asks the district for."""

    WORDING = "wording", "放行用语"
    OFF_CAMPUS = "off_campus", "校外活动"


@lru_cache(maxsize=5_000)
def wording_of(name: str, aim: str) -> str:
    """Return what a release is bound to: name and aim as the lint reads them, whatever signs are put between."""
    return f"{plain(name).text}\n{plain(aim).text}"


@dataclass(frozen=True, slots=True)
class Trip:
    """An activity off campus as far as an approval is bound to it. `place` is the key of the ledger's row."""

    name: str
    place: int
    weekdays: frozenset[int]
    grades: frozenset[int]
    pupils: int

    def is_within(self, approved: Trip) -> bool:
        """Return whether this is the trip that was approved, or less of it."""
        return (
            self.name == approved.name
            and self.place == approved.place
            and self.weekdays <= approved.weekdays
            and self.grades <= approved.grades
            and self.pupils <= approved.pupils
        )


@dataclass(frozen=True, slots=True)
class Granted:
    """What the district allows a school in a term."""

    wordings: Collection[str] = frozenset()
    trips: Collection[Trip] = ()

    def releases(self, name: str, aim: str) -> bool:
        """Return whether these words were released."""
        return bool(self.wordings) and wording_of(name, aim) in self.wordings

    def approves(self, trip: Trip) -> bool:
        """Return whether this trip was approved."""
        return any(trip.is_within(one) for one in self.trips)


def refusal_of_reason(reason: str, *, code: str) -> Refusal | None:
    """Return why a request or a decision cannot be kept: nobody could check later why it was made."""
    return (
        None if len(reason.strip()) >= SHORTEST_REASON else refuse(code, "permit_reason_missing", least=SHORTEST_REASON)
    )


TRIP_PARTS = {"route": "路线与交通", "safety_plan": "安全预案", "consent": "征得家长同意的办法"}


def refusal_of_plan(parts: dict[str, str]) -> Refusal | None:
    """Return which part of the request for a trip is not written yet (2.3-k: plan, transport, consent)."""
    missing = [label for key, label in TRIP_PARTS.items() if not parts.get(key, "").strip()]
    return refuse("R-VEN-01", "trip_plan_incomplete", missing="、".join(missing)) if missing else None


def refusal_of_escorts(names: Iterable[str], *, pupils: int, ratio: int) -> Refusal | None:
    """Return why so few adults may not go: two at least, and one for `ratio` children (class D)."""
    adults = len(set(names))
    needed = max(2, -(-pupils // ratio))
    if adults >= needed:
        return None
    return refuse("R-VEN-01", "escorts_too_few", pupils=pupils, adults=adults, needed=needed)
