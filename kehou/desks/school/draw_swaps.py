"""互换: called for until an hour, who asked, the cycles before they are carried out, carried out once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import SwapRound, SwapWish
from kehou.chapters.allocation.swaps import find_cycles, swap_round_of, wishes_of
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.people.queries import Seat
from kehou.chapters.programme.models import Slot
from kehou.desks.school.draw import draw_here, draw_if_any, said
from kehou.desks.school.forms_survey import moment_field
from kehou.desks.school.gate import at_school
from kehou.lib import clock, sheets
from kehou.rules import sentences
from kehou.rules.calendar import weekday_name
from kehou.rules.permissions import Permission
from kehou.rules.states import SWAPS
from kehou.rules.swapping import refusal_to_carry_out, refusals_to_open
from kehou.rules.verdicts import Refused

ROWS = 60


class SwapsForm(forms.Form):
    """Until when families may ask."""

    closes_at = moment_field("截止", help_text="到时一起办理，早提晚提一样；建议三天。")


@require_GET
@at_school(Permission.DRAW_SEE)
def swaps(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Show the call that stands: who asked, what would follow; the form that opens one."""
    return _page(request, seat, SwapsForm())


def _page(request: HttpRequest, seat: Seat, form: SwapsForm, status: int = 200) -> HttpResponseBase:
    draw, now = draw_if_any(seat), clock.now()
    if draw is None:
        return render(request, "school/draw/swaps.html", {"draw": None}, status=status)
    round = swap_round_of(draw)
    standing = round is not None and round.state == SWAPS.start
    refusals = refusals_to_open(
        published=draw.state == "published", standing=standing, closes_at=now.max.replace(tzinfo=now.tzinfo), at=now
    )
    context: dict[str, Any] = {"draw": draw, "round": round, "form": form, "refusal": next(iter(refusals), None)}
    if round is not None:
        names = {slot.pk: slot for slot in slots_of(draw.registration)}
        rows = _searched(round, request.GET.get("q", "").strip())
        if request.GET.get("as") == "sheet":
            return _sheet(round, rows, names)
        page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
        every = list(wishes_of(round))
        context |= {
            "state": SWAPS.labels[round.state],
            "page": page,
            "lines": [(one, _wanted(one, names)) for one in page],
            "asked": len(every),
            "cycles": _shown(_cycles(round, every), names),
            "run_refusal": refusal_to_carry_out(
                state=round.state, closes_at=round.closes_at, at=now, asked=len(every)
            ),
            "earlier": draw.swap_rounds.exclude(pk=round.pk).order_by("-number"),
            "states": SWAPS.labels,
        }  # fmt: skip
    return render(request, "school/draw/swaps.html", context, status=status)


def _searched(round: SwapRound, text: str) -> QuerySet[SwapWish]:
    rows, name = wishes_of(round), "placement__application__pupil__name"
    return rows.filter(Q(**{f"{name}__icontains": text}) | Q(**{f"{name}_sort__icontains": text})) if text else rows


def _cycles(round: SwapRound, every: list[SwapWish]) -> list[list[tuple[int, int]]]:
    """Return [(frees, takes)] for each cycle: what was carried out, or what would be now."""
    if round.state != SWAPS.start:
        return [[(frees, takes) for frees, takes in cycle] for cycle in round.cycles]
    return [[(one.frees.pk, one.takes.pk) for one in cycle] for cycle in find_cycles(round, every)]


def _shown(cycles: Iterable[list[tuple[int, int]]], names: dict[int, Slot]) -> list[tuple[str, str, int]]:
    """Return (weekday, `足球→书法、书法→足球`, how many children) for each cycle; no names."""
    found = []
    for cycle in cycles:
        known = [(names[frees], names[takes]) for frees, takes in cycle if frees in names and takes in names]
        words = Counter(f"{frees.activity.name}→{takes.activity.name}" for frees, takes in known)
        day = weekday_name(known[0][0].weekday) if known else ""
        found.append((day, "、".join(words), len(cycle)))
    return found


def _wanted(wish: SwapWish, names: dict[int, Slot]) -> str:
    return "、".join(names[slot].activity.name for slot in wish.slots if slot in names)


def _outcome(wish: SwapWish) -> str:
    if wish.got is not None:
        return f"换到{wish.got.activity.name}"
    return "没有换成" if wish.round.state == "done" else ""


def _sheet(round: SwapRound, rows: QuerySet[SwapWish], names: dict[int, Slot]) -> HttpResponseBase:
    columns = [sheets.Column(name) for name in ("班级", "姓名", "星期", "现在的活动", "想换到", "结果")]
    lines = (
        [
            str(one.placement.application.pupil.homeroom), one.placement.application.pupil.name,
            weekday_name(one.placement.weekday), one.placement.slot.activity.name, _wanted(one, names), _outcome(one),
        ]
        for one in rows.select_related("round").iterator(chunk_size=500)
    )  # fmt: skip
    return sheets.download(f"互换-{round.draw.registration.school.name}-{round.number}.xlsx", columns, lines)


@require_POST
@at_school(Permission.DRAW_RUN)
def opening(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Call for swaps until an hour."""
    form = SwapsForm(request.POST)
    if form.is_valid():
        try:
            allocation.open_swaps(draw_here(seat), **form.cleaned_data, by=seat.by, at=clock.now())
        except Refused as no:
            for refusal in no.refusals:
                form.add_error(None, sentences.say(refusal))
        else:
            messages.success(request, "已开始征集，家长都收到了来信。")
            return redirect("school:swaps", seat.school.code)  # type: ignore[union-attr]
    return _page(request, seat, form, 422)


@require_POST
@at_school(Permission.DRAW_RUN)
def running(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Carry the swaps out."""

    def act(round: SwapRound) -> str:
        moved = sum(map(len, allocation.carry_out_swaps(round, by=seat.by, at=clock.now())))
        return f"已办理，{moved}名学生换成，提出的家庭都收到了来信。"

    return _do(request, seat, act)


@require_POST
@at_school(Permission.DRAW_RUN)
def cancelling(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Call swaps off, with a reason."""

    def act(round: SwapRound) -> str:
        allocation.cancel_swaps(round, reason=request.POST.get("reason", ""), by=seat.by, at=clock.now())
        return "已取消，提出的家庭都收到了来信。"

    return _do(request, seat, act)


def _do(request: HttpRequest, seat: Seat, act: Callable[[SwapRound], str]) -> HttpResponse:
    round = swap_round_of(draw_here(seat))
    if round is None:
        raise Http404
    try:
        messages.success(request, act(round))
    except Refused as no:
        messages.error(request, said(no))
    return redirect("school:swaps", seat.school.code)  # type: ignore[union-attr]
