"""Swaps: called for, asked for, taken back, carried out together and once; every family that asked hears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from kehou.chapters.allocation.actions.noting import insist_on_reason, note
from kehou.chapters.allocation.actions.publishing import _guardians
from kehou.chapters.allocation.actions.seats import _end, _seat, _span, hold, offer_free_seats
from kehou.chapters.allocation.models import Draw, Placement, SwapRound, SwapWish
from kehou.chapters.allocation.refills import standing_refill
from kehou.chapters.allocation.swaps import Swap, find_cycles, in_counts, options_for, swap_round_of, wishes_of
from kehou.chapters.enrolment.models import Application
from kehou.chapters.journal import actions as journal
from kehou.chapters.journal.models import Letter
from kehou.lib.actors import SYSTEM, Actor
from kehou.rules import swapping
from kehou.rules.calendar import weekday_name
from kehou.rules.enrolling import said
from kehou.rules.states import SWAPS, refusal_of_lost_race, refusal_to_move
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def open_swaps(draw: Draw, *, closes_at: datetime, by: Actor, at: datetime) -> SwapRound:
    """Call for swaps until an hour; every family with a seat that could be swapped is told.

    :raises Refused: R-ALLOC-02 before the result is public, while another call is open, or with an hour that is past
    """
    draw = (
        Draw.objects.select_for_update(of=("self",), no_key=True).select_related("registration__school").get(pk=draw.pk)
    )
    last = swap_round_of(draw)
    insist(
        *swapping.refusals_to_open(
            published=draw.state == "published",
            standing=last is not None and last.state == SWAPS.start,
            closes_at=closes_at,
            at=at,
            refilling=standing_refill(draw.registration) is not None,
        )
    )
    number = last.number + 1 if last else 1
    round = SwapRound.objects.create(
        draw=draw, number=number, opened_at=at, opened_by=str(by), closes_at=closes_at
    )  # fmt: skip
    _write(round, "allocation.swaps_opened", by=by, at=at, closes_at=closes_at.isoformat())
    seats = Placement.objects.filter(
        application__registration=draw.registration, ended_at=None, slot__activity__is_base_care=False
    )
    _tell(
        round,
        {pk: ("想换活动可以提出来了", f"请在{said(closes_at)}前提出，早提晚提一样。不提，安排不变。") for pk in
         seats.values_list("application", flat=True)},
        "allocation.swaps_opened",
        at,
    )  # fmt: skip
    return round


@transaction.atomic
def ask_for_swap(
    round: SwapRound, placement: Placement, ranks: Mapping[int, int], *, by: Actor, at: datetime
) -> SwapWish:
    """Note what a family would rather have than one of its seats, slot id → rank; asking again replaces it.

    :raises Refused: R-ALLOC-02 outside the window, without a wish or with a rank given twice, or for a seat that has
        ended; R-GRP-01 for other hours or base care; R-ENR-01 when no service day is left
    """
    round = _locked(round)
    insist(swapping.refusal_to_ask(state=round.state, closes_at=round.closes_at, at=at))
    if placement.ended_at is not None:
        raise Refused(refuse("R-ALLOC-02", "seat_has_ended"))
    _span(placement.application, round.closes_at.date())
    insist(
        *swapping.refusals_of_wish(
            ranks,
            open_to={slot.pk for slot in options_for(placement)},
            is_base_care=placement.slot.activity.is_base_care,
        )
    )
    wish, _ = SwapWish.objects.update_or_create(
        round=round,
        placement=placement,
        defaults={"slots": swapping.in_order(ranks), "asked_at": at, "asked_by": str(by), "withdrawn_at": None},
    )
    _write(round, "allocation.swap_asked", by=by, at=at, placement=placement.pk, slots=wish.slots)
    return wish


@transaction.atomic
def withdraw_swap(wish: SwapWish, *, by: Actor, at: datetime) -> None:
    """Take a wish back; the seat stays. Twice is once. :raises Refused: R-ALLOC-02 after the window"""
    round = _locked(wish.round)
    insist(swapping.refusal_to_ask(state=round.state, closes_at=round.closes_at, at=at))
    if SwapWish.objects.filter(pk=wish.pk, withdrawn_at=None).update(withdrawn_at=at):
        _write(round, "allocation.swap_withdrawn", by=by, at=at, placement=wish.placement_id)


@transaction.atomic
def cancel_swaps(round: SwapRound, *, reason: str, by: Actor, at: datetime) -> None:
    """Call swaps off: every seat stays; those who asked are told why. :raises Refused: R-FLOW-01, R-ALLOC-02"""
    round = _locked(round)
    insist(refusal_to_move(SWAPS, round.state, "cancelled"))
    insist_on_reason(round.draw.registration, reason)
    _move(round, "cancelled", ended_at=at, ended_by=str(by))
    _write(round, "allocation.swaps_cancelled", by=by, at=at, reason=reason.strip())
    body = f"原因：{reason.strip()}。安排不变。"
    asked = {wish.placement.application_id: ("这次互换取消了", body) for wish in wishes_of(round)}
    _tell(round, asked, "allocation.swaps_cancelled", at)


@transaction.atomic
def carry_out_swaps(round: SwapRound, *, by: Actor, at: datetime) -> list[list[Swap]]:
    """Exchange the seats along the cycles, all at once: each move a line of the public record, each family told.

    The families are held first, then the groups, so that an exit or an accepted offer comes before or after, never
    between. :raises Refused: R-ALLOC-02 while families may still ask; R-FLOW-01 the second time
    """
    round = _locked(round)
    asked = list(wishes_of(round))
    insist(swapping.refusal_to_carry_out(state=round.state, closes_at=round.closes_at, at=at, asked=len(asked)))
    _hold(asked)
    asked = list(wishes_of(round))
    cycles = find_cycles(round, asked)
    _move(round, "done", ended_at=at, ended_by=str(by), cycles=in_counts(cycles))
    swaps = [one for cycle in cycles for one in cycle]
    for one in swaps:
        _end(one.wish.placement, at)
    for turn, cycle in enumerate(cycles, start=1):
        for one in cycle:
            application = one.wish.placement.application
            _seat(application, one.takes, source="swap", at=at, reason={"swap": round.pk})
            SwapWish.objects.filter(pk=one.wish.pk).update(got=one.takes)
            why = f"第{round.number}次互换，第{turn}环，{len(cycle)}名学生"
            note(application, "swap", frees=[one.frees], takes=one.takes, by=by, at=at, reason=why)
    _write(round, "allocation.swaps_carried_out", by=by, at=at, asked=len(asked), moved=len(swaps))
    _tell_outcome(round, asked, swaps, at)
    offer_free_seats({one.frees.pk for one in swaps}, by=SYSTEM, at=at)
    return cycles


def _hold(asked: list[SwapWish]) -> None:
    """Hold everything a swap touches, in the order in which an exit takes it: enrolment, application, group, seat."""
    hold({wish.placement.application_id for wish in asked}, {wish.placement.slot_id for wish in asked})
    list(
        Placement.objects.select_for_update(no_key=True)
        .filter(pk__in=[wish.placement_id for wish in asked])
        .order_by("pk")
    )


def _tell_outcome(round: SwapRound, asked: list[SwapWish], swaps: list[Swap], at: datetime) -> None:
    moved = {one.wish.pk: one for one in swaps}
    got: dict[int, list[str]] = {}
    for wish in asked:
        slot, one = wish.placement.slot, moved.get(wish.pk)
        what = f"{weekday_name(slot.weekday)}“{slot.activity.name}”"
        line = f"{what}换成“{one.takes.activity.name}”" if one else f"{what}没有换成，安排不变"
        got.setdefault(wish.placement.application_id, []).append(line)
    changed = {one.wish.placement.application_id for one in swaps}
    letters = {
        pk: ("互换办好了" if pk in changed else "这次没有换成", "；".join(lines) + "。换成的从下一个服务日起。")
        for pk, lines in got.items()
    }
    _tell(round, letters, "allocation.swapped", at)


def _tell(round: SwapRound, words: Mapping[int, tuple[str, str]], kind: str, at: datetime) -> None:
    """Write to every guardian of each application, in statements that do not grow with their number."""
    applications = Application.objects.filter(pk__in=list(words)).select_related("pupil").order_by("pk")
    accounts = _guardians([one.pupil_id for one in applications], at)
    journal.send_each(
        [
            Letter(
                to_account=account,
                kind=kind,
                title=f"{one.pupil.name}：{words[one.pk][0]}",
                body=words[one.pk][1],
                link=f"/guardian/{one.pupil_id}/swaps/",
                school_code=round.draw.registration.school.code,
            )
            for one in applications
            for account in accounts.get(one.pupil_id, ())
        ],
        at=at,
    )


def _locked(round: SwapRound) -> SwapRound:
    rows = SwapRound.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("draw__registration__school", "draw__registration__term").get(pk=round.pk)


def _move(round: SwapRound, to: str, **changes: Any) -> None:
    """Move a round by compare-and-set: the second of two people is told."""
    if not SwapRound.objects.filter(pk=round.pk, state__in=SWAPS.sources(to)).update(state=to, **changes):
        raise Refused(refusal_of_lost_race(SWAPS))


def _write(round: SwapRound, verb: str, *, by: Actor, at: datetime, **facts: Any) -> None:
    journal.write(verb, about=round, by=by, at=at, school_code=round.draw.registration.school.code, **facts)
