"""走教 and the mix of the district: who lacks whom, who goes where, who gives the hours."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kehou.chapters.basis.queries import parameters_on, terms
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.queries import mix_of_district
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.models import StaffMember
from kehou.desks.district.forms_provider import MatchForm
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, term_of, wanted
from kehou.desks.district.telling import status_of, tell
from kehou.lib import clock, sheets
from kehou.rules.outsiders import AREA_TITLES, AREAS
from kehou.rules.permissions import Permission as P
from kehou.rules.staffing import warning_of_share
from kehou.rules.verdicts import Refused
from kehou.rules.visiting import VisitFacts, missing_parties


@require_GET
@in_district(P.PROVIDER_SEE)
def exchange(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the exchange board: needs of all schools, then what was agreed."""
    term = term_of(request)
    if term is None:
        return render(request, "district/providers/exchange.html", {"term": None})
    area = request.GET.get("area", "")
    rows = queries.needs_of(term, text=wanted(request), area=area if area in AREA_TITLES else "")
    visits = queries.visits_about(term)
    columns = [
        *map(sheets.Column, ("姓名", "派出学校", "接收学校", "活动")), sheets.Column("星期", "whole"),
        sheets.Column("开始", "clock"), sheets.Column("结束", "clock"), sheets.Column("生效", "moment"),
        sheets.Column("结束", "moment"),
    ]  # fmt: skip
    cells = (
        (
            one.member.name, one.member.school.name, one.host.name, one.what, one.weekday, one.starts_at, one.ends_at,
            one.agreed_at, one.ended_at,
        )
        for one in visits
    )  # fmt: skip
    if answer := sheet(request, f"走教-{term.code}", columns, cells):
        return answer
    page = page_of(request, rows)
    context = {
        "term": term,
        "terms": terms(),
        "page": page,
        "rows": [(one, AREA_TITLES[one.area]) for one in page],
        "visits": [(one, missing_parties(row.party for row in one.agreeings.all())) for one in visits[:60]],
        "areas": AREA_TITLES,
        "area": area,
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/providers/exchange.html", context)


@require_http_methods(["GET", "POST"])
@in_district(P.VISIT_PROPOSE)
def match(request: HttpRequest, seat: Seat, need_id: int) -> HttpResponse:
    """Propose somebody for a need; the three still have to agree."""
    term = term_of(request)
    if term is None:
        raise Http404("there is no term")
    need: Any = get_object_or_404(queries.needs_of(term).filter(withdrawn_at=None), pk=need_id)
    members = _fitting(need.area, need.school_id)
    form = MatchForm(members, request.POST or None, initial={"what": need.what})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        when = VisitFacts(typed["weekday"], typed["starts_at"], typed["ends_at"])
        proposal = staffing.Proposal(typed["member"], need.school, need.term, typed["what"], when, need)
        try:
            programme.propose_visit(proposal, by=seat.by, at=clock.now())
            messages.success(request, "已提出，等老师本人和两校校长同意。")
            return redirect("district:exchange")
        except Refused as no:
            tell(form, no)
    crumbs = [("走教", "/district/exchange/")]
    title = f"给{need.school.name}找老师：{need.what}"
    context = {"form": form, "title": title, "crumbs": crumbs, "button": "提出"}
    return render(request, "district/form.html", context, status=status_of(form))


def _fitting(area: str, but: int) -> Any:
    """Return the teachers of other schools whose subject or skills speak for an area."""
    speaks = Q()
    for word in AREAS[area][1]:
        speaks |= Q(skills__contains=word) | Q(subject__contains=word)
    rows = StaffMember.objects.filter(speaks, kind="in_service", state="in_use").exclude(school=but)
    return rows.select_related("school").order_by("school__code", "name", "pk")


@require_GET
@in_district(P.PROVIDER_SEE)
def mix(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show for every school who gives the hours and the share of in-service staff (2.4-b, 2.4-h)."""
    term = term_of(request)
    least = parameters_on(clock.today()).staff.inhouse_share_min
    found = mix_of_district(term) if term else []
    found = [(school, one) for school, one in found if wanted(request) in school.name]
    columns = [
        sheets.Column("学校"),
        *(sheets.Column(name, "whole") for name in ("在职占比（%）", "人数", "每周课时", "志愿者")),
    ]
    kinds = found[0][1].lines if found else ()
    columns += [sheets.Column(f"{line.title}课时", "whole") for line in kinds]
    cells = (
        (school.name, one.inhouse, one.people, one.hours, one.volunteers, *(line.hours for line in one.lines))
        for school, one in found
    )
    if answer := sheet(request, "人员构成", columns, cells):
        return answer
    page = page_of(request, found)
    rows = [
        (school, one, warning_of_share({line.kind: line.hours for line in one.lines}, least=least))
        for school, one in page
    ]
    context = {"term": term, "page": page, "rows": rows, "least": least, "sheet_url": sheet_url(request)}
    return render(request, "district/providers/mix.html", context)
