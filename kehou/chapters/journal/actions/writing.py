"""Writing the journal, in the transaction of the action that calls it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from kehou.chapters.journal.models import Entry
from kehou.lib.actors import Actor


def write(verb: str, *, about: models.Model, by: Actor, at: datetime, school_code: str = "", **facts: Any) -> Entry:
    """Write what happened, in the caller's transaction. `facts` must be plain JSON values."""
    return Entry.objects.create(**_columns(verb, about, by, at, school_code, facts))


def write_many(
    rows: Iterable[tuple[str, models.Model, dict[str, Any]]], *, by: Actor, at: datetime, school_code: str = ""
) -> None:
    """Write one entry per (verb, about, facts) in one statement, for actions that do the same thing many times."""
    Entry.objects.bulk_create(
        (Entry(**_columns(verb, about, by, at, school_code, facts)) for verb, about, facts in rows), batch_size=500
    )


def _columns(
    verb: str, about: models.Model, by: Actor, at: datetime, school_code: str, facts: dict[str, Any]
) -> dict[str, Any]:
    return {
        "verb": verb,
        "about_kind": about._meta.label,
        "about_id": str(about.pk),
        "about_label": str(about)[:120] if type(about).__str__ is not models.Model.__str__ else "",
        "actor_id": by.account_id,
        "actor_name": by.name[:60],
        "actor_post": by.post[:80],
        "school_code": school_code or by.school_code,
        "facts": facts,
        "at": at,
    }
