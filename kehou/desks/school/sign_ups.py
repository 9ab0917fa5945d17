"""教师自愿报名: the window, counts for the principal, names of who offered for the planner, paper, changes.

Nobody is listed who did not offer, and no page tells who said no from who said nothing.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing import queries
from kehou.chapters.staffing.form import offer_from, page_of
from kehou.chapters.staffing.models import SignUp, SignUpWindow
from kehou.chapters.staffing.papers import sign_up_form
from kehou.chapters.staffing.queries.signing_up import in_service
from kehou.desks.school.forms_outside import WindowForm
from kehou.desks.school.gate import at_school
from kehou.desks.school.one_form import one_form, then
from kehou.desks.school.term import this_term
from kehou.lib import clock, sheets, typed
from kehou.rules.permissions import Permission
from kehou.rules.signing_up import StaffOffer
from kehou.rules.verdicts import Refusal, Refused

ROWS = 50


def _window(request: HttpRequest, seat: Seat) -> SignUpWindow | None:
    assert seat.school is not None
    return queries.window_of(seat.school, this_term(request))


def _standing(request: HttpRequest, seat: Seat) -> SignUpWindow:
    if window := _window(request, seat):
        return window
    raise Http404("nobody has asked the teachers")


@require_GET
@at_school(Permission.SIGN_UP_COUNTS)
def sign_ups(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show counts to whoever leads; to the planner also who offered what."""
    window, term = _window(request, seat), this_term(request)
    plans = Permission.SIGN_UP_PLAN in seat.permissions
    if window is None:
        return render(request, "school/sign_ups/sign_ups.html", {"window": None, "term": term})
    weekday = typed.whole(request.GET.get("weekday"), most=5) or None
    lines = queries.lines_of(window, text=request.GET.get("q", "").strip(), weekday=weekday) if plans else []
    if plans and request.GET.get("as") == "sheet":
        return _sheet(seat, lines)
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    changes = window.changes.filter(decided_at=None).select_related("member").order_by("asked_at")
    context = {
        "window": window,
        "term": term,
        "over": window.is_over(clock.now()),
        "counts": queries.counts_of(window),
        "page": page,
        "rows": [(one, queries.offer_of(one)) for one in page],
        "weekday": weekday,
        "changes": [(one, queries.wanted_offer(one)) for one in changes] if plans else [],
        "members": in_service(seat.school) if plans else [],  # type: ignore[arg-type]
    }
    return render(request, "school/sign_ups/sign_ups.html", context)


def _sheet(seat: Seat, lines: list[SignUp]) -> HttpResponseBase:
    columns = [
        sheets.Column("姓名"), *(sheets.Column(f"周{name}", "whole") for name in "一二三四五"),
        sheets.Column("每周最多", "whole"), *map(sheets.Column, ("爱好特长", "想带的活动", "愿望")),
    ]  # fmt: skip
    rows = (
        (
            one.member.name, *(one.days.get(str(day)) for day in range(1, 6)), one.weekly_cap, "、".join(one.skills),
            one.leads, one.wishes,
        )
        for one in lines
    )  # fmt: skip
    return sheets.download(f"教师报名-{seat.school.name}.xlsx", columns, rows)  # type: ignore[union-attr]


@require_http_methods(["GET", "POST"])
@at_school(Permission.SIGN_UP_PLAN)
def opening(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Ask the teachers: from when to when, with a word to them."""
    term = this_term(request)
    morning = timezone.make_aware(datetime.combine(clock.today(), time(8)))
    days = max(7, parameters_on(clock.today()).staff.sign_up_days)
    initial = {"opens_at": morning, "closes_at": morning + timedelta(days=days, hours=10)}

    def act(said: dict[str, Any]) -> str:
        staffing.open_sign_up(seat.school, term, **said, by=seat.by, at=clock.now())  # type: ignore[arg-type]
        return "报名已开放，有账号的老师都收到了通知。"

    return one_form(
        request, seat, WindowForm(request.POST or None, initial=initial), act, title="开放教师自愿报名",
        back=("教师报名", "school:sign_ups"), button="开放",
        lead=f"{term.name}。参加不参加由老师自己定，不选就是不参加。",
    )  # fmt: skip


@require_POST
@at_school(Permission.SIGN_UP_PLAN)
def closing(request: HttpRequest, seat: Seat) -> HttpResponse:
    """End the asking now."""
    window = _standing(request, seat)
    return then(
        request,
        seat,
        lambda: staffing.close_sign_up(window, by=seat.by, at=clock.now()),
        "报名已截止。",
        "school:sign_ups",
    )


@require_http_methods(["GET", "POST"])
@at_school(Permission.SIGN_UP_PLAN)
def entry(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Type what a teacher answered on paper. The form is always empty: what was answered before is not shown."""
    window = _standing(request, seat)
    key = typed.whole(request.POST.get("member") or request.GET.get("member"))
    member = get_object_or_404(in_service(seat.school), pk=key)  # type: ignore[arg-type]
    offer, wrong = StaffOffer(), ()
    if request.method == "POST":
        offer = offer_from(request.POST)
        try:
            staffing.sign_up(
                window, member, offer, channel=SignUp.PAPER, signed=request.POST.get("signed") == "yes", by=seat.by,
                at=clock.now(),
            )  # fmt: skip
        except Refused as no:
            wrong: tuple[Refusal, ...] = no.refusals  # type: ignore[no-redef]
        else:
            messages.success(request, f"{member.name}的纸质报名表已登记。")
            return redirect("school:sign_ups", seat.school.code)  # type: ignore[union-attr]
    context = {"window": window, "member": member, "wrong": wrong, **page_of(window, member, offer)}
    return render(request, "school/sign_ups/entry.html", context, status=422 if wrong else 200)


@require_GET
@at_school(Permission.SIGN_UP_PLAN)
def blank(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the empty form on paper."""
    window = _standing(request, seat)
    rules = parameters_on(window.term.service_from_on).staff
    made = sign_up_form(window, daily=rules.daily_hours, weekly=rules.weekly_hours, at=clock.now())
    return HttpResponse(made.pdf, content_type="application/pdf")


@require_POST
@at_school(Permission.SIGN_UP_PLAN)
def change_decision(request: HttpRequest, seat: Seat, change_id: int) -> HttpResponse:
    """Grant or decline the wish to change an answer."""
    window = _standing(request, seat)
    change = get_object_or_404(window.changes.select_related("member", "window"), pk=change_id)
    granted = request.POST.get("decision") == "grant"
    note = request.POST.get("note", "")

    def act() -> None:
        staffing.decide_change(change, granted=granted, note=note, by=seat.by, at=clock.now())

    return then(request, seat, act, "已答复，老师会收到通知。", "school:sign_ups")
