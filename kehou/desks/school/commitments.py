"""教学课表与请假: what binds people outside the service, typed one by one or taken from a spreadsheet."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.basis.models import Term
from kehou.chapters.people.queries import Seat
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.models import Commitment
from kehou.chapters.staffing.queries import staff_of
from kehou.desks.school.forms_outside import CommitmentForm, after
from kehou.desks.school.gate import at_school
from kehou.desks.school.one_form import one_form, then
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets
from kehou.lib.sheets.reading import open_sheets
from kehou.rules.calendar import weekday_name
from kehou.rules.lessons import LessonSheet, read_lessons
from kehou.rules.permissions import Permission
from kehou.rules.signing_up import COMMITMENTS
from kehou.rules.verdicts import Refused, refuse

ROWS = 60


def _rows(request: HttpRequest, seat: Seat, term: Term) -> Any:
    rows = Commitment.objects.filter(
        member__school=seat.school, member__state="in_use", from_on__lt=term.until_on, until_on__gt=term.from_on
    ).select_related("member")
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(member__name__icontains=text)
    kind = request.GET.get("kind", "")
    rows = rows.filter(kind=kind) if kind in COMMITMENTS else rows
    return rows.order_by("member__name", "member_id", "weekday", "starts_at", "from_on", "pk")


@require_GET
@at_school(Permission.SIGN_UP_PLAN)
def commitments(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show lessons, duties and leaves; take them away as a spreadsheet that can be sent back."""
    rows = _rows(request, seat, this_term(request))
    if request.GET.get("as") == "sheet":
        columns = [
            *map(sheets.Column, ("姓名", "种类", "星期")), sheets.Column("开始", "clock"),
            sheets.Column("结束", "clock"),
            sheets.Column("内容"), sheets.Column("第一天", "day"), sheets.Column("结束日期（不含）", "day"),
        ]  # fmt: skip
        cells = (
            (
                one.member.name, COMMITMENTS[one.kind], weekday_name(one.weekday) if one.weekday else "",
                one.starts_at, one.ends_at, one.what, one.from_on, one.until_on,
            )
            for one in rows
        )  # fmt: skip
        return sheets.download(f"课表与请假-{seat.school.name}.xlsx", columns, cells)  # type: ignore[union-attr]
    return _page(request, seat)


def _page(request: HttpRequest, seat: Seat, reading: LessonSheet | None = None) -> HttpResponse:
    page = Paginator(_rows(request, seat, this_term(request)), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, COMMITMENTS[one.kind]) for one in page],
        "kinds": COMMITMENTS,
        "kind": request.GET.get("kind", ""),
        "reading": reading,
    }
    return render(request, "school/sign_ups/commitments.html", context, status=422 if reading else 200)


@require_http_methods(["GET", "POST"])
@at_school(Permission.SIGN_UP_PLAN)
def new_commitment(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Note a lesson, a duty or a leave of somebody."""
    term = this_term(request)

    def act(said: dict[str, Any]) -> str:
        weekly = said["kind"] != Commitment.LEAVE
        bond = staffing.Bond(
            said["kind"], said["what"],
            said["from_on"] or (term.from_on if weekly else date.max),
            after(said["last_on"]) or (term.until_on if weekly else date.min),
            said["weekday"], said["starts_at"], said["ends_at"],
        )  # fmt: skip
        staffing.add_commitments([(said["member"], bond)], by=seat.by, at=clock.now())
        return f"{said['member'].name}的{COMMITMENTS[said['kind']]}已登记。"

    form = CommitmentForm(seat.school, request.POST or None)  # type: ignore[arg-type]
    return one_form(request, seat, form, act, title="登记课、值守或请假", back=("教学课表与请假", "school:commitments"))


@require_POST
@at_school(Permission.SIGN_UP_PLAN)
def lessons(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take the lessons of a spreadsheet, all or none: every problem is shown with its row."""
    term, upload = this_term(request), request.FILES.get("file")
    names: dict[str, list[int]] = {}
    members = {one.pk: one for one in staff_of(seat.school)}  # type: ignore[arg-type]
    for one in members.values():
        names.setdefault(one.name, []).append(one.pk)
    try:
        if upload is None:
            raise Refused(refuse("R-STAF-03", "nothing_in_the_table"))
        grid = next(iter(open_sheets(upload.file).grids), None)  # type: ignore[arg-type]
        reading = read_lessons(grid, names) if grid else LessonSheet()
    except Refused as no:
        reading = LessonSheet(problems=[(1, one) for one in no.refusals])
    if reading.problems:
        return _page(request, seat, reading)
    rows = [
        (
            members[one.member],
            staffing.Bond(
                Commitment.LESSON, one.what, term.from_on, term.until_on, one.weekday, one.starts_at, one.ends_at
            ),
        )
        for one in reading.rows
    ]
    made = staffing.add_commitments(rows, imported=True, by=seat.by, at=clock.now())
    messages.success(request, f"已导入{len(made)}节课；已有的{len(rows) - len(made)}节没有重复登记。")
    return redirect("school:commitments", seat.school.code)  # type: ignore[union-attr]


@require_POST
@at_school(Permission.SIGN_UP_PLAN)
def removal(request: HttpRequest, seat: Seat, commitment_id: int) -> HttpResponse:
    """Take one out."""
    rows = Commitment.objects.select_related("member")
    found = get_object_or_404(rows, pk=commitment_id, member__school=seat.school)
    return then(
        request, seat, lambda: staffing.remove_commitment(found, by=seat.by, at=clock.now()),
        f"{found.member.name}的这一条已删除。", "school:commitments",
    )  # fmt: skip
