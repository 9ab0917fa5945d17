"""Writing the journal and letters; both live in the transaction of the action that calls them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from kehou.chapters.journal.models import Delivery, Entry, Letter
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
        "about_label": str(about)[:120],
        "actor_id": by.account_id,
        "actor_name": by.name,
        "actor_post": by.post,
        "school_code": school_code or by.school_code,
        "facts": facts,
        "at": at,
    }


def send(
    to_account: int, *, kind: str, title: str, body: str, at: datetime, link: str = "", school_code: str = ""
) -> Letter:
    """Put a letter into the inbox and queue it for every channel that is on."""
    letter = Letter.objects.create(
        to_account=to_account, kind=kind, title=title, body=body, link=link, school_code=school_code, written_at=at
    )
    Delivery.objects.bulk_create(Delivery(letter=letter, channel=channel) for channel in settings.LETTER_CHANNELS)
    return letter


def send_many(
    rows: Iterable[tuple[int, str, str]], *, kind: str, at: datetime, link: str = "", school_code: str = ""
) -> list[Letter]:
    """Put one letter per (account, title, body) into the inboxes in a few statements, as `send` does for one."""
    letters = Letter.objects.bulk_create(
        (
            Letter(
                to_account=account, kind=kind, title=title, body=body, link=link, school_code=school_code, written_at=at
            )
            for account, title, body in rows
        ),
        batch_size=500,
    )
    Delivery.objects.bulk_create(
        (Delivery(letter=letter, channel=channel) for letter in letters for channel in settings.LETTER_CHANNELS),
        batch_size=500,
    )
    return letters
