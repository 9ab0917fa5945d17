"""Words that are stored in English and read in Chinese."""

from __future__ import annotations

from enum import Enum


class Labelled(str, Enum):
    """A stable English word with its Chinese label: `OPEN = "open", "进行中"`. The value goes to the database."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Labelled:
        """Return the member for a (value, label) pair; for a stored value alone Enum finds it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    def __str__(self) -> str:
        return str.__str__(self)

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return (value, label) pairs, as forms and models want them."""
        return [(member.value, member.label) for member in cls]


_SEASONS = {"autumn": "秋", "spring": "春"}


def term_mark(code: str) -> str:
    """Return a term as the number of a paper says it: `2026-autumn` is `2026秋`."""
    year, _, season = code.partition("-")
    return f"{year}{_SEASONS.get(season, season)}"
