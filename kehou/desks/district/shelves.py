"""各校制度: how far each school's shelf is, and what stands on it; read only."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import queries
from kehou.chapters.schools.models import School
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, term_of, wanted
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission as P


@require_safe
@in_district(P.SHELF_READ)
def shelves(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show every school with how many documents are in force, drafted, overdue."""
    found = School.objects.order_by("code")
    if text := wanted(request):
        found = found.filter(Q(name__icontains=text) | Q(code__startswith=text) | Q(town__icontains=text))
    none = queries.ShelfCount()
    if request.GET.get("as") == "sheet":
        known = list(found)
        counts = queries.counts_of_shelves(known, on=clock.today())
        columns = [sheets.Column("学校"), *(sheets.Column(one, "whole") for one in ("必备", "建议", "草稿", "该复审"))]
        rows = ((one.name, *_figures(counts.get(one.pk, none))) for one in known)
        if answer := sheet(request, "各校制度", columns, rows):
            return answer
    page = page_of(request, found)
    counts = queries.counts_of_shelves(list(page), on=clock.today())
    rows = [(one, counts.get(one.pk, none)) for one in page]
    return render(request, "district/shelves.html", {"page": page, "rows": rows, "sheet_url": sheet_url(request)})


def _figures(count: queries.ShelfCount) -> tuple[int, int, int, int]:
    return count.required, count.advised, count.drafts, count.overdue


@require_safe
@in_district(P.SHELF_READ)
def shelf(request: HttpRequest, seat: Seat, code: str) -> HttpResponseBase:
    """Show one school's documents, group, emergency plan and fund plan with their problems."""
    here, on, term = get_object_or_404(School, code=code), clock.today(), term_of(request)
    packs = (
        [
            queries.shelf_of(here, term, on=on), queries.organisation_of(here, term, on=on),
            queries.emergency_plan_of(here, term, on=on), queries.fund_plan_of(here, term, on=on),
        ]
        if term
        else []
    )  # fmt: skip
    context = {"here": here, "term": term, "packs": packs, "places": queries.places_of(here, on=on)}
    return render(request, "district/shelf.html", context)
