"""The school's long jobs and its own journal."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kehou.chapters.journal import queries
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.lib import jobs as queue
from kehou.lib.gates import may_follow
from kehou.lib.models import JobReport
from kehou.rules.permissions import Permission as P
from kehou.rules.verb_words import FAMILIES
from kehou.rules.verbs import title_of

ROWS = 50
STATES = {"waiting": "等待", "running": "正在进行", "done": "完成", "failed": "没有完成"}
KINDS = {"waiting": "wait", "running": "live", "done": "done", "failed": "refused"}


@at_school(P.JOB_SEE)
def jobs(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the school's jobs, newest first."""
    rows = JobReport.objects.filter(school_code=seat.school.code).order_by("-asked_at", "-pk")  # type: ignore[union-attr]
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(title__icontains=text)
    if request.GET.get("as") == "sheet":
        columns = [
            sheets.Column("任务"),
            sheets.Column("谁要的"),
            sheets.Column("何时", "moment"),
            sheets.Column("状态"),
            sheets.Column("原因"),
        ]
        cells = ((row.title, row.asked_by, row.asked_at, STATES[row.state], row.problem) for row in rows)
        return sheets.download("后台任务.xlsx", columns, cells)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "school/jobs.html", {"page": page, "states": STATES, "kinds": KINDS})


def _found(seat: Seat, job_id: int) -> JobReport:
    return get_object_or_404(JobReport, pk=job_id, school_code=seat.school.code)  # type: ignore[union-attr]


@at_school(P.JOB_SEE)
def job(request: HttpRequest, seat: Seat, job_id: int) -> HttpResponse:
    """Show one job; asked by its own progress bar, only the bar."""
    report = _found(seat, job_id)
    may_see = may_follow(report.result_link, seat.permissions, desk="school")
    bar = {
        "title": report.title,
        "percent": report.percent,
        "step": report.problem if report.state == "failed" else report.saying or "等待开始",
        "kind": {"done": "done", "failed": "refused"}.get(report.state, "live"),
        "result_url": report.result_link if report.state == "done" and may_see else "",
        "reload_url": reverse("school:job", args=(seat.school.code, job_id)),  # type: ignore[union-attr]
    }
    if getattr(request, "htmx", False):
        return render(request, "components/job.html", bar)
    context = {"report": report, "state": STATES[report.state], "kind": KINDS[report.state], "bar": bar}
    return render(request, "school/job.html", context)


@require_POST
@at_school(P.JOB_RUN)
def job_again(request: HttpRequest, seat: Seat, job_id: int) -> HttpResponse:
    """Ask for a job that failed once more."""
    report = _found(seat, job_id)
    if report.state == JobReport.FAILED and queue.again(report, by=seat.by, at=clock.now()):
        messages.success(request, "已重新排队。")
    return redirect("school:job", seat.school.code, job_id)  # type: ignore[union-attr]


@at_school(P.JOURNAL_SCHOOL)
def journal(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show what was done at this school, newest first."""
    family = request.GET.get("family", "")
    rows = queries.entries(
        text=request.GET.get("q", "").strip(),
        verb=family if family in FAMILIES else "",
        school_code=seat.school.code,  # type: ignore[union-attr]
    )
    if request.GET.get("as") == "sheet":
        columns = [sheets.Column("时间", "moment"), *map(sheets.Column, ("事项", "对象", "经办人", "岗位"))]
        cells = (
            (row.at, title_of(row.verb), row.about_label, row.actor_name, row.actor_post) for row in rows.iterator(2000)
        )
        return sheets.download("操作日志.xlsx", columns, cells)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, title_of(row.verb)) for row in page],
        "families": FAMILIES.items(),
        "family": family,
    }
    return render(request, "school/journal.html", context)
