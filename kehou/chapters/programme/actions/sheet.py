"""The table taken from a spreadsheet: whole or not at all, every problem with its row; a second time it updates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from kehou.chapters.journal import actions as journal
from kehou.chapters.programme.actions.activities import columns_of, new_slots, write_slots
from kehou.chapters.programme.actions.table import insist_on_open, locked
from kehou.chapters.programme.models import Activity, ActivityTable, Slot
from kehou.chapters.programme.queries import checking
from kehou.chapters.programme.queries.checking import Checking
from kehou.chapters.programme.queries.facts import ActivityFacts
from kehou.chapters.schools.actions import SheetRefused
from kehou.chapters.schools.models import Homeroom, Room
from kehou.chapters.schools.queries import rooms_of
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.staffing.queries import choice_of
from kehou.lib.actors import Actor
from kehou.rules.table_sheet import SheetRow
from kehou.rules.verdicts import Refusal, Refused, refuse

OWN = ("本班教室", "各班在本班教室")


@dataclass(frozen=True, slots=True)
class Taken:
    """How many rows were added, changed, and found as they stand."""

    added: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What the names of a sheet may mean at the school."""

    rooms: Mapping[str, Room]
    homerooms: Mapping[str, Homeroom]
    people: Mapping[str, list[StaffMember]]

    def place(self, given: str) -> dict[str, Any]:
        """Return the columns of a place. :raises Refused: for one that is not in the ledger"""
        if given in OWN:
            return {"room": None, "in_homeroom": True, "homeroom": None}
        if homeroom := self.homerooms.get(given.removesuffix("教室")):
            return {"room": None, "in_homeroom": True, "homeroom": homeroom}
        if room := self.rooms.get(given):
            return {"room": room, "in_homeroom": False, "homeroom": None}
        raise Refused(refuse("R-CONT-06", "place_unknown", given=given))

    def person(self, given: str) -> StaffMember:
        """Return who is meant. :raises Refused: for a name that nobody who may be scheduled has, or several have"""
        found = self.people.get(given, [])
        if len(found) != 1:
            raise Refused(refuse("R-CONT-06", "person_twice" if found else "person_unknown", given=given))
        return found[0]


@transaction.atomic
def take_table(
    table: ActivityTable, rows: Iterable[SheetRow], *, by: Actor, at: datetime, only_try: bool = False
) -> Taken:
    """Bring the table in line with a sheet, whole or not at all: a name that is known is changed, another is added.

    A row that the sheet does not name is left alone; what a row does not say stays. Each row is held against all
    others as they become, so that two may change places. With `only_try` nothing is kept.

    :raises SheetRefused: with every problem of every row; :raises Refused: R-GATE-02 while the table is published
    """
    table = locked(table)
    insist_on_open(table)
    against = checking(table, on=at.date())
    known = _known(table, at)
    standing = {one.name: one for one in against.activities}
    becoming: list[tuple[int, Activity, ActivityFacts]] = []
    problems: list[tuple[int, Refusal]] = []
    for row in rows:
        activity = standing.get(row.said.get("name", "")) or Activity(
            pk=-row.row, table=table, name=row.said.get("name", "")
        )
        before = against.facts(activity) if activity.pk > 0 else ActivityFacts()
        facts, refused = _facts(row, before, known)
        problems += [(row.row, one) for one in refused]
        becoming.append((row.row, activity, facts))
    after = against.with_rows([(activity, facts) for _, activity, facts in becoming])
    for number, activity, facts in becoming:
        found = after.draft_problems(facts, activity=activity)
        problems += [(number, one.refusal) for one in found if (number, one.refusal) not in problems]
    if problems:
        raise SheetRefused(sorted(problems, key=lambda one: one[0]))
    changed = [(one, facts) for _, one, facts in becoming if one.pk > 0 and facts != against.facts(one)]
    added = [(one, facts) for _, one, facts in becoming if one.pk < 0]
    if not only_try:
        _keep(table, added, changed, after, by, at)
    return Taken(len(added), len(changed), len(becoming) - len(added) - len(changed))


def _known(table: ActivityTable, at: datetime) -> _Known:
    school, term = table.school, table.term
    people: dict[str, list[StaffMember]] = {}
    for one in choice_of(school, term, on=max(at.date(), term.service_from_on), planning=True).offered:
        people.setdefault(one.name, []).append(one)
    return _Known(
        {room.name: room for room in rooms_of(school)},
        {str(one): one for one in school.homerooms.filter(school_year=term.school_year)},
        people,
    )


def _facts(row: SheetRow, before: ActivityFacts, known: _Known) -> tuple[ActivityFacts, list[Refusal]]:
    """Return a row as it becomes, and what of it is not known at the school."""
    said = dict(row.said)
    refused: list[Refusal] = []

    def named(key: str, mean: Any) -> Any:
        try:
            return mean(said.pop(key))
        except Refused as no:
            refused.extend(no.refusals)
            return None

    columns: dict[str, Any] = {}
    if "place" in said:
        columns |= named("place", known.place) or {}
    if "leader" in said:
        columns["leader"] = named("leader", known.person)
    if "helpers" in said:
        helpers = [known_or_none(name, known, refused) for name in said.pop("helpers")]
        columns["helpers"] = tuple(one for one in helpers if one is not None)
    days = said.pop("weekdays", None) or tuple(before.slots)
    hour = said.pop("first_hour", None)
    columns["slots"] = {day: hour or before.slots.get(day, 1) for day in days}
    return replace(before, **said, **columns), refused


def known_or_none(name: str, known: _Known, refused: list[Refusal]) -> StaffMember | None:
    """Return who is meant; nobody, and the reason among `refused`, when that is not known."""
    try:
        return known.person(name)
    except Refused as no:
        refused.extend(no.refusals)
        return None


def _keep(
    table: ActivityTable,
    added: list[tuple[Activity, ActivityFacts]],
    changed: list[tuple[Activity, ActivityFacts]],
    against: Checking,
    by: Actor,
    at: datetime,
) -> None:
    new = Activity.objects.bulk_create([Activity(table=table, **columns_of(facts)) for _, facts in added])
    pairs = list(zip(new, (facts for _, facts in added), strict=True))
    Slot.objects.bulk_create(slot for activity, facts in pairs for slot in new_slots(activity, facts, against))
    for activity, facts in changed:
        for key, value in columns_of(facts).items():
            setattr(activity, key, value)
        activity.save()
        write_slots(activity, facts, against, at)
    for activity, facts in [*pairs, *changed]:
        if facts.helpers or activity not in new:
            activity.helpers.set(facts.helpers)
    entries: list[tuple[str, Activity, dict[str, Any]]] = [("programme.activity_added", one, {}) for one, _ in pairs]
    entries += [("programme.activity_changed", one, {"way": "表格导入"}) for one, _ in changed]
    journal.write_many(entries, by=by, at=at, school_code=table.school.code)
