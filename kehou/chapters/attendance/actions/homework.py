"""A class's written homework of a day, declared by its teacher; and what families say of it, or take back (2.3-p)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kehou.chapters.attendance.homework import is_school_day, tutored_on
from kehou.chapters.attendance.models import HomeworkNote, HomeworkReport
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Pupil
from kehou.chapters.schools.models import Homeroom
from kehou.lib.actors import Actor
from kehou.rules.homework import refusal_to_report, refusals_to_declare
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def declare_homework(
    homeroom: Homeroom, on: date, *, minutes: int, reason: str = "", by: Actor, at: datetime
) -> HomeworkNote:
    """Write down how many minutes of written homework a class takes home; a later word replaces the earlier one.

    :raises Refused: R-HW-01 for another day, or homework on a day of tutoring without a reason
    """
    tutored = homeroom.pk in tutored_on(homeroom.school, [on]).get(on, ())
    insist(*refusals_to_declare(on=on, today=at.date(), minutes=minutes, tutored=tutored, reason=reason))
    said = {"minutes": minutes, "reason": reason.strip()[:100], "declared_by": str(by), "declared_at": at}
    note, _ = HomeworkNote.objects.update_or_create(homeroom=homeroom, on=on, defaults=said)
    facts = {"on": on.isoformat(), "minutes": minutes}
    journal.write("attendance.homework_declared", about=note, by=by, at=at, school_code=homeroom.school.code, **facts)
    return note


@transaction.atomic
def report_homework(pupil: Pupil, on: date, *, by: Actor, at: datetime) -> HomeworkReport:
    """Keep that a family says there was written homework at home; once a child and day, twice changes nothing.

    The school is told how many of a class say so, never who. :raises Refused: R-HW-02 for another day
    """
    insist(refusal_to_report(on=on, today=at.date(), is_school_day=is_school_day(pupil.school, on)))
    report, made = HomeworkReport.objects.get_or_create(
        pupil=pupil, on=on, defaults={"homeroom": pupil.homeroom, "reported_at": at}
    )
    if made:  # about the child's class and not in the school's journal: nobody there learns which family it was
        journal.write("attendance.homework_reported", about=report, by=by, at=at, school_code="", on=on.isoformat())
    return report


@transaction.atomic
def withdraw_homework_report(pupil: Pupil, on: date, *, by: Actor, at: datetime) -> None:
    """Take back what a family said by mistake; nothing of it is kept but the journal's line, which names no child.

    :raises Refused: R-HW-02 for another day, or where nothing was said
    """
    insist(refusal_to_report(on=on, today=at.date(), is_school_day=is_school_day(pupil.school, on)))
    report = HomeworkReport.objects.select_for_update(no_key=True).filter(pupil=pupil, on=on).first()
    if report is None:
        raise Refused(refuse("R-HW-02", "nothing_said"))
    journal.write("attendance.homework_unsaid", about=report, by=by, at=at, school_code="", on=on.isoformat())
    report.delete()
