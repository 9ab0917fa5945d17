"""F8 第三方选用材料 (2.4-e, 2.4-f)."""

from __future__ import annotations

from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.schools.models import School
from kehou.rules.filing import Part, unformed


def build(school: School, term: Term, on: date) -> Part:
    """Return the part as it stands on a day."""
    return unformed("F8", "本校没有登记选用第三方")
