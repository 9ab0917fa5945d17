"""全区一屏 and the dismissal waves: what each department may look at."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from kehou.chapters.basis.queries import calendar_of, terms
from kehou.chapters.people.queries import Seat, seat_in_district
from kehou.chapters.supervision import queries
from kehou.chapters.supervision.queries import Position
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import in_order, page_of, sheet, sheet_url, term_of, wanted
from kehou.desks.district.menu import MENU
from kehou.lib import clock, sheets, typed
from kehou.lib.gates import signed_in
from kehou.lib.menus import visible
from kehou.rules.permissions import Permission as P

_SORTS = {
    "name": lambda one: one.school.name,
    "stage": lambda one: one.stage_order,
    "pupils": lambda one: one.pupils,
    "joining": lambda one: one.joining,
    "enrolled": lambda one: one.enrolled,
    "sessions": lambda one: one.sessions,
    "on_site": lambda one: one.on_site,
}


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Go to the first page that this reader may open; a stranger finds nothing here."""
    seat = seat_in_district(request.user, on=clock.today())  # type: ignore[arg-type]
    menu = visible(MENU, permissions=seat.permissions, here="") if seat else []
    if not menu:
        raise Http404
    return HttpResponseRedirect(menu[0][1][0].href)


@in_district(P.DISTRICT_SEE)
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show each school's position in the term, and today."""
    term = term_of(request)
    if term is None:
        return render(request, "district/overview.html", {"term": None})
    rows = in_order(request, queries.positions(term, at=clock.now(), text=wanted(request)), _SORTS)
    stage = request.GET.get("stage", "")
    if stage:
        rows = [row for row in rows if row.stage == stage]
    if answer := sheet(request, f"全区一屏-{clock.today():%Y%m%d}", _COLUMNS, map(_cells, rows)):
        return answer
    context = {
        "term": term,
        "terms": terms(),
        "is_service_day": calendar_of(term).is_service_day(clock.today()),
        "page": page_of(request, rows),
        "figures": _figures(rows),
        "stages": [(key, title) for key, title in queries.STAGES],
        "stage": stage,
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/overview.html", context)


def _figures(rows: list[Position]) -> list[dict[str, object]]:
    def total(name: str) -> int:
        return sum(getattr(row, name) for row in rows)

    accepted = sum(row.filing == "accepted" for row in rows)
    open_rolls = total("sessions") - total("registers_closed")
    return [
        {"label": "学校", "value": len(rows), "unit": "所", "note": f"备案通过{accepted}所"},
        {"label": "在籍学生", "value": total("pupils"), "unit": "人"},
        {"label": "本学期参加", "value": total("enrolled"), "unit": "人", "note": f"报名参加{total('joining')}人"},
        {"label": "今天课次", "value": total("sessions"), "unit": "组", "note": f"还有{open_rolls}组没有结束点名"},
        {"label": "今天已点到", "value": total("counted_in"), "unit": "人"},
        {"label": "现在在校", "value": total("on_site"), "unit": "人"},
    ]


_COUNTS = (
    "在籍学生", "已填报", "填参加", "协议生效", "今天课次", "已开始点名", "已结束点名", "已点到", "现在在校",
)  # fmt: skip
_COLUMNS = [
    *map(sheets.Column, ("学校标识码", "学校", "进度", "备案", "备案编号")),
    *(sheets.Column(name, "moment") for name in ("项目表公布", "报名开始", "报名截止")),
    *(sheets.Column(name, "whole") for name in _COUNTS),
]


def _cells(row: Position) -> tuple[object, ...]:
    return (
        row.school.code, row.school.name, row.stage_title, row.filing_title, row.filing_number, row.table_published_at,
        row.opens_at, row.closes_at, row.pupils, row.applications, row.joining, row.enrolled, row.sessions,
        row.registers_opened, row.registers_closed, row.counted_in, row.on_site,
    )  # fmt: skip


@in_district(P.WAVES_SEE)
def waves(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show when how many children leave which school: no names."""
    on = _day(request)
    rows = [wave for wave in queries.waves(on) if wanted(request) in wave.school.name]
    columns = [
        sheets.Column("学校"),
        sheets.Column("街镇"),
        sheets.Column("离校时间", "clock"),
        sheets.Column("人数", "whole"),
    ]
    cells = ((wave.school.name, wave.school.town, wave.at, wave.children) for wave in rows)
    if answer := sheet(request, f"离校时段-{on:%Y%m%d}", columns, cells):
        return answer
    context = {
        "on": on,
        "page": page_of(request, rows),
        "children": sum(wave.children for wave in rows),
        "latest": max((wave.at for wave in rows), default=None),
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/waves.html", context)


def _day(request: HttpRequest) -> date:
    return typed.day(request.GET.get("on")) or clock.today()
