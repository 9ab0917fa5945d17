"""Last term's table as it would stand now: who has left and what is gone stays open, what clashes stays behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kehou.chapters.programme.models import Activity, ActivityTable
from kehou.chapters.programme.queries.checking import Checking, checking
from kehou.chapters.programme.queries.facts import ActivityFacts, facts_of
from kehou.chapters.programme.queries.table import standing
from kehou.chapters.schools.models import Homeroom
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True, slots=True)
class Copy:
    """A row of an earlier table as it would stand now: what had to be left open, and why it cannot come at all."""

    source: Activity
    facts: ActivityFacts
    opened: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def earlier_table(table: ActivityTable) -> ActivityTable | None:
    """Return the school's last table before this one that has rows, None without."""
    rows = ActivityTable.objects.filter(school=table.school, term__from_on__lt=table.term.from_on)
    rows = rows.filter(activities__withdrawn_at=None, activities__isnull=False).distinct()
    return rows.select_related("school", "term").order_by("-term__from_on").first()


def copies_of(table: ActivityTable, source: ActivityTable, *, at: datetime) -> list[Copy]:
    """Return every row of an earlier table as it would stand in this one; each is held against those before it."""
    against = checking(table, on=at.date())
    homerooms = {(one.grade, one.number): one for one in against.homerooms}
    found: list[Copy] = []
    for activity in standing(source):
        facts, opened = _adapted(facts_of(activity), against, homerooms)
        refusals = tuple(one.refusal for one in against.draft_problems(facts))
        if not refusals:
            temporary = Activity(pk=-activity.pk, table=table, name=facts.name)
            against = against.with_rows([(temporary, facts)])
        found.append(Copy(activity, facts, opened, refusals))
    return found


def _adapted(
    facts: ActivityFacts, against: Checking, homerooms: Mapping[tuple[int, int], Homeroom]
) -> tuple[ActivityFacts, tuple[str, ...]]:
    """Return a row without those who have left and places that are gone, and what is open therefore."""
    opened: list[str] = []
    changes: dict[str, Any] = {"grades": tuple(grade for grade in facts.grades if grade in against.grades)}
    if facts.leader is not None and not against.may_serve(facts.leader):
        changes["leader"] = None
        opened.append(f"带组人（{facts.leader.name}）")
    helpers = tuple(one for one in facts.helpers if against.may_serve(one))
    if len(helpers) < len(facts.helpers):
        opened.append("助教")
    if facts.room is not None and (facts.room.retired_on is not None or against.fitness.refusal(facts.room)):
        changes["room"] = None
        opened.append(f"地点（{facts.room.name}）")
    if facts.homeroom is not None:
        changes["homeroom"] = homerooms.get((facts.homeroom.grade, facts.homeroom.number))
        if changes["homeroom"] is None:
            opened.append(f"教室（{facts.homeroom}）")
    return replace(facts, helpers=helpers, **changes), tuple(opened)
