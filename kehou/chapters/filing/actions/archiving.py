"""The term is closed: the chain with all its evidence is kept as it was, with its hash."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.models import Archive
from kehou.chapters.filing.queries.chain import archive_of, chain_content, chain_of
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules.filing import digest_of
from kehou.rules.steps import refusal_to_archive
from kehou.rules.verdicts import insist, refuse


@transaction.atomic
def archive(school: School, term: Term, *, by: Actor, at: datetime) -> Archive:
    """Keep the chain of a term whose steps are all done. :raises Refused: R-FLOW-01 before that, or a second time"""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    chain = chain_of(school, term, at=at)
    insist(
        refuse("R-FLOW-01", "archived_already", term=term.name) if archive_of(school, term) else None,
        refusal_to_archive(chain.steps),
    )
    content = chain_content(chain)
    made = Archive.objects.create(
        school=school, term=term, content=content, digest=digest_of(content), archived_by=str(by), archived_at=at
    )
    journal.write("filing.archived", about=made, by=by, at=at, school_code=school.code, digest=made.digest)
    return made
