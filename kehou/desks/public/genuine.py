"""What is said about a paper whose code was found: never whom it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Genuine:
    """What is said about a paper."""

    what: str
    number: str
    school: str
    made_at: datetime | None
    digest: str
    state: str
    standing: bool | None  # None: it only ever said how things stood on that day
    link: str = ""
    version: str = ""


def is_hex(text: str) -> bool:
    """Return whether a text may be the beginning of a hash."""
    return bool(text) and all(sign in "0123456789abcdef" for sign in text)
