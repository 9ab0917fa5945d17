"""Terms, the month view of the school calendar, single days, closures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kehou.chapters.basis import actions as basis
from kehou.chapters.basis import queries
from kehou.chapters.basis.models import CalendarDay, Closure, Term
from kehou.chapters.people.queries import Seat
from kehou.chapters.schools.models import School
from kehou.chapters.timetable import actions as timetable
from kehou.desks.district.forms import ClosureForm, DayForm, NewTermForm, TermForm
from kehou.desks.district.gate import in_district
from kehou.desks.district.lists import page_of, sheet, sheet_url, term_of, wanted
from kehou.desks.district.telling import status_of, tell
from kehou.lib import clock, sheets, typed
from kehou.rules.calendar import Calendar, count_by_month, weekday_name
from kehou.rules.permissions import Permission as P
from kehou.rules.spans import Span, month_of, months_of
from kehou.rules.verdicts import Refused

_CRUMBS = [("学期与校历", "/district/calendar/")]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the month view. `kind` is service, school, swap, off, closed or outside."""

    on: date
    kind: str
    note: str
    here: bool


def _cells(month: Span, calendar: Calendar, named: dict[date, CalendarDay]) -> list[list[Cell | None]]:
    """Return a month as weeks from Monday to Sunday, None outside the month."""
    days: list[Cell | None] = [None] * (month.start.isoweekday() - 1)
    days += [_cell(on, calendar, named.get(on)) for on in month.days()]
    days += [None] * (-len(days) % 7)
    return [days[at : at + 7] for at in range(0, len(days), 7)]


def _cell(on: date, calendar: Calendar, named: CalendarDay | None) -> Cell:
    follows = calendar.weekday_followed(on)
    closure = calendar.closure_on(on)
    note = (named.name + ("（暂定）" if named.provisional else "")) if named else ""
    if on not in calendar.teaching:
        kind = "outside"
    elif closure:
        kind, note = "closed", closure.reason
    elif follows is None:
        kind = "off"
    elif on in calendar.swap_days:
        kind, note = "swap", f"按{weekday_name(follows)}"
    else:
        kind = "service" if on in calendar.service else "school"
    return Cell(on, kind, note, here=on == clock.today())


