"""What a school owes the public in a term, and by when (R-PUB-04, R-PUB-05; 2.5-s, 2.6.3-k).

The items of the service and the price before it begins; each month's account by a working day of the next month; the
account of the whole term by the same day after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kehou.rules.calendar import Holidays
from kehou.rules.publication import KINDS
from kehou.rules.spans import DAY, Span, months_of
from kehou.rules.verdicts import Refusal, refuse

Key = tuple[str, str]  # kind, period: account, 2026-11


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to be published: which, by which day, and since when what stands is shown; None where nothing is."""

    kind: str
    period: str
    title: str
    due_on: date
    shown_since: date | None = None

    def is_late(self, on: date) -> bool:
        """Return whether its day is over and nothing stands."""
        return self.shown_since is None and on > self.due_on

    def refusal(self, on: date) -> Refusal | None:
        """Return the warning that it is late (R-PUB-04)."""
        return refuse("R-PUB-04", "late", title=self.title, day=self.due_on) if self.is_late(on) else None


def dues_of(
    service: Span, shown: Mapping[Key, date], *, charges: bool, working_day: int, holidays: Holidays, on: date
) -> tuple[Due, ...]:
    """Return what is owed by now: what is not yet over is not asked for.

    `shown` is since when what stands is shown; `working_day` the day of the next month by which money is published.
    """
    assert service.end is not None
    found = [Due("service", "", KINDS["service"], service.start, shown.get(("service", "")))]
    if charges:
        found.append(Due("prices", "", KINDS["prices"], service.start, shown.get(("prices", ""))))
        for month in months_of(service):
            assert month.end is not None
            if month.end <= on:
                period = f"{month.start:%Y-%m}"
                title, since = f"{month.start.month}月收支公示", shown.get(("account", period))
                found.append(Due("account", period, title, _by(month.end, working_day, holidays), since))
        if service.end <= on:
            whole = shown.get(("account", ""))
            since = whole if whole and whole >= service.end else None  # one of the middle of the term is not the last
            found.append(Due("account", "", "全学期收支公示", _by(service.end, working_day, holidays), since))
    return tuple(found)


def _by(end: date, working_day: int, holidays: Holidays) -> date:
    return holidays.working_day_after(end - DAY, working_day)
