"""Writing the journal, in the transaction of the action that calls it.

Every action writes here, so the rows go past the ORM (kehou.lib.statements).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models

from kehou.chapters.journal.models import Entry
from kehou.lib.actors import Actor
from kehou.lib.statements import insert_into

_COLUMNS = (
    "verb", "about_kind", "about_id", "about_label", "actor_id", "actor_name", "actor_post", "school_code", "facts",
    "at",
)  # fmt: skip
_BATCH = 500


def write(verb: str, *, about: models.Model, by: Actor, at: datetime, school_code: str = "", **facts: Any) -> None:
    """Write what happened, in the caller's transaction. `facts` must be plain JSON values."""
    _insert([_row(verb, about, by, at, school_code, facts)])


def write_many(
    rows: Iterable[tuple[str, models.Model, dict[str, Any]]], *, by: Actor, at: datetime, school_code: str = ""
) -> None:
    """Write one entry per (verb, about, facts) in one statement, for actions that do the same thing many times."""
    filled = [_row(verb, about, by, at, school_code, facts) for verb, about, facts in rows]
    for start in range(0, len(filled), _BATCH):
        _insert(filled[start : start + _BATCH])


def _insert(rows: list[tuple[Any, ...]]) -> None:
    insert_into(Entry, *_COLUMNS, connection=connection).run(connection, rows).close()


def _row(
    verb: str, about: models.Model, by: Actor, at: datetime, school_code: str, facts: dict[str, Any]
) -> tuple[Any, ...]:
    """Return the values of `_COLUMNS`."""
    label = str(about)[:120] if type(about).__str__ is not models.Model.__str__ else ""
    return (
        verb, about._meta.label, str(about.pk), label, by.account_id, by.name[:60], by.post[:80],
        school_code or by.school_code, facts, at,
    )  # fmt: skip
