"""The parts of a pack, one small module each: (school, term, day) → what the sources say now, nothing made up.

A builder returns `Part(formed=False, waits_for=…)` where its source does not exist yet. F9 is the difference to what is
in force and is built from two sets of contents: see `f9_amendment`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.parts import (
    f1_plan,
    f2_fund,
    f3_roster,
    f4_table,
    f5_documents,
    f6_safety,
    f7_samples,
    f8_providers,
)
from kehou.chapters.schools.models import School
from kehou.rules.filing import Part

Builder = Callable[[School, Term, date], Part]
BUILDERS: dict[str, Builder] = {
    "F1": f1_plan.build,
    "F2": f2_fund.build,
    "F3": f3_roster.build,
    "F4": f4_table.build,
    "F5": f5_documents.build,
    "F6": f6_safety.build,
    "F7": f7_samples.build,
    "F8": f8_providers.build,
}


def assemble(school: School, term: Term, on: date) -> dict[str, dict[str, Any]]:
    """Return the contents of F1 to F8 as the sources say them on a day, by code."""
    return {code: build(school, term, on).content() for code, build in BUILDERS.items()}
