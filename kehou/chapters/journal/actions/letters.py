"""Letters: rows of the transaction that they tell about, and the receipt that one was opened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from kehou.chapters.journal.models import Delivery, Letter, Reading
from kehou.lib.statements import insert_into, insert_objects

INBOX = "inbox"


def send(
    to_account: int, *, kind: str, title: str, body: str, at: datetime, link: str = "", school_code: str = ""
) -> Letter:
    """Put a letter into the inbox and queue it for every other channel that is on."""
    return send_many([to_account], kind=kind, title=title, body=body, at=at, link=link, school_code=school_code)[0]


def send_many(
    to_accounts: Iterable[int],
    *,
    kind: str,
    title: str,
    body: str,
    at: datetime,
    link: str = "",
    school_code: str = "",
) -> list[Letter]:
    """Send the same letter to many, in two statements; whoever is named twice gets it once."""
    letters = (
        Letter(
            to_account=account, kind=kind, title=title, body=body, link=link, school_code=school_code, written_at=at
        )
        for account in dict.fromkeys(to_accounts)
    )  # fmt: skip
    return send_each(letters, at=at)


@transaction.atomic
def send_each(letters: Iterable[Letter], *, at: datetime) -> list[Letter]:
    """Send letters that differ from one another, unsaved as they are given, in two statements."""
    written = list(letters)
    for letter in written:
        letter.title, letter.written_at = letter.title[:120], at
    written = insert_objects(written)
    insert_objects(_first_try(letter, channel, at) for letter in written for channel in settings.LETTER_CHANNELS)
    return written


@transaction.atomic
def send_rows(
    rows: Iterable[tuple[int, str, str, str]], *, kind: str, at: datetime, school_code: str = "", batch: int = 1000
) -> int:
    """Send letters of (account, title, body, link), two statements a thousand, and return how many.

    For the bills of a whole district, where making the objects would cost more than writing the rows.
    """
    letter = insert_into(
        Letter, "to_account", "school_code", "kind", "title", "body", "link", "written_at", connection=connection
    )
    tries = [_first_try(Letter(pk=0), channel, at) for channel in settings.LETTER_CHANNELS]
    names = ("letter_id", "channel", "state", "attempts", "delivered_at", "next_try_at")
    delivery = insert_into(Delivery, *names, connection=connection)
    filled = [(to, school_code, kind, title[:120], body, link, at) for to, title, body, link in rows]
    for start in range(0, len(filled), batch):
        with letter.run(connection, filled[start : start + batch], tail=" RETURNING id") as cursor:
            ids = [row[0] for row in cursor.fetchall()]
        if tries:
            copies = [(one, *(getattr(first, name) for name in names[1:])) for one in ids for first in tries]
            delivery.run(connection, copies).close()
    return len(filled)


def _first_try(letter: Letter, channel: str, at: datetime) -> Delivery:
    """Return the row of one channel; what lies in the inbox has arrived."""
    if channel == INBOX:
        return Delivery(letter=letter, channel=channel, state=Delivery.DELIVERED, attempts=1, delivered_at=at)
    return Delivery(letter=letter, channel=channel, next_try_at=at)


def read_letter(letter: Letter, *, at: datetime) -> Reading:
    """Keep the receipt of a letter's first opening; opened again nothing changes."""
    reading, _ = Reading.objects.get_or_create(letter=letter, defaults={"read_at": at})
    return reading


def read_all(to_account: int, *, at: datetime) -> int:
    """Keep a receipt for every letter of an inbox that has none; return how many."""
    unread = Letter.objects.filter(to_account=to_account, reading__isnull=True).values_list("pk", flat=True)
    made = Reading.objects.bulk_create(
        (Reading(letter_id=pk, read_at=at) for pk in list(unread)), batch_size=500, ignore_conflicts=True
    )
    return len(made)
