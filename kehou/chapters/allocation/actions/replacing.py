"""A group was cancelled after the draw: its children are placed anew by the engine, told, and shown in the record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.allocation.actions.noting import insist_on_reason, note
from kehou.chapters.allocation.actions.publishing import _guardians
from kehou.chapters.allocation.actions.seats import _end, _seat, hold, insist_on_rest
from kehou.chapters.allocation.displaced import Displaced, displaced, next_places, refusal_now
from kehou.chapters.allocation.models import Draw
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.journal import actions as journal
from kehou.chapters.journal.models import Letter
from kehou.lib.actors import Actor
from kehou.rules.calendar import weekday_name
from kehou.rules.verdicts import insist


@transaction.atomic
def place_anew(draw: Draw, *, reason: str, by: Actor, at: datetime) -> list[Displaced]:
    """Give every child of a cancelled group its next wish with a free seat, else base care in the same hours (R-GRP).

    Nobody is left to run for a seat: all are served in the order of the draw (R-ALLOC). Who gets nothing is told so
    and stays for the office to place.

    :raises Refused: R-ALLOC-02 unreasoned, before publishing, while the table is changed, or with nobody to place
    """
    draw = (
        Draw.objects.select_for_update(of=("self",), no_key=True)
        .select_related("registration__school", "registration__term")
        .get(pk=draw.pk)
    )
    children = displaced(draw)
    insist_on_reason(draw.registration, reason)
    insist(refusal_now(draw, len(children)))
    _hold(draw, children)
    insist_on_rest(draw.registration)
    # Read again now that nothing moves.
    placed = next_places(draw, displaced(draw))
    for one in placed:
        for seat in one.seats:
            _end(seat, at)
        for slot in one.takes:
            _seat(one.application, slot, source="move", at=at, reason={"by_hand": reason.strip()})
        _note(one, reason=reason.strip(), by=by, at=at)
    journal.write(
        "allocation.placed_anew",
        about=draw,
        by=by,
        at=at,
        school_code=draw.registration.school.code,
        children=len(placed),
        without=sum(not one.takes for one in placed),
        reason=reason.strip(),
    )
    _tell(draw, placed, reason.strip(), at)
    return placed


def _hold(draw: Draw, children: list[Displaced]) -> None:
    """Hold the families and every group of the weekdays, in the order in which an exit takes them."""
    days = {one.weekday for one in children}
    groups = slots_of(draw.registration).filter(weekday__in=days).values_list("pk", flat=True)
    hold({one.application.pk for one in children}, groups)


def _note(one: Displaced, *, reason: str, by: Actor, at: datetime) -> None:
    """Write the exchange into the public record: what was lost against what came instead, then what fills the rest."""
    first, rest = one.takes[:1], one.takes[1:]
    frees = [seat.slot for seat in one.seats]
    note(one.application, "cancelled", frees=frees, takes=first[0] if first else None, by=by, at=at, reason=reason)
    for slot in rest:
        note(one.application, "cancelled", takes=slot, by=by, at=at, reason=reason)


def _tell(draw: Draw, placed: list[Displaced], reason: str, at: datetime) -> None:
    accounts = _guardians([one.application.pupil_id for one in placed], at)
    letters = []
    for one in placed:
        pupil, day = one.application.pupil, weekday_name(one.weekday)
        lost = "、".join(seat.slot.activity.name for seat in one.seats)
        got = "、".join(slot.activity.name for slot in one.takes)
        now = (
            f"按原来的号和志愿改到“{got}”，从下一个服务日起。"
            if got
            else "暂时没有空位可以改排，学校会与您联系，也可以退出这一天。"
        )
        letters += [
            Letter(
                to_account=account,
                kind="allocation.placed_anew",
                title=f"{pupil.name}{day}的“{lost}”停了",
                body=f"原因：{reason}。{now}",
                link=f"/guardian/{pupil.pk}/result/",
                school_code=draw.registration.school.code,
            )
            for account in accounts.get(pupil.pk, ())
        ]
    journal.send_each(letters, at=at)
