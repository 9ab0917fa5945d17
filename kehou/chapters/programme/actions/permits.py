"""Asking the district to allow what the table refuses, and its decision: once, with a reason, in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.people.models import Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.programme.actions.table import insist_on_open, locked
from kehou.chapters.programme.models import Activity, ActivityTable, Permit
from kehou.chapters.programme.queries.facts import ActivityFacts, facts_of, trip_of
from kehou.chapters.programme.queries.permits import granted_to, trip_in
from kehou.lib.actors import Actor
from kehou.rules.lint import content
from kehou.rules.permits import PermitKind, refusal_of_escorts, refusal_of_plan, refusal_of_reason, wording_of
from kehou.rules.states import PERMIT, PermitState, refusal_of_lost_race, refusal_to_move
from kehou.rules.verdicts import Refusal, Refused, refuse

_TOLD = ("asp_manager", "principal")
_CODES = {PermitKind.WORDING.value: "R-PROH-02", PermitKind.OFF_CAMPUS.value: "R-VEN-01"}


@transaction.atomic
def ask_release(
    table: ActivityTable,
    facts: ActivityFacts,
    *,
    reason: str,
    sent: Mapping[str, Any],
    activity: Activity | None = None,
    by: Actor,
    at: datetime,
) -> Permit:
    """Ask the district to release the words of a row that the lint blocks (P2-1), for this school and term.

    `sent` is the row as it was typed, so that it need not be typed again after the release; `activity` is the row that
    it would change.

    :raises Refused: R-GATE-02 while the table is published, R-PROH-02 when nothing is blocked, without a reason, or
        when the same words wait or are released already
    """
    table = locked(table)
    insist_on_open(table)
    reading = content.read(facts.name, facts.aim, facts.grades)
    problems = [_already(table, facts), refusal_of_reason(reason, code="R-PROH-02")]
    if reading.is_allowed:
        problems = [refuse("R-PROH-02", "nothing_to_release")]
    _insist(problems)
    return _kept(
        Permit(
            school=table.school, term=table.term, kind=PermitKind.WORDING.value, activity=activity,
            name=facts.name.strip(), aim=facts.aim.strip(), terms=list(reading.terms), sent=dict(sent),
            grades=sorted(facts.grades), pupils=max(facts.capacity or 0, 0), reason=reason.strip(),
        ),
        by, at,
    )  # fmt: skip


def _already(table: ActivityTable, facts: ActivityFacts) -> Refusal | None:
    """Return that the same words wait for the district, or are released."""
    words, name = wording_of(facts.name, facts.aim), facts.name.strip()
    if granted_to(table.school, table.term).releases(facts.name, facts.aim):
        return refuse("R-PROH-02", "released_already", name=name)
    waiting = _waiting(table, PermitKind.WORDING)
    return (
        refuse("R-PROH-02", "release_asked", name=name)
        if any(wording_of(one.name, one.aim) == words for one in waiting)
        else None
    )


@transaction.atomic
def ask_off_campus(
    activity: Activity, *, route: str, safety_plan: str, consent: str, reason: str, by: Actor, at: datetime
) -> Permit:
    """Ask the district to approve an activity off campus as it stands in the table (2.3-k).

    :raises Refused: R-VEN-01 when it does not leave the school, waits or is approved already, when a part of the plan
        is missing, or when fewer adults are named in the row than such a trip needs
    """
    table = locked(activity.table)
    facts = facts_of(activity)
    trip = trip_of(facts)
    if trip is None:
        raise Refused(refuse("R-VEN-01", "not_off_campus", name=activity.name))
    people = [one.name for one in facts.people]
    ratio = parameters_on(table.term.service_from_on).ratio.by_risk["D"]
    parts = {"route": route, "safety_plan": safety_plan, "consent": consent}
    problems = [
        refusal_of_plan(parts),
        refusal_of_escorts(people, pupils=trip.pupils, ratio=ratio),
        refusal_of_reason(reason, code="R-VEN-01"),
    ]
    if granted_to(table.school, table.term).approves(trip):
        problems.append(refuse("R-VEN-01", "approved_already", name=activity.name))
    if any(trip.is_within(trip_in(one)) for one in _waiting(table, PermitKind.OFF_CAMPUS)):
        problems.append(refuse("R-VEN-01", "approval_asked", name=activity.name))
    _insist(problems)
    return _kept(
        Permit(
            school=table.school, term=table.term, kind=PermitKind.OFF_CAMPUS.value, activity=activity,
            name=trip.name, aim=facts.aim.strip(), room=facts.room, weekdays=sorted(trip.weekdays),
            grades=sorted(trip.grades), pupils=trip.pupils, escorts=people, reason=reason.strip(),
            **{key: value.strip() for key, value in parts.items()},
        ),
        by, at,
    )  # fmt: skip


@transaction.atomic
def withdraw_permit(permit: Permit, *, by: Actor, at: datetime) -> None:
    """Take a request back before it is decided. :raises Refused: R-FLOW-01 when it is decided"""
    _move(permit, PermitState.WITHDRAWN, "", by, at)


@transaction.atomic
def decide_permit(permit: Permit, *, grant: bool, reason: str, by: Actor, at: datetime) -> None:
    """Allow it for this school and term, or not; either way with a reason that the school reads.

    :raises Refused: R-PROH-02 or R-VEN-01 without a reason, R-FLOW-01 when it is decided or withdrawn already
    """
    _insist([refusal_of_reason(reason, code=_CODES[permit.kind])])
    _move(permit, PermitState.GRANTED if grant else PermitState.REFUSED, reason, by, at)


@transaction.atomic
def revoke_permit(permit: Permit, *, reason: str, by: Actor, at: datetime) -> None:
    """Take back what was allowed: the row cannot be published again as it is.

    What is published stays as families read it; the school is told by the reason and must change its table.
    :raises Refused: R-PROH-02 or R-VEN-01 without a reason, R-FLOW-01 when it is not in force
    """
    _insist([refusal_of_reason(reason, code=_CODES[permit.kind])])
    _move(permit, PermitState.REVOKED, reason, by, at)


def _waiting(table: ActivityTable, kind: PermitKind) -> list[Permit]:
    rows = Permit.objects.filter(school=table.school, term=table.term, kind=kind.value)
    return list(rows.filter(state=PermitState.ASKED.value))


def _insist(problems: list[Refusal | None]) -> None:
    if standing := [one for one in problems if one is not None]:
        raise Refused(*standing)


def _kept(permit: Permit, by: Actor, at: datetime) -> Permit:
    permit.asked_at, permit.asked_by = at, str(by)
    permit.save()
    code = permit.school.code
    facts = {"kind": PermitKind(permit.kind).label, "reason": permit.reason}
    journal.write("programme.permit_asked", about=permit, by=by, at=at, school_code=code, **facts)
    return permit


def _move(permit: Permit, to: PermitState, reason: str, by: Actor, at: datetime) -> None:
    """Move a request, compared before it is set: of two officers the second is told."""
    changes: dict[str, Any] = {"state": to.value}
    if to is not PermitState.WITHDRAWN:
        changes |= {"decided_at": at, "decided_by": str(by), "decision_reason": reason.strip()}
    here = permit.state
    if no := refusal_to_move(PERMIT, here, to.value):
        raise Refused(no)
    if not Permit.objects.filter(pk=permit.pk, state=here).update(**changes):
        raise Refused(refusal_of_lost_race(PERMIT))
    for key, value in changes.items():
        setattr(permit, key, value)
    code = permit.school.code
    verb = f"programme.permit_{to.value}"
    journal.write(verb, about=permit, by=by, at=at, school_code=code, reason=reason.strip())
    if to is not PermitState.WITHDRAWN:
        _tell_school(permit, to, at)


def _tell_school(permit: Permit, to: PermitState, at: datetime) -> None:
    """Write what the district decided, and why, to the office that asked and to the principal."""
    posts = Post.objects.filter(held_on(timezone.localtime(at).date()), school=permit.school, role__in=_TOLD)
    journal.send_many(
        sorted(set(posts.values_list("account_id", flat=True))),
        kind="permit",
        title=f"{PermitKind(permit.kind).label}“{permit.name}”：{to.label}",
        body=f"区教委的理由：{permit.decision_reason}",
        link=f"/school/{permit.school.code}/permits/{permit.pk}/",
        school_code=permit.school.code,
        at=at,
    )
