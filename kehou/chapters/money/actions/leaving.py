"""The way out: seats are freed and the month is settled in one act; nobody who leaves has to ask for money."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.enrolment.models import Enrolment, Exit
from kehou.chapters.money.actions.settling import settle_pupils
from kehou.chapters.people.models import Account
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import AmendmentConsent
from kehou.lib.actors import Actor


@transaction.atomic
def leave(enrolment: Enrolment, *, by: Actor, at: datetime, reason: str = "") -> Exit:
    """Let a family go from the next service day on; what was paid for the days after goes back by itself (V13, V22).

    :raises Refused: R-ENR-01 when no service day is left
    """
    left = allocation.leave(enrolment, by=by, at=at, reason=reason)
    settle_pupils([left.enrolment.pupil], reason="退出", by=by, at=at)
    return left


@transaction.atomic
def leave_over_amendment(
    consent: AmendmentConsent, enrolment: Enrolment, *, account: Account, by: Actor, at: datetime
) -> Exit:
    """Let a family that does not agree to a change of the plan go without cost (2.7.2-g): answered and left in one act.

    :raises Refused: R-AMD-01 when it was answered or the days are over, R-ENR-01 when no service day is left
    """
    planning.answer_amendment(consent, agrees=False, account=account, by=by, at=at)
    return leave(enrolment, by=by, at=at, reason="不同意服务安排的调整")
