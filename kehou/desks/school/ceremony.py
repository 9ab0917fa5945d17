"""现场见证 in the hall: each witness seals a word, everybody sees the seals; after freezing each word is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Draw, Witness
from kehou.chapters.enrolment.models import Registration
from kehou.chapters.people.queries import Seat
from kehou.desks.school.draw import draw_here
from kehou.desks.school.gate import at_school
from kehou.desks.school.registration import registration_here
from kehou.lib import clock
from kehou.rules.allocation import Rules
from kehou.rules.permissions import Permission
from kehou.rules.verdicts import Refusal, Refused
from kehou.rules.witnessing import (
    ROLES,
    SHORTEST_WORD,
    refusal_of_roles,
    refusal_to_confirm,
    refusal_to_reveal,
    refusals_to_seal,
)

STEPS = ("各自封好一句话", "公布校验码", "封存志愿", "当众揭开", "摇号")


@require_GET
@at_school(Permission.DRAW_SEE)
def ceremony(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the witnesses and the next act, large enough for the last row."""
    return _page(request, seat)


def _page(
    request: HttpRequest, seat: Seat, wrong: tuple[Refusal, ...] = (), at_fault: int | None = None
) -> HttpResponse:
    registration = registration_here(seat)
    draw = queries.draw_of(registration) if registration else None
    witnesses = _witnesses(registration, draw)
    context: dict[str, Any] = {
        "registration": registration,
        "draw": draw,
        "elsewhere": draw is not None and not witnesses,
        "steps": STEPS,
        "now_step": _step(draw, witnesses),
        "witnesses": witnesses,
        "roles": ROLES,
        "least": SHORTEST_WORD,
        "typed": request.POST,
        "wrong": wrong,
        "at_fault": at_fault,
    }
    if registration is not None and draw is None:
        context |= _before(registration, witnesses)
    elif draw is not None and witnesses:
        context |= _after(draw, witnesses, seat)
    return render(request, "school/draw/ceremony.html", context, status=422 if wrong else 200)


def _witnesses(registration: Registration | None, draw: Draw | None) -> list[Witness]:
    if draw is not None:
        return queries.witnesses_of(draw)
    return queries.witnesses_waiting(registration) if registration else []


def _step(draw: Draw | None, witnesses: list[Witness]) -> int:
    if draw is None:
        return 1
    if draw.state == "planned":
        return 3
    return 4 if draw.state == "committed" and not all(one.word for one in witnesses) else 5


def _before(registration: Registration, witnesses: list[Witness]) -> dict[str, Any]:
    """Return what the page needs while words are sealed."""
    closed = refusals_to_seal(
        role="guest", name="一", seal="0" * 64, seals={one.seal for one in witnesses}, planned=False,
        closes_at=registration.closes_at, at=clock.now(),
    )  # fmt: skip
    return {"seal_refusal": next(iter(closed), None), "name_refusal": refusal_of_roles([w.role for w in witnesses])}


def _after(draw: Draw, witnesses: list[Witness], seat: Seat) -> dict[str, Any]:
    """Return what the page needs once the words are named."""
    hidden = [one.name for one in witnesses if not one.word]
    entries = list(draw.beacon_entries.order_by("typed_at"))
    return {
        "reveal_refusal": refusal_to_reveal(seal="", word="|", name="", state=draw.state, shown=False)
        if draw.state != "committed"
        else None,
        "hidden": hidden,
        "confirm_refusal": refusal_to_confirm(hidden),
        "entries": entries,
        "mine": any(one.typed_by_account == seat.account.pk for one in entries),
        "draw_refusal": allocation.refusal_to_draw_now(draw) if draw.state == "committed" else None,
    }


@require_POST
@at_school(Permission.DRAW_RUN)
def sealing(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take the hash of a witness's word; the word itself never comes here."""
    registration, post = _registration(seat), request.POST
    return _do(
        request, seat, "已封好，校验码在下面。请把这句话自己记牢或写下来封在信封里。",
        lambda: allocation.seal_word(
            registration, role=post.get("role", ""), name=post.get("name", ""), seal=post.get("seal", ""),
            by=seat.by, at=clock.now(),
        ),
    )  # fmt: skip


@require_POST
@at_school(Permission.DRAW_RUN)
def dismissing(request: HttpRequest, seat: Seat, witness_id: int) -> HttpResponse:
    """Take a witness back whose word was mistyped."""
    witness = get_object_or_404(_all(seat), pk=witness_id)
    return _do(
        request, seat, f"已去掉{witness.name}，可以重新封。",
        lambda: allocation.dismiss_witness(witness, by=seat.by, at=clock.now()),
    )  # fmt: skip


@require_POST
@at_school(Permission.DRAW_RUN)
def naming(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Name the witnesses; their seals are public from now on."""
    registration = _registration(seat)
    rules = Rules(mechanism=registration.method)  # type: ignore[arg-type]
    return _do(
        request, seat, "见证人和校验码已经公布，谁都可以抄下来。",
        lambda: allocation.name_witnesses(registration, rules=rules, by=seat.by, at=clock.now()),
    )  # fmt: skip


@require_POST
@at_school(Permission.DRAW_RUN)
def revealing(request: HttpRequest, seat: Seat, witness_id: int) -> HttpResponse:
    """Show a witness's word and hold it against the seal."""
    witness = get_object_or_404(_all(seat), pk=witness_id)
    word = request.POST.get("word", "")
    return _do(
        request, seat, f"{witness.name}揭开了，和事先封好的一样。",
        lambda: allocation.reveal_word(witness, word, by=seat.by, at=clock.now()), at_fault=witness.pk,
    )  # fmt: skip


@require_POST
@at_school(Permission.DRAW_RESULT)
def confirming(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Confirm as one of two persons what was shown."""
    draw = draw_here(seat)
    return _do(
        request, seat, "已确认：揭开的话就是您看到的这些。",
        lambda: allocation.confirm_words(draw, by=seat.by, at=clock.now()),
    )  # fmt: skip


@require_POST
@at_school(Permission.DRAW_RUN)
def giving_up(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take the draw back because a witness does not show the word."""
    draw = draw_here(seat)
    return _do(
        request, seat, "已作废并写明原因。请到“统筹摇号”改定一期还没有开奖的双色球或大乐透。",
        lambda: allocation.give_up_ceremony(draw, by=seat.by, at=clock.now()),
    )  # fmt: skip


def _registration(seat: Seat) -> Registration:
    found = registration_here(seat)
    if found is None:
        raise Http404
    return found


def _all(seat: Seat) -> Any:
    return Witness.objects.select_related("registration__school").filter(registration=_registration(seat))


def _do(
    request: HttpRequest, seat: Seat, done: str, act: Callable[[], Any], *, at_fault: int | None = None
) -> HttpResponse:
    try:
        act()
    except Refused as no:
        return _page(request, seat, no.refusals, at_fault)
    messages.success(request, done)
    return redirect("school:ceremony", seat.school.code)  # type: ignore[union-attr]
