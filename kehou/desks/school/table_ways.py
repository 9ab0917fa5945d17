"""Ways to a whole table: from a spreadsheet, from an earlier term; and what it still lacks."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kehou.chapters.basis.queries import templates_now
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme import queries
from kehou.chapters.programme.models import ActivityTable
from kehou.desks.school.gate import at_school
from kehou.desks.school.table import balance_of
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.lib.sheets.reading import open_sheets
from kehou.lib.templatetags.words import grade
from kehou.rules.balance import by_category, gaps, kinds_by_grade
from kehou.rules.permissions import Permission
from kehou.rules.table_sheet import COLUMNS, TableReading, read_table
from kehou.rules.timetable import Category
from kehou.rules.verdicts import Refusal, Refused

SHOWN = 100


def _table(request: HttpRequest, seat: Seat) -> ActivityTable:
    tables = ActivityTable.objects.select_related("school", "term")
    return get_object_or_404(tables, school=seat.school, term=this_term(request))


@require_GET
@at_school(Permission.TABLE_SEE)
def balance(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the five domains, the variety, basic and featured, and for each gap the templates that would fill it."""
    table = _table(request, seat)
    against = queries.standing_of(table)
    rows = against.rows()
    kinds, many = kinds_by_grade(rows, against.grades), balance_of(against)["variety"]
    if request.GET.get("as") == "sheet":
        days = [f"周{sign}类别数" for sign in "一二三四五"]
        columns = [sheets.Column("年级"), *(sheets.Column(name, "whole") for name in ("基础", "特色", *days))]
        cells = ((grade(one), *own.values(), *many[one].values()) for one, own in kinds.items())
        return sheets.download(f"项目表均衡-{table.school.name}.xlsx", columns, cells)
    context = {
        "table": table,
        "term": table.term,
        "gaps": gaps(rows, against.grades, templates_now()),
        "kinds": kinds,
        "categories": [(Category(key).label, count) for key, count in by_category(rows).items()],
        "open": table.state != "published",
        **balance_of(against),
    }
    return render(request, "school/table/balance_page.html", context)


@require_http_methods(["GET", "POST"])
@at_school(Permission.TABLE_EDIT)
def sheet(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Bring in a spreadsheet: looked through first, then taken whole or not at all; every problem with its row."""
    table = _table(request, seat)
    upload = request.FILES.get("file")
    if request.method == "GET" or upload is None:
        if request.method == "POST":
            messages.error(request, "请选择一个表格文件。")
        return _sheet_page(request, table, (), status=200 if request.method == "GET" else 422)
    only_try = request.POST.get("step") != "take"
    try:
        grid = next(iter(open_sheets(upload.file).grids), None)  # type: ignore[arg-type]
        reading = read_table(grid) if grid else TableReading()
        if reading.problems:
            return _sheet_page(request, table, reading.problems)
        taken = programme.take_table(table, reading.rows, by=seat.by, at=clock.now(), only_try=only_try)
    except programme.SheetRefused as no:
        return _sheet_page(request, table, no.problems)
    except Refused as no:
        return _sheet_page(request, table, [(0, one) for one in no.refusals])
    said = f"新增{taken.added}项，修改{taken.changed}项，{taken.same}项没有变化"
    if only_try:
        messages.info(request, f"核对通过，还没有写入：将{said}。确认无误后再传一次，选“导入”。")
        return _sheet_page(request, table, ())
    messages.success(request, f"项目表已导入：{said}。")
    return redirect("school:table", table.school.code)


def _sheet_page(
    request: HttpRequest, table: ActivityTable, problems: Sequence[tuple[int, Refusal]], *, status: int = 200
) -> HttpResponse:
    context = {
        "table": table,
        "term": table.term,
        "problems": problems[:SHOWN],
        "more": max(0, len(problems) - SHOWN),
        "columns": [names[0] for names in COLUMNS.values()],
    }
    return render(request, "school/table/sheet.html", context, status=409 if problems else status)


@require_http_methods(["GET", "POST"])
@at_school(Permission.TABLE_EDIT)
def copying(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show an earlier term's rows as they would stand now; bring over those that are ticked."""
    table = _table(request, seat)
    source = queries.earlier_table(table)
    refused: Sequence[Refusal] = ()
    if request.method == "POST" and source is not None:
        try:
            made = programme.copy_from(table, source, request.POST.getlist("name"), by=seat.by, at=clock.now())
        except Refused as no:
            refused = no.refusals
        else:
            messages.success(request, f"带来了{len(made)}项活动，空着的请补上。")
            return redirect("school:table", table.school.code)
    rows = queries.copies_of(table, source, at=clock.now()) if source is not None else []
    context = {"table": table, "term": table.term, "source": source, "rows": rows, "refused": refused}
    status = 409 if request.method == "POST" else 200
    return render(request, "school/table/copying.html", context, status=status)
