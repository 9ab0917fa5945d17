"""Representatives of the parents take part at six points of a semester; each time is kept (2.5-q, R-PC-02)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Account
from kehou.chapters.planning import queries
from kehou.chapters.planning.models import Participation
from kehou.chapters.schools.models import School
from kehou.lib.actors import Actor
from kehou.rules.participation import Point, refusals_of_participation
from kehou.rules.verdicts import Refused, insist, refuse


@transaction.atomic
def note_participation(
    school: School, term: Term, *, point: Point, held_on: date, words: str, members: Sequence[Account], by: Actor,
    at: datetime,
) -> Participation:  # fmt: skip
    """Keep that members of the committee took part; they are told, so that nobody is named who was not there.

    :raises Refused: R-PC-02 for a day to come, without words, without members, for who was no member on that day
    """
    known = {one.pk for one in queries.members_of(school, held_on)}
    strangers = [one.name for one in members if one.pk not in known]
    today = timezone.localtime(at).date()
    insist(
        *refusals_of_participation(held_on=held_on, today=today, words=words, invited=len(members), strangers=strangers)
    )
    made = Participation.objects.create(
        school=school, term=term, point=point.value, held_on=held_on, words=words.strip(), noted_by=str(by), noted_at=at
    )
    made.members.set(members)
    journal.write("planning.participation_noted", about=made, by=by, at=at, school_code=school.code, point=point.label)
    journal.send_many(
        sorted(one.pk for one in members), kind="planning", title=f"{school.name}登记了您参与{point.label}",
        body=f"{held_on:%-m月%-d日}：{made.words}。没有参加的，请告诉学校更正。", at=at,
        link=f"/school/{school.code}/participation/", school_code=school.code,
    )  # fmt: skip
    return made


@transaction.atomic
def strike_participation(record: Participation, *, reason: str, by: Actor, at: datetime) -> None:
    """Strike a record that is wrong; it stays readable. :raises Refused: R-PC-02 without a reason, or struck already"""
    insist(None if reason.strip() else refuse("R-PC-02", "strike_without_reason"))
    standing = Participation.objects.filter(pk=record.pk, struck_at=None)
    if not standing.update(struck_because=reason.strip()[:120], struck_at=at):
        raise Refused(refuse("R-PC-02", "struck_already"))
    journal.write(
        "planning.participation_struck", about=record, by=by, at=at, school_code=record.school.code, reason=reason
    )
