"""补选: each weekday of the child with what it may have instead, ranked; changed until the hour; what came of it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Draw, RefillWish
from kehou.chapters.allocation.refills import ChildDay, days_of, offered_groups, refill_round_of, waits_for
from kehou.chapters.allocation.rounds import Frozen, pseudonym
from kehou.chapters.enrolment.models import Application
from kehou.chapters.people.queries import Parenthood
from kehou.desks.guardian.drawn import drawn_of, ranks_in
from kehou.desks.guardian.gate import beside_child
from kehou.desks.guardian.page import said, show
from kehou.lib import clock
from kehou.rules.allocation_words import say_randomness
from kehou.rules.choice import short
from kehou.rules.permissions import Permission
from kehou.rules.refilling import refusal_to_ask
from kehou.rules.verdicts import Refusal, Refused


def _standing(beside: Parenthood) -> tuple[Application | None, Draw | None]:
    application, draw = drawn_of(beside)
    return application, refill_round_of(draw) if draw else None


@require_GET
@beside_child(Permission.CHILD_SEE)
def refill(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Show each weekday of the child with what may be asked for, and what is asked so far."""
    return _page(request, beside)


def _page(
    request: HttpRequest, beside: Parenthood, at_fault: int | None = None, wrong: tuple[Refusal, ...] = ()
) -> HttpResponse:
    application, round = _standing(beside)
    context: dict[str, Any] = {"round": round, "application": application, "at_fault": at_fault, "wrong": wrong}
    if application is not None and round is not None:
        assert round.closes_at is not None and round.base is not None
        rows = round.refill_wishes.filter(application=application, withdrawn_at=None).select_related("held__activity")
        mine = {wish.weekday: wish for wish in rows}
        context |= {
            "refusal": refusal_to_ask(state=round.state, closes_at=round.closes_at, at=clock.now()),
            "randomness": say_randomness(round.randomness),
            "days": _days(request, application, round, mine, at_fault),
            "pseudonym": pseudonym(round.base, application.pk),
            "results": _results(round, mine) if round.state == "published" else [],
            "asked": bool(mine),
        }
    status = 422 if wrong else 200
    return show(request, beside, "guardian/refill.html", context, name="guardian:refill", status=status)


def _days(
    request: HttpRequest, application: Application, round: Draw, mine: dict[int, RefillWish], at_fault: int | None
) -> list[dict[str, Any]]:
    days = days_of([application], clock.today()).get(application.pk, {})
    slots, waits = offered_groups(round.base) if days else [], waits_for(application)  # type: ignore[arg-type]
    grade = application.pupil.homeroom.grade
    return [
        _day(request, child, child.options(grade, slots), mine.get(day), waits.get(day, []), day == at_fault)
        for day, child in days.items()
    ]


def _day(
    request: HttpRequest, child: ChildDay, options: list[Any], wish: RefillWish | None, waits: list[int], at_fault: bool
) -> dict[str, Any]:
    """Return a weekday with its options and the rank of each: as typed where that was wrong, as it stands, or by the
    waiting lists the child is on.
    """
    known = {slot.pk for slot in options}
    listed = [slot for slot in (wish.slots if wish else waits) if slot in known]
    ranks = {slot: rank for rank, slot in enumerate(listed, start=1)}
    care = wish.care if wish else True
    if at_fault:
        ranks, care = ranks_in(request), request.POST.get("care") == "on"
    return {
        "day": child,
        "wish": wish,
        "code": short(wish.digest) if wish else "",
        "filled": bool(ranks) and wish is None and not at_fault,
        "care": care,
        "options": [(slot, ranks.get(slot.pk)) for slot in options],
        "places": range(1, len(options) + 1),
    }


def _results(round: Draw, mine: dict[int, RefillWish]) -> list[tuple[int, str, list[str]]]:
    """Return (weekday, outcome, groups got) of a published round."""
    names = {slot.pk: slot.activity.name for slot in offered_groups(round.base)} if mine else {}  # type: ignore[arg-type]
    return [(day, wish.outcome, [names.get(slot, "") for slot in wish.got]) for day, wish in sorted(mine.items())]


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def asking(request: HttpRequest, beside: Parenthood, weekday: int) -> HttpResponse:
    """Note what the family would rather have on this weekday."""
    application, round = _standing(beside)
    if application is None or round is None:
        raise Http404
    care = request.POST.get("care") == "on"
    try:
        wish = allocation.ask_for_refill(
            round, application, weekday, ranks_in(request), care=care, by=beside.by, at=clock.now()
        )
    except Refused as no:
        return _page(request, beside, weekday, no.refusals)
    messages.success(request, f"已收到，回执码 {short(wish.digest)}。截止前可以改、可以撤回；没有补上，安排不变。")
    return redirect("guardian:refill", beside.pupil.pk)


@require_POST
@beside_child(Permission.CHILD_CHOOSE)
def withdrawal(request: HttpRequest, beside: Parenthood, weekday: int) -> HttpResponse:
    """Take back what was asked; everything stays."""
    application, round = _standing(beside)
    wish = get_object_or_404(
        RefillWish, refill=round, application=application, weekday=weekday, withdrawn_at=None, refill__isnull=False
    )
    try:
        allocation.withdraw_refill(wish, by=beside.by, at=clock.now())
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, "已撤回，安排不变。")
    return redirect("guardian:refill", beside.pupil.pk)


@require_GET
@beside_child(Permission.CHILD_SEE)
def receipt(request: HttpRequest, beside: Parenthood) -> HttpResponse:
    """Return the child's leaf of the frozen round with its way to the root: what shows that nobody changed it."""
    application, round = _standing(beside)
    if application is None or round is None or not round.frozen:
        raise Http404
    with round.frozen.open("rb") as file:
        frozen = Frozen.of_json(file.read())
    pid = next((pid for pid, pk in frozen.applications.items() if pk == application.pk), None)
    if pid is None:
        raise Http404
    content = json.dumps(frozen.round.commitment().receipt(pid).to_dict(), ensure_ascii=False)
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="refill-receipt-{pid}.json"'
    return answer
