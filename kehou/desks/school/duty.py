"""值班: who leads, stands at the gate, walks the rounds and is the medical contact, week by week."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.staffing.queries import choice_of, staff_of
from kehou.chapters.timetable import actions as timetable
from kehou.chapters.timetable.models import Duty
from kehou.chapters.timetable.queries import duties_within, roster_of
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.rules.permissions import Permission
from kehou.rules.spans import Span
from kehou.rules.staffing import DUTIES
from kehou.rules.verdicts import Refused

WEEK = timedelta(days=7)


def _monday(text: str | None, otherwise: date) -> date:
    on = typed.day(text) or otherwise
    return on - timedelta(days=on.isoweekday() - 1)


@at_school(Permission.DUTY_EDIT)
def duty(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the roster of a week and its gaps; put somebody on it."""
    if request.method == "POST":
        return _give(request, seat)
    return _page(request, seat)


def _page(request: HttpRequest, seat: Seat, no: Refused | None = None) -> HttpResponseBase:
    term = this_term(request)
    monday = _monday(request.GET.get("on"), max(clock.today(), term.service_from_on))
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column("日期", "day"), sheets.Column("岗位"), sheets.Column("姓名")]
        rows = duties_within(seat.school, term.service_from_on, term.service_until_on)
        cells = ((one.on, DUTIES[one.kind], one.staff.name) for one in rows)
        return sheets.download(f"值班-{seat.school.name}.xlsx", columns, cells)
    choice = choice_of(seat.school, term, on=max(monday, clock.today()), groups=False)
    roster = roster_of(seat.school, term, Span(monday, monday + WEEK))
    return render(
        request,
        "school/duty/duty.html",
        {
            "term": term,
            "monday": monday,
            "before": monday - WEEK,
            "after": monday + WEEK,
            "roster": roster,
            "kinds": DUTIES,
            "staff": choice.offered,
            "missing": choice.missing,
            "gaps": sum(day.missing is not None for day in roster),
            "refusals": no.refusals if no else (),
        },
        status=409 if no else 200,
    )


def _give(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    member = get_object_or_404(staff_of(seat.school), pk=typed.whole(request.POST.get("staff")) or 0)
    monday = _monday(request.GET.get("on"), clock.today())
    week = [monday + timedelta(days=number) for number in range(7)]
    days = [day for day in week if day.isoformat() in request.POST.getlist("day")]
    if not days:
        messages.error(request, "请勾选哪几天。")
    try:
        kind = request.POST.get("kind", "")
        timetable.give_duties(seat.school, [(day, kind, member) for day in days], by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, no)
    return redirect(f"{reverse('school:duty', args=[seat.school.code])}?on={monday.isoformat()}")


@require_POST
@at_school(Permission.DUTY_EDIT)
def duty_end(request: HttpRequest, seat: Seat, duty_id: int) -> HttpResponse:
    """Take somebody off duty."""
    standing = get_object_or_404(Duty.objects.select_related("school", "staff"), pk=duty_id, school=seat.school)
    timetable.end_duty(standing, by=seat.by, at=clock.now())
    return redirect(f"{reverse('school:duty', args=[seat.school.code])}?on={standing.on.isoformat()}")
