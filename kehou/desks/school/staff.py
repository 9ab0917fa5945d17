"""人员看板: everybody's path from 拟入 to 在用, what is missing, what they offered and how much they have now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from kehou.chapters.basis.queries import current_term, parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme.queries import checking, table_of
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.file_papers import training_record
from kehou.chapters.staffing.models import SignedPaper, StaffMember, Training
from kehou.chapters.staffing.queries import board_of, figures_of, staff_of
from kehou.desks.school.forms import NewStaffForm, StaffForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.staff_file import pdf
from kehou.lib import clock, sheets
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.staffing import KINDS, inhouse_percent, warning_of_load, warning_of_share
from kehou.rules.staffing.files import ENDS
from kehou.rules.verdicts import Refused

ROWS = 50
WHERE = {
    "": "全部",
    "way": "办理中",
    "trained": "等准入",
    "in_use": "在用",
    "unfit": "证明到期",
    "ending": "快到期",
    "suspended": "暂停",
    "left": "已退出",
}


@at_school(Permission.STAFF_SEE)
def staff(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the board: everybody's path, what is missing or ends, hours and the share of in-service staff."""
    kind, where, on = request.GET.get("kind", ""), request.GET.get("state", ""), clock.today()
    people = _wanted(seat, text=request.GET.get("q", "").strip(), kind=kind if kind in KINDS else "", where=where)
    hours = _hours(seat)
    if request.GET.get("as") == "sheet":
        return _sheet(seat, people, hours)
    page = Paginator(people, ROWS).get_page(request.GET.get("page"))
    rows = [
        (row, given, warning_of_load(row.member.name, hours=given, cap=row.member.weekly_cap))
        for row in board_of(page, on=on)
        for given in (hours.get(row.member.pk, 0),)
    ]
    by_kind: dict[str, int] = defaultdict(int)
    for pk, of_kind in staff_of(seat.school).values_list("pk", "kind"):
        by_kind[of_kind] += hours.get(pk, 0)
    least = parameters_on(on).staff.inhouse_share_min
    context = {
        "page": page,
        "rows": rows,
        "kinds": KINDS,
        "kind": kind,
        "where": where,
        "states": [*WHERE.items()],
        "figures": figures_of(seat.school, on=on),
        "share": inhouse_percent(by_kind),
        "least": least,
        "warning": warning_of_share(by_kind, least=least),
    }
    return render(request, "school/staff/staff.html", context)


def _wanted(seat: Seat, *, text: str, kind: str, where: str) -> QuerySet[StaffMember]:
    """Return the people of one tab, found by words and kind."""
    on, state = clock.today(), where if where in ("in_use", "suspended", "left", "trained") else ""
    people = staff_of(seat.school, text=text, kind=kind, state=state)
    if where == "way":
        return people.exclude(state__in=("in_use", "suspended"))
    warn = on + timedelta(days=parameters_on(on).staff.check_warn_days)
    if where == "unfit":
        return people.filter(state="in_use").filter(Q(fit_until_on=None) | Q(fit_until_on__lte=on))
    if where == "ending":
        return people.filter(state="in_use", fit_until_on__gt=on, fit_until_on__lte=warn)
    return people


def _hours(seat: Seat) -> dict[int, int]:
    """Return the weekly class hours in the present table by staff id."""
    term = current_term(clock.today())
    table = table_of(seat.school, term) if term else None
    return checking(table, on=clock.today()).weekly_hours() if table else {}


