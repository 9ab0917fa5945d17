"""The committee: its members, meetings, minutes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from kehou.chapters.people.models import Account, Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.planning.models import CommitteeComment, CommitteeMeeting, Plan
from kehou.chapters.schools.models import School
from kehou.rules.planning import MeetingFacts, Vote

ROLE = "parents_committee"


def members_of(school: School, on: date) -> list[Account]:
    """Return the committee's members on a day, by name."""
    posts = Post.objects.filter(held_on(on), school=school, role=ROLE).select_related("account")
    return sorted({post.account for post in posts}, key=lambda account: (account.name, account.pk))


def meetings_of(plan: Plan) -> QuerySet[CommitteeMeeting]:
    """Return the meetings about a plan, newest first."""
    return plan.meetings.select_related("version").prefetch_related("attendees", "items").order_by("-held_on", "-pk")


def facts_of(meeting: CommitteeMeeting) -> MeetingFacts:
    """Return a meeting as the rules read it."""
    attendees = list(meeting.attendees.all())
    return MeetingFacts(
        members=meeting.members,
        present=len(attendees),
        signed=sum(one.signed_at is not None for one in attendees),
        has_scan=bool(meeting.scan),
        items=tuple(
            Vote(one.title, one.opinion, one.in_favour, one.against, one.abstained, one.answer)
            for one in meeting.items.order_by("pk")
        ),
    )


def minutes_content(meeting: CommitteeMeeting) -> dict[str, Any]:
    """Return what the minutes say and what their hash is made of (document 21)."""
    facts = facts_of(meeting)
    return {
        "school": meeting.plan.school.code,
        "term": meeting.plan.term.code,
        "held_on": meeting.held_on.isoformat(),
        "place": meeting.place,
        "chair": meeting.chair,
        "members": meeting.members,
        "present": [one.name for one in meeting.attendees.order_by("pk")],
        "version": meeting.version.digest,
        "items": [
            [one.title, one.opinion, one.in_favour, one.against, one.abstained, one.answer] for one in facts.items
        ],
    }


def comments_of(plan: Plan) -> QuerySet[CommitteeComment]:
    """Return what members have said beside the plan, newest first."""
    return plan.comments.order_by("-said_at", "-pk")
