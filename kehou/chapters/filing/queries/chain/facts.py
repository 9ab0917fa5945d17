"""How the facts of a step are asked: once for all schools, or for the one whose page it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.rules.steps import StepFacts

Found = Mapping[int, StepFacts]  # by school


@dataclass(frozen=True, slots=True)
class Asked:
    """About which term, at which instant, of which school (None: of all)."""

    term: Term
    at: datetime
    schools: frozenset[int] | None

    @property
    def today(self) -> date:
        """Return the day of the instant, here."""
        return timezone.localtime(self.at).date()

    def within(self, rows: QuerySet[Any], path: str = "school") -> QuerySet[Any]:
        """Return the rows of the schools asked about; `path` leads from the row to its school."""
        return rows if self.schools is None else rows.filter(**{f"{path}__in": list(self.schools)})


def on(at: datetime | None) -> date | None:
    """Return the day of an instant, here."""
    return timezone.localtime(at).date() if at else None


def name(who: str | None) -> str:
    """Return a person without the post behind the name."""
    return (who or "").split("（")[0]


def said(day: date | None) -> str:
    """Return a day in words."""
    return f"{day.month}月{day.day}日" if day else ""


def last(rows: Iterable[Any], school: str = "school_id") -> dict[int, Any]:
    """Return the last row of each school."""
    return {getattr(row, school): row for row in rows}
