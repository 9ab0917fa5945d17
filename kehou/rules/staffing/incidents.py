"""What went wrong around somebody who serves: complaints, accidents, penalties, kept in the file (2.4-i, P6-2)."""

from __future__ import annotations

from datetime import date

from kehou.rules.labels import Labelled
from kehou.rules.verdicts import Refusal, refuse


class IncidentKind(Labelled):
    """What is kept."""

    CONDUCT = "conduct", "投诉（涉师德师风）"
    COMPLAINT = "complaint", "投诉（其他）"
    ACCIDENT = "accident", "事故"
    PENALTY = "penalty", "处分"


class IncidentResult(Labelled):
    """How it was concluded."""

    TRUE = "true", "属实"
    PARTLY = "partly", "部分属实"
    UNTRUE = "untrue", "不属实"


def refusals_to_record(what: str, on: date, *, today: date) -> list[Refusal]:
    """Return why nothing can be kept: without words, or of a day that has not come (R-FILE-01)."""
    found = [] if what.strip() else [refuse("R-FILE-01", "incident_without_words")]
    return [*found, *([refuse("R-FILE-01", "incident_ahead")] if on > today else [])]


def refusal_to_conclude(outcome: str, *, concluded: bool, struck: bool) -> Refusal | None:
    """Return why it cannot be concluded: nothing is said, it is over, or it was struck (R-FILE-01)."""
    if concluded or struck:
        return refuse("R-FILE-01", "incident_is_over")
    return None if outcome.strip() else refuse("R-FILE-01", "incident_without_outcome")


def takes_off_duty(kind: str, result: str) -> bool:
    """Return whether somebody may not go on serving: a complaint about their conduct that was found true (P6-2)."""
    return kind == IncidentKind.CONDUCT and result in (IncidentResult.TRUE, IncidentResult.PARTLY)
