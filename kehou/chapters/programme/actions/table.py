"""The table as a whole: begun, published as a version that stays, opened again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.journal import actions as journal
from kehou.chapters.planning.queries import refusal_before_final
from kehou.chapters.programme.models import ActivityTable, Slot, TablePublication
from kehou.chapters.programme.queries import checking, document_of, is_changed_since, rows_of, standing, times_of
from kehou.chapters.programme.queries.table import service_span
from kehou.chapters.schools.models import School
from kehou.chapters.schools.queries import seasons_within
from kehou.lib.actors import Actor
from kehou.rules.choice import digest
from kehou.rules.states import ACTIVITY_TABLE, TableState, refusal_to_move
from kehou.rules.verdicts import Refusal, Refused, insist, refuse

PUBLISHED, REOPENED = TableState.PUBLISHED.value, TableState.REOPENED.value


def locked(table: ActivityTable) -> ActivityTable:
    """Return the table, held against everybody else until the transaction ends.

    Rooms and leaders belong to the school, and a school has one table a term: whoever books one holds the table.
    """
    return (
        ActivityTable.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "term")
        .get(pk=table.pk)
    )


def insist_on_open(table: ActivityTable) -> None:
    """Allow changes to a table that is not published. :raises Refused: R-GATE-02 while families read it"""
    if table.state == PUBLISHED:
        latest = table.publications.order_by("-version").first()
        raise Refused(_published(latest))


def _move(table: ActivityTable, to: str) -> None:
    """Let a locked table go on along its path. :raises Refused: R-FLOW-01"""
    insist(refusal_to_move(ACTIVITY_TABLE, table.state, to))
    table.state = to


def _published(publication: TablePublication | None) -> Refusal:
    assert publication is not None
    on = publication.published_at
    return refuse("R-GATE-02", "published_already", day=f"{on.month}月{on.day}日", version=publication.version)


@transaction.atomic
def start_table(school: School, term: Term, *, by: Actor, at: datetime) -> ActivityTable:
    """Return the table of a school in a term, begun if nobody has."""
    table, made = ActivityTable.objects.get_or_create(school=school, term=term, defaults={"made_at": at})
    if made:
        journal.write("programme.table_started", about=table, by=by, at=at, school_code=school.code)
    return table


@transaction.atomic
def publish(table: ActivityTable, *, by: Actor, at: datetime) -> TablePublication:
    """Publish the table as its next version, with hash and date (2.3-h).

    :raises Refused: R-GATE-05 before the plan it belongs to is signed (4-b), R-GATE-02 when it is published or
        unchanged; every problem of every row at once otherwise
    """
    table = locked(table)
    insist_on_open(table)
    insist(refusal_before_final(table.school, table.term, step="公布项目表"))
    if problems := checking(table, on=at.date()).publication_problems():
        raise Refused(*(problem.refusal for _, problem in problems))
    rows = rows_of(table)
    latest = table.publications.order_by("-version").first()
    if latest is not None and not is_changed_since(latest, rows):
        raise Refused(refuse("R-GATE-02", "nothing_changed", version=latest.version))
    version = latest.version + 1 if latest else 1
    publication = TablePublication.objects.create(
        table=table,
        version=version,
        rows=rows,
        digest=digest(document_of(table.school, table.term, version, rows)),
        published_at=at,
        published_by=str(by),
    )
    _move(table, PUBLISHED)
    table.save(update_fields=["state"])
    code = table.school.code
    journal.write(
        "programme.table_published",
        about=publication,
        by=by,
        at=at,
        school_code=code,
        version=version,
        digest=publication.digest,
        activities=len(rows),
    )
    return publication


@transaction.atomic
def reopen(table: ActivityTable, *, reason: str, by: Actor, at: datetime) -> None:
    """Open a published table for changes; the published version stays where it is until the next.

    :raises Refused: R-GATE-02 without a reason, or when it is open
    """
    table = locked(table)
    if not reason.strip():
        raise Refused(refuse("R-GATE-02", "reason_missing"))
    if table.state != PUBLISHED:
        raise Refused(refuse("R-GATE-02", "table_open_already"))
    _move(table, REOPENED)
    table.save(update_fields=["state"])
    code = table.school.code
    journal.write("programme.table_reopened", about=table, by=by, at=at, school_code=code, reason=reason.strip())


@transaction.atomic
def retime(table: ActivityTable, *, by: Actor, at: datetime) -> int:
    """Give every slot the clock times of the dismissals as they are now; return how many moved.

    A slot whose grades have no dismissal any more keeps its times and keeps the table from being published.

    :raises Refused: R-GATE-02 while the table is published
    """
    table = locked(table)
    insist_on_open(table)
    seasons = seasons_within(table.school, service_span(table.term))
    parameters = parameters_on(table.term.service_from_on)
    moved: list[Slot] = []
    for activity in standing(table):
        times = times_of(activity, seasons[:1], parameters)
        for slot in activity.slots.all():
            _, span = times[slot.weekday][0] if times[slot.weekday] else (None, None)
            if span and (slot.starts_at, slot.ends_at) != (span.start, span.end):
                slot.starts_at, slot.ends_at = span.start, span.end
                moved.append(slot)
    Slot.objects.bulk_update(moved, ["starts_at", "ends_at"])
    if moved:
        code = table.school.code
        journal.write("programme.table_retimed", about=table, by=by, at=at, school_code=code, slots=len(moved))
    return len(moved)
