"""The calendars we ship as data: Chongqing 2025–26 as announced, and 2026–27 as assumed until it is announced.

To replace one, replace it here; the district may also edit its own on the calendar page. Which weekday a swap day
follows is not in any notice: it is the default that we ship, and each can be changed.
"""

from __future__ import annotations

from datetime import date

from kehou.rules.calendar import Calendar, Holidays
from kehou.rules.spans import Span


def _days(year: int, month: int, first: int, last: int) -> frozenset[date]:
    return frozenset(Span.through(date(year, month, first), date(year, month, last)).days())


HOLIDAYS = Holidays(
    off=(
        _days(2025, 10, 1, 8)
        | _days(2026, 1, 1, 3)
        | _days(2026, 2, 15, 23)
        | _days(2026, 4, 4, 6)
        | _days(2026, 5, 1, 5)
        | _days(2026, 6, 19, 21)
        | _days(2026, 9, 25, 27)
        | _days(2026, 10, 1, 7)
        | _days(2027, 1, 1, 3)  # assumed
    ),
    worked=frozenset(
        {
            date(2025, 9, 28),
            date(2025, 10, 11),
            date(2026, 1, 4),
            date(2026, 2, 14),
            date(2026, 2, 28),
            date(2026, 5, 9),
            date(2026, 9, 20),
            date(2026, 10, 10),
        }
    ),
)

AUTUMN_2025 = Calendar(
    name="2025—2026学年第一学期",
    teaching=Span.through(date(2025, 9, 1), date(2026, 1, 30)),
    service=Span.through(date(2025, 9, 8), date(2026, 1, 23)),
    holidays=HOLIDAYS,
    swap_days={date(2025, 9, 28): 3, date(2025, 10, 11): 3, date(2026, 1, 4): 5},
)
SPRING_2026 = Calendar(
    name="2025—2026学年第二学期",
    teaching=Span.through(date(2026, 3, 5), date(2026, 7, 1)),
    service=Span.through(date(2026, 3, 9), date(2026, 6, 26)),
    holidays=HOLIDAYS,
    swap_days={date(2026, 5, 9): 2},
)
AUTUMN_2026 = Calendar(
    name="2026—2027学年第一学期",
    teaching=Span.through(date(2026, 9, 1), date(2027, 1, 22)),
    service=Span.through(date(2026, 9, 7), date(2027, 1, 15)),
    holidays=HOLIDAYS,
    swap_days={date(2026, 9, 20): 5, date(2026, 10, 10): 3},
)
CALENDARS = (AUTUMN_2025, SPRING_2026, AUTUMN_2026)
