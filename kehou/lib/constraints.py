"""Database constraints that read as sentences (style.md no. 10)."""

from __future__ import annotations

from django.db.models import CheckConstraint, F, Q


def together(*fields: str, name: str) -> CheckConstraint:
    """All of these columns are filled in, or none is."""
    none = Q(**{f"{field}__isnull": True for field in fields})
    every = Q(**{f"{field}__isnull": False for field in fields})
    return CheckConstraint(condition=none | every, name=name)


def before(earlier: str, later: str, *, name: str) -> CheckConstraint:
    """The first column lies before the second; an open end is allowed."""
    return CheckConstraint(condition=Q(**{f"{later}__isnull": True}) | Q(**{f"{earlier}__lt": F(later)}), name=name)


def within(field: str, low: int, high: int, *, name: str) -> CheckConstraint:
    """The column lies between two values, both included."""
    return CheckConstraint(condition=Q(**{f"{field}__gte": low, f"{field}__lte": high}), name=name)
