"""A bill that nobody has paid is remembered once, by a letter to whoever answers for the child: never by a list.

Nothing else follows in the month: no child is kept from an afternoon because of money (2.6.1-b).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.money import letters
from kehou.chapters.money.models import Bill
from kehou.chapters.schools.models import School
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM
from kehou.rules.fees import is_reminded


@jobs.task(retries=1, every=timedelta(days=1), title="提醒未缴的缴费单")
def remind_unpaid(report: jobs.Progress) -> dict[str, int]:
    """Write the letters that are due, school by school."""
    written = 0
    schools = list(School.objects.order_by("pk"))
    for number, school in enumerate(schools, start=1):
        with report.fenced():
            written += len(remind_of_unpaid(school, at=report.at))
        report.step(number, len(schools), school.name)
    return {"letters": written}


@transaction.atomic
def remind_of_unpaid(school: School, *, at: datetime) -> list[Bill]:
    """Write about every bill of a school that is owed for as many days as `fee.dunning` says; return those written of.

    Once a bill. The days and whether anybody is written to at all are those in force on the day of the letter.
    """
    dunning = parameters_on(at.date()).fee.dunning
    owed = Bill.objects.select_for_update(no_key=True).filter(
        school=school, state="to_pay", reminded_at__isnull=True, paid_fen__lt=F("due_fen") + F("returned_fen")
    )
    due = [
        one
        for one in owed.select_related("pupil", "school").order_by("pk")
        if is_reminded(made_on=one.made_at.astimezone(at.tzinfo).date(), on=at.date(), dunning=dunning)
    ]
    if not due:
        return []
    Bill.objects.filter(pk__in=[one.pk for one in due]).update(reminded_at=at)
    journal.write_many(
        [("money.bill_reminded", one, {"owed_fen": one.due_fen + one.returned_fen - one.paid_fen}) for one in due],
        by=SYSTEM,
        at=at,
        school_code=school.code,
    )
    letters.of_reminders(due, at=at)
    return due
