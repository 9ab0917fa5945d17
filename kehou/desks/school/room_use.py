"""空闲场地 and 使用率: what is free when, and what stands empty all week."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_date

from kehou.chapters.people.queries import Seat
from kehou.chapters.programme.queries.table import service_span
from kehou.chapters.timetable.queries import Report, Search, free_rooms, room_use, week_of
from kehou.desks.school.forms_ledger import SearchForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission
from kehou.rules.schools import ROOM_KINDS
from kehou.rules.spans import DAY, ClockSpan


@at_school(Permission.ROOMS_SEE)
def free(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Find a room: for a day or a weekday, at a time, with seats, of a risk class, with kit."""
    term = this_term(request)
    form = SearchForm(request.GET if "starts" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        wanted = Search(
            span=ClockSpan(typed["starts"], typed["ends"]),
            on=typed["on"],
            weekday=typed["weekday"],
            pupils=typed["pupils"],
            risk_class=typed["risk_class"],
            kit=typed["kit"],
        )
        found = free_rooms(seat.school, term, wanted, today=clock.today())  # type: ignore[arg-type]
    context = {"term": term, "form": form, "found": found, "kinds": ROOM_KINDS}
    return render(request, "school/resources/free.html", context, status=422 if form.is_bound and form.errors else 200)


@at_school(Permission.ROOMS_SEE)
def use(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show how much each room is used, in a week or in the whole term; idle ones are flagged (R-RES-03)."""
    term = this_term(request)
    whole = request.GET.get("span") == "term"
    try:
        day = parse_date(request.GET.get("week", "")) or clock.today()
    except ValueError:
        day = clock.today()
    service = service_span(term)
    day = min(max(day, service.start), term.service_until_on - DAY)
    span = service if whole else week_of(day)
    report = room_use(seat.school, term, span)  # type: ignore[arg-type]
    if request.GET.get("as") == "sheet":
        return _sheet(seat, report)
    context = {
        "term": term,
        "report": report,
        "whole": whole,
        "before": span.start - 7 * DAY if not whole else None,
        "after": span.start + 7 * DAY if not whole else None,
        "last": span.last,
        "kinds": ROOM_KINDS,
    }
    return render(request, "school/resources/use.html", context)


def _sheet(seat: Seat, report: Report) -> HttpResponseBase:
    columns = [
        sheets.Column("编号"), sheets.Column("名称"), sheets.Column("种类"), sheets.Column("课次", "whole"),
        sheets.Column("小时"), sheets.Column("用到的服务日", "whole"), sheets.Column("使用率（%）", "whole"),
        sheets.Column("开展的活动"),
    ]  # fmt: skip
    rows = (
        (
            one.room.code, one.room.name, ROOM_KINDS[one.room.kind], one.meetings, one.hours, one.days, one.percent,
            "、".join(one.activities),
        )
        for one in report.rows
    )  # fmt: skip
    return sheets.download(f"场地使用率-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]