def _sheet(seat: Seat, people: QuerySet[StaffMember], hours: dict[int, int]) -> HttpResponseBase:
    columns = [
        *map(sheets.Column, ("姓名", "人员类型", "志愿无酬", "学科", "爱好特长", "愿意服务的星期")),
        sheets.Column("愿意承担课时", "whole"),
        sheets.Column("现在每周课时", "whole"),
        sheets.Column("加入日期", "day"),
        *map(sheets.Column, ("状态", "最先到期的是", "还缺")),
        sheets.Column("有效到", "day"),
        sheets.Column("档案完整度（%）", "whole"),
    ]
    rows = (
        (
            one.name,
            KINDS.get(one.kind, one.kind),
            "是" if one.unpaid else "",
            one.subject,
            one.skills,
            "".join("一二三四五"[day - 1] for day in one.weekdays if day <= 5),
            one.weekly_cap,
            hours.get(one.pk, 0),
            one.joined_on,
            row.state,
            ENDS.get(one.fit_ends, ""),
            "；".join(say(no) for no in row.missing),
            one.fit_until_on - timedelta(days=1) if one.fit_until_on else None,
            row.percent,
        )
        for row in board_of(people, on=clock.today())
        for one in (row.member,)
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
        messages.success(request, f"{kept.name}已登记，请接着办档案。")
        return redirect("school:staff_file", seat.school.code, kept.pk)
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
        return redirect("school:staff_file", seat.school.code, standing.pk)
    return _form(request, form, standing)


def _form(
    request: HttpRequest, form: StaffForm, standing: StaffMember | None, no: Refused | None = None
) -> HttpResponse:
    for refusal in no.refusals if no and form.is_bound else ():
        form.add_error(None, say(refusal))
    context = {"form": form, "member": standing, "refusals": no.refusals if no else ()}
    status = 409 if no else 422 if form.errors else 200
    return render(request, "school/staff/member.html", context, status=status)


# --- Many at once -----------------------------------------------------------------------------------------------------


def _many(request: HttpRequest, seat: Seat, act: Callable[[], int], said: str) -> HttpResponse:
    """Do one thing for many and come back to the board; what is refused is said there, at most eight reasons."""
    try:
        messages.success(request, said.format(act()))
    except Refused as no:
        for refusal in no.refusals[:8]:
            messages.error(request, say(refusal))
        if len(no.refusals) > 8:
            messages.error(request, f"还有{len(no.refusals) - 8}条原因，请逐个查看档案。")
    return redirect("school:staff", seat.school.code)


@require_POST
@at_school(Permission.STAFF_EDIT)
def checks(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask for the check of everybody who has signed the consent and has none that lasts beyond the warning."""

    def act() -> int:
        rows = board_of(staff_of(seat.school), on=clock.today())
        ready = [row.member for row in rows if any(no.why in ("check_absent", "check_expired") for no in row.missing)]
        ending = [row.member for row in rows if row.warning and row.member.fit_ends == "check"]
        return len(staffing.ask_checks(seat.school, [*ready, *ending], by=seat.by, at=clock.now()))

    return _many(request, seat, act, "已为{}人提出查询，等区公安局登记结果。")


@require_POST
@at_school(Permission.STAFF_EDIT)
def drawing_up(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Draw up the papers of the term for everybody whose check is passed."""

    def act() -> int:
        people = staff_of(seat.school).exclude(state__in=("proposed", "papers"))
        term = current_term(clock.today())
        return len(staffing.draw_up_papers(seat.school, people, term, by=seat.by, at=clock.now()))

    return _many(request, seat, act, "已生成{}份文书，请本人签署。")


@require_POST
@at_school(Permission.STAFF_SIGN)
def seals(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Sign for the school under everything the persons have signed."""

    def act() -> int:
        rows = SignedPaper.objects.filter(member__school=seat.school, state=SignedPaper.SIGNED)
        return len(staffing.seal_papers(rows, by=seat.by, at=clock.now()))

    return _many(request, seat, act, "已代表学校签署{}份文书。")


@require_POST
@at_school(Permission.STAFF_SIGN)
def admissions(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take everybody into use who has reached the end of the path."""

    def act() -> int:
        people = staff_of(seat.school, state="trained")
        return len(staffing.admit(seat.school, people, by=seat.by, at=clock.now()))

    return _many(request, seat, act, "已批准{}人准入。")


@at_school(Permission.STAFF_SEE)
def training_pdf(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the training record of the school (document 22)."""
    rows = (
        Training.objects.filter(member__school=seat.school)
        .select_related("member__school")
        .order_by("-trained_on", "pk")
    )
    if not (trainings := list(rows[:500])):
        messages.info(request, "还没有培训记录。")
        return redirect("school:staff", seat.school.code)
    return pdf(training_record(trainings, at=clock.now()).pdf, "training")
