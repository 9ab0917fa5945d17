"""作业: what one's own class takes home in writing today, and how the last days stood (2.3-p)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.homework import board, school_days
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.models import Homeroom
from kehou.desks.teacher.gate import at_school
from kehou.lib import clock, typed
from kehou.rules.homework import DAYS_BACK
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused


@require_http_methods(["GET", "POST"])
@at_school(Permission.HOMEWORK_DECLARE)
def homework(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Declare, and see the last days of one's own classes with their flags."""
    assert seat.school is not None
    if request.method == "GET":
        return _page(request, seat)
    number = typed.whole(request.POST.get("homeroom"))
    homeroom = get_object_or_404(Homeroom, pk__in=[one.pk for one in seat.homerooms if one.pk == number])
    on, minutes = typed.day(request.POST.get("on")) or clock.today(), typed.whole(request.POST.get("minutes"))
    try:
        attendance.declare_homework(
            homeroom, on, minutes=-1 if minutes is None else minutes, reason=request.POST.get("reason", ""), by=seat.by,
            at=clock.now(),
        )  # fmt: skip
    except Refused as no:
        return _page(request, seat, no, homeroom.pk)
    messages.success(request, f"{homeroom}{on:%-m月%-d日}的作业已填好。")
    return redirect("teacher:homework", seat.school.code)


def _page(request: HttpRequest, seat: Seat, no: Refused | None = None, refused_pk: int = 0) -> HttpResponse:
    assert seat.school is not None
    today = clock.today()
    lately = [today - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]
    days = [*school_days(seat.school, lately), today]
    rows = board(seat.school, sorted(seat.homerooms, key=lambda one: (one.grade, one.number)), days)
    context = {
        "rows": [(row[0].homeroom, row[::-1], row[-1]) for row in rows], "today": today, "days": days[::-1],
        "refusals": no.refusals if no else (), "typed": request.POST, "refused_pk": refused_pk,
    }  # fmt: skip
    return render(request, "teacher/homework.html", context, status=409 if no else 200)
