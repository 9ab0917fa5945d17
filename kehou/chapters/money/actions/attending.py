"""What is put right about an afternoon after its month was billed: the bill follows, nobody has to ask for money."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.attendance import actions as attendance
from kehou.chapters.attendance.models import Correction, Leave
from kehou.chapters.money.actions.settling import settle_pupils
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload


@transaction.atomic
def prove_leave(leave: Leave, proof: Upload, *, by: Actor, at: datetime) -> Leave:
    """Take a sick note and take the day off the bill (fee.leave_policy). :raises Refused: R-ATT-01 when none is due"""
    proved = attendance.prove_leave(leave, proof, by=by, at=at)
    settle_pupils([proved.pupil], reason="补交病历", by=by, at=at)
    return proved


@transaction.atomic
def decide_correction(correction: Correction, *, approve: bool, by: Actor, at: datetime) -> Correction:
    """Approve or refuse a correction of a closed roll; the bill follows an approved one (V13, V20, V22).

    :raises Refused: R-ATT-01 when it was decided already, or by the person who asked
    """
    decided = attendance.decide_correction(correction, approve=approve, by=by, at=at)
    if approve:
        settle_pupils([decided.pupil], reason="更正点名", by=by, at=at)
    return decided
