"""Result: what, where, when, with whom; and why, in one paragraph."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries as seats
from kehou.chapters.allocation.models import Offer
from kehou.chapters.allocation.refills import open_refill_of
from kehou.chapters.allocation.rounds import pseudonym
from kehou.chapters.enrolment import queries
from kehou.chapters.enrolment.models import Application
from kehou.chapters.people.queries import Parenthood
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import said, show
from kehou.lib import clock
from kehou.rules.allocation_words import explain, explain_team, say_randomness
from kehou.rules.enrolling import APPLICATION_TITLES, METHODS
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refused


def _application(beside: Parenthood) -> Application | None:
    registration = queries.registration_of(beside.school, on=clock.today())
    return queries.application_of(beside.pupil, registration) if registration else None


@require_GET
@beside_child(Permission.CHILD_SEE)
def result(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show each weekday with its place and the reason, waiting places, offers."""
    application = _application(beside)
    draw = seats.published_draw_of(application.registration) if application else None
    context: dict[str, Any] = {"application": application, "draw": draw}
    if application is not None and draw is not None and application.joins:
        context |= {
            "days": [(day, _why(day)) for day in seats.result_for(application)],
            "refill": open_refill_of(draw, clock.now()),
            "pseudonym": pseudonym(draw, application.pk),
            "method": METHODS[application.registration.method],
            "randomness": say_randomness(draw.randomness),
            "state": APPLICATION_TITLES[application.state],
            "agreement": queries.agreement_of(application) if application.state in ("allocated", "agreed") else None,
        }
    return show(request, beside, "guardian/result.html", context, name="guardian:result")


def _why(day: seats.DayResult) -> str:
    """Return the paragraph: 踢足球收到第312号为止，您孩子的号是401，所以进入第二志愿。"""
    team = ""
    if day.team_position is not None and not day.by_hand:
        team = explain_team(
            position=day.team_position,
            won=day.in_team.activity.name if day.in_team else "",
            passed=[(one.slot.activity.name, one.seats, one.closed_at, one.too_few) for one in day.teams],
        )
    if day.in_team and team:
        return team
    return team + explain(
        position=day.position,
        tier=day.tier,
        placed=day.placed,
        by_hand=day.by_hand,
        passed=[(one.slot.activity.name, one.seats, one.closed_at, one.too_few) for one in day.passed],
    )


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def answer(request: HttpRequest, beside: Parenthood, offer_id: int) -> HttpResponse:
    """Take or leave an offered seat."""
    offer = get_object_or_404(Offer, pk=offer_id, application__pupil=beside.pupil)
    accepts = request.POST.get("answer") == "take"
    try:
        allocation.answer_offer(offer, accepts=accepts, by=beside.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, "位置是您的了，请看新的安排。" if accepts else "已答复不要，名额转给下一位。")
    return redirect("guardian:result", beside.pupil.pk)


@require_http_methods(["GET", "POST"])
@beside_child(Permission.CHILD_CHOOSE)
def step_back(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Let a family step back before the agreement is in force; what follows is shown first."""
    application = _application(beside)
    if application is None or not application.joins:
        return redirect("guardian:home", beside.pupil.pk)
    if request.method == "POST":
        try:
            allocation.give_up(application, by=beside.by, at=clock.now())
        except Refused as no:
            messages.error(request, said(no))
            return redirect("guardian:exit", beside.pupil.pk)
        messages.success(request, f"已放弃。{beside.pupil.name}按正常时间放学，不产生费用。")
        return redirect("guardian:home", beside.pupil.pk)
    context = {"application": application, "held": seats.standing(application).select_related("slot__activity")}
    return show(request, beside, "guardian/step_back.html", context, name="guardian:home")
