"""互换: what a seat may be swapped for, ranked; asked for and taken back until the hour; what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Placement, SwapRound, SwapWish
from kehou.chapters.allocation.swaps import options_for, seats_to_swap, swap_round_of
from kehou.chapters.enrolment.models import Application
from kehou.chapters.people.queries import Parenthood
from kehou.desks.guardian.drawn import drawn_of, ranks_in
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import said, show
from kehou.lib import clock
from kehou.rules.permissions import Permission
from kehou.rules.swapping import refusal_to_ask
from kehou.rules.verdicts import Refusal, Refused


def _standing(beside: Parenthood) -> tuple[Application | None, SwapRound | None]:
    application, draw = drawn_of(beside)
    return application, swap_round_of(draw) if draw else None


@require_GET
@beside_child(Permission.CHILD_SEE)
def swaps(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show each seat of the child with what it may be swapped for, and what is asked so far."""
    return _page(request, beside)


def _page(
    request: HttpRequest, beside: Parenthood, at_fault: int | None = None, wrong: tuple[Refusal, ...] = ()
) -> HttpResponse:
    application, round = _standing(beside)
    seats = seats_to_swap(application) if application and round else []
    mine = round.wishes.filter(placement__application=application).select_related("got__activity") if round else ()
    wishes = {wish.placement_id: wish for wish in mine}
    refusal = refusal_to_ask(state=round.state, closes_at=round.closes_at, at=clock.now()) if round else None
    context: dict[str, Any] = {
        "round": round,
        "refusal": refusal,
        "seats": [_seat(request, seat, wishes.get(seat.pk), seat.pk == at_fault) for seat in seats],
        "got": [wish for wish in wishes.values() if wish.got_id],
        "at_fault": at_fault,
        "wrong": wrong,
    }
    status = 422 if wrong else 200
    return show(request, beside, "guardian/swaps.html", context, name="guardian:swaps", status=status)


def _seat(request: HttpRequest, seat: Placement, wish: SwapWish | None, at_fault: bool) -> dict[str, Any]:
    """Return a seat with its options and the rank of each: as typed where that was wrong, else as it stands."""
    options = options_for(seat)
    stands = wish if wish is not None and wish.withdrawn_at is None else None
    ranks = {slot: rank for rank, slot in enumerate(stands.slots, start=1)} if stands else {}
    if at_fault:
        ranks = ranks_in(request)
    return {
        "seat": seat,
        "wish": stands,
        "options": [(slot, ranks.get(slot.pk)) for slot in options],
        "places": range(1, len(options) + 1),
    }


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def asking(request: HttpRequest, beside: Parenthood, placement_id: int) -> HttpResponse:
    """Note what the family would rather have than this seat."""
    application, round = _standing(beside)
    seat = next((one for one in seats_to_swap(application) if one.pk == placement_id), None) if application else None
    if seat is None or round is None:
        raise Http404
    try:
        allocation.ask_for_swap(round, seat, ranks_in(request), by=beside.by, at=clock.now())
    except Refused as no:
        return _page(request, beside, seat.pk, no.refusals)
    messages.success(request, "已收到。截止前可以改、可以撤回；没有换成，安排不变。")
    return redirect("guardian:swaps", beside.pupil.pk)


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def withdrawal(request: HttpRequest, beside: Parenthood, placement_id: int) -> HttpResponse:
    """Take back what was asked; the seat stays."""
    _, round = _standing(beside)
    wish = get_object_or_404(
        SwapWish, round=round, placement=placement_id, placement__application__pupil=beside.pupil, withdrawn_at=None
    )
    try:
        allocation.withdraw_swap(wish, by=beside.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, "已撤回，安排不变。")
    return redirect("guardian:swaps", beside.pupil.pk)
