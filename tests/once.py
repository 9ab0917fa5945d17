"""A stage that is built once and put back for every later test: its rows as they were stored, its objects as copies.

Building the cast costs a hundred and seventy statements, and most tests begin with it. SQLite only: PostgreSQL counts
keys in sequences that would not know of rows put back.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction

from kehou.chapters.journal.models import Entry

T = TypeVar("T")
_kept: dict[Callable[[], Any], tuple[list[str], bytes, frozenset[str]]] = {}
# Who wants to know which verbs stand in the journal of a stage that was put back.
told: list[Callable[[frozenset[str]], None]] = []


def once(build: Callable[[], T]) -> T:
    """Return what `build` returns, with its rows in the database; where there are others already it is built anew."""
    if connection.vendor != "sqlite" or _filled():
        return build()
    if build not in _kept:
        built = build()
        verbs = frozenset(Entry.objects.values_list("verb", flat=True).distinct())
        _kept[build] = [_statement(table) for table in _filled()], pickle.dumps(built), verbs
        return built
    statements, objects, verbs = _kept[build]
    for tell in told:
        tell(verbs)
    with transaction.atomic(), connection.cursor() as cursor:
        for one in statements:
            cursor.execute(one)
    return pickle.loads(objects)


def _tables() -> list[str]:
    return [
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name.startswith("kehou.")
        for model in config.get_models(include_auto_created=True)
    ]


def _filled() -> list[str]:
    """Return the tables of the house that hold a row: one statement."""
    tables = _tables()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'EXISTS (SELECT 1 FROM {table})' for table in tables)}")
        return [table for table, holds in zip(tables, cursor.fetchone(), strict=True) if holds]


def _statement(table: str) -> str:
    """Return the INSERT that writes the rows of a table as they are stored, to the last byte."""
    with connection.cursor() as cursor:
        columns = [f'"{column.name}"' for column in connection.introspection.get_table_description(cursor, table)]
        cursor.execute(f"SELECT {', '.join(f'quote({column})' for column in columns)} FROM {table} ORDER BY rowid")
        rows = ", ".join(f"({', '.join(row)})" for row in cursor.fetchall())
    return f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES {rows}'
