"""F1 实施方案 with its table of opinions and answers (2.7.2, 4-b)."""

from __future__ import annotations

from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.rules.filing import Part, unformed


def build(school: School, term: Term, on: date) -> Part:
    """Return the part as it stands on a day."""
    return unformed("F1", "实施方案还没有定稿")
