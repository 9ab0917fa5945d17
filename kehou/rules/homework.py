"""书面作业: where a school helps with written homework, none is taken home (2.3-p, R-HW-01, R-HW-02).

The policy says 原则上: a class may still do so, saying why, and the day is shown. What families report counts as soon
as so many of a class say the same of one day; fewer are shown to nobody, so that no family is found by it.
"""

from __future__ import annotations

from datetime import date, timedelta

from kehou.rules.verdicts import Refusal, refuse

DAYS_BACK = 3  # a family may still say it of the last days
MOST_MINUTES = 240


def refusals_to_declare(*, on: date, today: date, minutes: int, tutored: bool, reason: str) -> list[Refusal]:
    """Return why a class's homework of a day cannot be written down; `minutes` of written work at home, 0 for none."""
    found = []
    if not today - timedelta(days=DAYS_BACK) <= on <= today:
        found.append(refuse("R-HW-01", "day_out_of_reach", days=DAYS_BACK))
    if not 0 <= minutes <= MOST_MINUTES:
        found.append(refuse("R-HW-01", "minutes_out_of_reach", most=MOST_MINUTES))
    if minutes and tutored and not reason.strip():
        found.append(refuse("R-HW-01", "say_why"))
    return found


def refusal_to_report(*, on: date, today: date, is_school_day: bool) -> Refusal | None:
    """Return why a family cannot say that there was written homework: another day than one of the last."""
    if not today - timedelta(days=DAYS_BACK) <= on <= today or not is_school_day:
        return refuse("R-HW-02", "not_of_these_days", days=DAYS_BACK)
    return None


def flag_of_declared(name: str, *, minutes: int | None, tutored: bool) -> Refusal | None:
    """Return the flag of a class-day on which homework was helped with and yet taken home (R-HW-01)."""
    return refuse("R-HW-01", "taken_home", name=name, minutes=minutes) if minutes and tutored else None


def flag_of_reports(name: str, *, reports: int, least: int) -> Refusal | None:
    """Return the flag of a class-day of which at least so many families said it (R-HW-02)."""
    return refuse("R-HW-02", "families_say", name=name, reports=reports) if reports >= least else None
