"""服务人员: who serves, what they offered, how much they have now."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.queries import current_term, parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.queries import checking, table_of
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import staff_of
from kehou.desks.school.forms import NewStaffForm, StaffForm
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.staffing import KINDS, inhouse_percent, warning_of_load, warning_of_share
from kehou.rules.verdicts import Refused

ROWS = 50


@at_school(Permission.STAFF_EDIT)
def staff(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show who serves, with hours and the share of in-service staff."""
    kind = request.GET.get("kind", "")
    people = staff_of(seat.school, text=request.GET.get("q", "").strip(), kind=kind if kind in KINDS else "")
    hours = _hours(seat)
    if request.GET.get("as") == "sheet":
        return _sheet(seat, people, hours)
    by_kind: dict[str, int] = defaultdict(int)
    for member in staff_of(seat.school):
        by_kind[member.kind] += hours.get(member.pk, 0)
    least = parameters_on(clock.today()).staff.inhouse_share_min
    page = Paginator(people, ROWS).get_page(request.GET.get("page"))
    rows = [
        (one, hours.get(one.pk, 0), warning_of_load(one.name, hours=hours.get(one.pk, 0), cap=one.weekly_cap))
        for one in page
    ]
    return render(
        request,
        "school/staff/staff.html",
        {
            "page": page,
            "rows": rows,
            "kinds": KINDS,
            "kind": kind,
            "share": inhouse_percent(by_kind),
            "least": least,
            "warning": warning_of_share(by_kind, least=least),
        },
    )


def _hours(seat: Seat) -> dict[int, int]:
    """Return the weekly class hours in the present table by staff id."""
    term = current_term(clock.today())
    table = table_of(seat.school, term) if term else None
    return checking(table, on=clock.today()).weekly_hours() if table else {}


def _sheet(seat: Seat, people: object, hours: dict[int, int]) -> HttpResponseBase:
    columns = [
        *map(sheets.Column, ("姓名", "人员类型", "学科", "爱好特长", "愿意服务的星期")),
        sheets.Column("愿意承担课时", "whole"),
        sheets.Column("现在每周课时", "whole"),
        sheets.Column("加入日期", "day"),
    ]
    rows = (
        (
            one.name,
            KINDS.get(one.kind, one.kind),
            one.subject,
            one.skills,
            "".join("一二三四五"[day - 1] for day in one.weekdays if day <= 5),
            one.weekly_cap,
            hours.get(one.pk, 0),
            one.joined_on,
        )
        for one in people  # type: ignore[attr-defined]
    )
    return sheets.download(f"服务人员-{seat.school.name}.xlsx", columns, rows)


@at_school(Permission.STAFF_EDIT)
def new_member(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show an empty row; take somebody on the list."""
    form = NewStaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = staffing.add_staff(seat.school, form.facts(), **form.ground(), by=seat.by, at=clock.now())
        except Refused as no:
            return _form(request, form, None, no)
        messages.success(request, f"{kept.name}已登记。")
        return redirect("school:staff", seat.school.code)
    return _form(request, form, None)


def _member(seat: Seat, member_id: int) -> StaffMember:
    return get_object_or_404(staff_of(seat.school), pk=member_id)


@at_school(Permission.STAFF_EDIT)
def member(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """Show somebody's row; keep what was changed."""
    standing = _member(seat, member_id)
    form = StaffForm(request.POST or None, initial={name: getattr(standing, name) for name in StaffForm.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            staffing.change_staff(standing, form.facts(), by=seat.by, at=clock.now())
        except Refused as no:
            return _form(request, form, standing, no)
        messages.success(request, f"{form.facts().name}已保存。")
        return redirect("school:staff", seat.school.code)
    return _form(request, form, standing)


def _form(
    request: HttpRequest, form: StaffForm, standing: StaffMember | None, no: Refused | None = None
) -> HttpResponse:
    for refusal in no.refusals if no and form.is_bound else ():
        form.add_error(None, say(refusal))
    leads = standing.activities.filter(withdrawn_at=None).select_related("table__term") if standing else ()
    context = {"form": form, "member": standing, "leads": leads, "refusals": no.refusals if no else ()}
    return render(request, "school/staff/member.html", context, status=409 if no else 200)


@require_POST
@at_school(Permission.STAFF_EDIT)
def leaving(request: HttpRequest, seat: Seat, member_id: int) -> HttpResponse:
    """End somebody's service from today on."""
    standing = _member(seat, member_id)
    try:
        programme.let_go(standing, on=clock.today(), by=seat.by, at=clock.now())
    except Refused as no:
        form = StaffForm(initial={name: getattr(standing, name) for name in StaffForm.base_fields})
        return _form(request, form, standing, no)
    messages.success(request, f"{standing.name}已离开服务队伍，以前的记录都还在。")
    return redirect("school:staff", seat.school.code)
