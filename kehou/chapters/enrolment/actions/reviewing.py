"""班级审核: the class teacher checks identity, grade, health note and telephone, and can change nothing (2.7.3-b)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from kehou.chapters.enrolment.models import Application, ClassReview, Submission
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.queries import guardians_of
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects
from kehou.rules.choice import REVIEW_REASONS, refusal_of_review
from kehou.rules.verdicts import insist


@transaction.atomic
def review(
    application: Application,
    *,
    version: int,
    passed: bool,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> ClassReview:
    """Answer the version that the teacher has read; the family hears of a return at once, in the words of the list.

    No word of the teacher's own stands beside it: what is not on the list is no reason (2.7.3-b).

    :raises Refused: R-VOL-03 when the family has written another version since, or for a reason that is not on the list
    """
    reason = "" if passed else reason
    waits = application.state == "submitted" and application.version == version
    insist(refusal_of_review(joins=application.joins, passed=passed, reason=reason, waits=waits))
    moved = Application.objects.filter(pk=application.pk, state="submitted", version=version).update(
        state="reviewed" if passed else "returned"
    )
    insist(refusal_of_review(joins=application.joins, passed=passed, reason=reason, waits=bool(moved)))
    answer = ClassReview.objects.create(
        submission=_current(application),
        passed=passed,
        reason=reason,
        reviewed_by=str(by),
        reviewed_at=at,
    )
    verb = "enrolment.review_passed" if passed else "enrolment.review_returned"
    journal.write(verb, about=application, by=by, at=at, version=version, reason=reason)
    application.state = "reviewed" if passed else "returned"
    if not passed:
        _tell(application, answer, at)
    return answer


@transaction.atomic
def pass_all(applications: Iterable[tuple[Application, int]], *, by: Actor, at: datetime) -> int:
    """Pass every application that still stands at the version shown; return how many. Others are left as they are.

    A few statements, however many applications.
    """
    shown = {application.pk: (application, version) for application, version in applications}
    rows = Application.objects.select_for_update(no_key=True).filter(pk__in=shown, state="submitted", joins=True)
    standing = {pk for pk, version in rows.order_by("pk").values_list("pk", "version") if version == shown[pk][1]}
    Application.objects.filter(pk__in=standing).update(state="reviewed")
    passed = [(application, version) for pk, (application, version) in shown.items() if pk in standing]
    common = {"passed": True, "reviewed_by": str(by), "reviewed_at": at}
    insert_objects(ClassReview(submission=_current(application), **common) for application, _ in passed)
    entries = [("enrolment.review_passed", application, {"version": version}) for application, version in passed]
    journal.write_many(entries, by=by, at=at)
    return len(passed)


def _current(application: Application) -> Submission:
    assert application.current is not None  # an application exists only with its first version
    return application.current


def _tell(application: Application, answer: ClassReview, at: datetime) -> None:
    """Write to every guardian why the application came back and what to do."""
    reason, pupil = REVIEW_REASONS[answer.reason], application.pupil
    body = f"班主任看了{pupil.name}的课后服务申请：{reason.title}。{reason.to_do}。"
    for guardian in guardians_of(pupil, on=at.date()):
        journal.send(
            guardian.pk,
            kind="enrolment.returned",
            title=f"{pupil.name}的申请需要补充",
            body=body + "补充后请重新提交，其他内容都还在。",
            at=at,
            link=f"/guardian/{pupil.pk}/application/",
            school_code=pupil.school.code,
        )
