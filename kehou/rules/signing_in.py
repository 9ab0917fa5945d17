"""Who may come in: how often one may try, how a code and a number look. Nothing here says whether an account exists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kehou.rules.verdicts import Refusal, refuse

CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=5)
CODE_TRIES = 5
SHORTEST_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` within a span of time; after the last allowed one the door is shut until the first has aged."""

    why: str
    most: int
    within: timedelta


# Families behind one school's address must not shut one another out; one number is tried by one person only.
CODES_A_MINUTE = Limit("code_just_sent", 1, timedelta(minutes=1))
CODES_A_NUMBER = Limit("codes_too_often", 6, timedelta(hours=1))
CODES_AN_ADDRESS = Limit("address_too_often", 120, timedelta(hours=1))
FAILURES_A_NUMBER = Limit("tries_too_often", 5, timedelta(minutes=15))
FAILURES_AN_ADDRESS = Limit("address_too_often", 60, timedelta(minutes=15))


def shut_until(limit: Limit, times: Iterable[datetime], *, now: datetime) -> datetime | None:
    """Return until when no more is allowed, or None while there is room."""
    recent = sorted(time for time in times if time > now - limit.within)
    return (recent[-limit.most] + limit.within).astimezone(now.tzinfo) if len(recent) >= limit.most else None


def refusal_of_haste(limit: Limit, times: Iterable[datetime], *, now: datetime) -> Refusal | None:
    """Return why one must wait, and until when."""
    until = shut_until(limit, times, now=now)
    return refuse("R-ACC-01", limit.why, until=until, most=limit.most) if until else None


def plain_phone(typed: str) -> str:
    """Return a mobile number as it is kept: digits only, without +86."""
    digits = re.sub(r"[\s\-－—()（）]", "", unicodedata.normalize("NFKC", typed))
    return re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", digits)


def refusal_of_phone(phone: str) -> Refusal | None:
    """Return why a number is not a mobile number."""
    return None if re.fullmatch(r"1\d{10}", phone) else refuse("R-ACC-01", "not_a_mobile_number")
