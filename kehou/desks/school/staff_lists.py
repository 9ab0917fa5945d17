"""导入名单: people in a spreadsheet, read dry first, taken whole or not at all."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.people.queries import Seat
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import StaffList
from kehou.desks.school.forms_roster import RosterForm
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.verdicts import Refused

STATES = {"read": "已预检", "taken": "已导入", "dropped": "已放弃"}


class ListForm(RosterForm):
    """One file of people."""

    file = forms.FileField(
        label="名单文件",
        help_text=".xlsx、.xls 或 .csv；先下载样表填写。证件号码可以不填，以后在档案里核验。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        allow_empty_file=True,
    )


@at_school(Permission.STAFF_EDIT)
def staff_lists(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the lists that were read; POST reads a new one dry."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            staffing.read_list(seat.school, file.read(), file_name=file.name, by=seat.by, at=clock.now())
        except Refused as no:
            form.add_error("file", say(no.refusal))
        else:
            return redirect("school:staff_lists", seat.school.code)
    kept = [(one, STATES[one.state]) for one in StaffList.objects.filter(school=seat.school).order_by("-pk")[:20]]
    status = 422 if form.errors else 200
    return render(request, "school/staff/lists.html", {"form": form, "kept": kept}, status=status)


@require_GET
@at_school(Permission.STAFF_EDIT)
def template(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the empty table that is always read right."""
    columns = [sheets.Column(title) for title in staffing.COLUMNS]
    return sheets.download("人员名单样表.xlsx", columns, [])  # type: ignore[return-value]


@require_POST
@at_school(Permission.STAFF_EDIT)
def taking(request: HttpRequest, seat: Seat, list_id: int) -> HttpResponse:
    """Take a list whole."""
    kept = get_object_or_404(StaffList, pk=list_id, school=seat.school)
    try:
        made = staffing.take_list(kept, by=seat.by, at=clock.now())
        messages.success(request, f"{len(made)}人已登记，都从“拟入”开始，请接着办档案。")
    except Refused as no:
        for refusal in no.refusals[:8]:
            messages.error(request, say(refusal))
    return redirect("school:staff_lists", seat.school.code)


@require_POST
@at_school(Permission.STAFF_EDIT)
def dropping(request: HttpRequest, seat: Seat, list_id: int) -> HttpResponse:
    """Give a list up."""
    kept = get_object_or_404(StaffList, pk=list_id, school=seat.school)
    try:
        staffing.drop_list(kept, by=seat.by, at=clock.now())
        messages.success(request, "已放弃，文件内容已删除。")
    except Refused as no:
        messages.error(request, say(no.refusal))
    return redirect("school:staff_lists", seat.school.code)
