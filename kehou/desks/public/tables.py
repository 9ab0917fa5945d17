"""公开的项目表: every school's current version, its hash and day, printable; no name of a child stands in it."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import current_term, terms
from kehou.chapters.programme.models import TablePublication
from kehou.chapters.programme.queries import COLUMNS, document_of, lines_of, paper_of, published_tables
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import school_term
from kehou.lib import clock, sheets
from kehou.lib.gates import open_to_all
from kehou.rules.choice import digest
from kehou.rules.labels import term_mark
from kehou.rules.programme import difference

ROWS = 50


def _term(request: HttpRequest) -> Term | None:
    wanted = request.GET.get("term")
    return terms().filter(code=wanted).first() if wanted else current_term(clock.today())


@open_to_all
@require_safe
@cache_control(public=True, max_age=60)
def tables(request: HttpRequest) -> HttpResponseBase:
    """Show which schools have published their table for a term."""
    term, text = _term(request), request.GET.get("q", "").strip()
    found = [one for one in published_tables(term) if text in one.table.school.name] if term else []
    if request.GET.get("as") == "sheet":
        columns = [
            sheets.Column("学校"),
            sheets.Column("版本", "whole"),
            sheets.Column("公布时间", "moment"),
            sheets.Column("校验码"),
        ]
        rows = ((one.table.school.name, one.version, one.published_at, one.digest) for one in found)
        return sheets.download("各校项目表.xlsx", columns, rows)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "public/tables/tables.html", {"term": term, "page": page})


def _publication(school_code: str, term_code: str, number: int | None) -> TablePublication:
    rows = TablePublication.objects.filter(table__school__code=school_code, table__term__code=term_code)
    rows = rows.select_related("table__school", "table__term").order_by("-version")
    return get_object_or_404(rows.filter(version=number) if number else rows[:1])


@open_to_all
@require_safe
@cache_control(public=True, max_age=60)
def table(request: HttpRequest, school_code: str, term_code: str, number: int | None = None) -> HttpResponseBase:
    """Show one school's table: the current version, or an earlier one; before the first, that it is still to come.

    The notice letter goes out before the table is public and carries this address.
    """
    if (
        number is None
        and not TablePublication.objects.filter(table__school__code=school_code, table__term__code=term_code).exists()
    ):
        school, term = get_object_or_404(School, code=school_code), get_object_or_404(Term, code=term_code)
        return render(request, "public/tables/not_yet.html", {"school": school, "term": term})
    shown = _publication(school_code, term_code, number)
    school, term = shown.table.school, shown.table.term
    lines = lines_of(shown.rows)
    text = request.GET.get("q", "").strip()
    found = [line for line in lines if text in f"{line.name}{line.category}{line.grades}{line.place}"]
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column(name) for name in COLUMNS]
        return sheets.download(f"项目表-{school.name}.xlsx", columns, (line.cells() for line in lines))
    versions = list(shown.table.publications.defer("rows").order_by("-version"))
    before = shown.table.publications.filter(version=shown.version - 1).first()
    belongs = school_term(school, term)
    return render(
        request,
        "public/tables/table.html",
        {
            "school": school,
            "term": term,
            "shown": shown,
            "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
            "versions": versions,
            "is_current": shown.version == versions[0].version,
            "before": before,
            "changes": difference(before.rows, shown.rows) if before else (),
            "genuine": digest(document_of(school, term, shown.version, shown.rows)) == shown.digest,
            "complaint_phone": belongs.complaint_phone if belongs else "",
        },
    )


@open_to_all
@require_safe
@cache_control(public=True, max_age=600)
def table_paper(request: HttpRequest, school_code: str, term_code: str, number: int) -> HttpResponseBase:
    """Hand out a version on paper: A4, or the A3 poster of the notice board (`?poster=1`)."""
    shown = _publication(school_code, term_code, number)
    school, term = shown.table.school, shown.table.term
    address = reverse("public:table_version", args=[school_code, term_code, number])
    made = paper_of(
        school,
        term,
        shown.rows,
        issued_at=shown.published_at,
        version=f"第{shown.version}版",
        number=f"{school.code[-4:]}-XM-{term_mark(term.code)}-{shown.version:02d}",
        poster="poster" in request.GET,
        verify_url=request.build_absolute_uri(address),
        code=shown.digest,
    )
    return FileResponse(BytesIO(made.pdf), filename=f"项目表-{school.name}.pdf", content_type="application/pdf")


@open_to_all
@require_safe
@cache_control(public=True, max_age=600)
def table_document(request: HttpRequest, school_code: str, term_code: str, number: int) -> HttpResponse:
    """Hand out exactly what was hashed, so that anybody can compute the same code: `sha256sum`."""
    shown = _publication(school_code, term_code, number)
    document: dict[str, Any] = document_of(shown.table.school, shown.table.term, shown.version, shown.rows)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json; charset=utf-8")
