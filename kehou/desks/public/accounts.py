"""Income and spending of a term, of the district and each school, with the five uses; what was published as it was."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import current_term, parameters_on, terms
from kehou.chapters.disclosure import papers, queries
from kehou.chapters.money.queries import account_of, district_account, totals_by_school
from kehou.chapters.schools.models import School
from kehou.desks.public.gate import published
from kehou.lib import clock, sheets
from kehou.rules.publication import ITEMS, KINDS

ROWS = 50


def _term(request: HttpRequest) -> Term:
    wanted = request.GET.get("term", "")
    term = terms().filter(code=wanted).first() if wanted else current_term(clock.today())
    if term is None:
        raise Http404
    return term


@published
def accounts(request: HttpRequest) -> HttpResponseBase:
    """Show the district's account of a term, and each school's in one row."""
    term, text = _term(request), request.GET.get("q", "")
    rows = totals_by_school(term, text=text)
    if request.GET.get("as") == "sheet":
        return _sheet(rows, term)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    values = {"term": term, "terms": terms()[:8], "account": district_account(term), "page": page}
    return render(request, "public/accounts.html", values | {"least": parameters_on(clock.today()).survey.min_cell})


def _sheet(rows: list[Any], term: Term) -> HttpResponseBase:
    columns = [sheets.Column("学校标识码"), sheets.Column("学校")] + [
        sheets.Column(name, "fen")
        for name in (
            "应收（元）",
            "减免（元）",
            "实收（元）",
            "退费（元）",
            "拨付（元）",
            "减免补偿（元）",
            "支出（元）",
            "结余（元）",
        )
    ]
    lines = [
        [
            row.school.code, row.school.name, row.account.gross_fen, row.account.waived_fen, row.account.collected_fen,
            row.account.refunded_fen, row.account.appropriated_fen, row.account.compensated_fen,
            row.account.spent_fen, row.account.balance_fen,
        ]
        for row in rows
    ]  # fmt: skip
    return sheets.download(f"课后服务收支-{term.code}.csv", columns, lines)


@published
def account(request: HttpRequest, code: str) -> HttpResponse:
    """Show one school's account of a term with the five uses, and the publications behind it."""
    term, here = _term(request), get_object_or_404(School, code=code)
    values = {
        "here": here,
        "term": term,
        "terms": terms()[:8],
        "account": account_of(here, term),
        "least": parameters_on(clock.today()).survey.min_cell,
        "publications": queries.standing(school=here, kind="account", term=term),
    }
    return render(request, "public/account.html", values)


@published
def publications(request: HttpRequest) -> HttpResponse:
    """Show what schools have published, newest first."""
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    found = queries.standing(kind=kind if kind in KINDS else "")
    if text:
        found = found.filter(title__icontains=text) | found.filter(school__name__icontains=text)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "public/publications/list.html", {"page": page, "kinds": KINDS})


@published
def publication(request: HttpRequest, number: str) -> HttpResponse:
    """Show one publication as it was; a withdrawn one says so and why."""
    found = queries.publication_by_number(number)
    if found is None:
        raise Http404
    values = {"publication": found, "kind": KINDS.get(found.kind, ""), "items": ITEMS}
    return render(request, "public/publications/publication.html", values)


@published
def poster(request: HttpRequest, number: str) -> HttpResponse:
    """Return the poster of a publication."""
    found = queries.publication_by_number(number)
    if found is None or found.withdrawn_at:
        raise Http404
    made = papers.poster(found, address=request.build_absolute_uri("/"), a3=request.GET.get("size") == "a3")
    return HttpResponse(made.pdf, content_type="application/pdf")
