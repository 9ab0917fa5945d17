"""F2 经费管理方案 (2.6.2-f)."""

from __future__ import annotations

from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.rules.filing import Part, unformed


def build(school: School, term: Term, on: date) -> Part:
    """Return the part as it stands on a day."""
    return unformed("F2", "经费管理方案还没有编制")
