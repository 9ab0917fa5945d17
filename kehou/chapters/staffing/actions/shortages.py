"""师资不足说明: written by the office, signed by the principal; on its ground outsiders are asked in (2.4-e)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import current_term
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import Engagement, ShortageStatement, StaffMember
from kehou.chapters.staffing.queries.providers import LIVE_USES
from kehou.chapters.staffing.queries.shortages import own_staff, stating
from kehou.lib.actors import Actor
from kehou.rules.outsiders import AREA_TITLES, OWN_KINDS, refusal_without_statement, refusals_of_statement
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def state_shortage(
    school: School, term: Term, *, area: str, need: str, hours: int | None, reason: str, by: Actor, at: datetime
) -> ShortageStatement:
    """Write a statement; own staff of the area are counted as they are now.

    :raises Refused: R-EXT-01 for what is missing, or when the area has one this term
    """
    insist(*refusals_of_statement(area=area, need=need, reason=reason, hours=hours))
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    if ShortageStatement.objects.filter(school=school, term=term, area=area, withdrawn_at=None).exists():
        raise Refused(refuse("R-EXT-01", "stated_already", area=AREA_TITLES[area]))
    people, own_hours = own_staff(school, term, area)
    made = ShortageStatement.objects.create(
        school=school, term=term, area=area, need=need.strip(), hours=hours or 0, reason=reason.strip(),
        own_people=people, own_hours=own_hours, made_by=str(by), made_at=at,
    )  # fmt: skip
    journal.write("staffing.shortage_stated", about=made, by=by, at=at, school_code=school.code, area=area)
    return made


@transaction.atomic
def change_shortage(
    statement: ShortageStatement, *, need: str, hours: int | None, reason: str, by: Actor, at: datetime
) -> ShortageStatement:
    """Change what is not signed yet; own staff are counted anew. :raises Refused: R-EXT-01"""
    statement = _locked(statement)
    insist(
        refuse("R-EXT-01", "withdrawn") if statement.withdrawn_at else None,
        refuse("R-EXT-01", "signed_already") if statement.signed_at else None,
        *refusals_of_statement(area=statement.area, need=need, reason=reason, hours=hours),
    )
    statement.need, statement.hours, statement.reason = need.strip(), hours or 0, reason.strip()
    statement.own_people, statement.own_hours = own_staff(statement.school, statement.term, statement.area)
    statement.save()
    journal.write("staffing.shortage_changed", about=statement, by=by, at=at, school_code=statement.school.code)
    return statement


@transaction.atomic
def sign_shortage(statement: ShortageStatement, *, by: Actor, at: datetime) -> ShortageStatement:
    """Let the principal stand for it; from now on it is ground. :raises Refused: R-EXT-01 when signed or withdrawn"""
    statement = _locked(statement)
    insist(
        refuse("R-EXT-01", "withdrawn") if statement.withdrawn_at else None,
        refuse("R-EXT-01", "signed_already") if statement.signed_at else None,
    )
    statement.signed_by, statement.signed_at = str(by), at
    statement.save(update_fields=["signed_by", "signed_at"])
    journal.write("staffing.shortage_signed", about=statement, by=by, at=at, school_code=statement.school.code)
    return statement


@transaction.atomic
def withdraw_shortage(statement: ShortageStatement, *, by: Actor, at: datetime) -> ShortageStatement:
    """Take a statement back. :raises Refused: R-EXT-01 while people or organisations are here on its ground"""
    statement = _locked(statement)
    people = statement.engagements.exclude(member__state="left").count()
    people += statement.uses.filter(state__in=LIVE_USES).count()
    insist(
        refuse("R-EXT-01", "withdrawn") if statement.withdrawn_at else None,
        refuse("R-EXT-01", "statement_in_use", count=people) if people else None,
    )
    statement.withdrawn_by, statement.withdrawn_at = str(by), at
    statement.save(update_fields=["withdrawn_by", "withdrawn_at"])
    journal.write("staffing.shortage_withdrawn", about=statement, by=by, at=at, school_code=statement.school.code)
    return statement


def _locked(statement: ShortageStatement) -> ShortageStatement:
    rows = ShortageStatement.objects.select_for_update(of=("self",), no_key=True).select_related("school", "term")
    return rows.get(pk=statement.pk)


def ground_for(school: School, *, name: str, kind: str, area: str = "", at: datetime) -> ShortageStatement | None:
    """Return the statement on whose ground an outsider is asked in, None for own staff.

    :raises Refused: R-EXT-01 without one, or with several and none named by `area`
    """
    term = current_term(at.date())
    found = list(stating(school, term)) if term and kind not in OWN_KINDS else []
    found = [one for one in found if one.area == area] if area else found
    insist(refusal_without_statement(name, kind=kind, stated=bool(found)))
    if len(found) > 1:
        raise Refused(refuse("R-EXT-01", "choose_statement", name=name))
    return found[0] if found else None


@transaction.atomic
def engage(
    statement: ShortageStatement, member: StaffMember, *, paid: bool = False, by: Actor, at: datetime
) -> Engagement:
    """Ask somebody in on the ground of a statement; again: change whether it is for pay.

    :raises Refused: R-EXT-01 when the statement is not signed or withdrawn, or is another school's
    """
    statement = _locked(statement)
    stands = statement.stands and statement.school_id == member.school_id
    insist(refusal_without_statement(member.name, kind="external", stated=stands))
    made, _ = Engagement.objects.update_or_create(
        statement=statement, member=member, defaults={"paid": paid, "made_by": str(by), "made_at": at}
    )
    facts = {"area": statement.area, "paid": paid}
    journal.write("staffing.engaged", about=made, by=by, at=at, school_code=statement.school.code, **facts)
    return made
