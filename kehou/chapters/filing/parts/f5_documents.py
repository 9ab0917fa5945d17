"""F5 管理制度目录及文本 (2.5)."""

from __future__ import annotations

from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.rules.filing import Part, unformed


def build(school: School, term: Term, on: date) -> Part:
    """Return the part as it stands on a day."""
    return unformed("F5", "管理制度还没有上架")
