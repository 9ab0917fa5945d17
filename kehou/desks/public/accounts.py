"""Income and spending of a term, of the district and each school, with the five uses; what was published as it was."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import current_term, parameters_on, terms
from kehou.chapters.disclosure import papers, queries
from kehou.chapters.money.queries import PublicAccount, account_of, district_account, public_accounts
from kehou.chapters.schools.models import School
from kehou.desks.public.gate import published
from kehou.lib import clock, sheets
from kehou.rules.publication import ITEMS, KINDS

ROWS = 50
WAIVERS_NOT_TOLD = "减免的孩子少，减免和补偿不单独公布：应收已扣减免，结余不含减免补偿"


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
    least = parameters_on(clock.today()).survey.min_cell
    every = public_accounts(term, least=least)
    rows = [(school, account) for school, account in every.rows if _is_asked_for(school, text.strip())]
    if request.GET.get("as") == "sheet":
        return _sheet(rows, term)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    whole = every.of_district(district_account(term))
    values = {"term": term, "terms": terms()[:8], "account": whole, "page": page, "least": least}
    return render(request, "public/accounts.html", values)


def _is_asked_for(school: School, text: str) -> bool:
    return any(text.lower() in words.lower() for words in (school.name, school.code, school.town))


def _sheet(rows: list[tuple[School, PublicAccount]], term: Term) -> HttpResponseBase:
    sums = ("应收", "减免", "实收", "退费", "拨付", "减免补偿", "支出", "结余")
    columns = [
        *(sheets.Column(name) for name in ("学校标识码", "学校")),
        *(sheets.Column(f"{name}（元）", "fen") for name in sums),
        sheets.Column("说明"),
    ]
    lines = [
        [
            school.code, school.name, account.gross_fen, account.waived_fen, account.collected_fen,
            account.refunded_fen, account.appropriated_fen, account.compensated_fen, account.spent_fen,
            account.balance_fen, "" if account.tells_waivers else WAIVERS_NOT_TOLD,
        ]
        for school, account in rows
    ]  # fmt: skip
    return sheets.download(f"课后服务收支-{term.code}.csv", columns, lines)


@published
def account(request: HttpRequest, code: str) -> HttpResponse:
    """Show one school's account of a term with the five uses, and the publications behind it."""
    term, here = _term(request), get_object_or_404(School, code=code)
    least = parameters_on(clock.today()).survey.min_cell
    values = {
        "here": here,
        "term": term,
        "terms": terms()[:8],
        "account": public_accounts(term, least=least).of_school(here, account_of(here, term)),
        "least": least,
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
