"""The district's list of those who may not serve: put on with a basis, taken off by two persons (P6-1, P6-4, P7-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.staffing.actions.files import refresh
from kehou.chapters.staffing.actions.proofs import id_hash_of
from kehou.chapters.staffing.models import Restriction, StaffMember
from kehou.lib.actors import Actor
from kehou.rules.identity import refusal_of_id_number
from kehou.rules.verdicts import Refused, insist, refuse

RESTRICTIONS = {"ban": "从业禁止", "conduct": "师德限制"}


@dataclass(frozen=True, slots=True)
class RestrictionFacts:
    """Whom the list names, why, from when to when; `last_on` None: until it is released."""

    name: str
    id_number: str
    kind: str
    basis: str
    from_on: date
    last_on: date | None = None


@transaction.atomic
def restrict(facts: RestrictionFacts, *, until_on: date | None, by: Actor, at: datetime) -> Restriction:
    """Put somebody on the list; nobody on it is fit to serve, at any school. `until_on` is the first day after.

    Ask `timetable.actions.restrict`, which takes them off their sessions as well.

    :raises Refused: R-FILE-03 without name, number, kind or basis, for a span that runs backwards, or listed already;
        R-ELIG-01 for a wrong number
    """
    number = facts.id_number.strip().upper()
    id_hash = id_hash_of(number)
    insist(
        None if facts.name.strip() and number else refuse("R-FILE-03", "list_name_missing"),
        refusal_of_id_number(number, on=at.date()) if number else None,
        None if facts.basis.strip() and facts.kind in RESTRICTIONS else refuse("R-FILE-03", "basis_missing"),
        refuse("R-FILE-03", "span_backwards") if until_on is not None and until_on <= facts.from_on else None,
    )
    if Restriction.objects.filter(id_hash=id_hash, released_at=None, until_on=None).exists():
        raise Refused(refuse("R-FILE-03", "listed_already"))
    kept = Restriction.objects.create(
        name=facts.name.strip(),
        id_hash=id_hash,
        id_number=number,
        kind=facts.kind,
        basis=facts.basis.strip(),
        from_on=facts.from_on,
        until_on=until_on,
        listed_by=str(by),
        listed_at=at,
    )
    journal.write("staffing.restricted", about=kept, by=by, at=at, kind=facts.kind)
    refresh(StaffMember.objects.filter(id_hash=id_hash), by=by, at=at)
    return kept


@transaction.atomic
def propose_release(kept: Restriction, *, reason: str, by: Actor, at: datetime) -> Restriction:
    """Propose to take somebody off the list; another person approves. :raises Refused: R-FILE-03, R-EXT-04"""
    kept = Restriction.objects.select_for_update(no_key=True).get(pk=kept.pk)
    insist(
        None if reason.strip() else refuse("R-EXT-04", "say_why"),
        refuse("R-FILE-03", "released_already") if kept.released_at else None,
    )
    kept.release_reason, kept.release_proposed_by = reason.strip(), str(by)
    kept.release_proposer, kept.release_proposed_at = by.account_id, at
    kept.save()
    journal.write("staffing.release_proposed", about=kept, by=by, at=at, reason=reason.strip())
    return kept


@transaction.atomic
def release(kept: Restriction, *, by: Actor, at: datetime) -> Restriction:
    """Take somebody off the list, as the second person.

    :raises Refused: R-FILE-03 when nobody has proposed it, by who proposed it, or when it is done already
    """
    kept = Restriction.objects.select_for_update(no_key=True).get(pk=kept.pk)
    insist(
        refuse("R-FILE-03", "released_already") if kept.released_at else None,
        None if kept.release_proposed_at else refuse("R-FILE-03", "release_not_proposed"),
    )
    if kept.release_proposer == by.account_id:
        raise Refused(refuse("R-FILE-03", "same_person_twice"))
    kept.released_by, kept.released_at = str(by), at
    kept.save(update_fields=["released_by", "released_at"])
    journal.write("staffing.released", about=kept, by=by, at=at)
    refresh(StaffMember.objects.filter(id_hash=kept.id_hash), by=by, at=at)
    return kept
