"""放行与批准: what schools ask for, what waits first; each decided once, with a reason that the school reads."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.basis.queries import terms
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme import queries
from kehou.chapters.programme.models import Permit
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, term_of, wanted
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission as P
from kehou.rules.permits import PermitKind
from kehou.rules.states import PERMIT
from kehou.rules.verdicts import Refused

BADGES = {"asked": "wait", "granted": "done", "refused": "refused", "withdrawn": "plain", "revoked": "refused"}
_COLUMNS = [
    *map(sheets.Column, ("学校标识码", "学校", "种类", "活动", "被拦下的用语", "地点", "申请理由", "状态", "决定理由")),
    sheets.Column("申请", "moment"), sheets.Column("决定", "moment"),
]  # fmt: skip


@require_GET
@in_district(P.PERMIT_SEE)
def permits(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show what the schools asked for in a term: what waits first."""
    term = term_of(request)
    if term is None:
        return render(request, "district/permits/list.html", {"term": None})
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    rows = queries.permits_of_district(term, text=wanted(request), state=state, kind=kind)
    cells = (
        (
            one.school.code, one.school.name, PermitKind(one.kind).label, one.name, "、".join(one.terms),
            one.room.name if one.room else "", one.reason, PERMIT.labels[one.state], one.decision_reason,
            one.asked_at, one.decided_at,
        )
        for one in rows
    )  # fmt: skip
    if answer := sheet(request, f"放行与批准-{term.code}", _COLUMNS, cells):
        return answer
    context = {
        "term": term,
        "terms": terms(),
        "page": page_of(request, rows),
        "badges": BADGES,
        "labels": PERMIT.labels,
        "kinds": dict(PermitKind.choices()),
        "state": state,
        "kind": kind,
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/permits/list.html", context)


def _page(request: HttpRequest, one: Permit, no: Refused | None = None) -> HttpResponse:
    context = {
        "one": one,
        "badge": BADGES[one.state],
        "state": PERMIT.labels[one.state],
        "kind": PermitKind(one.kind).label,
        "refused": no.refusals if no else (),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "district/permits/permit.html", context, status=409 if no else 200)


@require_GET
@in_district(P.PERMIT_SEE)
def permit(request: HttpRequest, seat: Seat, permit_id: int) -> HttpResponse:
    """Show one request with everything that was asked."""
    return _page(request, _one(permit_id))


def _one(permit_id: int) -> Permit:
    return get_object_or_404(Permit.objects.select_related("school", "term", "room"), pk=permit_id)


@require_POST
@in_district(P.PERMIT_DECIDE)
def decision(request: HttpRequest, seat: Seat, permit_id: int) -> HttpResponse:
    """Allow it, refuse it, or take back what was allowed."""
    one = _one(permit_id)
    answer, reason = request.POST.get("decision", ""), request.POST.get("reason", "")[:300]
    try:
        if answer == "revoke":
            programme.revoke_permit(one, reason=reason, by=seat.by, at=clock.now())
        else:
            programme.decide_permit(one, grant=answer == "grant", reason=reason, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, one, no)
    messages.success(request, f"{one.school.name}“{one.name}”：{PERMIT.labels[one.state]}。")
    return redirect("district:permits")
