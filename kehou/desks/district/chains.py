"""闸门链 of the whole district: schools down, steps across; what is late, who owes it; one school on paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kehou.chapters.basis.queries import terms
from kehou.chapters.filing.chain_papers import chain_paper, district_chain_paper
from kehou.chapters.filing.queries.chain import Chain, chain_of, chains_of
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.models import School
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, term_of, wanted
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission as P
from kehou.rules.steps import BY_KEY, STEPS, TITLES

SIGNS = {"done": "✓", "now": "●", "late": "!", "begun": "◐", "locked": "·"}


@in_district(P.FILING_SEE)
def chains(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show how far every school has come, step by step."""
    term = term_of(request)
    if term is None:
        return render(request, "district/chains.html", {"term": None})
    schools = School.objects.order_by("code")
    if text := wanted(request):
        schools = schools.filter(name__icontains=text) | schools.filter(code__startswith=text)
    found = _filtered(chains_of(schools, term, at=clock.now()), request)
    columns = [
        sheets.Column("学校标识码"),
        sheets.Column("学校"),
        sheets.Column("完成", "whole"),
        sheets.Column("在等"),
    ]
    columns += [sheets.Column(kind.title) for kind in STEPS]
    cells = (
        (
            one.school.code, one.school.name, one.done, f"{one.now.kind.title}：{one.now.owes}" if one.now else "",
            *(f"{step.state_title} {step.facts.words}".strip() for step in one.steps),
        )
        for one in found
    )  # fmt: skip
    if answer := sheet(request, f"闸门链-{term.code}", columns, cells):
        return answer
    context = {
        "term": term,
        "terms": terms(),
        "page": page_of(request, found),
        "steps": STEPS,
        "signs": SIGNS,
        "titles": TITLES,
        "step": request.GET.get("step", ""),
        "state": request.GET.get("state", ""),
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/chains.html", context)


def _filtered(found: list[Chain], request: HttpRequest) -> list[Chain]:
    """Return the chains narrowed to those that stand at a step (`?step=`) or have a step in a state (`?state=`)."""
    key, state = request.GET.get("step", ""), request.GET.get("state", "")
    if key in BY_KEY and state in TITLES:
        return [one for one in found if one.step(key).state == state]
    if key in BY_KEY:
        return [one for one in found if one.now is not None and one.now.kind.key == key]
    if state in TITLES:
        return [one for one in found if any(step.state == state for step in one.steps)]
    return found


@in_district(P.FILING_SEE)
def chain(request: HttpRequest, seat: Seat, school_code: str) -> HttpResponse:
    """Show one school's chain with the evidence of each step."""
    found = _chain(request, school_code)
    context: dict[str, Any] = {
        "chain": found,
        "steps": [
            {
                "name": step.kind.title,
                "facts": step.facts.words,
                "digest": step.facts.digest,
                "done_by": step.facts.who,
                "deadline": None if step.state == "done" else step.due_on,
                "late": step.is_late,
                "who": step.owes if not step.blocked_by else "",
                "kind": _kind(step.state, bool(step.blocked_by)),
                "state": step.state_title,
                "refusal": step.facts.refusal if not step.blocked_by else None,
            }
            for step in found.steps
        ],
        "crumbs": [("闸门链", f"/district/chain/?term={found.term.code}")],
    }
    return render(request, "district/chain.html", context)


def _kind(state: str, blocked: bool) -> str:
    return "done" if state == "done" else "locked" if blocked else "wait"


def _chain(request: HttpRequest, school_code: str) -> Chain:
    school = get_object_or_404(School, code=school_code)
    term = term_of(request)
    return chain_of(school, get_object_or_404(terms(), pk=term.pk if term else 0), at=clock.now())


@require_safe
@in_district(P.FILING_SEE)
def chain_pdf(request: HttpRequest, seat: Seat, school_code: str) -> HttpResponse:
    """Hand out one school's chain on paper."""
    found = _chain(request, school_code)
    made = chain_paper(found, address=request.build_absolute_uri("/"), at=clock.now())
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="chain-{school_code}-{found.term.code}.pdf"'
    return answer


@require_safe
@in_district(P.FILING_SEE)
def chains_pdf(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Hand out the chain of the whole district on paper, for an auditor."""
    term = term_of(request)
    if term is None:
        raise Http404
    found = chains_of(School.objects.order_by("code"), term, at=clock.now())
    made = district_chain_paper(found, term, address=request.build_absolute_uri("/"), at=clock.now())
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="chains-{term.code}.pdf"'
    return answer
