"""On its way: sent to the district, or taken back before anybody there has taken it in hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.filing.actions.moving import move, tell_district
from kehou.chapters.filing.models import Filing
from kehou.lib.actors import Actor
from kehou.rules.states import FilingState


@transaction.atomic
def submit(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    """Send a signed filing to the district. :raises Refused: R-FLOW-01 unless it is signed"""
    filing = move(
        filing, FilingState.SUBMITTED, "filing.submitted", by=by, at=at, submitted_by=str(by), submitted_at=at,
        received_at=None,
    )  # fmt: skip
    title = f"{filing.school.name}报送{filing.term.name}{filing.kind_title}"
    tell_district(filing, title=title, body=filing.note, at=at)
    return filing


@transaction.atomic
def withdraw(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    """Take a filing back that nobody in the district has taken in hand yet. :raises Refused: R-FLOW-01 afterwards"""
    filing = move(
        filing, FilingState.DRAFT, "filing.withdrawn", by=by, at=at, pack=None, submitted_at=None, submitted_by=""
    )
    tell_district(
        filing,
        title=f"{filing.school.name}撤回{filing.term.name}{filing.kind_title}",
        body="受理前撤回，不用办理。",
        at=at,
    )
    return filing
