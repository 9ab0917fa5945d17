"""The way out: seats are freed and the month is settled in one act; nobody who leaves has to ask for money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.attendance.models import Mark
from kehou.chapters.enrolment.models import Enrolment, Exit
from kehou.chapters.journal import actions as journal
from kehou.chapters.money.actions.settling import settle_pupils
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Account, Pupil
from kehou.chapters.people.queries import guardians_of
from kehou.chapters.planning import actions as planning
from kehou.chapters.planning.models import AmendmentConsent
from kehou.lib.actors import Actor
from kehou.rules.calendar import day_name
from kehou.rules.spans import DAY


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


@transaction.atomic
def leave_school(pupils: Iterable[Pupil], *, on: date, by: Actor, at: datetime) -> int:
    """Note that children have left the school, and end their service with it: one act, whole or not at all.

    Seats, queue, offers and wishes end on the leaving day, or after the last day on which the child was counted in;
    what is free is offered on, and every bill is computed again. Those who have left already are passed over; return
    how many have left now. :raises Refused: R-ELIG-01 for a day that has not come
    """
    rows = Pupil.objects.filter(pk__in=[pupil.pk for pupil in pupils], state=Pupil.IN_SCHOOL)
    # The children first, then families, then groups: of two offices with the same list the second finds nobody left.
    standing = list(rows.select_for_update(of=("self",), no_key=True).select_related("school").order_by("pk"))
    days = _first_days_without([pupil.pk for pupil in standing], on)
    served = allocation.depart(days, by=by, at=at)
    people.mark_left_many(standing, on=on, by=by, at=at)
    settle_pupils([pupil for pupil in standing if pupil.pk in served], reason="离校", by=by, at=at)
    for pupil in standing:
        if pupil.pk in served:
            _tell_family(pupil, days[pupil.pk], at)
    return len(standing)


def _first_days_without(pupils: list[int], on: date) -> Mapping[int, date]:
    """Return the first day without each child: a day on which it was counted in has been taken, and is owed."""
    here = Mark.objects.filter(pupil__in=pupils, state__in=("present", "late"), register__session__on__gte=on)
    last = dict(here.values_list("pupil").annotate(last=Max("register__session__on")))
    return {pk: last[pk] + DAY if pk in last else on for pk in pupils}


def _tell_family(pupil: Pupil, day: date, at: datetime) -> None:
    body = (
        f"学校已登记{pupil.name}离校，课后服务到此为止，{day_name(day)}起不再安排。"
        "多收的费用按实际参加的天数退回。登记有误，请联系学校办公室。"
    )
    for account in guardians_of(pupil, on=at.date()):
        facts = {"kind": "people.left", "title": f"{pupil.name}的课后服务已结束", "body": body}
        journal.send(account.pk, **facts, at=at, school_code=pupil.school.code)
