"""实施方案、告知书、你提我改: what a school has signed, told and answered, for everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from kehou.chapters.planning import queries
from kehou.chapters.planning.models import Plan
from kehou.chapters.planning.plan_papers import plan_paper
from kehou.desks.public.gate import published


def _plan(code: str, term: str) -> Plan:
    return get_object_or_404(Plan.objects.select_related("school", "term"), school__code=code, term__code=term)


@published
def plan(request: HttpRequest, code: str, term: str) -> HttpResponse:
    """Show the plan in force with its sources, and what was amended since."""
    found = _plan(code, term)
    version = queries.signed_version(found)
    if version is None:
        raise Http404
    amended = [one for one in queries.amendments_of(found) if one.after and one.after.signed_at]
    context = {
        "plan": found, "version": version, "adoption": queries.adoption_of(found), "amendments": amended,
        "notice": queries.latest_notice(found.school, found.term),
    }  # fmt: skip
    return render(request, "public/plans/plan.html", context)


@published
def plan_print(request: HttpRequest, code: str, term: str) -> HttpResponse:
    """Return the plan in force as a PDF."""
    version = queries.signed_version(_plan(code, term))
    if version is None:
        raise Http404
    made = plan_paper(version, address=request.build_absolute_uri("/"))
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="plan.pdf"'
    return answer


@published
def notice(request: HttpRequest, code: str, term: str) -> HttpResponse:
    """Show the notice that stands."""
    found = _plan(code, term)
    standing = queries.latest_notice(found.school, found.term)
    if standing is None:
        raise Http404
    return render(request, "public/plans/notice.html", {"plan": found, "notice": standing})


@published
def adoption(request: HttpRequest, code: str, term: str) -> HttpResponse:
    """Show what was proposed and what became of it."""
    found = _plan(code, term)
    table = queries.adoption_of(found)
    if table is None:
        raise Http404
    context = {"plan": found, "table": table, "signed": queries.signed_version(found)}
    return render(request, "public/plans/adoption.html", context)
