"""Statements made once from a model, for the places where thousands of rows are written at once.

The ORM builds an object, a query and a compiler for every row; here a row is a tuple in the order of the columns named,
and the text of the statement is made once. Columns that are not named take the model's default, so that a field added
later cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection as default_connection
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

M = TypeVar("M", bound=models.Model)


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


_PLAIN = (models.IntegerField, models.BooleanField, models.CharField, models.TextField)
# Values of these types need no reading first: they are days and instants already.
_ADAPTED: dict[type, Callable[[Any, BaseDatabaseWrapper], Any]] = {
    models.DateField: lambda value, connection: connection.ops.adapt_datefield_value(value),
    models.TimeField: lambda value, connection: connection.ops.adapt_timefield_value(value),
    models.DateTimeField: lambda value, connection: connection.ops.adapt_datetimefield_value(value),
}
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
    columns = {field.attname: field for field in _own_fields(model)}
    if unknown := set(names) - columns.keys():
        raise LookupError(f"{model.__name__} has no column {sorted(unknown)}")
    left = [field for name, field in columns.items() if name not in names]
    for field in left:
        if field.primary_key:
            raise LookupError(f"{model.__name__}.{field.name} is the key and is not the database's")
        if not field.has_default() and not field.null and field.get_default() is None:
            raise LookupError(f"{model.__name__}.{field.name} has no default")
    fields = [columns[name] for name in names] + left
    quote = connection.ops.quote_name
    return Insert(
        head=f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(f.column) for f in fields)}) VALUES ",
        row=f"({', '.join(['%s'] * len(fields))})",
        prepare=tuple(map(_prepare, fields)),
        defaults=tuple(field.get_default() for field in left),
    )


def _prepare(field: Any) -> Callable[[Any, BaseDatabaseWrapper], Any] | None:
    """Return what turns a value of this field into what the driver takes, None where it takes it as it is."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, _PLAIN):
        return None
    return _ADAPTED.get(type(target), field.get_db_prep_save)


def _says_now(field: Any) -> bool:
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _own_fields(model: type[models.Model]) -> list[Any]:
    """Return the fields whose columns we fill: all but a key that the database counts."""
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]


def insert_objects(rows: Iterable[M], *, batch: int = 500) -> list[M]:
    """Insert unsaved objects of one model as `bulk_create` does, and give them their keys; for three times less work.

    Values are plain, no expressions. Related objects must have been saved before they were
    given.
    """
    objects = list(rows)
    if not objects:
        return objects
    model, connection = type(objects[0]), default_connection
    fields = _own_fields(model)
    statement = insert_into(model, *(field.attname for field in fields), connection=connection)
    for field in fields:
        if isinstance(field, models.FileField) or _says_now(field):
            for one in objects:
                field.pre_save(one, True)  # the file is written now
    values, key = _reader(fields), model._meta.pk
    counted = isinstance(key, models.AutoField)
    tail = f" RETURNING {connection.ops.quote_name(key.column)}" if counted else ""
    with transaction.atomic(savepoint=False):
        for start in range(0, len(objects), batch):
            part = objects[start : start + batch]
            with statement.run(connection, [values(one) for one in part], tail=tail) as cursor:
                keys = [row[0] for row in cursor.fetchall()] if counted else [one.pk for one in part]
            for one, pk in zip(part, keys, strict=True):
                one.pk, one._state.adding, one._state.db = pk, False, connection.alias
    return objects


def update_objects(rows: Iterable[models.Model], *names: str) -> None:
    """Write the fields `names` of saved objects of one model back, as `bulk_update` does: one statement, said once.

    `bulk_update` writes a condition for every row and field, which costs more to say than to do.
    """
    objects = list(rows)
    if not objects:
        return
    meta, connection = objects[0]._meta, default_connection
    fields, quote = [*(meta.get_field(name) for name in names), meta.pk], connection.ops.quote_name
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields[:-1])
    text = f"UPDATE {quote(meta.db_table)} SET {sets} WHERE {quote(meta.pk.column)} = %s"
    prepare = [_prepare(field) for field in fields]
    values = _reader(fields)

    def filled(one: models.Model) -> list[Any]:
        pairs = zip(values(one), prepare, strict=True)
        return [value if how is None else how(value, connection) for value, how in pairs]

    with connection.cursor() as cursor:
        cursor.executemany(text, [filled(one) for one in objects])


def _reader(fields: Sequence[Any]) -> Callable[[models.Model], tuple[Any, ...]]:
    """Return what reads the values of these fields off an object."""
    names = [field.attname for field in fields]
    if len(names) == 1:
        return lambda one: (getattr(one, names[0]),)
    return attrgetter(*names)
