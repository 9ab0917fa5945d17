"""The filing with the district: its number, its clocks, what must be in it (4-c)."""

from __future__ import annotations

from datetime import date, datetime

from kehou.rules.calendar import Holidays
from kehou.rules.verdicts import Refusal, refuse

_SEASONS = {"autumn": "秋", "spring": "春"}


def receipt_number(*, term_code: str, school_code: str, order: int) -> str:
    """Return the number of an accepted filing: LP-KHFW-2026秋-2150990001-01."""
    year, _, season = term_code.partition("-")
    return f"LP-KHFW-{year}{_SEASONS.get(season, season)}-{school_code}-{order:02d}"


def refusal_of_note(note: str) -> Refusal | None:
    """Return why a filing cannot be signed: it says nothing."""
    return None if note.strip() else refuse("R-FILING-03", "without_note")


def refusal_of_return(reason: str) -> Refusal | None:
    """Return why a filing cannot be sent back: the school must read what to mend."""
    return None if reason.strip() else refuse("R-FILING-03", "return_without_reason")


def answer_due_on(submitted_at: datetime, *, working_days: int, holidays: Holidays) -> date:
    """Return the last day on which the district answers in time. Silence after it is late, and is not acceptance."""
    return holidays.working_day_after(submitted_at.date(), working_days)
