"""Versions of the plan: read, compared, printed; prepared by the office, signed by the principal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import Plan
from kehou.chapters.planning.plan_papers import plan_paper
from kehou.desks.school.gate import at_school
from kehou.desks.school.plan import frame, no_plan, pdf, plan_here
from kehou.desks.school.term import this_term
from kehou.lib import clock, typed
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused

ROWS = 30


@require_GET
@at_school(Permission.PLAN_SEE)
def plan_versions(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the versions, and what differs between two of them (`?a=0&b=2`; b left out is the text as it stands)."""
    if queries.plan_of(seat.school, this_term(request)) is None:  # type: ignore[arg-type]
        return no_plan(request, seat, "方案版本")
    found = plan_here(request, seat)
    versions = list(queries.versions_of(found))
    by_number = {one.number: one for one in versions}
    a, b = (
        by_number.get(typed.whole(request.GET.get(name), most=9999) or 0) if request.GET.get(name) else None
        for name in "ab"
    )
    differences = queries.compare(a, b or queries.bodies_of(found)) if a else []
    context = {
        **frame(found),
        "page": Paginator(versions, ROWS).get_page(request.GET.get("page")),
        "versions": versions,
        "a": a,
        "b": b,
        "differences": differences,
    }
    return render(request, "school/plan/versions.html", context)


@require_GET
@at_school(Permission.PLAN_SEE)
def plan_version(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Show a version as somebody has read it."""
    found = plan_here(request, seat)
    version = get_object_or_404(queries.versions_of(found), number=number)
    return render(request, "school/plan/version.html", {**frame(found), "version": version})


@require_GET
@at_school(Permission.PLAN_SEE)
def plan_version_paper(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Return a version as a PDF."""
    found = plan_here(request, seat)
    version = get_object_or_404(found.versions.select_related("plan__school", "plan__term"), number=number)
    return pdf(plan_paper(version, address=request.build_absolute_uri("/")), f"plan-{version.number}")


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_EDIT)
def plan_final(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show what is still missing; lay the final text before the principal."""
    found, now = plan_here(request, seat), clock.now()
    wrong: tuple[Refusal, ...] = ()
    if request.method == "POST":
        try:
            actions.prepare_final(found, by=seat.by, at=now)
            messages.success(request, "已定稿，等校长签发。签发以前不能再改。")
            return redirect("school:plan", seat.school.code)  # type: ignore[union-attr]
        except Refused as no:
            wrong = no.refusals
    elif found.state == "drafting":
        wrong = tuple(queries.finish_refusals(found, now))
    second = queries.round_of(found, 2)
    context: dict[str, Any] = {
        **frame(found),
        "wrong": wrong,
        "differences": queries.compare(second.version, queries.bodies_of(found)) if second else [],
        "desk_base": "school/base.html",
    }
    return render(request, "school/plan/final.html", context, status=409 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_SIGN)
def plan_signature(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Read what was prepared; sign it, or give it back with what is to be mended."""
    found, now = plan_here(request, seat), clock.now()
    version = queries.latest_version(found)
    waits = found.state in ("prepared", "amended")
    wrong: tuple[Refusal, ...] = ()
    if request.method == "POST" and version is not None:
        try:
            if request.POST.get("to") == "return":
                actions.return_version(version, reason=request.POST.get("reason", ""), by=seat.by, at=now)
                messages.success(request, "已退回办公室。")
            else:
                _sign(found, seat, now)
                messages.success(request, "方案已签发，公众可以看到。")
            return redirect("school:plan", seat.school.code)  # type: ignore[union-attr]
        except Refused as no:
            wrong = no.refusals
    amendment = queries.standing_amendment(found)
    context = {
        **frame(found),
        "version": version,
        "waits": waits,
        "wrong": wrong,
        "amendment": amendment,
        "typed": request.POST,
    }
    return render(request, "school/plan/signature.html", context, status=409 if wrong else 200)


def _sign(found: Plan, seat: Seat, now: Any) -> None:
    """Sign the plan, or the amendment that waits. :raises Refused:"""
    amendment = queries.standing_amendment(found)
    if found.state == "amended" and amendment is not None:
        actions.sign_amendment(amendment, by=seat.by, at=now)
        return
    version = queries.latest_version(found)
    assert version is not None
    actions.sign_version(version, by=seat.by, at=now)
