"""预览 → 公布: what still keeps the table back, what changes for families, and the versions that stay."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme import queries
from kehou.chapters.programme.models import ActivityTable
from kehou.desks.school.gate import at_school
from kehou.desks.school.table import balance_of
from kehou.desks.school.term import this_term
from kehou.lib import clock
from kehou.rules.permissions import Permission
from kehou.rules.programme import difference
from kehou.rules.verdicts import Refused


def _table(request: HttpRequest, seat: Seat) -> ActivityTable:
    tables = ActivityTable.objects.select_related("school", "term")
    return get_object_or_404(tables, school=seat.school, term=this_term(request))


@at_school(Permission.TABLE_SEE)
def preview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show every problem row by row, and what is different from what families read now."""
    return _preview(request, seat, _table(request, seat))


def _preview(request: HttpRequest, seat: Seat, table: ActivityTable, no: Refused | None = None) -> HttpResponse:
    against = queries.checking(table, on=clock.today())
    problems = against.publication_problems()
    latest = table.publications.order_by("-version").first()
    rows = queries.rows_of(table, against.activities)
    return render(
        request,
        "school/table/preview.html",
        {
            "table": table,
            "term": table.term,
            "problems": _by_activity(problems),
            "count": len(problems),
            "latest": latest,
            "changes": difference(latest.rows if latest else [], rows),
            "lines": queries.lines_of(rows),
            "refused": no.refusals if no else (),
            **balance_of(against),
        },
        status=409 if no else 200,
    )


def _by_activity(problems: list[Any]) -> list[tuple[Any, list[Any]]]:
    grouped = groupby(problems, key=lambda pair: pair[0])
    return [(activity, [problem.refusal for _, problem in rows]) for activity, rows in grouped]


@require_POST
@at_school(Permission.TABLE_PUBLISH)
def publication(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Publish the table as its next version."""
    table = _table(request, seat)
    try:
        made = programme.publish(table, by=seat.by, at=clock.now())
    except Refused as no:
        return _preview(request, seat, table, no)
    messages.success(request, f"项目表第{made.version}版已公布，家长和公众现在就能看到。")
    return redirect("school:table_version", seat.school.code, made.version)


@require_POST
@at_school(Permission.TABLE_EDIT)
def reopening(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Open a published table for changes."""
    table = _table(request, seat)
    try:
        programme.reopen(table, reason=request.POST.get("reason", ""), by=seat.by, at=clock.now())
    except Refused as no:
        return _preview(request, seat, table, no)
    messages.success(request, "项目表已重新打开；家长看到的仍是上一版，直到再次公布。")
    return redirect("school:table", seat.school.code)


@at_school(Permission.TABLE_SEE)
def version(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """Show one published version: its rows, its hash, what changed from the one before."""
    table = _table(request, seat)
    shown = get_object_or_404(table.publications, version=number)
    before = table.publications.filter(version=number - 1).first()
    return render(
        request,
        "school/table/version.html",
        {
            "table": table,
            "term": table.term,
            "shown": shown,
            "before": before,
            "versions": list(queries.publications_of(table).defer("rows")),
            "lines": queries.lines_of(shown.rows),
            "changes": difference(before.rows, shown.rows) if before else (),
        },
    )
