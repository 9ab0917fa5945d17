"""The roster that the district accepted: delivered by the filing, asked by every way of scheduling (2.4-p)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import AcceptedRoster, StaffMember
from kehou.chapters.staffing.queries import accepted_roster, rostered
from kehou.lib.actors import Actor
from kehou.rules.verdicts import insist, refuse


@transaction.atomic
def accept_roster(
    school: School, term: Term, members: Iterable[StaffMember], receipt_number: str, *, by: Actor, at: datetime
) -> AcceptedRoster:
    """Put the accepted list of a filing or an amendment in force; it replaces the one before as a whole.

    The same list under the same receipt changes nothing, so that it may be delivered twice.

    :raises Refused: R-FILING-01 when somebody on it is not of this school
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    people = {one.pk: one for one in members}
    strangers = any(one.school_id != school.pk for one in people.values())
    insist(refuse("R-FILING-01", "roster_of_another_school") if strangers else None)
    before = accepted_roster(school, term)
    if before and before.receipt_number == receipt_number and rostered(school, term) == set(people):
        return before
    version = before.version + 1 if before else 1
    roster = AcceptedRoster.objects.create(
        school=school, term=term, version=version, receipt_number=receipt_number, accepted_by=str(by), accepted_at=at
    )
    through = AcceptedRoster.members.through
    through.objects.bulk_create(
        (through(acceptedroster_id=roster.pk, staffmember_id=pk) for pk in people), batch_size=500
    )
    facts = {"receipt_number": receipt_number, "people": len(people), "version": version}
    journal.write("staffing.roster_accepted", about=roster, by=by, at=at, school_code=school.code, **facts)
    return roster
