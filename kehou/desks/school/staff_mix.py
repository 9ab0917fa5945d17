"""人员构成: who gives the class hours, and the share of in-service staff (2.4-b, 2.4-h)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme.queries import mix_at
from kehou.chapters.staffing.papers import mix_paper
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission
from kehou.rules.staffing import warning_of_share


@require_GET
@at_school(Permission.OUTSIDERS_SEE)
def staff_mix(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the mix; print it; take it away."""
    assert seat.school is not None
    term = this_term(request)
    mix = mix_at(seat.school, term)
    least = parameters_on(clock.today()).staff.inhouse_share_min
    if request.GET.get("as") == "paper":
        made = mix_paper(mix, school=seat.school, term=term, least=least, at=clock.now())
        return HttpResponse(made.pdf, content_type="application/pdf")
    if request.GET.get("as") == "sheet":
        columns = [
            sheets.Column("人员类型"),
            *(sheets.Column(name, "whole") for name in ("人数", "每周课时", "占比（%）")),
        ]
        rows = ((line.title, line.people, line.hours, line.percent) for line in mix.lines)
        return sheets.download(f"服务人员构成-{seat.school.name}.xlsx", columns, rows)
    hours = {line.kind: line.hours for line in mix.lines}
    context = {"mix": mix, "term": term, "least": least, "warning": warning_of_share(hours, least=least)}
    return render(request, "school/outside/mix.html", context)
