"""Filing with the district: prepared, signed, submitted at school; received, returned or accepted in the district.

Each move is compared and set on the table `kehou.rules.states.FILING`; accepting delivers the clearance that opens the
master gate (4-c, R-GATE-00).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from kehou.chapters.basis.models import Term
from kehou.chapters.filing.models import Filing
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.queries import is_cleared
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules import filing as rules
from kehou.rules.states import FILING, FilingState, refusal_of_lost_race, refusal_to_move
from kehou.rules.verdicts import Refused, insist

_WRITABLE = (FilingState.DRAFT, FilingState.RETURNED, FilingState.AMENDING)


@transaction.atomic
def prepare(school: School, term: Term, *, note: str, by: Actor, at: datetime) -> Filing:
    """Begin a filing or write its note anew, as long as it lies at the school.

    :raises Refused: R-FLOW-01 once it is signed
    """
    filing, made = Filing.objects.get_or_create(
        school=school, term=term, defaults={"note": note.strip(), "prepared_by": str(by)}
    )
    if not made:
        changed = Filing.objects.filter(pk=filing.pk, state__in=_WRITABLE).update(
            note=note.strip(), prepared_by=str(by)
        )
        if not changed:
            filing.refresh_from_db()
            raise Refused(refusal_to_move(FILING, filing.state, FilingState.DRAFT) or refusal_of_lost_race(FILING))
        filing.refresh_from_db()
    journal.write("filing.prepared", about=filing, by=by, at=at, school_code=school.code)
    return filing


@transaction.atomic
def sign(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    """Sign a filing as the principal. :raises Refused: R-FILING-03 without a note, R-FLOW-01 from another state"""
    insist(rules.refusal_of_note(filing.note))
    return _move(filing, FilingState.SIGNED, "filing.signed", by=by, at=at, signed_by=str(by), signed_at=at)


@transaction.atomic
def unsign(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    """Take the signature back before it is submitted. :raises Refused: R-FLOW-01 afterwards"""
    return _move(filing, FilingState.DRAFT, "filing.unsigned", by=by, at=at, signed_by="", signed_at=None)


@transaction.atomic
def submit(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    """Send a signed filing to the district. :raises Refused: R-FLOW-01 unless it is signed"""
    filing = _move(
        filing, FilingState.SUBMITTED, "filing.submitted", by=by, at=at, submitted_by=str(by), submitted_at=at
    )
    _write_to(
        None, ("basic_education", "basic_education_head"), filing, on=at.date(), at=at,
        title=f"{filing.school.name}报送{filing.term.name}备案", body=filing.note,
        link=f"/district/filings/{filing.pk}/",
    )  # fmt: skip
    return filing


@transaction.atomic
def receive(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    """Note that the district has taken the filing in hand. :raises Refused: R-FLOW-01 unless it is submitted"""
    return _move(filing, FilingState.RECEIVED, "filing.received", by=by, at=at, received_at=at)


@transaction.atomic
def send_back(filing: Filing, *, reason: str, by: Actor, at: datetime) -> Filing:
    """Return a filing with what the school has to mend. :raises Refused: R-FILING-03 without a reason, R-FLOW-01"""
    insist(rules.refusal_of_return(reason))
    filing = _move(
        filing, FilingState.RETURNED, "filing.returned", by=by, at=at, return_reason=reason.strip(),
        decided_by=str(by), decided_at=at, facts={"reason": reason.strip()},
    )  # fmt: skip
    _tell_school(filing, title=f"{filing.term.name}备案退回补正", body=reason.strip(), at=at)
    return filing


@transaction.atomic
def accept(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    """Accept a filing: it gets its number, and the school may begin (4-c).

    One that is still untouched is received first, in the same breath.

    :raises Refused: R-FLOW-01 unless it is submitted or received
    """
    if filing.state == FilingState.SUBMITTED:
        filing = receive(filing, by=by, at=at)
    Filing.objects.filter(pk=filing.pk).update(rounds=F("rounds") + 1)
    order = Filing.objects.values_list("rounds", flat=True).get(pk=filing.pk)
    number = rules.receipt_number(term_code=filing.term.code, school_code=filing.school.code, order=order)
    filing = _move(
        filing, FilingState.ACCEPTED, "filing.accepted", by=by, at=at, number=number, decided_by=str(by),
        decided_at=at, return_reason="", facts={"number": number},
    )  # fmt: skip
    if not is_cleared(filing.school, filing.term):
        planning.clear(filing.school, filing.term, receipt_number=number, by=by, at=at)
    _tell_school(filing, title=f"{filing.term.name}备案通过，编号{number}", body="可以开放报名。", at=at)
    return filing


@transaction.atomic
def lapse(filing: Filing, *, reason: str, by: Actor, at: datetime) -> Filing:
    """Take an accepted filing back: nothing new may begin. :raises Refused: R-FILING-03 without a reason, R-FLOW-01"""
    insist(rules.refusal_of_return(reason))
    filing = _move(
        filing, FilingState.LAPSED, "filing.lapsed", by=by, at=at, return_reason=reason.strip(), decided_by=str(by),
        decided_at=at, facts={"reason": reason.strip()},
    )  # fmt: skip
    planning.withdraw_clearance(filing.school, filing.term, reason=reason, by=by, at=at)
    _tell_school(filing, title=f"{filing.term.name}备案失效", body=reason.strip(), at=at)
    return filing


def _move(
    filing: Filing,
    to: FilingState,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    facts: dict[str, Any] | None = None,
    **columns: Any,
) -> Filing:
    """Move a filing along its path, if it still stands where its reader saw it."""
    here = filing.state
    insist(refusal_to_move(FILING, here, to))
    if not Filing.objects.filter(pk=filing.pk, state=here).update(state=to, **columns):
        raise Refused(refusal_of_lost_race(FILING))
    filing = Filing.objects.select_related("school", "term").get(pk=filing.pk)
    journal.write(verb, about=filing, by=by, at=at, school_code=filing.school.code, was=str(here), **(facts or {}))
    return filing


def _tell_school(filing: Filing, *, title: str, body: str, at: datetime) -> None:
    code = filing.school.code
    _write_to(
        filing.school, ("principal", "asp_manager"), filing, on=at.date(), at=at, title=title, body=body,
        link=f"/school/{code}/filing/",
    )  # fmt: skip


def _write_to(
    school: School | None,
    roles: tuple[str, ...],
    filing: Filing,
    *,
    on: date,
    at: datetime,
    title: str,
    body: str,
    link: str,
) -> None:
    """Write to whoever holds one of these posts that day."""
    accounts = Post.objects.filter(held_on(on), school=school, role__in=roles).values_list("account_id", flat=True)
    journal.send_many(
        list(accounts), kind="filing", title=title, body=body, link=link, school_code=filing.school.code, at=at
    )
