"""Rows of the table: added, changed, withdrawn. A row with a problem is not kept; what is still open may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.programme.actions.table import insist_on_open, locked
from kehou.chapters.programme.models import Activity, ActivityTable, Slot
from kehou.chapters.programme.queries import ActivityFacts, Checking, checking, facts_of
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_objects
from kehou.rules.verdicts import Refusal, Refused, refuse


@transaction.atomic
def add_activity(table: ActivityTable, facts: ActivityFacts, *, by: Actor, at: datetime) -> Activity:
    """Add a row with its slots; their clock times follow from the dismissals (2.2-b).

    Leader, place, domains, aim and kit may stay open until the table is published.

    :raises Refused: with every problem of the row at once (R-TIME-…, R-VEN-…, R-GRP-01, R-STAF-03, R-SAFE-04, R-CONT-…)
    """
    table = locked(table)
    insist_on_open(table)
    against = checking(table, on=at.date())
    _insist(against, facts, None)
    activity = Activity.objects.create(table=table, **columns_of(facts))
    activity.helpers.set(facts.helpers)
    write_slots(activity, facts, against, at)
    journal.write("programme.activity_added", about=activity, by=by, at=at, school_code=table.school.code)
    return activity


@transaction.atomic
def add_activities(table: ActivityTable, rows: Iterable[ActivityFacts], *, by: Actor, at: datetime) -> list[Activity]:
    """Add many rows, all or none, in a few statements: a whole draft, last term's table, a demonstration.

    :raises Refused: with every problem of every row at once, each row held against those before it too
    """
    table = locked(table)
    insist_on_open(table)
    against = checking(table, on=at.date())
    kept: list[tuple[Activity, ActivityFacts]] = []
    problems: list[Refusal] = []
    for facts in rows:
        problems += [problem.refusal for problem in against.draft_problems(facts)]
        if not problems:
            activity = Activity(table=table, **columns_of(facts))
            against.take(activity, facts)
            kept.append((activity, facts))
    if problems:
        raise Refused(*problems)
    activities = insert_objects([activity for activity, _ in kept])
    slots = [slot for activity, facts in kept for slot in new_slots(activity, facts, against)]
    insert_objects(slots)
    helping = Activity.helpers.through
    insert_objects(
        helping(activity_id=activity.pk, staffmember_id=one.pk) for activity, facts in kept for one in facts.helpers
    )
    journal.write_many(
        [("programme.activity_added", activity, {}) for activity in activities],
        by=by,
        at=at,
        school_code=table.school.code,
    )
    return activities


def new_slots(activity: Activity, facts: ActivityFacts, against: Checking) -> Iterator[Slot]:
    """Yield the slots of a row that is new, with their clock times; they are not kept yet."""
    for weekday, first_hour in facts.slots.items():
        span = against.span(facts, weekday)
        yield Slot(activity=activity, weekday=weekday, first_hour=first_hour, starts_at=span.start, ends_at=span.end)


@transaction.atomic
def change_activity(activity: Activity, facts: ActivityFacts, *, by: Actor, at: datetime) -> Activity:
    """Change a row. Weekdays that stay keep their slots, and with them the wishes; others are withdrawn or added.

    :raises Refused: as `add_activity`; R-CONT-06 when it is withdrawn
    """
    table = locked(activity.table)
    insist_on_open(table)
    against = checking(table, on=at.date())
    standing = next((one for one in against.activities if one.pk == activity.pk), None)
    if standing is None:
        raise Refused(refuse("R-CONT-06", "activity_withdrawn", name=activity.name))
    _insist(against, facts, standing)
    changed = _differences(facts_of(standing), facts)
    if not changed:
        return standing
    for key, value in columns_of(facts).items():
        setattr(standing, key, value)
    standing.save()
    standing.helpers.set(facts.helpers)
    write_slots(standing, facts, against, at)
    code = table.school.code
    journal.write("programme.activity_changed", about=standing, by=by, at=at, school_code=code, changed=changed)
    return standing


@transaction.atomic
def withdraw_activity(activity: Activity, *, by: Actor, at: datetime) -> None:
    """Take a row out of the table; the row itself stays for the past.

    :raises Refused: R-GATE-02 while the table is published, R-CONT-06 when it is withdrawn already
    """
    table = locked(activity.table)
    insist_on_open(table)
    if not Activity.objects.filter(pk=activity.pk, withdrawn_at=None).update(withdrawn_at=at):
        raise Refused(refuse("R-CONT-06", "activity_withdrawn", name=activity.name))
    Slot.objects.filter(activity=activity, withdrawn_at=None).update(withdrawn_at=at)
    journal.write("programme.activity_withdrawn", about=activity, by=by, at=at, school_code=table.school.code)


def _insist(against: Checking, facts: ActivityFacts, activity: Activity | None) -> None:
    if problems := against.draft_problems(facts, activity=activity):
        raise Refused(*(problem.refusal for problem in problems))


def columns_of(facts: ActivityFacts) -> dict[str, Any]:
    """Return the columns of a row as they are kept."""
    return {
        "name": facts.name.strip(),
        "category": facts.category,
        "category_reason": facts.category_reason.strip(),
        "kind": facts.kind,
        "domains": list(facts.domains),
        "aim": facts.aim.strip(),
        "grades": sorted(set(facts.grades)),
        "room": facts.room,
        "in_homeroom": facts.in_homeroom and facts.room is None,
        "homeroom": facts.homeroom if facts.in_homeroom and facts.room is None else None,
        "leader": facts.leader,
        "class_hours": facts.class_hours,
        "capacity": facts.capacity,
        "minimum": facts.minimum,
        "risk_class": facts.risk_class,
        "kit": facts.kit.strip(),
        "week_of_month": facts.week_of_month,
        "is_base_care": facts.is_base_care,
        "one_team": facts.one_team and len(facts.slots) > 1 and not facts.is_base_care,
    }


def write_slots(activity: Activity, facts: ActivityFacts, against: Checking, at: datetime) -> None:
    """Keep the slots of weekdays that stay, withdraw the others, add the new."""
    kept = {slot.weekday: slot for slot in activity.slots.filter(withdrawn_at=None)}
    gone = [slot.pk for weekday, slot in kept.items() if weekday not in facts.slots]
    Slot.objects.filter(pk__in=gone).update(withdrawn_at=at)
    for weekday, first_hour in facts.slots.items():
        slot = kept.get(weekday) or Slot(activity=activity, weekday=weekday)
        slot.first_hour = first_hour
        span = against.span(facts, weekday)
        slot.starts_at, slot.ends_at = span.start, span.end
        slot.save()


def _differences(was: ActivityFacts, becomes: ActivityFacts) -> dict[str, list[str]]:
    """Return what a change changes as {column: [before, after]} in words, for the journal."""
    found = {}
    for name in ActivityFacts.__slots__:
        before, after = _plain(getattr(was, name)), _plain(getattr(becomes, name))
        if before != after:
            found[name] = [before, after]
    return found


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "、".join(f"{key}:{value[key]}" for key in sorted(value))
    if isinstance(value, (list, tuple)):
        return "、".join(sorted(str(one) for one in value))
    return "" if value is None else str(value).strip()
