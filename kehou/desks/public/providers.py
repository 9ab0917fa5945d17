"""第三方机构 for everybody: the approved list, who is being shown, and a place to object without a name."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.models import Candidacy
from kehou.desks.public.gate import published
from kehou.desks.public.surveys import by_code
from kehou.lib import clock, sheets
from kehou.rules.outsiders import AREA_TITLES
from kehou.rules.verdicts import Refusal, Refused

ROWS = 40


@published
def providers(request: HttpRequest) -> HttpResponseBase:
    """Show the list, and who is before the public now."""
    on, text = clock.today(), request.GET.get("q", "").strip()
    rows = queries.listed(on=on, text=text)
    if request.GET.get("as") == "sheet":
        columns = [
            *map(sheets.Column, ("机构", "统一社会信用代码", "类别", "服务项目")), sheets.Column("每课时（元）", "fen"),
            sheets.Column("入名单", "day"), sheets.Column("有效到（不含）", "day"),
        ]  # fmt: skip
        cells = (
            (
                one.provider.name, one.provider.credit_code, AREA_TITLES[one.area], one.offer, one.hour_fen,
                one.listed_on, one.listed_until_on,
            )
            for one in rows
        )  # fmt: skip
        return sheets.download("课后服务第三方机构名单.xlsx", columns, cells)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    shown = queries.shown_now().filter(shown_until_on__gte=on)
    context = {
        "page": page,
        "rows": [(one, AREA_TITLES[one.area]) for one in page],
        "shown": [(one, AREA_TITLES[one.area]) for one in shown],
        "calls": queries.calls().filter(closes_on__gte=on)[:5],
    }
    return render(request, "public/providers/providers.html", context)


def _known(candidacy_id: int) -> Candidacy:
    """Return what the public may see: who is or was shown. :raises Http404: before that"""
    found = queries.candidacies().filter(pk=candidacy_id, shown_from_on__isnull=False).first()
    if found is None:
        raise Http404
    return found


@by_code
@require_http_methods(["GET", "POST"])
def provider(request: HttpRequest, candidacy_id: int) -> HttpResponse:
    """Show what was handed in; take an objection while the publicity lasts, with or without a name."""
    one = _known(candidacy_id)
    wrong: tuple[Refusal, ...] = ()
    if request.method == "POST":
        try:
            staffing.object_to(
                one, request.POST.get("text", ""), contact=request.POST.get("contact", ""), at=clock.now()
            )
            return redirect("public:provider_thanks", one.pk)
        except Refused as no:
            wrong = no.refusals
    context: dict[str, Any] = {
        "one": one,
        "area": AREA_TITLES[one.area],
        "open": one.state == "shown" and one.shown_until_on and clock.today() <= one.shown_until_on,
        "wrong": wrong,
        "typed": request.POST,
        "left": getattr(one, "exit", None),
        "answered": one.objections.filter(answered_at__isnull=False).count(),
        "waiting": one.objections.filter(answered_at=None).count(),
    }
    return render(request, "public/providers/provider.html", context, status=422 if wrong else 200)


@published
def provider_thanks(request: HttpRequest, candidacy_id: int) -> HttpResponse:
    """Say that it was received, and what happens with it."""
    return render(request, "public/providers/thanks.html", {"one": _known(candidacy_id)})
