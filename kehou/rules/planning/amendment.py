"""A change of a plan that is in force (动态调整, 2.7.2-g): why, what, whom it touches, and who has to agree anew.

Time, price and place are what a family agreed to: when one of them changes, its old consent does not cover the new
arrangement. Silence is not consent: who does not answer keeps the old arrangement (R-AMD-01).
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from kehou.rules.labels import Labelled
from kehou.rules.verdicts import Refusal, refuse


class ChangeKind(Labelled):
    """What changes."""

    TIME = "time", "时间"
    PRICE = "price", "收费"
    PLACE = "place", "地点"
    CONTENT = "content", "内容"
    PEOPLE = "people", "人员"
    OTHER = "other", "其他"


MATERIAL = frozenset({ChangeKind.TIME, ChangeKind.PRICE, ChangeKind.PLACE})
MOVES_SESSIONS = frozenset({ChangeKind.TIME, ChangeKind.PLACE})


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what it was and what it becomes."""

    kind: ChangeKind
    what: str
    was: str
    becomes: str

    @property
    def is_material(self) -> bool:
        """Return whether families have to agree anew."""
        return self.kind in MATERIAL


@dataclass(frozen=True, slots=True)
class Renewal:
    """A change of time or place that families were asked about: what it covers, and who has not agreed to it.

    Empty `activities` or `weekdays` narrow nothing. `old` holds the children whose family is silent or leaves.
    """

    number: int
    from_on: date
    activities: frozenset[int]
    weekdays: frozenset[int]
    old: frozenset[int]

    def covers(self, *, activity: int, weekday: int, on: date) -> bool:
        """Return whether it speaks of an activity's meeting on this weekday, on this day."""
        return (
            on >= self.from_on
            and (not self.activities or activity in self.activities)
            and (not self.weekdays or weekday in self.weekdays)
        )


def newest_over(renewals: Sequence[Renewal], *, activity: int, weekday: int, on: date) -> Renewal | None:
    """Return the newest change that covers a meeting; what an older one was answered no longer matters."""
    over = [one for one in renewals if one.covers(activity=activity, weekday=weekday, on=on)]
    return max(over, key=lambda one: one.number, default=None)


def refusal_of_moving(
    name: str, renewal: Renewal | None, children: AbstractSet[int], *, lasting: bool
) -> Refusal | None:
    """Return why a meeting of these children stays at its time and place (2.7.2-g, R-AMD-01).

    A lasting change of the table needs an amendment to which every family has agreed; who joined after it was told has
    chosen the new arrangement. A single meeting may be moved with a letter, but not past an amendment that is being
    answered: silence keeps the old arrangement.
    """
    if not children:
        return None
    if renewal is None:
        return refuse("R-AMD-01", "families_not_asked", name=name, children=len(children)) if lasting else None
    old = len(renewal.old & children)
    return refuse("R-AMD-01", "old_arrangement", name=name, number=renewal.number, old=old) if old else None


def refusals_of_amendment(
    *, reason: str, changes: Sequence[Change], from_on: date, answer_by: datetime | None, at: datetime, affected: int
) -> list[Refusal]:
    """Return why families cannot be told of an amendment."""
    found = []
    material = any(change.is_material for change in changes)
    if not reason.strip():
        found.append(refuse("R-AMD-01", "no_reason"))
    if not changes:
        found.append(refuse("R-AMD-01", "nothing_changes"))
    if from_on <= at.date():
        found.append(refuse("R-AMD-01", "begins_in_the_past"))
    if material and affected and (answer_by is None or answer_by <= at or answer_by.date() >= from_on):
        found.append(refuse("R-AMD-01", "deadline_between", begins=f"{from_on:%-m月%-d日}"))
    return found


def refusal_of_consent(*, material: bool, waiting: int, over: bool) -> Refusal | None:
    """Return why an amendment cannot be signed: families still have time to answer (R-AMD-01)."""
    return refuse("R-AMD-01", "families_still_asked", waiting=waiting) if material and waiting and not over else None
