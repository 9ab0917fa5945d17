"""走教: a need, a proposal, the three who agree, and the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Account, Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import Agreeing, StaffMember, Visit, VisitNeed
from kehou.chapters.staffing.queries import busy_of
from kehou.lib.actors import Actor
from kehou.rules.outsiders import AREA_TITLES
from kehou.rules.signing_up import Busy
from kehou.rules.verdicts import Refusal, Refused, insist, refuse
from kehou.rules.visiting import (
    PARTIES,
    VisitFacts,
    missing_parties,
    refusal_to_agree,
    refusals_of_two_places,
    refusals_of_visit,
)


@transaction.atomic
def state_need(
    school: School, term: Term, *, area: str, what: str, weekdays: Iterable[int], hours: int | None, by: Actor,
    at: datetime,
) -> VisitNeed:  # fmt: skip
    """Say on the board what a school lacks. :raises Refused: R-STAF-05 when it is not clear what and when"""
    days = sorted({day for day in weekdays if 1 <= day <= 5})
    clear = area in AREA_TITLES and what.strip() and days and hours and 1 <= hours <= 3
    insist(None if clear else refuse("R-STAF-05", "need_incomplete"))
    made = VisitNeed.objects.create(
        school=school,
        term=term,
        area=area,
        what=what.strip(),
        weekdays=days,
        hours=hours or 0,
        made_by=str(by),
        made_at=at,
    )
    journal.write("staffing.visit_needed", about=made, by=by, at=at, school_code=school.code, area=area)
    return made


@transaction.atomic
def withdraw_need(need: VisitNeed, *, by: Actor, at: datetime) -> None:
    """Take a need off the board; what was agreed stands. :raises Refused: R-STAF-05 when it is off already"""
    if not VisitNeed.objects.filter(pk=need.pk, withdrawn_at=None).update(withdrawn_by=str(by), withdrawn_at=at):
        raise Refused(refuse("R-STAF-05", "need_over"))
    journal.write("staffing.visit_need_withdrawn", about=need, by=by, at=at, school_code=need.school.code)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who would go where, for what, when; `need` is what it answers, if anything."""

    member: StaffMember
    host: School
    term: Term
    what: str
    when: VisitFacts
    need: VisitNeed | None = None
    elsewhere: tuple[Busy, ...] = ()  # what later chapters know that they lead, at whichever school


@transaction.atomic
def propose_visit(proposal: Proposal, *, by: Actor, at: datetime) -> Visit:
    """Propose that somebody serves at another school as well; both principals and the teacher are asked by letter.

    :raises Refused: R-STAF-03 when it is their own school, without times, or when they are elsewhere then;
        R-STAF-05 without words of what for, or for a need that was taken back
    """
    StaffMember.objects.select_for_update(no_key=True).get(pk=proposal.member.pk)  # one place at a time
    insist(
        *refusals_of_visit(
            proposal.when, same_school=proposal.host.pk == proposal.member.school_id, name=proposal.member.name
        ),
        refuse("R-STAF-05", "need_over") if proposal.need and proposal.need.withdrawn_at else None,
        None if proposal.what.strip() else refuse("R-STAF-05", "need_incomplete"),
        *_two_places(proposal),
    )
    visit = Visit.objects.create(
        member=proposal.member, host=proposal.host, term=proposal.term, need=proposal.need, what=proposal.what.strip(),
        weekday=proposal.when.weekday, starts_at=proposal.when.starts_at, ends_at=proposal.when.ends_at,
        proposed_by=str(by), proposed_at=at,
    )  # fmt: skip
    home = proposal.member.school
    facts = {"host": proposal.host.code, "weekday": visit.weekday}
    journal.write("staffing.visit_proposed", about=visit, by=by, at=at, school_code=home.code, **facts)
    _tell(visit, "有一份走教约定等您同意", f"{proposal.member.name}到{proposal.host.name}：{visit.what}", at)
    return visit


def _two_places(proposal: Proposal) -> Iterable[Refusal]:
    travel = parameters_on(proposal.term.service_from_on).visiting.travel_minutes
    bound = busy_of([proposal.member], proposal.term).get(proposal.member.pk, [])
    return refusals_of_two_places(proposal.member.name, proposal.when, [*bound, *proposal.elsewhere], travel=travel)


