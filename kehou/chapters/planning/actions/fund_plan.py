"""What is done with the fund-management plan: drafted, changed, approved by the group and signed, amended."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.planning.models import FundPlanVersion
from kehou.chapters.planning.queries.fund_plan import (
    digest_of_fund_plan,
    draft_fund_plan,
    parameters_of_term,
    standing_fund_plan,
)
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules.fund_plan import FundPlan, refusals_to_sign
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def draft_fund(
    school: School, term: Term, plan: FundPlan, *, by: Actor, at: datetime, reason: str = ""
) -> FundPlanVersion:
    """Begin a draft; where a version is signed this is its amendment and says why.

    :raises Refused: R-FILING-02 when a draft lies there, or for an amendment without a reason
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    standing = standing_fund_plan(school, term)
    insist(
        refuse("R-FILING-02", "draft_exists") if draft_fund_plan(school, term) else None,
        refuse("R-FILING-02", "amendment_without_reason") if standing and not reason.strip() else None,
    )
    last = FundPlanVersion.objects.filter(school=school, term=term).aggregate(last=Max("version"))["last"] or 0
    made = FundPlanVersion.objects.create(
        school=school, term=term, version=last + 1, content=plan.as_json(), reason=reason.strip(), prepared_by=str(by),
        prepared_at=at,
    )  # fmt: skip
    journal.write("planning.fund_plan_drafted", about=made, by=by, at=at, school_code=school.code, version=made.version)
    return made


@transaction.atomic
def edit_fund(
    school: School, term: Term, plan: FundPlan, *, edition: int, by: Actor, at: datetime
) -> FundPlanVersion:  # fmt: skip
    """Save a draft over the edition that was read. :raises Refused: R-FILING-02 without one, or if it was changed"""
    draft = _locked(school, term, edition)
    draft.content, draft.edition = plan.as_json(), draft.edition + 1
    draft.prepared_by, draft.prepared_at = str(by), at
    draft.save()
    journal.write("planning.fund_plan_edited", about=draft, by=by, at=at, school_code=school.code)
    return draft


@transaction.atomic
def drop_fund_draft(school: School, term: Term, *, by: Actor, at: datetime) -> None:
    """Throw the draft away; what is signed stays. :raises Refused: R-FILING-02 without one"""
    draft = _locked(school, term, None)
    journal.write("planning.fund_plan_dropped", about=draft, by=by, at=at, school_code=school.code)
    draft.delete()


@transaction.atomic
def sign_fund(
    school: School, term: Term, *, edition: int, approved_on: date, by: Actor, at: datetime
) -> FundPlanVersion:  # fmt: skip
    """Let the principal sign what the leading group approved on a day; the version before is superseded (2.6.2-f).

    :raises Refused: R-FILING-02 without the day of the meeting or if the draft was changed; every red check
    """
    draft = _locked(school, term, edition)
    insist(
        refuse("R-FILING-02", "without_meeting") if approved_on > timezone.localtime(at).date() else None,
        *refusals_to_sign(draft.plan, parameters_of_term(term)),
    )
    FundPlanVersion.objects.filter(school=school, term=term, signed_at__isnull=False, superseded_at=None).update(
        superseded_at=at
    )
    draft.digest = digest_of_fund_plan(draft)
    draft.approved_on, draft.signed_by, draft.signed_at = approved_on, str(by), at
    draft.save()
    journal.write(
        "planning.fund_plan_signed", about=draft, by=by, at=at, school_code=school.code, version=draft.version
    )
    return draft


def _locked(school: School, term: Term, edition: int | None) -> FundPlanVersion:
    rows = FundPlanVersion.objects.select_for_update(of=("self",), no_key=True).select_related("school", "term")
    draft = rows.filter(school=school, term=term, signed_at=None).first()
    if draft is None:
        raise Refused(refuse("R-FILING-02", "no_draft"))
    if edition is not None and draft.edition != edition:
        raise Refused(refuse("R-FILING-02", "draft_changed"))
    return draft
