"""Locks by name, for what has no row of its own to be locked."""

from __future__ import annotations

from django.db import connection


def hold(*names: str, shared: bool = False) -> None:
    """Hold names until the transaction ends; whoever wants one of them waits. Taken in one order, never crosswise.

    `shared`: with others who hold it shared, against everybody who wants it alone.
    SQLite needs nothing: its transactions are IMMEDIATE, one writer at a time.
    """
    assert connection.in_atomic_block, "a lock lives as long as its transaction"
    if connection.vendor != "postgresql":
        return
    lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [name])
