"""Long work of the whole district: how far, why not, once more."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.models import School
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, wanted
from kehou.lib import clock, sheets
from kehou.lib import jobs as queue
from kehou.lib.gates import may_follow
from kehou.lib.models import DueJob, JobReport
from kehou.rules.permissions import Permission as P

STATES = {"waiting": "等待", "running": "正在进行", "done": "完成", "failed": "没有完成"}
KINDS = {"waiting": "wait", "running": "live", "done": "done", "failed": "refused"}


@in_district(P.JOBS_ALL)
def jobs(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the jobs, newest first, and the schedule."""
    rows = JobReport.objects.order_by("-asked_at", "-pk")
    names = dict(School.objects.values_list("code", "name"))
    if text := wanted(request):
        called = [code for code, name in names.items() if text in name]
        rows = rows.filter(
            Q(title__icontains=text) | Q(asked_by__icontains=text) | Q(school_code=text) | Q(school_code__in=called)
        )
    state = request.GET.get("state", "")
    if state in STATES:
        rows = rows.filter(state=state)
    columns = [
        *map(sheets.Column, ("任务", "学校", "谁要的")), sheets.Column("何时", "moment"), sheets.Column("状态"),
        sheets.Column("次数", "whole"), sheets.Column("完成于", "moment"), sheets.Column("原因"),
    ]  # fmt: skip
    cells = (
        (
            row.title, names.get(row.school_code, ""), row.asked_by, row.asked_at, STATES[row.state], row.attempts,
            row.finished_at, row.problem,
        )
        for row in rows
    )  # fmt: skip
    if answer := sheet(request, "后台任务", columns, cells):
        return answer
    context = {
        "page": page_of(request, rows),
        "names": names,
        "states": STATES,
        "kinds": KINDS,
        "state": state,
        "schedule": DueJob.objects.order_by("title"),
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/jobs.html", context)


@in_district(P.JOBS_ALL)
def job(request: HttpRequest, seat: Seat, job_id: int) -> HttpResponse:
    """Show one job; asked by its own progress bar, only the bar."""
    report = get_object_or_404(JobReport, pk=job_id)
    context = {
        "report": report,
        "state": STATES[report.state],
        "kind": KINDS[report.state],
        "bar": bar_of(report, seat),
    }
    if getattr(request, "htmx", False):
        return render(request, "components/job.html", bar_of(report, seat))
    return render(request, "district/job.html", {**context, "crumbs": [("后台任务", "/district/jobs/")]})


def bar_of(report: JobReport, seat: Seat) -> dict[str, object]:
    """Return what the progress bar prints."""
    may_see = may_follow(report.result_link, seat.permissions, desk="district")
    kind = {"done": "done", "failed": "refused"}.get(report.state, "live")
    step = report.problem if report.state == JobReport.FAILED else report.saying
    return {
        "title": report.title,
        "percent": report.percent,
        "step": step or ("等待开始" if report.state == JobReport.WAITING else ""),
        "kind": kind,
        "result_url": report.result_link if report.state == JobReport.DONE and may_see else "",
        "reload_url": reverse("district:job", args=(report.pk,)),
    }


@require_POST
@in_district(P.JOB_RUN)
def again(request: HttpRequest, seat: Seat, job_id: int) -> HttpResponse:
    """Ask for a job once more."""
    report = get_object_or_404(JobReport, pk=job_id)
    if queue.again(report, by=seat.by, at=clock.now()):
        messages.success(request, "已重新排队。")
    else:
        messages.warning(request, "这个任务正在进行，不用重试。")
    return redirect("district:job", job_id)
