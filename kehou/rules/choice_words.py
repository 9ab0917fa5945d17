"""A choice in words, for receipts, reviews and lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kehou.rules.calendar import weekday_name
from kehou.rules.choice import WAYS_HOME, Choice
from kehou.rules.fees import hours_in_words


@dataclass(frozen=True, slots=True)
class SaidDay:
    """One weekday of a choice as a page prints it; each line of `tiers` is one wish, equal ones joined."""

    weekday: int
    name: str
    hours: int
    tiers: tuple[str, ...]
    any_place: bool


def days_in_words(choice: Choice, names: Mapping[int, str]) -> tuple[SaidDay, ...]:
    """Return each weekday with its wishes; `names` gives the activity of each place, a withdrawn one is left out."""
    return tuple(
        SaidDay(
            weekday=day.weekday,
            name=weekday_name(day.weekday),
            hours=day.hours,
            tiers=tuple(
                "、".join(names[place] for place in tier if place in names)
                for tier in day.tiers
                if any(place in names for place in tier)
            ),
            any_place=day.any_place,
        )
        for day in sorted(choice.days, key=lambda day: day.weekday)
    )


def summary(choice: Choice) -> str:
    """Return the choice in one line: `每周一三五各2课时`, or `不参加`."""
    return hours_in_words({day.weekday: day.hours for day in choice.days}) if choice.joins else "不参加"


def way_home(choice: Choice) -> str:
    """Return how the child goes home, with the signed permission where it needs one."""
    words = WAYS_HOME.get(choice.going_home, "")
    return f"{words}（监护人已签字同意）" if choice.alone_signed else words
