"""导入名册: a file is read dry, its problems are shown row by row, then it is taken whole or given up."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.money import actions as money
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import RosterImport
from kehou.chapters.people.queries import Seat
from kehou.desks.school import roster_lines as lines
from kehou.desks.school.forms_roster import RosterForm
from kehou.desks.school.gate import at_school
from kehou.lib import clock
from kehou.lib.models import JobReport
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused

ROWS = 50


@at_school(Permission.ROSTER_IMPORT)
def rosters(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the rosters of the school; POST reads a new one dry."""
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept = people.keep_roster(
            seat.school, file_name=file.name, content=file.read(), by=seat.by, at=clock.now()
        )  # fmt: skip
        return redirect("school:roster", seat.school.code, kept.pk)
    kept_ones = RosterImport.objects.filter(school=seat.school).order_by("-read_at")
    if wanted := request.GET.get("q", "").strip():
        kept_ones = kept_ones.filter(file_name__icontains=wanted)
    if request.GET.get("as") == "sheet":
        return lines.history_sheet(kept_ones)
    page = Paginator(kept_ones, ROWS).get_page(request.GET.get("page"))
    status = 422 if request.method == "POST" else 200
    return render(request, "school/roster/list.html", {"form": form, "page": page}, status=status)


@require_GET
@at_school(Permission.ROSTER_IMPORT)
def template(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Give the empty table that is always read right."""
    return lines.template_sheet()


@at_school(Permission.ROSTER_IMPORT)
def roster(request: HttpRequest, seat: Seat, roster_id: int) -> HttpResponseBase:
    """Show what a file gave: figures, problems, and what taking it will do."""
    return _page(request, _kept(seat, roster_id))


def _kept(seat: Seat, roster_id: int) -> RosterImport:
    return get_object_or_404(RosterImport.objects.select_related("school"), pk=roster_id, school=seat.school)


def _page(request: HttpRequest, kept: RosterImport, no: Refused | None = None) -> HttpResponseBase:
    job = JobReport.objects.filter(key=people.job_key(kept)).first()
    if request.htmx and job is not None:
        return render(request, "school/roster/show.html#progress", {"kept": kept, "job": job})
    counts = {kind: lines.count_of(kept, kind) for kind in lines.KINDS}
    kind = request.GET.get("show", "")
    if kind not in counts:
        kind = next((one for one in counts if counts[one]), "problems")
    found = lines.lines_of(kept, kind, request.GET.get("q", "").strip())
    if request.GET.get("as") == "sheet":
        return lines.sheet_of(kept, kind, found)
    context = {
        "kept": kept,
        "report": kept.report,
        "job": job,
        "kind": kind,
        "sheeted": any(line.get("sheet") for line in found),
        "tabs": [(one, title, counts[one]) for one, title in lines.KINDS.items() if counts[one] or one == "problems"],
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "figures": lines.figures_of(kept),
        "refusals": no.refusals if no else (),
    }
    return render(request, "school/roster/show.html", context, status=409 if no else 200)


@require_POST
@at_school(Permission.ROSTER_IMPORT)
def roster_taking(request: HttpRequest, seat: Seat, roster_id: int) -> HttpResponseBase:
    """Ask for the roster to be taken; with refused rows only if the reader has said to leave them out."""
    kept = _kept(seat, roster_id)
    try:
        people.ask_to_take(kept, leave_out=bool(request.POST.get("leave_out")), by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, kept, no)
    return redirect("school:roster", seat.school.code, kept.pk)


@require_POST
@at_school(Permission.ROSTER_IMPORT)
def roster_dropping(request: HttpRequest, seat: Seat, roster_id: int) -> HttpResponseBase:
    """Give a roster up; its file is deleted."""
    kept = _kept(seat, roster_id)
    try:
        people.drop_roster(kept, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, kept, no)
    messages.success(request, "已放弃这份名册，文件已经删除。")
    return redirect("school:rosters", seat.school.code)


@require_POST
@at_school(Permission.ROSTER_IMPORT)
def roster_leavers(request: HttpRequest, seat: Seat, roster_id: int) -> HttpResponseBase:
    """Note that the ticked children have left the school; their service ends with it."""
    kept = _kept(seat, roster_id)
    ticked = set(request.POST.getlist("pupil"))
    left = money.leave_school(
        [row["pupil"] for row in lines.leavers(kept) if str(row["pupil"].pk) in ticked],
        on=clock.today(),
        by=seat.by,
        at=clock.now(),
    )
    messages.success(request, f"已登记{left}名学生离校，他们的课后服务同时结束。")
    return redirect("school:roster", seat.school.code, kept.pk)
