"""安全职责矩阵: every place, class hour and weekday with who answers for it; gaps are red; printed across."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import DutyPoint
from kehou.chapters.planning.papers_shelf import matrix_paper
from kehou.chapters.programme.queries import safety_matrix
from kehou.chapters.staffing.queries import staff_of
from kehou.desks.school.forms_shelf import PointForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.shelf import pdf, told
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.rules.calendar import weekday_name
from kehou.rules.permissions import Permission as P
from kehou.rules.safety_matrix import HOURS, Row, When, problems_of_matrix
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refusal, Refused


@at_school(P.ORG_SEE)
def matrix(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the matrix with its gaps; give it as a spreadsheet."""
    return _page(request, seat)


def _page(
    request: HttpRequest, seat: Seat, form: PointForm | None = None, refusals: tuple[Refusal, ...] = ()
) -> HttpResponseBase:
    term = this_term(request)
    rows = safety_matrix(seat.school, term)
    text = request.GET.get("q", "").strip()
    shown = [row for row in rows if text in row.name]
    if request.GET.get("gaps"):
        shown = [row for row in shown if row.gaps]
    weekdays = sorted({when[0] for row in rows for when in row.spots})
    if request.GET.get("as") == "sheet":
        columns = [
            sheets.Column("地点"),
            sheets.Column("课时"),
            *(sheets.Column(weekday_name(day)) for day in weekdays),
        ]
        cells = (
            [name, hour, *(_words(cell) for _, cell in spots)]
            for row in shown
            for name, hour, spots in _lines(row, weekdays)
        )
        return sheets.download(f"安全职责矩阵-{seat.school.name}.xlsx", columns, cells)  # type: ignore[union-attr]
    context = {
        "term": term, "rows": [(row, _lines(row, weekdays)) for row in shown], "weekdays": weekdays, "hours": HOURS,
        "problems": problems_of_matrix(rows), "places": rows, "points": queries.points_of(seat.school),
        "staff": staff_of(seat.school), "form": form or PointForm(), "refusals": refusals, "typed": request.POST,
    }  # fmt: skip
    return render(request, "school/safety/matrix.html", context, status=409 if refusals else 422 if form else 200)


def _lines(row: Row, weekdays: list[int]) -> list[tuple[str, str, list[tuple[int, Any]]]]:
    hours = sorted({when[1] for when in row.spots})
    return [
        (row.name, HOURS[hour], [(weekday, row.spots.get((weekday, hour))) for weekday in weekdays]) for hour in hours
    ]


def _words(spot: Any) -> str:
    return "" if spot is None else "、".join(spot.persons) or "缺"


@require_safe
@at_school(P.ORG_SEE)
def paper(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the matrix as a paper across."""
    term = this_term(request)
    made = matrix_paper(seat.school, term, safety_matrix(seat.school, term), at=clock.now())
    return pdf(made, f"duties-{seat.school.code}")  # type: ignore[union-attr]


@require_POST
@at_school(P.ORG_EDIT)
def duty(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Put somebody in charge of a place at the times ticked, or take the planned duty off them."""
    term, place = this_term(request), request.POST.get("place", "")
    wanted = _times(request)
    if request.POST.get("act") == "off":
        gone = actions.relieve(seat.school, term, place, wanted, by=seat.by, at=clock.now())
        messages.success(request, f"撤下{gone}处。没有另排的，由项目表上的带组人负责。")
        return redirect("school:safety_matrix", seat.school.code)  # type: ignore[union-attr]
    member = get_object_or_404(staff_of(seat.school), pk=typed.whole(request.POST.get("staff")) or 0)
    rows = safety_matrix(seat.school, term)
    used = {when for row in rows if row.place == place for when in row.spots}
    try:
        count = actions.put_in_charge(
            seat.school, term, place, wanted & used, member, places=[row.place for row in rows], by=seat.by,
            at=clock.now(),
        )  # fmt: skip
    except Refused as no:
        return _page(request, seat, refusals=no.refusals)
    messages.success(request, f"{member.name}负责{count}处。")
    return redirect("school:safety_matrix", seat.school.code)  # type: ignore[union-attr]


def _times(request: HttpRequest) -> set[When]:
    days, hours = typed.wholes(request.POST.getlist("weekday")), typed.wholes(request.POST.getlist("hour"))
    return {(day, hour) for day in days if 1 <= day <= 7 for hour in hours if hour in HOURS}


@require_POST
@at_school(P.ORG_EDIT)
def points(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Add a gate, a wave or another fixed point."""
    form = PointForm(request.POST)
    if not form.is_valid():
        return _page(request, seat, form)
    try:
        actions.add_point(seat.school, **form.cleaned_data, by=seat.by, at=clock.now())
    except Refused as no:
        for refusal in no.refusals:
            form.add_error("name", say(refusal))
        return _page(request, seat, form)
    return redirect("school:safety_matrix", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(P.ORG_EDIT)
def point_removal(request: HttpRequest, seat: Seat, point_id: int) -> HttpResponse:
    """Take a point out of the matrix."""
    point = get_object_or_404(DutyPoint.objects.select_related("school"), pk=point_id, school=seat.school)
    try:
        actions.remove_point(point, by=seat.by, at=clock.now())
        messages.success(request, f"“{point.name}”已撤下。")
    except Refused as no:
        told(request, no)
    return redirect("school:safety_matrix", seat.school.code)  # type: ignore[union-attr]
