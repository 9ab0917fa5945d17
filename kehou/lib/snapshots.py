"""Keeping and putting back the whole state of a demonstration on SQLite: one file a moment.

A moment is not only an hour: at 报名夜 nobody has been drawn yet. So the demonstration keeps the district as it was at
each moment it was built through, and as the visitor left it. On PostgreSQL there are no snapshots and only the clock
moves.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from kehou.lib.models import ClockShift


def path_of(key: str) -> Path:
    """Return the file of a moment."""
    return Path(settings.VAR) / "moments" / f"{key}.sqlite3"


def can_keep() -> bool:
    """Return whether this database can be kept in a file."""
    return bool(settings.DEMONSTRATION and connection.vendor == "sqlite")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    file = sqlite3.connect(path)
    try:
        yield file
    finally:
        file.close()


def keep(key: str) -> None:
    """Write the district as it is now into the file of a moment."""
    if not can_keep():
        return
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.ensure_connection()
    with _opened(path) as file:
        connection.connection.backup(file)


def put_back(key: str) -> bool:
    """Make the district what it was when the moment was kept; return False where it never was.

    The visitor stays signed in: open sessions are carried over.
    """
    if not can_keep() or not path_of(key).exists():
        return False
    sessions = list(Session.objects.all())
    connection.ensure_connection()
    with _opened(path_of(key)) as file:
        file.backup(connection.connection)
    Session.objects.bulk_create(sessions, ignore_conflicts=True)
    return True


def current() -> str:
    """Return the key of the moment that the clock was last moved to, or nothing."""
    return ClockShift.objects.values_list("moment", flat=True).first() or ""
