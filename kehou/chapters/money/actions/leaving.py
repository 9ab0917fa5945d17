"""The way out: seats are freed and the month is settled in one act; nobody who leaves has to ask for money."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.enrolment.models import Enrolment, Exit
from kehou.chapters.money.actions.settling import settle_pupils
from kehou.lib.actors import Actor


@transaction.atomic
def leave(enrolment: Enrolment, *, by: Actor, at: datetime, reason: str = "") -> Exit:
    """Let a family go from the next service day on; what was paid for the days after goes back by itself (V13, V22).

    :raises Refused: R-ENR-01 when no service day is left
    """
    left = allocation.leave(enrolment, by=by, at=at, reason=reason)
    settle_pupils([left.enrolment.pupil], reason="退出", by=by, at=at)
    return left
