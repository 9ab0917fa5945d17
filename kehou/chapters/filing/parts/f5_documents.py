"""F5 管理制度目录及文本 (2.5): the documents of the shelf that are in force when the service begins."""

from __future__ import annotations

from datetime import date

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.parts.proofs import part_of
from kehou.chapters.planning.queries import shelf_of
from kehou.chapters.schools.models import School
from kehou.rules.filing import Part


def build(school: School, term: Term, on: date) -> Part:
    """Return the signed documents with their hashes."""
    return part_of("F5", shelf_of(school, term, on=max(on, term.service_from_on)), without="管理制度还没有上架")
