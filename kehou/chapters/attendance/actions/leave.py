"""Leave: filed by the family, told to the leaders of the child's groups."""

from __future__ import annotations

from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from kehou.chapters.attendance import queries
from kehou.chapters.attendance.models import Leave, Mark
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Pupil
from kehou.lib.actors import Actor
from kehou.lib.uploads import Upload
from kehou.rules import attendance as rules
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def file_leave(pupil: Pupil, on: date, *, kind: str, reason: str, by: Actor, at: datetime) -> Leave:
    """Say that a child does not come on a day; tells the leaders of its groups.

    :raises Refused: R-ATT-01 when the day is past, has no service for the child, or the child was counted in
    """
    if standing := queries.leaves_on(on, [pupil.pk]).first():
        return standing
    insist(
        rules.refusal_to_file_leave(
            on=on,
            today=at.date(),
            is_service_day=queries.has_service_on(pupil, on),
            marked_here=Mark.objects.filter(
                pupil=pupil, register__session__on=on, state__in=("present", "late")
            ).exists(),
        )
    )
    policy = parameters_on(on).fee.leave_policy
    terms = rules.leave_terms(kind=kind, on=on, filed=at, before=policy.before, sick_note_days=policy.sick_note_days)
    try:
        with transaction.atomic():
            leave = Leave.objects.create(
                pupil=pupil,
                on=on,
                kind=kind,
                reason=reason.strip(),
                filed_by=str(by),
                filed_at=at,
                refunds=terms.refunds,
                proof_due_on=terms.proof_due_on,
            )
    except IntegrityError:  # the other tab was quicker
        return queries.leaves_on(on, [pupil.pk]).get()
    journal.write("attendance.leave_filed", about=leave, by=by, at=at, school_code=pupil.school.code, on=on.isoformat())
    _tell_leaders(pupil, on, at=at)
    return leave


def _tell_leaders(pupil: Pupil, on: date, *, at: datetime) -> None:
    for session, _ in queries.afternoon_of(pupil, on):
        if session.leader and session.leader.account_id:
            journal.send(
                session.leader.account_id,
                kind="leave",
                title=f"{pupil.name}{on.month}月{on.day}日请假",
                body=f"{pupil.homeroom} {pupil.name} {on.month}月{on.day}日不参加{session.slot.activity.name}。",
                at=at,
                school_code=pupil.school.code,
            )


@transaction.atomic
def prove_leave(leave: Leave, proof: Upload, *, by: Actor, at: datetime) -> Leave:
    """Add the sick note that makes the day unbilled; `money.prove_leave` settles what was billed already.

    :raises Refused: R-ATT-01 when none is due any more
    """
    leave = Leave.objects.select_for_update(of=("self",), no_key=True).select_related("pupil__school").get(pk=leave.pk)
    if not leave.may_be_proved(at.date()):
        raise Refused(refuse("R-ATT-01", "no_proof_due"))
    leave.proof.save(proof.file_name(f"leave-{leave.pk}"), ContentFile(proof.content), save=False)
    leave.proved_at, leave.refunds = at, True
    leave.save(update_fields=["proof", "proved_at", "refunds"])
    journal.write("attendance.leave_proved", about=leave, by=by, at=at, school_code=leave.pupil.school.code)
    return leave


@transaction.atomic
def withdraw_leave(leave: Leave, *, by: Actor, at: datetime) -> None:
    """Take a leave back before its day has begun; the child is expected again.

    :raises Refused: R-ATT-01 from the morning of the day on
    """
    if leave.on <= at.date():
        raise Refused(refuse("R-ATT-01", "leave_withdrawn_late"))
    if Leave.objects.filter(pk=leave.pk, withdrawn_at__isnull=True).update(withdrawn_at=at):
        journal.write("attendance.leave_withdrawn", about=leave, by=by, at=at, school_code=leave.pupil.school.code)
