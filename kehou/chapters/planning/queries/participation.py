"""Where parents' representatives took part in a semester, and with what evidence (2.5-q)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kehou.chapters.basis.models import Term
from kehou.chapters.planning.models import CommitteeMeeting, Participation
from kehou.chapters.schools.models import School
from kehou.rules.participation import Point


@dataclass(frozen=True, slots=True)
class Share:
    """One piece of evidence: where, when, who, what; `record` is None for minutes, which speak for themselves."""

    point: Point
    on: date
    who: tuple[str, ...]
    words: str
    record: Participation | None = None


def participations_of(school: School, term: Term, *, text: str = "") -> QuerySet[Participation]:
    """Return the records that stand, newest first, found by words or name."""
    rows = Participation.objects.filter(school=school, term=term, struck_at=None)
    if text:
        rows = rows.filter(Q(words__icontains=text) | Q(members__name__icontains=text)).distinct()
    return rows.prefetch_related("members").order_by("-held_on", "-pk")


def shares_of(school: School, term: Term, *, text: str = "") -> list[Share]:
    """Return all evidence of a semester, newest first: closed minutes of the committee, and what was noted."""
    found = [
        Share(Point(one.point), one.held_on, tuple(who.name for who in one.members.all()), one.words, one)
        for one in participations_of(school, term, text=text)
    ]
    rows = CommitteeMeeting.objects.filter(plan__school=school, plan__term=term, closed_at__isnull=False)
    for meeting in rows.prefetch_related("attendees"):
        names = tuple(one.name for one in meeting.attendees.all())
        words = f"研讨方案，纪要已定稿（{meeting.place}）"
        if text in words or any(text in name for name in names):
            found.append(Share(Point.PLAN, meeting.held_on, names, words))
    return sorted(found, key=lambda one: one.on, reverse=True)
