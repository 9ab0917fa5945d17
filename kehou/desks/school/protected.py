"""优先保障: protected children who asked for a day and have no place, and what is offered to them (R-PRIO-01).

For whoever finds them a place. Why a child is protected is on no page of this desk but the aid officer's (2.1-k).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.protection import Case, protected_without_place
from kehou.chapters.allocation.queries import published_draw_of
from kehou.chapters.enrolment.models import Application
from kehou.chapters.enrolment.queries import registration_of
from kehou.chapters.people.queries import Seat
from kehou.desks.school.gate import at_school
from kehou.lib import clock, typed
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused

ROWS = 50


@require_GET
@at_school(Permission.PRIORITY_ACT)
def protected(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show who still lacks a place, on which days, and the offers that were made."""
    return _page(request, seat)


def _page(request: HttpRequest, seat: Seat, refused: Sequence[Refusal] = ()) -> HttpResponse:
    assert seat.school is not None
    registration = registration_of(seat.school, on=clock.today())
    public = registration is not None and published_draw_of(registration) is not None
    cases: list[Case] = protected_without_place(registration) if registration is not None and public else []
    text = request.GET.get("q", "").strip()
    shown = [
        one for one in cases if not text or text in f"{one.application.pupil.name}{one.application.pupil.homeroom}"
    ]
    context = {
        "registration": registration,
        "public": public,
        "page": Paginator(shown, ROWS).get_page(request.GET.get("page")),
        "open": sum(not one.waits for one in cases),
        "waiting": sum(one.waits for one in cases),
        "refused": refused,
    }
    return render(request, "school/registration/protected.html", context, status=409 if refused else 200)


@require_POST
@at_school(Permission.PRIORITY_ACT)
def offer(request: HttpRequest, seat: Seat, application_id: int) -> HttpResponse:
    """Offer a seat; the family has until the deadline of an offer to take it."""
    assert seat.school is not None
    found = Application.objects.select_related(
        "pupil__homeroom", "pupil__school", "registration__school", "registration__term"
    )
    application = get_object_or_404(found, pk=application_id, joins=True, registration__school=seat.school)
    slot = typed.whole(request.POST.get("slot")) or 0
    try:
        made = allocation.offer_alternative(application, slot, by=seat.by, at=clock.now())
    except Refused as no:
        return _page(request, seat, no.refusals)
    messages.success(request, f"已提供“{made.slot.activity.name}”，{application.pupil.name}的家长会收到通知。")
    return redirect("school:protected", seat.school.code)