@in_district(P.DISTRICT_SEE)
def calendar(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show a term month by month, with the counts of its school and service days."""
    term = term_of(request)
    if term is None:
        return render(request, "district/calendar.html", {"term": None, "crumbs": []})
    days = queries.calendar_of(term)
    named = {day.on: day for day in CalendarDay.objects.filter(on__gte=term.from_on, on__lt=term.until_on)}
    school, service = count_by_month(days.school_days()), count_by_month(days.service_days())
    months = [
        {
            "first": month.start,
            "weeks": _cells(month, days, named),
            "school": school.get((month.start.year, month.start.month), 0),
            "service": service.get((month.start.year, month.start.month), 0),
        }
        for month in months_of(days.teaching)
    ]
    columns = [sheets.Column("日期", "day"), *map(sheets.Column, ("星期", "上课", "服务日", "按哪天课表", "名称"))]
    if answer := sheet(request, f"校历-{term.code}", columns, _rows(days, named)):
        return answer
    context = {
        "term": term,
        "terms": queries.terms(),
        "months": months,
        "school": sum(school.values()),
        "service": sum(service.values()),
        "provisional": any(day.provisional for day in named.values()),
        "names": "一二三四五六日",
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/calendar.html", context)


def _rows(days: Calendar, named: dict[date, CalendarDay]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for on in days.teaching.days():
        follows = days.weekday_followed(on)
        marks = ["是" if holds else "" for holds in (days.is_school_day(on), days.is_service_day(on))]
        name = named[on].name if on in named else ""
        rows.append((on, weekday_name(on.isoweekday()), *marks, weekday_name(follows) if follows else "", name))
    return rows


# --- Terms ------------------------------------------------------------------------------------------------------------


@in_district(P.CALENDAR_EDIT)
def new_term(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Add a semester."""
    form = NewTermForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            made = basis.add_term(
                form.code, name=typed["name"], school_year=typed["school_year"], term=typed["term"],
                service=typed["service"], by=seat.by, at=clock.now(),
            )  # fmt: skip
            messages.success(request, f"已增加{made.name}。")
            return redirect(f"{reverse('district:calendar')}?term={made.code}")
        except Refused as no:
            tell(form, no, service_outside_term="service_first", terms_overlap="first", term_code_taken="school_year")
    context = {"form": form, "title": "增加学期", "crumbs": _CRUMBS, "button": "增加"}
    return render(request, "district/form.html", context, status=status_of(form))


@in_district(P.CALENDAR_EDIT)
def term(request: HttpRequest, seat: Seat, code: str) -> HttpResponse:
    """Move the days of a semester."""
    row = get_object_or_404(Term, code=code)
    initial = {
        "name": row.name,
        "first": row.from_on,
        "last": row.until_on - _DAY,
        "service_first": row.service_from_on,
        "service_last": row.service_until_on - _DAY,
    }
    form = TermForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            timetable.edit_term(
                row, name=typed["name"], term=typed["term"], service=typed["service"], by=seat.by, at=clock.now()
            )
            messages.success(request, "已更正学期，各校课次随后自动核对。")
            return redirect(f"{reverse('district:calendar')}?term={code}")
        except Refused as no:
            tell(form, no, service_outside_term="service_first", terms_overlap="first")
    context = {"form": form, "title": f"更正{row.name}", "crumbs": _CRUMBS, "button": "保存"}
    return render(request, "district/form.html", context, status=status_of(form))


# --- Days -------------------------------------------------------------------------------------------------------------


def _read(on: str) -> date:
    if found := typed.day(on):
        return found
    raise Http404


@in_district(P.CALENDAR_EDIT)
def day(request: HttpRequest, seat: Seat, on: str) -> HttpResponse:
    """Say what a day is."""
    when = _read(on)
    row = CalendarDay.objects.filter(on=when).first()
    initial = {"kind": CalendarDay.OFF}
    if row:
        initial = {"kind": row.kind, "follows": row.follows_weekday, "name": row.name, "provisional": row.provisional}
    form = DayForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            timetable.set_day(when, **form.cleaned_data, by=seat.by, at=clock.now())
            messages.success(request, f"{when:%-m月%-d日}已更正。")
            return redirect(_back_to(when))
        except Refused as no:
            tell(form, no, swap_follows_no_weekday="follows", swap_on_a_weekday="kind", worked_on_a_weekday="kind")
    context = {"form": form, "on": when, "row": row, "crumbs": _CRUMBS, "back": _back_to(when)}
    return render(request, "district/day.html", context, status=status_of(form))


@require_POST
@in_district(P.CALENDAR_EDIT)
def day_removal(request: HttpRequest, seat: Seat, on: str) -> HttpResponse:
    """Let a day be what its weekday says."""
    when = _read(on)
    if timetable.remove_day(when, by=seat.by, at=clock.now()):
        messages.success(request, f"{when:%-m月%-d日}恢复为平常日子。")
    return redirect(_back_to(when))


def _back_to(on: date) -> str:
    """Return the calendar of the term in which a day lies, at its month."""
    term = queries.current_term(on)
    return f"{reverse('district:calendar')}?term={term.code if term else ''}#m{month_of(on).start:%Y-%m}"


# --- Closures ---------------------------------------------------------------------------------------------------------


@in_district(P.DISTRICT_SEE)
def closures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show when lessons were called off, where and why."""
    rows = Closure.objects.order_by("-from_on", "-pk")
    schools = dict(School.objects.values_list("code", "name"))
    if text := wanted(request):
        codes = [code for code, name in schools.items() if text in name]
        rows = rows.filter(reason__icontains=text) | rows.filter(school_code__in=codes)
    columns = [
        sheets.Column("范围"), sheets.Column("第一天", "day"), sheets.Column("最后一天", "day"), sheets.Column("原因"),
        sheets.Column("批准"), sheets.Column("撤销", "moment"),
    ]  # fmt: skip
    cells = (
        (
            schools.get(row.school_code, "全区"),
            row.from_on,
            row.until_on - _DAY,
            row.reason,
            row.approved_by,
            row.lifted_at,
        )
        for row in rows
    )
    if answer := sheet(request, "停课", columns, cells):
        return answer
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [(row, schools.get(row.school_code, "全区所有学校"), row.until_on - _DAY) for row in page],
        "today": clock.today(),
        "sheet_url": sheet_url(request),
    }
    return render(request, "district/closures.html", context)


@in_district(P.CALENDAR_EDIT)
def new_closure(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Call off lessons."""
    form = ClosureForm(request.POST if request.method == "POST" else None, initial={"first": clock.today()})
    if form.is_valid():
        typed = form.cleaned_data
        try:
            timetable.declare_closure(
                typed["span"], reason=typed["reason"], school_code=typed["school"].code if typed["school"] else "",
                by=seat.by, at=clock.now(),
            )  # fmt: skip
            messages.success(request, "停课已登记。课次随后自动取消，家长会收到来信，账单按此计算。")
            return redirect("district:closures")
        except Refused as no:
            tell(form, no, closure_in_the_past="first", closure_without_reason="reason", closure_is_empty="last")
    context = {"form": form, "title": "登记停课", "crumbs": [("停课", "/district/closures/")], "button": "登记停课"}
    return render(request, "district/form.html", context, status=status_of(form))


@require_POST
@in_district(P.CALENDAR_EDIT)
def lifting(request: HttpRequest, seat: Seat, closure_id: int) -> HttpResponse:
    """Take a closure back."""
    timetable.lift_closure(get_object_or_404(Closure, pk=closure_id), by=seat.by, at=clock.now())
    messages.success(request, "停课已撤销，课次随后自动恢复。")
    return redirect("district:closures")
