"""F2 经费管理方案 (2.6.2-f): the signed version, with what its own checks say."""

from __future__ import annotations

from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.parts.proofs import part_of
from kehou.chapters.planning.queries import fund_plan_of
from kehou.chapters.schools.models import School
from kehou.rules.filing import Part


def build(school: School, term: Term, on: date) -> Part:
    """Return the fund plan in force; a draft is not filed. Who charges nothing states that instead."""
    if not school.charges_fee:
        return Part("F2", formed=True, facts=(("收费", "本校课后服务不收费，不编经费管理方案"),))
    return part_of("F2", fund_plan_of(school, term, on=on), without="经费管理方案还没有签发")
