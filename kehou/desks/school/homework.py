"""作业公示: every class and day of a week, what is taken home in writing, flags beside it (2.3-p)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kehou.chapters.attendance.homework import ClassDay, board, school_days
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.queries import homerooms_of
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say

SCHOOL_WEEK = 5  # days that a week shows in which there is no service at all


@require_safe
@at_school(Permission.BOARD_SEE)
def homework(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the week of a day, or take it away as a sheet."""
    assert seat.school is not None
    on = typed.day(request.GET.get("on")) or clock.today()
    monday = on - timedelta(days=on.weekday())
    week = [monday + timedelta(days=turn) for turn in range(7)]
    days = school_days(seat.school, week) or week[:SCHOOL_WEEK]
    homerooms = list(homerooms_of(seat.school, school_year=this_term(request).school_year))
    rows = board(seat.school, homerooms, days)
    cells = [one for row in rows for one in row]
    if request.GET.get("as") == "sheet":
        return _sheet(f"作业公示-{seat.school.name}.xlsx", cells)
    context = {
        "rows": [(row[0].homeroom, row) for row in rows], "days": days, "flags": [one for one in cells if one.flags],
        "before": monday - timedelta(days=7), "after": monday + timedelta(days=7), "monday": monday,
        "today": clock.today(),
    }  # fmt: skip
    return render(request, "school/homework.html", context)


def _sheet(name: str, cells: Iterable[ClassDay]) -> HttpResponseBase:
    columns = [sheets.Column("班级"), sheets.Column("日期", "day"), sheets.Column("作业辅导")]
    columns += [sheets.Column("带回家（分钟）", "whole"), sheets.Column("原因"), sheets.Column("提示")]
    lines = (
        [
            str(one.homeroom),
            one.on,
            "有" if one.tutored else "",
            one.minutes,
            one.reason,
            "；".join(map(say, one.flags)),
        ]
        for one in cells
    )
    return sheets.download(name, columns, lines)