def _tell(visit: Visit, title: str, body: str, at: datetime) -> None:
    """Write to both principals and to the teacher."""
    home = visit.member.school
    posts = Post.objects.filter(held_on(at.date()), role="principal", school__in=(home, visit.host))
    links = {
        post.account_id: f"/school/{post.school.code}/visits/" for post in posts.select_related("school") if post.school
    }
    if visit.member.account_id:
        links[visit.member.account_id] = f"/teacher/{home.code}/sign-up/"
    for account, link in links.items():
        journal.send(account, kind="visit", title=title, body=body, at=at, link=link, school_code=home.code)


@transaction.atomic
def agree_to_visit(visit: Visit, party: str, *, by: Actor, at: datetime, elsewhere: Iterable[Busy] = ()) -> Visit:
    """Let a party agree; with the third the visit is in force and the teacher may use the host's pages.

    `elsewhere` is what they lead by now at any school. :raises Refused: R-FLOW-01 twice or when over, R-STAF-05 for the
    teacher by somebody else, R-STAF-03 when they are elsewhere by now
    """
    StaffMember.objects.select_for_update(no_key=True).get(pk=visit.member_id)
    visit = Visit.objects.select_related("member__school", "member__account", "host", "term").get(pk=visit.pk)
    agreed = set(visit.agreeings.values_list("party", flat=True))
    own_will = party != "teacher" or (by.account_id is not None and by.account_id == visit.member.account_id)
    insist(
        refusal_to_agree(party, agreed=agreed, ended=visit.ended_at is not None),
        None if own_will else refuse("R-STAF-05", "teacher_only"),
    )
    if not missing_parties({*agreed, party}):
        when = VisitFacts(visit.weekday, visit.starts_at, visit.ends_at)
        insist(*_two_places(Proposal(visit.member, visit.host, visit.term, visit.what, when, None, tuple(elsewhere))))
        visit.agreed_at = at
        visit.save(update_fields=["agreed_at"])
        _let_in(visit, by, at)
        _tell(visit, "走教约定已生效", f"{visit.member.name}到{visit.host.name}：{visit.what}", at)
    try:
        with transaction.atomic():
            Agreeing.objects.create(visit=visit, party=party, agreed_by=str(by), agreed_at=at)
    except IntegrityError:
        raise Refused(refuse("R-FLOW-01", "agreed_already", party=PARTIES[party])) from None
    home = visit.member.school.code
    journal.write("staffing.visit_agreed", about=visit, by=by, at=at, school_code=home, party=party)
    return visit


def _let_in(visit: Visit, by: Actor, at: datetime) -> None:
    """Give the visitor a teacher's post at the host until the end of the term: rolls are called there, too."""
    account: Account | None = visit.member.account
    if account is None:
        return
    until = visit.term.until_on
    if not account.posts.filter(held_on(at.date()), school=visit.host).exists():
        people.give_post(account, "teacher", school=visit.host, from_on=at.date(), until_on=until, by=by, at=at)


@transaction.atomic
def end_visit(visit: Visit, *, reason: str, by: Actor, at: datetime) -> Visit:
    """Decline a proposal or end an agreed visit; each of the three may, with a reason. The record stays.

    Ask `programme.actions.end_visit`, which knows whom the visitor still leads there.
    :raises Refused: R-FLOW-01 when it is over, R-STAF-05 without a reason
    """
    insist(None if reason.strip() else refuse("R-STAF-05", "reason_missing"))
    standing = Visit.objects.filter(pk=visit.pk, ended_at=None)
    if not standing.update(ended_by=str(by), ended_at=at, ended_because=reason.strip()[:200]):
        raise Refused(refuse("R-FLOW-01", "visit_over"))
    visit = Visit.objects.select_related("member__school", "member__account", "host", "term").get(pk=visit.pk)
    others = Visit.objects.filter(member=visit.member, host=visit.host, agreed_at__isnull=False, ended_at=None)
    account = visit.member.account
    if visit.agreed_at and account and not others.exists():
        for post in account.posts.filter(held_on(at.date()), school=visit.host, role="teacher"):
            people.end_post(post, on=at.date() + timedelta(days=1), by=by, at=at)
    home = visit.member.school.code
    journal.write("staffing.visit_ended", about=visit, by=by, at=at, school_code=home, reason=reason.strip())
    _tell(visit, "走教约定已结束", f"{visit.member.name}到{visit.host.name}：{reason.strip()}", at)
    return visit
