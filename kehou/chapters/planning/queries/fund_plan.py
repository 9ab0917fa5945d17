"""Questions about the fund-management plan: the draft, what is signed, what the checks say."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.people.models import Pupil
from kehou.chapters.planning.models import FundPlanVersion
from kehou.chapters.planning.queries.organisation import Pack, Proof, day_of
from kehou.chapters.schools.models import School
from kehou.chapters.surveys.models import Survey
from kehou.chapters.surveys.queries import results_of
from kehou.rules.choice import digest
from kehou.rules.fund_plan import Check, checks
from kehou.rules.parameters import Parameters
from kehou.rules.verdicts import refuse


def fund_plans_of(school: School, term: Term) -> QuerySet[FundPlanVersion]:
    """Return every version of a term, the latest first, the draft before all."""
    return school.fund_plans.filter(term=term).select_related("school", "term").order_by("-version")


def standing_fund_plan(school: School, term: Term) -> FundPlanVersion | None:
    """Return the version that is signed and not superseded, or None."""
    return fund_plans_of(school, term).filter(signed_at__isnull=False, superseded_at=None).first()


def draft_fund_plan(school: School, term: Term) -> FundPlanVersion | None:
    """Return the draft, or None."""
    return fund_plans_of(school, term).filter(signed_at=None).first()


def fund_plan_by_code(code: str) -> FundPlanVersion | None:
    """Return the signed version whose number stands on its paper, or None: `JF-2150990001-2026-autumn-1`."""
    parts = code.strip().split("-")
    if len(parts) < 4 or parts[0].upper() != "JF" or not (parts[-1].isascii() and parts[-1].isdigit()):
        return None
    if len(parts[-1]) > 4:
        return None
    rows = FundPlanVersion.objects.filter(school__code=parts[1], term__code="-".join(parts[2:-1]).lower())
    return rows.filter(version=int(parts[-1]), signed_at__isnull=False).select_related("school", "term").first()


def parameters_of_term(term: Term) -> Parameters:
    """Return the parameters under which a term's plan is checked: those of its first day of service."""
    return parameters_on(term.service_from_on)


def checks_of(version: FundPlanVersion) -> tuple[Check, ...]:
    """Return the checks of a version in red, yellow and green."""
    return checks(version.plan, parameters_of_term(version.term))


def digest_of_fund_plan(version: FundPlanVersion) -> str:
    """Return the hash of what is signed."""
    return digest(
        {
            "school": version.school.code, "term": version.term.code, "version": version.version,
            "content": version.content,
        }
    )  # fmt: skip


def fund_plan_of(school: School, term: Term, *, on: date) -> Pack:
    """Return the fund-management plan as evidence (F2) with its problems (2.6.2-f): unsigned, or red checks."""
    title, plan = "经费管理方案", standing_fund_plan(school, term)
    if plan is None:
        draft = draft_fund_plan(school, term)
        return Pack(title, (), (refuse("R-FILING-02", "plan_unsigned" if draft else "no_plan"),))
    found = [check for check in checks_of(plan) if check.refusal]
    proof = Proof(str(plan), plan.digest, day_of(plan.signed_at), plan.signed_by or "") if plan.signed_at else None
    return Pack(
        title,
        (proof, Proof("领导小组研究", on=plan.approved_on)) if proof else (),
        tuple(check.refusal for check in found if check.blocks and check.refusal),
        tuple(check.refusal for check in found if not check.blocks and check.refusal),
    )


def forecast_of(school: School, term: Term) -> tuple[dict[int, int], int]:
    """Return how many are to be expected by class hours a day, from the latest survey that is over; and the waived.

    Answers are taken for all pupils of the school. Without a survey nothing is expected: the office types it. The
    waived are left to the office too: a small number would tell who they are.
    """
    survey = Survey.objects.filter(school=school, closed_at__isnull=False).order_by("-closed_at").first()
    results = results_of(survey) if survey else None
    hours = next((one for one in results.items if one.item.code == "hours"), None) if results else None
    if hours is None or not results or not results.sheets:
        return {}, 0
    pupils = Pupil.objects.filter(school=school, state=Pupil.IN_SCHOOL).count()
    counts = {line.option: line.count for line in hours.lines}
    return {
        number: pupils * (counts.get(option) or 0) // results.sheets
        for number, option in enumerate(hours.item.options, 1)
        if number in parameters_of_term(term).fee.tariff
    }, 0
