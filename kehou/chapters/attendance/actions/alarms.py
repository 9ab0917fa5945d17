"""Who is called when a child is not found, or when nobody has begun a roll (R-ATT-01: T → MGR → HT → G)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from kehou.chapters.attendance import queries
from kehou.chapters.attendance.models import Alarm, Register
from kehou.chapters.attendance.queries import Child
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.journal.models import Letter
from kehou.chapters.people.models import Pupil
from kehou.chapters.people.queries import guardians_of, held_on
from kehou.chapters.timetable.models import Session
from kehou.lib.actors import Actor
from kehou.rules import attendance as rules


@transaction.atomic
def raise_alarms(session: Session, *, by: Actor, at: datetime) -> list[Alarm]:
    """Call out the children not found ten minutes after the start, or the roll that nobody has begun by then.

    A roll not begun is a matter of the leader and the office: families hear nothing, because nobody knows anything yet.
    A child missing from a roll that was taken calls its homeroom teacher and its guardians too. Each once.
    """
    minutes = parameters_on(session.on).attendance.alarm_minutes
    if session.state == "cancelled" or session.on != at.date() or not _is_due(session, at, minutes):
        return []
    register = Register.objects.filter(session=session).first()
    if register and register.closed_at:
        return []
    children = queries.roll(session)
    missing = [child for child in children if child.state is rules.MarkState.UNKNOWN]
    if register is None:
        return _raise_for_roll(session, len(children), by=by, at=at) if missing else []
    return _raise_for_children(session, missing, by=by, at=at)


def _is_due(session: Session, at: datetime, minutes: int) -> bool:
    begun = queries.starts(session, at)
    return rules.is_alarming(rules.MarkState.UNKNOWN, starts=begun, now=at, alarm_minutes=minutes)


def _raise_for_roll(session: Session, expected: int, *, by: Actor, at: datetime) -> list[Alarm]:
    alarm, raised = Alarm.objects.get_or_create(session=session, pupil=None, defaults={"raised_at": at})
    if not raised:
        return []
    activity, code = session.slot.activity.name, session.school.code
    journal.send_many(
        _leader(session) | _office(session, at),
        kind="alarm",
        title=f"{activity}还没有点名",
        body=f"{session.starts_at:%H:%M}开始的{activity}（{expected}人）还没有点名，请马上到现场看一看。",
        at=at,
        school_code=code,
    )
    journal.write("attendance.roll_not_begun", about=alarm, by=by, at=at, school_code=code, expected=expected)
    return [alarm]


def _raise_for_children(session: Session, missing: Iterable[Child], *, by: Actor, at: datetime) -> list[Alarm]:
    known = set(session.alarms.values_list("pupil_id", flat=True))
    fresh = [child.pupil for child in missing if child.pupil.pk not in known]
    raised = Alarm.objects.bulk_create(Alarm(session=session, pupil=pupil, raised_at=at) for pupil in fresh)
    to_school = _leader(session) | _office(session, at)
    journal.send_each((letter for pupil in fresh for letter in _letters(session, pupil, to_school, at)), at=at)
    journal.write_many(
        (("attendance.alarm_raised", alarm, {}) for alarm in raised), by=by, at=at, school_code=session.school.code
    )
    return raised


def _letters(session: Session, pupil: Pupil, to_school: set[int], at: datetime) -> Iterable[Letter]:
    activity, code = session.slot.activity.name, session.school.code
    posts = session.school.posts.filter(held_on(at.date()), homeroom=pupil.homeroom_id)
    teachers = set(posts.values_list("account_id", flat=True))
    for account in to_school | teachers:
        yield Letter(
            to_account=account,
            kind="alarm",
            title=f"还没见到{pupil.name}",
            body=f"{pupil.homeroom} {pupil.name} 应在{session.starts_at:%H:%M}到{activity}，还没有点到，请立即查找。",
            school_code=code,
        )
    for guardian in guardians_of(pupil, on=at.date()):
        yield Letter(
            to_account=guardian.pk,
            kind="alarm",
            title=f"{pupil.name}还没有到{activity}",
            body=(
                f"{session.starts_at:%H:%M}开始的{activity}还没有点到孩子，学校正在查找。"
                "如果孩子和您在一起，请告诉老师。"
            ),
            school_code=code,
        )


def _leader(session: Session) -> set[int]:
    return {session.leader.account_id} if session.leader and session.leader.account_id else set()


def _office(session: Session, at: datetime) -> set[int]:
    """Return the manager and the duty leader of the school."""
    posts = session.school.posts.filter(held_on(at.date()))
    return set(posts.filter(role__in=("asp_manager", "duty_leader")).values_list("account_id", flat=True))
