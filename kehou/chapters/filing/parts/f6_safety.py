"""F6 安全与应急预案、交通疏导方案 (2.5-d, 3.1): the plan, its drills, liaison with the police, traffic."""

from __future__ import annotations

from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.parts.proofs import part_of
from kehou.chapters.planning.queries import emergency_plan_of
from kehou.chapters.schools.models import School
from kehou.rules.filing import Part


def build(school: School, term: Term, on: date) -> Part:
    """Return the emergency plan in force with what belongs to it."""
    return part_of("F6", emergency_plan_of(school, term, on=on), without="应急预案和交通疏导方案还没有编制")
