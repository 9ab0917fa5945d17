"""Tables whose rows are written once: a trigger refuses UPDATE and DELETE, also to those who come by SQL.

Put `WrittenOnce("journal_entry")` at the end of a first migration's operations. Who owns the database can drop a
trigger; that is what the hash chain is for. The trigger stops mistakes, and everybody else.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation

_SQLITE = (
    "CREATE TRIGGER {table}_is_not_changed BEFORE UPDATE ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is written once'); END",
    "CREATE TRIGGER {table}_is_not_deleted BEFORE DELETE ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is written once'); END",
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_to_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; "
    "END $$",
    "CREATE TRIGGER {table}_is_not_changed BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION refuse_to_change()",
    "CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change()",
)
_SQLITE_UNDO = ("DROP TRIGGER {table}_is_not_changed", "DROP TRIGGER {table}_is_not_deleted")
_POSTGRESQL_UNDO = (
    "DROP TRIGGER {table}_is_not_changed ON {table}",
    "DROP TRIGGER {table}_is_not_emptied ON {table}",
)


class WrittenOnce(Operation):
    """Puts the triggers on one table; undone it takes them away."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing in the models."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create the triggers."""
        self._run(schema_editor, _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the triggers."""
        self._run(schema_editor, _SQLITE_UNDO if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL_UNDO)

    def _run(self, schema_editor: Any, statements: tuple[str, ...]) -> None:
        for statement in statements:
            schema_editor.execute(statement.format(table=self.table), params=None)

    def describe(self) -> str:
        """Return what `migrate` prints."""
        return f"Let nobody change {self.table}"

    @property
    def migration_name_fragment(self) -> str:
        """Return what the migration would be called by."""
        return f"{self.table}_once"
