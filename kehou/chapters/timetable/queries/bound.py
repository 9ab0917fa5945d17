"""Why a person cannot take a session on a day: gone, on leave, not willing, without ground, or elsewhere then."""

from __future__ import annotations

from collections.abc import Iterator

from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.programme.queries import serving
from kehou.chapters.staffing.queries import busy_of, leaves_of
from kehou.chapters.timetable.models import Session
from kehou.rules.signing_up import refusal_of_leave
from kehou.rules.spans import DAY, ClockSpan
from kehou.rules.staffing import adults_needed
from kehou.rules.timetable import Meeting
from kehou.rules.verdicts import Refusal, refuse
from kehou.rules.visiting import on_the_way


def refusals_of_leader(session: Session, becomes: Session) -> list[Refusal]:
    """Return why the leader of a changed session cannot be there. A leader who stays is asked for leave only."""
    leader = becomes.leader
    if leader is None:
        return []
    leaves = leaves_of([leader], from_on=becomes.on, until_on=becomes.on + DAY).get(leader.pk, ())
    found = [refusal_of_leave(leader.name, becomes.on, leaves)]
    if leader.state == "left" or leader.pk != session.leader_id:
        found.append(serving(session.school, session.term).unfit(leader))
        found.append(_one_adult_less(session, becomes))
    return [no for no in found if no is not None]


def _one_adult_less(session: Session, becomes: Session) -> Refusal | None:
    """Return that a helper who steps in leaves the group with fewer adults than its size needs (R-SAFE-04)."""
    activity, leader = becomes.slot.activity, becomes.leader
    helpers = list(activity.helpers.all())
    if leader is None or leader not in helpers:
        return None
    by_risk = parameters_on(becomes.on).ratio.by_risk
    needed = max(
        adults_needed(activity.capacity, ratio=by_risk[activity.risk_class]), 2 if activity.risk_class == "D" else 1
    )
    return refuse("R-SAFE-04", "helper_cannot_step_in", name=leader.name) if len(helpers) < needed else None


def elsewhere_that_day(becomes: Session, weekday: int) -> Iterator[Meeting]:
    """Yield what the leader has on that day besides the school's own sessions: lessons, visits, other schools."""
    leader = becomes.leader
    if leader is None:
        return
    who = {str(leader.pk): leader.name}
    travel = parameters_on(becomes.on).visiting.travel_minutes
    for one in busy_of([leader], becomes.term, travel=travel, but=becomes.school).get(leader.pk, ()):
        if one.weekday == weekday:
            yield Meeting(one.what, becomes.on, one.span, leaders=who)
    others = Session.objects.filter(on=becomes.on, leader=leader, state=Session.PLANNED).exclude(school=becomes.school)
    for other in others.select_related("slot__activity", "school"):
        span = on_the_way(ClockSpan(other.starts_at, other.ends_at), travel)
        yield Meeting(f"{other.school.name}{other.slot.activity.name}", becomes.on, span, leaders=who)
