"""学生课后服务内容项目表: the list with its balance, on paper, as a spreadsheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme import queries
from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.chapters.programme.queries import Line, Standing
from kehou.desks.school.gate import at_school
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.rules.labels import term_mark
from kehou.rules.permissions import Permission
from kehou.rules.programme import domain_hours, variety
from kehou.rules.timetable import Domain

ROWS = 50
VIEWS = {"list": "列表", "weekday": "按星期", "grade": "按年级"}


@at_school(Permission.TABLE_SEE)
def table(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the table: as a list, by weekday or by grade, with balance and variety."""
    term = this_term(request)
    found = queries.table_of(seat.school, term)
    if found is None:
        return render(request, "school/table/none.html", {"term": term})
    against = queries.standing_of(found)
    rows = _found(against.activities, request.GET.get("q", "").strip())
    if request.GET.get("as") == "sheet":
        return sheet_of(f"项目表-{seat.school.name}.xlsx", [line for _, line in _entries(against, rows)])
    view = request.GET.get("view", "list")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    groups = _groups(_entries(against, rows), view, against.grades) if view in ("weekday", "grade") else []
    page.object_list = _entries(against, page.object_list) if not groups else []
    return render(
        request,
        "school/table/table.html",
        {
            "term": term,
            "table": found,
            "latest": found.publications.defer("rows").order_by("-version").first(),
            "view": view if view in VIEWS else "list",
            "views": VIEWS,
            "page": page,
            "groups": groups,
            **balance_of(against),
        },
    )


def _found(activities: Sequence[Activity], text: str) -> list[tuple[int, Activity]]:
    """Return the activities with these words in name, category, place or leader, each with its number in the table."""
    return [
        (number, one) for number, one in enumerate(activities, start=1) if not text or text in queries.words_of(one)
    ]


def _entries(against: Standing, rows: Iterable[tuple[int, Activity]]) -> list[tuple[Activity, Line]]:
    """Return activities with what stands in their rows: only of those that are shown, for times take the longest."""
    return [
        (
            one,
            queries.line_of(
                number,
                queries.row_of(
                    one, against.seasons, against.parameters, released=against.granted.releases(one.name, one.aim)
                ),
            ),
        )
        for number, one in rows
    ]


def _groups(entries: Sequence[tuple[Activity, Line]], view: str, grades: Sequence[int]) -> list[tuple[int, list[Any]]]:
    """Return the rows under each weekday, or under each grade."""
    found: dict[int, list[Any]] = defaultdict(list)
    for activity, line in entries:
        keys = activity.grades if view == "grade" else [slot.weekday for slot in activity.slots.all()]
        for key in keys:
            slot = (
                next((one for one in activity.slots.all() if one.weekday == key), None) if view == "weekday" else None
            )
            found[key].append((activity, line, slot))
    wanted = grades if view == "grade" else range(1, 6)
    rows = [(key, found[key]) for key in wanted] if view != "list" else []
    for _, row in rows:
        row.sort(key=lambda one: (one[2].starts_at if one[2] else one[0].kind, one[0].name))
    return rows


def balance_of(against: Standing) -> dict[str, Any]:
    """Return the five domains, the variety by grade and weekday, and what the table lacks."""
    rows = against.rows()
    hours = domain_hours(rows)
    return {
        "figures": [
            {"label": f"{Domain(key).label}育", "value": count, "unit": "课时/周", "kind": "" if count else "wait"}
            for key, count in hours.items()
        ],
        "variety": variety(rows, against.grades),
        "warnings": against.table_warnings(rows),
        "weekdays": range(1, 6),
    }


def sheet_of(filename: str, lines: Sequence[Line]) -> HttpResponseBase:
    """Return the table as a spreadsheet."""
    whole = {"序号", "课时", "人数上限", "最少人数"}
    columns = [sheets.Column(name, "whole" if name in whole else "text") for name in queries.COLUMNS]
    return sheets.download(filename, columns, (line.cells() for line in lines))


@require_POST
@at_school(Permission.TABLE_EDIT)
def beginning(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Begin the table of the term."""
    programme.start_table(seat.school, this_term(request), by=seat.by, at=clock.now())
    return redirect("school:table", seat.school.code)


@at_school(Permission.TABLE_SEE)
def paper(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Hand out the table on paper: the published version, or the draft marked as such (`?draft=1`, `?poster=1`)."""
    term = this_term(request)
    latest = queries.latest_publication(seat.school, term)
    poster = "poster" in request.GET
    if latest is not None and "draft" not in request.GET:
        made = queries.paper_of(
            seat.school,
            term,
            latest.rows,
            issued_at=latest.published_at,
            version=f"第{latest.version}版 {latest.digest[:16]}",
            number=f"{seat.school.code[-4:]}-XM-{term_mark(term.code)}-{latest.version:02d}",
            poster=poster,
        )
    else:
        tables = ActivityTable.objects.select_related("school", "term")
        rows = queries.rows_of(get_object_or_404(tables, school=seat.school, term=term))
        made = queries.paper_of(
            seat.school, term, rows, issued_at=clock.now(), version="草稿", poster=poster, mark="草稿"
        )
    return FileResponse(BytesIO(made.pdf), filename=f"项目表-{seat.school.name}.pdf", content_type="application/pdf")
