"""INSERT statements made once from a model, for the few places where thousands of families write in one hour.

The ORM builds an object, a query and a compiler for every row; here a row is a tuple in the order of the columns named,
and the text of the statement is made once. Columns that are not named take the model's default, so that a field added
later cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True)
class Insert:
    """`INSERT` into a model's table for one vendor; `prepare` turns a value into what the driver takes, or is None."""

    head: str
    row: str
    prepare: tuple[Callable[[Any, BaseDatabaseWrapper], Any] | None, ...]
    defaults: tuple[Any, ...]

    def run(self, connection: BaseDatabaseWrapper, rows: Sequence[Sequence[Any]], *, tail: str = "") -> Any:
        """Insert the rows in one statement and return the cursor; `tail` is appended (`RETURNING id`)."""
        values = [
            value if prepare is None else prepare(value, connection)
            for row in rows
            for value, prepare in zip((*row, *self.defaults), self.prepare, strict=True)
        ]
        cursor = connection.cursor()
        cursor.execute(f"{self.head}{', '.join([self.row] * len(rows))}{tail}", values)
        return cursor


_PLAIN = (models.IntegerField, models.BooleanField, models.CharField, models.TextField, models.ForeignKey)
_made: dict[tuple[type[models.Model], tuple[str, ...], str], Insert] = {}


def insert_into(model: type[models.Model], *names: str, connection: BaseDatabaseWrapper) -> Insert:
    """Return the statement that inserts rows of `names` (attribute names: `pupil_id`, `at`); it is made once.

    :raises LookupError: if a field of the model is neither named nor has a default nor may be null
    """
    key = (model, names, connection.vendor)
    found = _made.get(key)
    if found is None:
        found = _made[key] = _make(model, names, connection)
    return found


def _make(model: type[models.Model], names: tuple[str, ...], connection: BaseDatabaseWrapper) -> Insert:
    columns = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    if unknown := set(names) - columns.keys():
        raise LookupError(f"{model.__name__} has no column {sorted(unknown)}")
    left = [field for name, field in columns.items() if name not in names]
    for field in left:
        if not field.has_default() and not field.null and field.get_default() is None:
            raise LookupError(f"{model.__name__}.{field.name} has no default")
    fields = [columns[name] for name in names] + left
    quote = connection.ops.quote_name
    return Insert(
        head=f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(f.column) for f in fields)}) VALUES ",
        row=f"({', '.join(['%s'] * len(fields))})",
        prepare=tuple(None if isinstance(field, _PLAIN) else field.get_db_prep_save for field in fields),
        defaults=tuple(field.get_default() for field in left),
    )
