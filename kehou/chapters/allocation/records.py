"""The public record of a draw as it stands: what was drawn, and below it every change made since."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from kehou.chapters.allocation.models import Draw, SeatChange
from kehou.chapters.allocation.rounds import pseudonym, slot_of
from kehou.rules.allocation import Change, with_changes


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change as everybody reads it: a code instead of a name, groups by their public names."""

    change: SeatChange
    pid: str


def changes_of(draw: Draw) -> QuerySet[SeatChange]:
    """Return what was changed after the draw, in the order of time."""
    return draw.changes.select_related("frees__activity", "takes__activity").order_by("on", "pk")


def change_lines(changes: Iterable[SeatChange], draw: Draw) -> list[ChangeLine]:
    """Return changes with the code under which each child stands in the record."""
    return [ChangeLine(one, pseudonym(draw, one.application_id)) for one in changes]


def public_record(draw: Draw) -> dict[str, Any]:
    """Return the record of a published draw with its log of changes (`sunlot-record-1`); pseudonyms only (2.1-k)."""
    with draw.record.open("rb") as file:
        record: dict[str, Any] = json.loads(file.read())
    # A section keeps the name under which it was drawn, whatever its activity is called by now.
    section = {slot_of(row[0]): row[0] for row in record["sections"]}
    return with_changes(
        record,
        (
            Change(
                on=one.on,
                kind=one.kind,  # type: ignore[arg-type]
                pid=pseudonym(draw, one.application_id),
                day=one.weekday,
                frees=section.get(one.frees_id),
                takes=section.get(one.takes_id),
                by=one.role,
                reason=one.reason,
            )
            for one in changes_of(draw)
        ),
    )


def record_bytes(draw: Draw) -> bytes:
    """Return the public record as the file that anybody can check; without changes it is the file as it was drawn."""
    return json.dumps(public_record(draw), ensure_ascii=False, separators=(",", ":")).encode()
