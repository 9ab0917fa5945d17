"""What stands in an address or a field outside a form: a number or a day, or nothing that we take for one.

`"²".isdigit()` is true and `int("²")` raises; `9999-12-31` is a day that has no tomorrow; a number of forty digits
fits no column. Whoever types such a thing gets the page as if nothing had been typed, never a broken one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

LARGEST = 2**53
# Never shown again, whoever typed it: what opens a door, and ID numbers.
SECRETS = frozenset({"password", "old", "new", "again", "code", "token", "id_number", "csrfmiddlewaretoken"})
_TELEPHONE = re.compile(r"\d{7,12}")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def whole(text: str | None, *, most: int = LARGEST) -> int | None:
    """Return a whole number from 0 to `most` written in plain digits, None for anything else."""
    if not text or len(text) > 20 or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= most else None


def wholes(texts: Iterable[str]) -> list[int]:
    """Return the whole numbers among the texts, in their order."""
    return [number for text in texts if (number := whole(text)) is not None]


def day(text: str | None) -> date | None:
    """Return a day between 1900 and 2199 written as 2026-09-07, None for anything else."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def texts(sent: Mapping[str, str]) -> list[str]:
    """Return what somebody wrote in their own words among the fields of a form, each once, so that it can be copied.

    Values of boxes, lists and buttons are ASCII and are left out, and so are secrets and drawn signatures.
    """
    own = [
        text
        for name, value in sent.items()
        if name not in SECRETS and (text := value.strip()) and (not text.isascii() or _TELEPHONE.fullmatch(text))
    ]
    return list(dict.fromkeys(own))
