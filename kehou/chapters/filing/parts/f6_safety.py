"""F6 安全与应急预案、交通疏导方案 (2.5-d, 3.1)."""

from __future__ import annotations

from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.rules.filing import Part, unformed


def build(school: School, term: Term, on: date) -> Part:
    """Return the part as it stands on a day."""
    return unformed("F6", "应急预案和交通疏导方案还没有编制")
