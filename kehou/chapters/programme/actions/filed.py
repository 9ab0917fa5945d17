"""The table that the district accepted: delivered by the filing, asked by whatever puts an activity in force (4-c)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.programme.models import AcceptedTable, TablePublication
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor


@transaction.atomic
def accept_table(
    school: School, term: Term, version: int, receipt_number: str, *, by: Actor, at: datetime
) -> AcceptedTable:
    """Note which version lay in the accepted filing: what goes beyond it waits for the next one.

    The same receipt delivered twice changes nothing. :raises LookupError: for a version that was never published
    """
    publication = TablePublication.objects.filter(table__school=school, table__term=term, version=version).first()
    if publication is None:
        raise LookupError(f"no version {version}")
    accepted, made = AcceptedTable.objects.get_or_create(
        receipt_number=receipt_number,
        defaults={"publication": publication, "accepted_by": str(by), "accepted_at": at},
    )
    if made:
        journal.write(
            "programme.table_accepted", about=publication, by=by, at=at, school_code=school.code, version=version,
            receipt_number=receipt_number,
        )  # fmt: skip
    return accepted
