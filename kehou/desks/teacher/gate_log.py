"""进出: whom the gate expects today, who is inside; letting in and out, and the day on paper (3.2-e)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance import queries
from kehou.chapters.attendance.gate_paper import gate_paper
from kehou.chapters.attendance.guests import entries_on, guests_on, inside
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember
from kehou.desks.teacher.gate import at_school
from kehou.lib import clock, typed
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

_WORDS = ("name", "tail", "purpose", "host", "escort")


@require_http_methods(["GET", "POST"])
@at_school(Permission.GATE_SEE, to_post=Permission.GATE_LOG)
def gate(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show today's list and who is inside; let somebody in, or say why not with everything that was typed."""
    assert seat.school is not None
    if request.method == "GET":
        return _page(request, seat.school)
    words = {name: request.POST.get(name, "") for name in _WORDS}
    key = typed.whole(request.POST.get("member"))
    member = StaffMember.objects.select_related("school").filter(pk=key).first() if key else None
    try:
        entry = attendance.let_in(seat.school, **words, member=member, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat.school, no, words, key)
    messages.success(request, f"{entry.name}已登记进校。")
    return redirect("teacher:gate", seat.school.code)


def _page(
    request: HttpRequest, school: School, no: Refused | None = None, words: dict[str, str] | None = None,
    key: int | None = None,
) -> HttpResponse:  # fmt: skip
    on = clock.today()
    here = list(inside(school))
    within = {one.member_id for one in here}
    sessions = list(queries.sessions_on(school, on))
    waves: dict[Any, int] = {}
    for row in queries.leaving(school, on):
        waves[row.ends_at] = waves.get(row.ends_at, 0) + 1
    context = {
        "guests": [(one, one.member.pk in within) for one in guests_on(school, on)],
        "inside": here,
        "entries": entries_on(school, on),
        "leaders": sorted({one.leader.name for one in sessions if one.leader and one.leader.kind == "in_service"}),
        "waves": sorted(waves.items(), key=lambda wave: str(wave[0])),
        "on_site": queries.on_site(school, on).count(),
        "on": on,
        "refusals": no.refusals if no else (),
        "typed": words or {},
        "picked": key,
    }
    return render(request, "teacher/gate.html", context, status=409 if no else 200)


@require_POST
@at_school(Permission.GATE_LOG)
def leaving(request: HttpRequest, seat: Seat, entry_id: int) -> HttpResponse:
    """Note that somebody has left."""
    entry = get_object_or_404(seat.school.gate_entries, pk=entry_id)  # type: ignore[union-attr]
    try:
        attendance.let_out(entry, by=seat.by, at=clock.now())
        messages.success(request, f"{entry.name}已登记离开。")
    except Refused as no:
        messages.error(request, say(no.refusal))
    return redirect("teacher:gate", seat.school.code)  # type: ignore[union-attr]


@require_safe
@at_school(Permission.GATE_SEE)
def paper(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the gate log of a day on paper; with nobody on it a sheet to fill in by pen."""
    assert seat.school is not None
    on = typed.day(request.GET.get("on")) or clock.today()
    made = gate_paper(seat.school, on, entries_on(seat.school, on), guests_on(seat.school, on), at=clock.now())
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="gate-{on}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
