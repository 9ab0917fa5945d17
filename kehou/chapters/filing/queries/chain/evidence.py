"""The hash of what proves a step that leaves many rows: one school's page recomputes it, and so can an auditor.

Each is the SHA-256 over the canonical JSON of the rows in their own order; rows that carry a hash are taken by it. The
district's list, which shows no hashes, does not ask for them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import QuerySet

from kehou.chapters.attendance.models import Register
from kehou.chapters.enrolment.models import Agreement, Application
from kehou.chapters.filing.queries.chain.facts import Asked
from kehou.chapters.planning.models import Opinion, PolicyVersion, ResponsibilityLetter
from kehou.chapters.schools.models import DismissalTime
from kehou.chapters.surveys.models import Sheet
from kehou.rules.filing import digest_of
from kehou.rules.spans import Span


def proof_of(step: str, asked: Asked) -> str:
    """Return the hash over the rows of a step by its key; empty where it leaves no rows, or none are there."""
    rows = _ROWS[step](asked) if step in _ROWS else []
    return digest_of({"step": step, "rows": rows}) if rows else ""


def _answers(asked: Asked) -> list[Any]:
    sheets = asked.within(Sheet.objects.filter(ticket__survey__term=asked.term), "ticket__survey__school")
    return sorted(digest_of({"answers": answers}) for answers in sheets.values_list("answers", flat=True))


def _opinions(asked: Asked, number: int) -> list[Any]:
    opinions = Opinion.objects.filter(sheet__round__plan__term=asked.term, sheet__round__number=number)
    rows = asked.within(opinions, "sheet__round__plan__school").values_list("topic", "stance", "words")
    return sorted(list(row) for row in rows)


def _applications(asked: Asked) -> list[str]:
    answered = Application.objects.filter(registration__term=asked.term)
    return _hashes(asked.within(answered, "registration__school"))


def _agreements(asked: Asked) -> list[str]:
    signed = Agreement.objects.filter(application__registration__term=asked.term, state="in_force")
    return _hashes(asked.within(signed, "application__registration__school"))


def _registers(asked: Asked) -> list[str]:
    held = Register.objects.filter(session__term=asked.term).exclude(digest="")
    return _hashes(asked.within(held, "session__school"))


def _dismissals(asked: Asked) -> list[Any]:
    span = Span(asked.term.service_from_on, asked.term.service_until_on)
    rows = DismissalTime.objects.filter(season__from_on__lt=span.end, season__until_on__gt=span.start)
    columns = ("season__name", "season__from_on", "season__until_on", "grade", "weekday", "at")
    rows = asked.within(rows, "season__school").order_by("season__from_on", "grade", "weekday")
    return [[str(cell) for cell in row] for row in rows.values_list(*columns)]


def _papers(asked: Asked) -> list[str]:
    """Return the hashes of the documents in force and of the principal's letter."""
    policies = PolicyVersion.objects.filter(superseded_at=None, approved_at__isnull=False)
    letters = ResponsibilityLetter.objects.filter(term=asked.term)
    return [*_hashes(asked.within(policies)), *_hashes(asked.within(letters))]


def _hashes(rows: QuerySet[Any]) -> list[str]:
    return sorted(rows.values_list("digest", flat=True))


_ROWS: dict[str, Callable[[Asked], list[Any]]] = {
    "basics": _dismissals,
    "survey": _answers,
    "round1": partial(_opinions, number=1),
    "round2": partial(_opinions, number=2),
    "readiness": _papers,
    "registration": _applications,
    "agreements": _agreements,
    "service": _registers,
}
