"""走教: a teacher of one school serves at another by the will of three (domain/09 row 42), one place at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import time

from kehou.rules.calendar import weekday_name
from kehou.rules.signing_up import Busy
from kehou.rules.spans import ClockSpan, later
from kehou.rules.verdicts import Refusal, refuse

PARTIES = {"home": "派出学校校长", "host": "接收学校校长", "teacher": "教师本人"}


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """When somebody would be where: an ISO weekday and its minutes at the host school."""

    weekday: int
    starts_at: time
    ends_at: time


def on_the_way(span: ClockSpan, minutes: int) -> ClockSpan:
    """Return the minutes during which somebody is away from their own school: the visit and both ways."""
    return ClockSpan(later(span.start, -minutes) or time(0), later(span.end, minutes) or time(23, 59))


def refusals_of_visit(facts: VisitFacts, *, same_school: bool, name: str) -> tuple[Refusal, ...]:
    """Return what is wrong with a proposal in itself."""
    found = []
    if same_school:
        found.append(refuse("R-STAF-03", "visits_own_school", name=name))
    if not 1 <= facts.weekday <= 5 or facts.starts_at >= facts.ends_at:
        found.append(refuse("R-STAF-03", "visit_without_time"))
    return tuple(found)


def refusals_of_two_places(name: str, facts: VisitFacts, busy: Iterable[Busy], *, travel: int) -> tuple[Refusal, ...]:
    """Return what somebody has elsewhere while they would be visiting or on the way (R-STAF-03)."""
    if facts.starts_at >= facts.ends_at:
        return ()  # `refusals_of_visit` says so
    away = on_the_way(ClockSpan(facts.starts_at, facts.ends_at), travel)
    return tuple(
        refuse(
            "R-STAF-03",
            "two_places",
            name=name,
            weekday=weekday_name(one.weekday),
            span=str(one.span),
            what=one.what,
            travel=travel,
        )
        for one in busy
        if one.weekday == facts.weekday and one.span.overlaps(away)
    )


def refusal_outside_visit(name: str, weekday: int, span: ClockSpan, visits: Iterable[VisitFacts]) -> Refusal | None:
    """Return why a visitor cannot be given a group then: only the times that were agreed (R-STAF-03)."""
    for one in visits:
        if one.weekday == weekday and one.starts_at <= span.start and span.end <= one.ends_at:
            return None
    return refuse("R-STAF-03", "outside_the_visit", name=name, weekday=weekday_name(weekday), span=str(span))


def refusal_to_agree(party: str, *, agreed: Iterable[str], ended: bool) -> Refusal | None:
    """Return why a party cannot agree: unknown, already done, or over."""
    if ended:
        return refuse("R-FLOW-01", "visit_over")
    if party in set(agreed):
        return refuse("R-FLOW-01", "agreed_already", party=PARTIES[party])
    return None


def missing_parties(agreed: Iterable[str]) -> str:
    """Return who still has to agree, in words; empty when the visit is agreed."""
    have = set(agreed)
    return "、".join(title for key, title in PARTIES.items() if key not in have)


def widened(busy: Busy, minutes: int) -> Busy:
    """Return a commitment elsewhere with the way to it."""
    return replace(busy, span=on_the_way(busy.span, minutes))
