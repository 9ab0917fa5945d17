"""The number of a filing and its clocks in working days. Silence after a clock has run out is late, never a yes."""

from __future__ import annotations

from datetime import date, datetime

from kehou.rules.calendar import Holidays
from kehou.rules.labels import term_mark
from kehou.rules.spans import DAY
from kehou.rules.verdicts import Refusal, refuse

BEGAN_ON = date(2021, 9, 1)  # 2021年9月开始全面实施 (4-a)


def receipt_number(*, term_code: str, school_code: str, order: int) -> str:
    """Return the number of an accepted filing: LP-KHFW-2026秋-2150990001-01; `order` counts those accepted."""
    return f"LP-KHFW-{term_mark(term_code)}-{school_code}-{order:02d}"


def report_due_on(service_from: date, *, working_days: int, holidays: Holidays) -> date:
    """Return the last day for reporting: so many working days before the first day of the service."""
    day = service_from
    while working_days > 0:
        day -= DAY
        working_days -= holidays.is_working_day(day)
    return day


def answer_due_on(submitted_at: datetime, *, working_days: int, holidays: Holidays) -> date:
    """Return the last day on which the district answers in time. Silence after it is late, and is not acceptance."""
    return holidays.working_day_after(submitted_at.date(), working_days)


def correction_due_on(returned_at: datetime, *, working_days: int, holidays: Holidays) -> date:
    """Return the last day on which the school mends in time what was sent back."""
    return holidays.working_day_after(returned_at.date(), working_days)


def refusal_of_past(*, term_from: date, accepted_on: date, today: date) -> Refusal | None:
    """Return why a filing of an earlier term is not taken into the record: before September 2021 there was none (4-a).

    What has not happened yet is not recorded, and nothing was accepted half a year before its term.
    """
    if term_from < BEGAN_ON or accepted_on < BEGAN_ON:
        return refuse("R-BASIS-03", "before_the_service_began")
    if accepted_on > today:
        return refuse("R-BASIS-03", "accepted_in_the_future")
    if not -183 <= (accepted_on - term_from).days <= 183:
        return refuse("R-BASIS-03", "accepted_far_from_its_term")
    return None
