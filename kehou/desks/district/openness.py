"""公开情况: which school has published what it owes the public, and which is late (2.5-s)."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kehou.chapters.disclosure import queries
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.models import School
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, term_of, wanted
from kehou.lib import clock, sheets
from kehou.rules.freshness import Due
from kehou.rules.permissions import Permission as P


@require_safe
@in_district(P.DISTRICT_SEE)
def openness(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show every school with what it owes, what stands and what is late; those that are late alone if asked."""
    term, on = term_of(request), clock.today()
    if term is None:
        raise Http404
    found = School.objects.order_by("code")
    if text := wanted(request):
        found = found.filter(Q(name__icontains=text) | Q(code__startswith=text) | Q(town__icontains=text))
    dues = queries.dues_by_school(found, term, on=on)
    rows = [(one, *_figures(dues[one.pk], on)) for one in found]
    late_schools = sum(bool(late) for *_, late in rows)
    if request.GET.get("only") == "late":
        rows = [row for row in rows if row[-1]]
    columns = [sheets.Column("学校"), *(sheets.Column(one, "whole") for one in ("应公开", "已公开"))]
    cells = ((one.name, owed, shown, "、".join(due.title for due in late)) for one, owed, shown, late in rows)
    if answer := sheet(request, "公开情况", [*columns, sheets.Column("过期没有公开")], cells):
        return answer
    context = {
        "term": term, "page": page_of(request, rows), "late_schools": late_schools,
        "only": request.GET.get("only") == "late", "sheet_url": sheet_url(request),
    }  # fmt: skip
    return render(request, "district/openness.html", context)


def _figures(dues: tuple[Due, ...], on: object) -> tuple[int, int, list[Due]]:
    late = [one for one in dues if one.is_late(on)]  # type: ignore[arg-type]
    return len(dues), sum(one.shown_since is not None for one in dues), late
