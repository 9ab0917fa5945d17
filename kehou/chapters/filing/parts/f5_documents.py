"""F5 管理制度目录及文本 (2.5): the documents in force when the service begins, with their texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.parts.proofs import part_of, texts_of
from kehou.chapters.planning.queries import shelf_of, standing_policies
from kehou.chapters.schools.models import School
from kehou.rules.filing import Part
from kehou.rules.policy_documents import EMERGENCY_PLAN


def build(school: School, term: Term, on: date) -> Part:
    """Return the signed documents with their hashes and their words; the emergency plan's words stand in F6."""
    begins = max(on, term.service_from_on)
    part = part_of("F5", shelf_of(school, term, on=begins), without="管理制度还没有上架")
    if not part.formed:
        return part
    texts = [one for one in standing_policies(school, on=begins) if one.number != EMERGENCY_PLAN]
    return replace(part, sections=tuple(section for one in texts for section in texts_of(one)))
