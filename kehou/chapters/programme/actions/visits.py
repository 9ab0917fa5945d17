"""Visits held against what somebody leads by the tables: one place at a time, at any school (domain/09 row 42)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kehou.chapters.basis.models import Term
from kehou.chapters.programme.models import Activity
from kehou.chapters.programme.queries.people import led_elsewhere
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import StaffMember, Visit
from kehou.lib.actors import Actor
from kehou.rules.signing_up import Busy
from kehou.rules.verdicts import Refused, refuse


def _leads(member: StaffMember, term: Term) -> tuple[Busy, ...]:
    return tuple(led_elsewhere([member.pk], term).get(member.pk, ()))


@transaction.atomic
def propose_visit(proposal: staffing.Proposal, *, by: Actor, at: datetime) -> Visit:
    """Propose a visit that goes with what they lead already. :raises Refused: as `staffing.propose_visit`"""
    found = replace(proposal, elsewhere=_leads(proposal.member, proposal.term))
    return staffing.propose_visit(found, by=by, at=at)


@transaction.atomic
def agree_to_visit(visit: Visit, party: str, *, by: Actor, at: datetime) -> Visit:
    """Let a party agree, if it still goes with what they lead. :raises Refused: as `staffing.agree_to_visit`"""
    return staffing.agree_to_visit(visit, party, by=by, at=at, elsewhere=_leads(visit.member, visit.term))


@transaction.atomic
def end_visit(visit: Visit, *, reason: str, by: Actor, at: datetime) -> Visit:
    """End a visit. :raises Refused: R-STAF-05 while the visitor leads or helps an activity there on that weekday"""
    led = Activity.objects.filter(
        table__school=visit.host, table__term=visit.term, withdrawn_at=None, slots__weekday=visit.weekday,
        slots__withdrawn_at=None,
    ).filter(Q(leader=visit.member) | Q(helpers=visit.member))  # fmt: skip
    names = list(led.distinct().order_by("pk").values_list("name", flat=True)) if visit.agreed_at else []
    if names:
        activities = "、".join(f"“{name}”" for name in names[:3])
        raise Refused(refuse("R-STAF-05", "still_leads_there", name=visit.member.name, activities=activities))
    return staffing.end_visit(visit, reason=reason, by=by, at=at)
