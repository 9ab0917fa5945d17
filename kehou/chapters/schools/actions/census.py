"""The census of a term (调查摸底): the standing ledger carried over, looked at row by row, closed with a hash."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.schools.actions.marking import item_of
from kehou.chapters.schools.models import Census, CensusClosing, CensusItem, CensusNone, School
from kehou.chapters.schools.queries.census import document_of, tally_of
from kehou.lib.actors import Actor
from kehou.rules.choice import digest
from kehou.rules.resources import ItemState, Part, refusal_to_state_none, refusals_to_close
from kehou.rules.states import CENSUS, CensusState, refusal_of_lost_race, refusal_to_move
from kehou.rules.verdicts import Refused, insist, refuse


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a part that belongs to a later chapter (师资): its key, its name, and what the ledger prints of it."""

    key: str
    name: str
    cells: tuple[Any, ...] = ()


@transaction.atomic
def open_census(school: School, term: Term, *, people: Iterable[Row], by: Actor, at: datetime) -> Census:
    """Begin a term's census: every row that stands is carried over and waits to be looked at.

    Ask `staffing.actions.open_census`, which hands over the people. :raises Refused: R-RES-01 when it has begun
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # two offices begin one census
    if Census.objects.filter(school=school, term=term).exists():
        raise Refused(refuse("R-RES-01", "census_begun"))
    census = Census.objects.create(school=school, term=term, opened_by=str(by), opened_at=at)
    items = [item_of(census, room) for room in school.rooms.filter(retired_on=None)]
    items += [item_of(census, row) for row in school.equipment.filter(retired_on=None).select_related("room")]
    items += [_item(census, row) for row in people]
    CensusItem.objects.bulk_create(items, batch_size=500)
    journal.write("schools.census_opened", about=census, by=by, at=at, school_code=school.code, count=len(items))
    return census


def _item(census: Census, row: Row) -> CensusItem:
    return CensusItem(census=census, part=Part.STAFF.value, key=row.key, name=row.name)


@transaction.atomic
def confirm_items(census: Census, keys: Collection[int], *, by: Actor, at: datetime) -> int:
    """Confirm rows as they stand; return how many. Those that somebody has looked at meanwhile are left as they are.

    :raises Refused: R-FLOW-01 when the census is closed, R-RES-04 when none of them waits
    """
    census = _open(census)
    waiting = census.items.filter(pk__in=keys, state=ItemState.PENDING.value)
    count = waiting.update(state=ItemState.CONFIRMED.value, verified_by=str(by), verified_at=at)
    if not count:
        raise Refused(refuse("R-RES-04", "nothing_pending"))
    code = census.school.code
    journal.write("schools.census_confirmed", about=census, by=by, at=at, school_code=code, count=count)
    return count


@transaction.atomic
def state_none(census: Census, part: str, *, by: Actor, at: datetime) -> None:
    """State that the school has nothing of a part. :raises Refused: R-RES-02 when it has, R-FLOW-01"""
    census = _open(census)
    rows = census.items.filter(part=part).exclude(state=ItemState.STRUCK.value).count()
    insist(refusal_to_state_none(part, rows=rows))
    _, made = CensusNone.objects.get_or_create(
        census=census, part=part, defaults={"stated_by": str(by), "stated_at": at}
    )
    if made:
        code = census.school.code
        journal.write("schools.census_none", about=census, by=by, at=at, school_code=code, kind=Part(part).label)


@transaction.atomic
def close_census(census: Census, *, people: Iterable[Row], by: Actor, at: datetime) -> CensusClosing:
    """Close a census: what the ledger says now is kept in words with its hash (R-RES-01, R-RES-02, R-RES-04).

    Ask `staffing.actions.close_census`, which hands over the people as they stand. Somebody who came or went since the
    opening is taken along.

    :raises Refused: R-FLOW-01 when it is closed, R-RES-04 and R-RES-02 with everything that is missing
    """
    people = list(people)
    census = _open(census)
    _follow_people(census, people, by, at)
    tally = tally_of(census)
    insist(
        *refusals_to_close(
            pending={part: one.pending for part, one in tally.items()},
            filled={part for part, one in tally.items() if one.standing},
            stated_none={part for part, one in tally.items() if one.none},
        )
    )
    document = document_of(census, [row.cells for row in people])
    version = census.closings.count() + 1
    closing = CensusClosing.objects.create(
        census=census,
        version=version,
        document=document,
        digest=digest({"school": census.school.code, "term": census.term.code, "version": version, **document}),
        closed_by=str(by),
        closed_at=at,
    )
    _move(census, CensusState.CLOSED)
    code = census.school.code
    journal.write(
        "schools.census_closed", about=closing, by=by, at=at, school_code=code, version=version, digest=closing.digest
    )
    return closing


@transaction.atomic
def reopen_census(census: Census, *, reason: str, by: Actor, at: datetime) -> None:
    """Open a closed census again; the version that was closed stays. :raises Refused: R-RES-01 without a reason"""
    insist(None if reason.strip() else refuse("R-RES-01", "reason_missing"))
    _move(census, CensusState.OPEN)
    code = census.school.code
    journal.write("schools.census_reopened", about=census, by=by, at=at, school_code=code, reason=reason.strip())


def _follow_people(census: Census, people: Iterable[Row], by: Actor, at: datetime) -> None:
    """Take along who came (as added) and who went (as struck) since the opening."""
    now: Mapping[str, Row] = {row.key: row for row in people}
    known = {item.key: item for item in census.items.filter(part=Part.STAFF.value)}
    new = [_item(census, row) for key, row in now.items() if key not in known]
    for item in new:
        item.state, item.verified_by, item.verified_at = ItemState.ADDED.value, str(by), at
    CensusItem.objects.bulk_create(new)
    gone = [item.pk for key, item in known.items() if key not in now and item.state != ItemState.STRUCK.value]
    CensusItem.objects.filter(pk__in=gone).update(state=ItemState.STRUCK.value, verified_by=str(by), verified_at=at)


def _open(census: Census) -> Census:
    """Return the census, held until the transaction ends. :raises Refused: R-FLOW-01 when it is closed"""
    census = (
        Census.objects.select_for_update(of=("self",), no_key=True).select_related("school", "term").get(pk=census.pk)
    )
    if census.state != CensusState.OPEN.value:
        raise Refused(refuse("R-RES-01", "census_closed"))
    return census


def _move(census: Census, to: CensusState) -> None:
    insist(refusal_to_move(CENSUS, Census.objects.get(pk=census.pk).state, to.value))
    moved = Census.objects.filter(pk=census.pk, state__in=CENSUS.sources(to.value)).update(state=to.value)
    if not moved:
        raise Refused(refusal_of_lost_race(CENSUS))
