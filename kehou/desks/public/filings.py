"""备案公开: which filings are in force, with number, day and hashes; how far a school has come. No name of a person."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import current_term, terms
from kehou.chapters.filing.queries import filings_of, in_force_of_term
from kehou.chapters.filing.queries.chain import chain_of
from kehou.chapters.schools.models import School
from kehou.desks.public.gate import published
from kehou.lib import clock, sheets

ROWS = 50
SHOWN = ("accepted", "amended", "lapsed")


def _term(request: HttpRequest) -> Term | None:
    wanted = request.GET.get("term")
    return terms().filter(code=wanted).first() if wanted else current_term(clock.today())


@published
def filings(request: HttpRequest) -> HttpResponseBase:
    """Show every filing in force in a term."""
    term, text = _term(request), request.GET.get("q", "").strip()
    found = in_force_of_term(term) if term else []
    if term and text:
        found = found.filter(school__name__icontains=text)  # type: ignore[union-attr]
    if term and request.GET.get("as") == "sheet":
        columns = [
            *map(sheets.Column, ("学校", "编号", "种类")),
            sheets.Column("通过", "moment"),
            sheets.Column("校验码"),
        ]
        rows = (
            (one.school.name, one.number, one.kind_title, one.decided_at, one.pack.digest if one.pack else "")
            for one in found
        )
        return sheets.download(f"备案-{term.code}.xlsx", columns, rows)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "public/filings.html", {"term": term, "terms": terms(), "page": page})


@published
def filing(request: HttpRequest, school_code: str) -> HttpResponse:
    """Show a school's filings of a term that were ever accepted, and its chain, read only."""
    school, term = get_object_or_404(School, code=school_code), _term(request)
    if term is None:
        raise Http404
    chain = chain_of(school, term, at=clock.now())
    context = {
        "here": school,
        "term": term,
        "filings": filings_of(school, term).filter(state__in=SHOWN),
        "steps": [
            {
                "name": step.kind.title,
                "kind": "done" if step.state == "done" else "locked" if step.blocked_by else "wait",
                "state": step.state_title,
                "facts": step.facts.words if step.kind.key in _OPEN else "",
                "digest": step.facts.digest,
                "deadline": None if step.state == "done" else step.due_on,
                "late": step.is_late,
            }
            for step in chain.steps
        ],
        "done": chain.done,
    }
    return render(request, "public/filing.html", context)


# Of these steps the public also reads what was done; the others say only whether they are.
_OPEN = frozenset(
    {
        "basics",
        "survey",
        "draft",
        "round1",
        "notice",
        "round2",
        "final",
        "table",
        "filing",
        "draw",
        "service",
        "archive",
    }
)
