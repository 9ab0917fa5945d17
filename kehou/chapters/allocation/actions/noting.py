"""What changes a seat after the draw is one line of the public record: the drawn result itself is never rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import SeatChange
from kehou.chapters.enrolment.models import Application, Registration
from kehou.chapters.people.models import Pupil
from kehou.chapters.programme.models import Slot
from kehou.lib.actors import SYSTEM, Actor
from kehou.rules import drawing
from kehou.rules.publication import refusals_of_text
from kehou.rules.verdicts import insist

FAMILY = "家长"


def insist_on_reason(registration: Registration, reason: str) -> None:
    """Insist on a reason that everybody may read beside the public result: it names no child and no aid.

    :raises Refused: R-ALLOC-02 unreasoned, R-PRIV-02 for what must not be shown to everybody
    """
    names = Pupil.objects.filter(school=registration.school_id).values_list("name", flat=True)
    insist(drawing.refusal_of_reason(reason), *refusals_of_text(reason, names=names))


def note(
    application: Application,
    kind: str,
    *,
    frees: Sequence[Slot] = (),
    takes: Slot | None = None,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Write a change for the public record of the draw that stands; before it is public there is nothing to change.

    `kind` is one of `kehou.rules.allocation.changes.Change`; all slots are of one weekday. The record says by which
    role it was done, never by whom (2.7.3-c).
    """
    draw = queries.published_draw_of(application.registration)
    if draw is None or (takes is None and not frees):
        return
    common = {"draw": draw, "application": application, "kind": kind, "role": role_of(by), "on": at.date()}
    reason = reason[:200]
    first = frees[0] if frees else None
    weekday = takes.weekday if takes is not None else frees[0].weekday
    SeatChange.objects.bulk_create(
        [
            # A longer group may take the place of two: the second is told as given up, before the move itself.
            *(SeatChange(**common, weekday=other.weekday, frees=other, reason=reason) for other in frees[1:]),
            SeatChange(**common, weekday=weekday, frees=first, takes=takes, reason=reason),
        ]
    )


def role_of(by: Actor) -> str:
    """Return the title under which somebody acts: a post at the school, the family, or the system."""
    if by.school_code:
        return by.post
    return SYSTEM.name if by.account_id is None else FAMILY
