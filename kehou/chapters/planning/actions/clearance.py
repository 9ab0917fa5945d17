"""The filing chapter delivers its decision here, in this chapter's own words."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.planning.models import Clearance
from kehou.chapters.planning.queries import clearance_of
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def clear(school: School, term: Term, *, receipt_number: str, by: Actor, at: datetime) -> Clearance:
    """Note that the district has accepted the school's filing: from now on it may begin (4-c).

    :raises Refused: R-GATE-00 without a number, or when it stands already
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    standing = clearance_of(school, term)
    insist(
        None if receipt_number.strip() else refuse("R-GATE-00", "without_number"),
        refuse("R-GATE-00", "cleared_already", school=school.name, number=standing.receipt_number)
        if standing
        else None,
    )
    clearance = Clearance.objects.create(
        school=school, term=term, receipt_number=receipt_number.strip(), cleared_by=str(by), cleared_at=at
    )
    number = clearance.receipt_number
    journal.write("planning.cleared", about=clearance, by=by, at=at, school_code=school.code, receipt_number=number)
    return clearance


@transaction.atomic
def withdraw_clearance(school: School, term: Term, *, reason: str, by: Actor, at: datetime) -> None:
    """Take the clearance back: nothing new may begin; what is under way is not undone.

    :raises Refused: R-GATE-00 when there is none
    """
    clearance = clearance_of(school, term)
    if clearance is None or not Clearance.objects.filter(pk=clearance.pk, withdrawn_at=None).update(withdrawn_at=at):
        raise Refused(refuse("R-GATE-00", "not_cleared", school=school.name))
    journal.write("planning.clearance_withdrawn", about=clearance, by=by, at=at, school_code=school.code, reason=reason)
