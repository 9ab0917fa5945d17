"""In the district: taken in hand, sent back item by item, accepted with a number, declared lapsed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kehou.chapters.filing.actions.moving import again, move, tell_school
from kehou.chapters.filing.models import Filing, Pack, ReturnedItem
from kehou.chapters.filing.queries import checks_of_pack, contents_of
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.queries import is_cleared
from kehou.chapters.programme import actions as programme
from kehou.chapters.schools.models import School
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import StaffMember
from kehou.lib.actors import Actor
from kehou.rules import filing as rules
from kehou.rules.filing import PARTS
from kehou.rules.states import FILING, FilingState, refusal_to_move
from kehou.rules.verdicts import Refusal, Refused, insist, refuse


@transaction.atomic
def receive(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    """Note that the district has taken the filing in hand. :raises Refused: R-FLOW-01 unless it is submitted"""
    return move(filing, FilingState.RECEIVED, "filing.received", by=by, at=at, received_at=at)


@transaction.atomic
def send_back(filing: Filing, *, items: Mapping[str, str], by: Actor, at: datetime) -> Filing:
    """Return a filing with what the school has to mend, item by item: part code → how.

    :raises Refused: R-FILING-03 without an item or a reason, R-FLOW-01
    """
    insist(rules.refusal_of_return(items))
    filing = move(
        filing, FilingState.RETURNED, "filing.returned", by=by, at=at, returned_at=at, decided_by=str(by),
        decided_at=at, facts={"items": {code: reason.strip() for code, reason in items.items()}},
    )  # fmt: skip
    ReturnedItem.objects.bulk_create(
        ReturnedItem(
            filing=filing,
            pack=filing.pack,
            part=code,
            reason=reason.strip(),
            returned_by=str(by),
            returned_at=at,
        )
        for code, reason in items.items()
    )
    body = "；".join(f"{PARTS[code].title}：{reason.strip()}" for code, reason in items.items())
    tell_school(filing, title=f"{filing.term.name}{filing.kind_title}退回补正", body=body, at=at)
    return filing


@transaction.atomic
def accept(filing: Filing, *, despite: str = "", by: Actor, at: datetime) -> Filing:
    """Accept a filing: it gets its number, the school may begin, its people may serve (4-c, 2.4-p).

    One that is still untouched is received first, in the same breath. What it amends is in force until this instant.
    `despite` says why, where a check is red.

    :raises Refused: R-FLOW-01 unless it is submitted or received, R-FILING-03 with a red check and no reason
    """
    if filing.state == FilingState.SUBMITTED:
        filing = receive(filing, by=by, at=at)
    insist(refusal_to_move(FILING, filing.state, FilingState.ACCEPTED))
    pack = filing.pack
    assert pack is not None  # what is received was signed
    insist(rules.refusal_of_acceptance(checks_of_pack(pack, contents_of(pack), on=at.date()), despite=despite))
    School.objects.select_for_update(no_key=True).get(pk=filing.school_id)
    _end_what_it_amends(filing, by=by, at=at)
    number = _next_number(filing)
    filing = move(
        filing, FilingState.ACCEPTED, "filing.accepted", by=by, at=at, number=number, decided_by=str(by),
        decided_at=at, reason=despite.strip(),
        facts={"number": number, "digest": pack.digest, **({"despite": despite.strip()} if despite.strip() else {})},
    )  # fmt: skip
    _deliver(filing, pack, by=by, at=at)
    body = "变更从今天起生效。" if filing.kind == Filing.AMENDMENT else "可以开放报名。"
    tell_school(filing, title=f"{filing.term.name}{filing.kind_title}通过，编号{number}", body=body, at=at)
    return filing


def _end_what_it_amends(filing: Filing, *, by: Actor, at: datetime) -> None:
    standing = Filing.objects.filter(school=filing.school, term=filing.term, state="accepted").first()
    if standing is not None:
        move(again(standing), FilingState.AMENDED, "filing.amended", by=by, at=at)


def _next_number(filing: Filing) -> str:
    given = Filing.objects.filter(school=filing.school, term=filing.term).exclude(number="").count()
    return rules.receipt_number(term_code=filing.term.code, school_code=filing.school.code, order=given + 1)


def _deliver(filing: Filing, pack: Pack, *, by: Actor, at: datetime) -> None:
    """Hand the decision to the earlier chapters, each in its own words."""
    if not is_cleared(filing.school, filing.term):
        planning.clear(filing.school, filing.term, receipt_number=filing.number, by=by, at=at)
    if pack.signed_at:
        planning.accept_amendments(filing.school, filing.term, signed_until=pack.signed_at, by=by, at=at)
    contents = contents_of(pack)
    if version := contents.get("F4", {}).get("measures", {}).get("version"):
        programme.accept_table(filing.school, filing.term, version, filing.number, by=by, at=at)
    keys = contents.get("F3", {}).get("measures", {}).get("members", [])
    people = StaffMember.objects.filter(school=filing.school, pk__in=keys)
    staffing.accept_roster(filing.school, filing.term, people, filing.number, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one filing among several: accepted with its number, or why not."""

    filing: Filing
    refusals: tuple[Refusal, ...] = ()


def accept_many(filings: Iterable[Filing], *, by: Actor, at: datetime) -> list[Answered]:
    """Accept several filings, each for itself; one with a red check is refused and stays where it is.

    Nothing is raised: every filing has its own answer.
    """
    answers = []
    for filing in filings:
        try:
            answers.append(Answered(_accept_if_green(filing, by=by, at=at)))
        except Refused as no:
            answers.append(Answered(filing, no.refusals))
    return answers


@transaction.atomic
def _accept_if_green(filing: Filing, *, by: Actor, at: datetime) -> Filing:
    if filing.pack is not None and filing.with_district:
        insist(rules.refusal_in_bulk(checks_of_pack(filing.pack, contents_of(filing.pack), on=at.date())))
    return accept(filing, by=by, at=at)


@transaction.atomic
def lapse(filing: Filing, *, reason: str, by: Actor, at: datetime) -> Filing:
    """Declare an accepted filing lapsed: nothing new may begin.

    :raises Refused: R-FILING-03 without a reason, R-FLOW-01
    """
    insist(None if reason.strip() else refuse("R-FILING-03", "lapse_without_reason"))
    filing = move(
        filing, FilingState.LAPSED, "filing.lapsed", by=by, at=at, reason=reason.strip(), decided_by=str(by),
        decided_at=at, facts={"reason": reason.strip()},
    )  # fmt: skip
    planning.withdraw_clearance(filing.school, filing.term, reason=reason, by=by, at=at)
    tell_school(filing, title=f"{filing.term.name}备案失效", body=reason.strip(), at=at)
    return filing
