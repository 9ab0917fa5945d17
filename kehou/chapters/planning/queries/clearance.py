"""May this school begin?"""

from __future__ import annotations

from kehou.chapters.basis.models import Term
from kehou.chapters.planning.models import Clearance
from kehou.chapters.schools.models import School
from kehou.rules.gates import Step, refusal_before_filing
from kehou.rules.verdicts import Refusal


def clearance_of(school: School, term: Term) -> Clearance | None:
    """Return the standing clearance of a school in a term, or None."""
    return Clearance.objects.filter(school=school, term=term, withdrawn_at=None).first()


def is_cleared(school: School, term: Term) -> bool:
    """Return whether the district has accepted the school's filing for the term."""
    return Clearance.objects.filter(school=school, term=term, withdrawn_at=None).exists()


def refusal_before_clearance(school: School, term: Term, *, of: Step | str = Step.SERVICE) -> Refusal | None:
    """Return R-GATE-00 while the filing of the term is not accepted (4-c), None afterwards.

    `of` says what may not begin yet: registration, session, bill, service.
    """
    return refusal_before_filing(Step(of), accepted=is_cleared(school, term))
