"""放行与批准: what the school asked the district to allow this term, how it stands, and the request for a trip."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme import queries
from kehou.chapters.programme.models import Activity, Permit
from kehou.desks.school.gate import at_school
from kehou.desks.school.one_form import one_form, then
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission
from kehou.rules.permits import TRIP_PARTS, PermitKind
from kehou.rules.states import PERMIT

ROWS = 50
BADGES = {"asked": "wait", "granted": "done", "refused": "refused", "withdrawn": "plain", "revoked": "refused"}


class TripForm(forms.Form):
    """What the district must know of an activity off campus; place, days, children and adults stand in its row."""

    route = forms.CharField(
        label=TRIP_PARTS["route"], max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="从哪里走、怎么去、几点出发几点回；乘车写明车辆和驾驶员资质由谁核对",
    )  # fmt: skip
    safety_plan = forms.CharField(
        label=TRIP_PARTS["safety_plan"], max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="有什么风险、怎样防、谁带急救包、走散和受伤怎么办、下雨怎么办",
    )  # fmt: skip
    consent = forms.CharField(
        label=TRIP_PARTS["consent"], max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.CharField(
        label="为什么要到校外", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


@require_GET
@at_school(Permission.TABLE_SEE)
def permits(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show what was asked this term and how it stands."""
    assert seat.school is not None
    rows = queries.permits_of(seat.school, this_term(request), text=request.GET.get("q", "").strip())
    if request.GET.get("as") == "sheet":
        names = ("种类", "活动", "被拦下的用语", "地点", "申请理由", "状态", "决定理由")
        columns = [*map(sheets.Column, names), sheets.Column("申请", "moment"), sheets.Column("决定", "moment")]
        cells = (
            (
                PermitKind(one.kind).label, one.name, "、".join(one.terms), one.room.name if one.room else "",
                one.reason, PERMIT.labels[one.state], one.decision_reason, one.asked_at, one.decided_at,
            )
            for one in rows
        )  # fmt: skip
        return sheets.download(f"放行与批准-{seat.school.name}.xlsx", columns, cells)
    context = {
        "term": this_term(request),
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "badges": BADGES,
        "labels": PERMIT.labels,
        "kinds": dict(PermitKind.choices()),
    }
    return render(request, "school/permits/permits.html", context)


def _here(seat: Seat, permit_id: int) -> Permit:
    rows = Permit.objects.select_related("school", "term", "room", "activity")
    return get_object_or_404(rows, pk=permit_id, school=seat.school)


@require_GET
@at_school(Permission.TABLE_SEE)
def permit(request: HttpRequest, seat: Seat, permit_id: int) -> HttpResponse:
    """Show one request with its decision."""
    one = _here(seat, permit_id)
    context = {"one": one, "badge": BADGES[one.state], "state": PERMIT.labels[one.state], "term": one.term}
    return render(request, "school/permits/permit.html", context)


@require_POST
@at_school(Permission.TABLE_EDIT)
def withdrawal(request: HttpRequest, seat: Seat, permit_id: int) -> HttpResponse:
    """Take a request back."""
    one = _here(seat, permit_id)
    return then(
        request, seat, lambda: programme.withdraw_permit(one, by=seat.by, at=clock.now()), "申请已撤回。",
        "school:permit", one.pk,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@at_school(Permission.TABLE_EDIT)
def trip(request: HttpRequest, seat: Seat, activity_id: int) -> HttpResponse:
    """Ask for an activity off campus as it stands in the table."""
    term = this_term(request)
    rows = Activity.objects.select_related("table__school", "table__term", "room", "leader")
    activity = get_object_or_404(rows, pk=activity_id, withdrawn_at=None, table__school=seat.school, table__term=term)

    def act(said: dict[str, Any]) -> str:
        programme.ask_off_campus(activity, **said, by=seat.by, at=clock.now())
        return "已向区教委申请，批准以前可以继续编草稿。"

    people = "、".join(one.name for one in queries.facts_of(activity).people) or "还没有定"
    return one_form(
        request, seat, TripForm(request.POST or None), act, title=f"申请校外活动：{activity.name}",
        back=("放行与批准", "school:permits"), button="申请",
        lead=f"地点：{queries.place_of(activity)}；{activity.capacity}人；同行成人：{people}。"
        "这些取自项目表，要改请先改活动。",
    )  # fmt: skip
