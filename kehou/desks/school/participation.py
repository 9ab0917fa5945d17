"""家长代表全过程参与: six points of a semester, each with its evidence; a sheet to print for whoever asks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.planning import actions, queries
from kehou.chapters.planning.models import Participation
from kehou.chapters.planning.papers_shelf import participation_paper
from kehou.desks.school.forms_plan import ParticipationForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.plan import pdf, said
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.participation import TASKS, Point, warning_of_points
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

ROWS = 40
_FIELDS = {"day_to_come": "held_on", "without_words": "words", "nobody_took_part": "members", "not_a_member": "members"}


@require_http_methods(["GET", "POST"])
@at_school(Permission.PLAN_SEE, to_post=Permission.PLAN_EDIT)
def participation(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the six points with their evidence; note that representatives took part."""
    assert seat.school is not None
    term, members = this_term(request), queries.members_of(seat.school, clock.today())
    text, may = request.GET.get("q", "").strip(), Permission.PLAN_EDIT in seat.permissions
    form = ParticipationForm(members, request.POST or None, initial={"held_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data | {"point": Point(form.cleaned_data["point"])}
        try:
            made = actions.note_participation(seat.school, term, **facts, by=seat.by, at=clock.now())
            messages.success(request, f"已登记：{made}。参加的代表收到了通知。")
            return redirect("school:participation", seat.school.code)
        except Refused as no:
            for refusal in no.refusals:
                form.add_error(_FIELDS.get(refusal.why), say(refusal))
    shares = queries.shares_of(seat.school, term, text=text)
    if request.GET.get("as") == "sheet":
        return _sheet(seat.school.name, shares)
    every = queries.shares_of(seat.school, term) if text else shares
    counts = [(point, TASKS[point], sum(one.point is point for one in every)) for point in Point]
    context = {
        "term": term,
        "points": counts,
        "warning": warning_of_points(one.point for one in every),
        "page": Paginator(shares, ROWS).get_page(request.GET.get("page")),
        "form": form if may else None,
        "members": members,
    }
    status = (422 if may else 403) if request.method == "POST" else 200
    return render(request, "school/plan/participation.html", context, status=status)


def _sheet(name: str, shares: list[queries.Share]) -> HttpResponseBase:
    columns = [
        sheets.Column("环节"),
        sheets.Column("日期", "day"),
        sheets.Column("家长代表"),
        sheets.Column("做了什么"),
    ]
    rows = ([one.point.label, one.on, "、".join(one.who), one.words] for one in shares)
    return sheets.download(f"家长代表参与-{name}.xlsx", columns, rows)


@require_POST
@at_school(Permission.PLAN_EDIT)
def striking(request: HttpRequest, seat: Seat, record_id: int) -> HttpResponse:
    """Strike a record that is wrong, with a reason."""
    record = get_object_or_404(Participation.objects.select_related("school"), pk=record_id, school=seat.school)
    try:
        actions.strike_participation(record, reason=request.POST.get("reason", ""), by=seat.by, at=clock.now())
        messages.success(request, "已划去，原来的记录和原因都留着。")
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:participation", record.school.code)


@require_GET
@at_school(Permission.PLAN_SEE)
def sheet_paper(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the sheet of participation as a PDF."""
    school, term = seat.school, this_term(request)
    assert school is not None
    rows: list[Any] = queries.shares_of(school, term)
    return pdf(participation_paper(school, term, rows, at=clock.now()), "participation")
