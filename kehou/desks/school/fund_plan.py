"""经费管理方案: forecast, budget, pay and posts with checks; approved by the group, signed, amended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.papers_fund import fund_plan_paper
from kehou.desks.school.forms_shelf import FundPlanForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.shelf import day_of, pdf, told
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.rules.fund import USES, allowed_uses
from kehou.rules.fund_plan import amounts_by_use, shares, starting_plan, sums_of
from kehou.rules.money import yuan
from kehou.rules.permissions import Permission as P
from kehou.rules.verdicts import Refused


def _here(request: HttpRequest, seat: Seat) -> HttpResponse:
    return redirect("school:fund_plan", seat.school.code)  # type: ignore[union-attr]


@require_safe
@at_school(P.ORG_SEE)
def fund_plan(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the plan in force or its draft, with the checks, and what may be done."""
    term = this_term(request)
    versions = list(queries.fund_plans_of(seat.school, term))
    draft = next((one for one in versions if one.is_draft), None)
    standing = next((one for one in versions if one.signed_at and not one.superseded_at), None)
    shown = draft or standing
    context: dict[str, Any] = {"term": term, "draft": draft, "standing": standing, "versions": versions, "shown": shown}
    if shown:
        context |= figures_of(shown)
        red = [one.refusal for one in context["checks"] if one.refusal and one.blocks]
        context["not_yet"] = red[0] if red else None
    if shown and request.GET.get("as") == "sheet":
        columns = [
            sheets.Column("用途"),
            sheets.Column("金额（元）", "fen"),
            sheets.Column("占比"),
            sheets.Column("测算依据"),
        ]
        return sheets.download(f"经费管理方案-{seat.school.name}.xlsx", columns, context["budget"])  # type: ignore[union-attr]
    return render(request, "school/fund/plan.html", context | {"today": clock.today()})


def figures_of(version: Any) -> dict[str, Any]:
    """Return what a page shows of a version: sums, budget with shares, checks."""
    plan, tariff = version.plan, queries.parameters_of_term(version.term).fee.tariff
    by_use = amounts_by_use(plan)
    parts = shares(by_use)
    return {
        "plan": plan,
        "sums": sums_of(plan, tariff),
        "budget": [
            (USES[use][0] if use in USES else use, fen, f"{parts[use] // 100}.{parts[use] % 100:02d}%",
             "；".join(one.basis for one in plan.lines if one.use == use))
            for use, fen in by_use.items()
        ],
        "tiers": [(one, yuan(tariff.get(one.hours, 0)), tariff.get(one.hours, 0) * one.people * plan.months)
                  for one in plan.tiers],
        "checks": queries.checks_of(version),
    }  # fmt: skip


@require_POST
@at_school(P.FUND_PLAN_EDIT)
def drafting(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Begin a draft: from what is signed, else from the survey's demand and the district's caps."""
    term = this_term(request)
    standing = queries.standing_fund_plan(seat.school, term)
    plan = standing.plan if standing else _first(seat, term)
    try:
        actions.draft_fund(
            seat.school, term, plan, reason=request.POST.get("reason", "")[:200], by=seat.by, at=clock.now()
        )
    except Refused as no:
        told(request, no)
        return _here(request, seat)
    return redirect("school:fund_plan_draft", seat.school.code)  # type: ignore[union-attr]


def _first(seat: Seat, term: Any) -> Any:
    people, waived = queries.forecast_of(seat.school, term)
    months = (term.service_until_on.year - term.service_from_on.year) * 12
    months += term.service_until_on.month - term.service_from_on.month + 1
    return starting_plan(
        queries.parameters_of_term(term), months=months, people_by_tier=sorted(people.items()), waived=waived
    )


@at_school(P.FUND_PLAN_EDIT)
def draft(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Change the draft; what was typed stays where somebody saved meanwhile."""
    term = this_term(request)
    found = queries.draft_fund_plan(seat.school, term)
    if found is None:
        return _here(request, seat)
    parameters = queries.parameters_of_term(term)
    form = FundPlanForm(
        parameters.fee.tariff, allowed_uses(parameters.fund), request.POST or None,
        initial=FundPlanForm.initial_of(found.plan),
    )  # fmt: skip
    refusals: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        edition = typed.whole(request.POST.get("edition")) or 0
        try:
            actions.edit_fund(seat.school, term, form.plan(), edition=edition, by=seat.by, at=clock.now())
            messages.success(request, "草稿已保存，下面是检查结果。")
            return _here(request, seat)
        except Refused as no:
            refusals = no.refusals
    status = 409 if refusals else 422 if form.is_bound else 200
    context = {"form": form, "draft": found, "term": term, "refusals": refusals, "caps": parameters.pay.caps}
    return render(request, "school/fund/draft.html", context, status=status)


@require_POST
@at_school(P.FUND_PLAN_EDIT)
def dropping(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Throw the draft away."""
    try:
        actions.drop_fund_draft(seat.school, this_term(request), by=seat.by, at=clock.now())
        messages.success(request, "草稿已放弃。")
    except Refused as no:
        told(request, no)
    return _here(request, seat)


@require_POST
@at_school(P.ORG_SIGN)
def signature(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Sign the draft as it was read, after the group's meeting."""
    try:
        actions.sign_fund(
            seat.school, this_term(request), edition=typed.whole(request.POST.get("edition")) or 0,
            approved_on=day_of(request, "approved_on"), by=seat.by, at=clock.now(),
        )  # fmt: skip
        messages.success(request, "经费管理方案已签发，随备案报区教委。")
    except Refused as no:
        told(request, no)
    return _here(request, seat)


@require_safe
@at_school(P.ORG_SEE)
def paper(request: HttpRequest, seat: Seat, version: int) -> HttpResponse:
    """Give one version as a paper."""
    found = get_object_or_404(queries.fund_plans_of(seat.school, this_term(request)), version=version)
    return pdf(fund_plan_paper(found, address=request.build_absolute_uri("/"), at=clock.now()), found.code)
