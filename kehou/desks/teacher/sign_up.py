"""自愿报名 on the teacher's phone: yes or no, days, hours, skills; afterwards by request; visits to agree to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kehou.chapters.basis.queries import current_term, parameters_on
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme import actions as programme
from kehou.chapters.staffing import actions as staffing
from kehou.chapters.staffing.form import offer_from, page_of
from kehou.chapters.staffing.models import SignUpWindow, StaffMember, Visit
from kehou.chapters.staffing.queries import answer_of, offer_of, staff_record, visits_about, window_of
from kehou.desks.teacher.gate import at_school
from kehou.lib import clock
from kehou.rules.permissions import Permission
from kehou.rules.sentences import say
from kehou.rules.signing_up import StaffOffer, refusal_to_answer, warning_of_long_week
from kehou.rules.verdicts import Refusal, Refused, refuse
from kehou.rules.visiting import refusal_to_agree


def _window(seat: Seat) -> SignUpWindow | None:
    term = current_term(clock.today())
    return window_of(seat.school, term) if term and seat.school else None


def _visits(seat: Seat) -> list[tuple[Visit, Refusal | None]]:
    """Return the visits that ask this person, or that they have agreed to, each with why it needs no word now."""
    term = current_term(clock.today())
    if term is None:
        return []
    found = visits_about(term).filter(member__account=seat.account, ended_at=None, member__school=seat.school)
    return [
        (one, refusal_to_agree("teacher", agreed=[row.party for row in one.agreeings.all()], ended=False))
        for one in found
    ]


@require_http_methods(["GET", "POST"])
@at_school(Permission.SIGN_UP)
def sign_up(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the questions with what was answered; take an answer, or after the window the wish to change it."""
    assert seat.school is not None
    window = _window(seat)
    member = staff_record(seat.account, seat.school)
    if window is None or member is None:
        context = {"window": window, "member": member, "visits": _visits(seat)}
        context["not_listed"] = refuse("R-STAF-05", "not_on_the_list")
        return render(request, "teacher/sign_up.html", context, status=409 if request.method == "POST" else 200)
    if request.method != "POST":
        answer = answer_of(window, member)
        return _page(request, seat, window, member, offer_of(answer) if answer else StaffOffer())
    offer = offer_from(request.POST)
    try:
        if window.is_over(clock.now()):
            reason = request.POST.get("reason", "")
            staffing.ask_change(window, member, offer, reason=reason, by=seat.by, at=clock.now())
            messages.success(request, "变更申请已提交，等学校处理。")
        else:
            staffing.sign_up(window, member, offer, by=seat.by, at=clock.now())
            messages.success(request, "已收到您的答复，截止前可以改。")
    except Refused as no:
        return _page(request, seat, window, member, offer, wrong=no.refusals)
    return redirect("teacher:sign_up", seat.school.code)


def _page(
    request: HttpRequest,
    seat: Seat,
    window: SignUpWindow,
    member: StaffMember,
    offer: StaffOffer,
    wrong: tuple[Refusal, ...] = (),
) -> HttpResponse:
    now = clock.now()
    warn_from = parameters_on(window.term.service_from_on).staff.weekly_warn
    waiting = window.changes.filter(member=member, decided_at=None).first()
    early = now < window.opens_at
    context: dict[str, Any] = {
        "window": window,
        "member": member,
        "visits": _visits(seat),
        "answer": answer_of(window, member),
        "waiting": waiting,
        "closed": window.is_over(now),
        "refusal": refuse("R-STAF-05", "change_waits") if waiting else None,
        "too_early": refusal_to_answer(
            opens_at=window.opens_at, closes_at=window.closes_at, closed_at=window.closed_at, at=now
        )
        if early
        else None,
        "warnings": [no for no in [warning_of_long_week(offer, warn_from=warn_from)] if no],
        "wrong": wrong,
        "reason": request.POST.get("reason", ""),
        **page_of(window, member, offer),
    }
    return render(request, "teacher/sign_up.html", context, status=422 if wrong else 200)


@require_POST
@at_school(Permission.SIGN_UP)
def visit_answer(request: HttpRequest, seat: Seat, visit_id: int) -> HttpResponse:
    """Agree to serve at another school as well, or not."""
    assert seat.school is not None
    mine = Visit.objects.select_related("member__account", "member__school", "host", "term")
    visit = get_object_or_404(mine, pk=visit_id, member__account=seat.account, member__school=seat.school)
    try:
        if request.POST.get("answer") == "yes":
            programme.agree_to_visit(visit, "teacher", by=seat.by, at=clock.now())
            messages.success(request, "已同意。三方都同意后，您可以进对方学校的点名页。")
        else:
            programme.end_visit(visit, reason=request.POST.get("reason", ""), by=seat.by, at=clock.now())
            messages.success(request, "已回复不去。")
    except Refused as no:
        messages.error(request, "；".join(map(say, no.refusals)))
    return redirect("teacher:sign_up", seat.school.code)
