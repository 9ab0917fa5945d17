"""Questions that every request asks, made once: the ORM writes a SELECT, and it is kept.

Who is this, are they signed in, may they sit here: three rows, for which the ORM otherwise builds a query, a compiler
and a text each time, ten times dearer than the database's answer. The question stays a QuerySet, so that fields,
joins and converters are the ORM's; only the values in it change. ADR 0014 says what this leans on in Django.

    _POSTS = Prepared(lambda account, on: Post.objects.filter(account=account, from_on__lte=on), account=0, on=DAY)
    _POSTS.rows(account=7, on=today)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]

M = TypeVar("M", bound=Model)
_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda turn: 1_900_000_007 + turn,
    str: lambda turn: f"prepared·{turn}",
    date: lambda turn: date(1901, 2, 3 + turn),
    datetime: lambda turn: datetime(1901, 2, 3, 4, 5, 6 + turn, tzinfo=UTC),
}


@dataclass(frozen=True, slots=True)
class _Made:
    """The text of a question for one database and how a row of its answer becomes objects."""

    text: str
    params: tuple[Any, ...]  # constants, and at the places of `slots` anything
    slots: tuple[tuple[int, str], ...]  # (place, name)
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]
    model: type[Model]
    columns: slice
    names: tuple[str, ...]
    related: tuple[Any, ...]


class Prepared(Generic[M]):
    """A question whose SELECT is made once a database; `build(**values)` returns the QuerySet it stands for."""

    def __init__(self, build: Callable[..., QuerySet[M]], **kinds: type) -> None:
        """Take the QuerySet as a function of its values, and the type of each: int, str, date or datetime."""
        self._build, self._kinds = build, kinds
        self._made: dict[str, _Made] = {}

    def rows(self, **values: Any) -> list[M]:
        """Return the objects, as `list(build(**values))` would."""
        connection = connections[DEFAULT_DB_ALIAS]
        made = self._made.get(connection.vendor)
        if made is None:
            made = self._made[connection.vendor] = self._make(connection)
        params = list(made.params)
        for place, name in made.slots:
            params[place] = _adapted(values[name], connection)
        with connection.cursor() as cursor:
            cursor.execute(made.text, params)
            found = cursor.fetchall()
        return list(_objects(made, found, connection))

    def first(self, **values: Any) -> M | None:
        """Return the first object, or None."""
        return next(iter(self.rows(**values)), None)

    def _make(self, connection: BaseDatabaseWrapper) -> _Made:
        """Write the question with a mark for each value, and note where the marks have come to stand."""
        turns = count(1)
        marks = {name: _MARKS[kind](next(turns)) for name, kind in self._kinds.items()}
        compiler = self._build(**marks).query.get_compiler(using=DEFAULT_DB_ALIAS)
        text, params = compiler.as_sql()
        stands_for = {_adapted(mark, connection): name for name, mark in marks.items()}
        slots = tuple((place, stands_for[one]) for place, one in enumerate(params) if one in stands_for)
        if missing := set(marks) - {name for _, name in slots}:
            raise ImproperlyConfigured(f"the question does not ask for {sorted(missing)}")
        converters = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])
        fields = compiler.klass_info["select_fields"]
        columns = slice(fields[0], fields[-1] + 1)
        return _Made(
            text,
            tuple(params),
            slots,
            tuple((place, tuple(functions), column) for place, (functions, column) in converters.items()),
            compiler.klass_info["model"],
            columns,
            tuple(one[0].target.attname for one in compiler.select[columns]),
            tuple(get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS)),
        )


def _adapted(value: Any, connection: BaseDatabaseWrapper) -> Any:
    """Return a value as the compiler hands it to this database."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _objects(made: _Made, found: Sequence[Sequence[Any]], connection: BaseDatabaseWrapper) -> Iterator[Any]:
    for given in found:
        row = list(given)
        for place, functions, column in made.converters:
            value = row[place]
            for function in functions:
                value = function(value, column, connection)
            row[place] = value
        made_of = made.model.from_db(DEFAULT_DB_ALIAS, made.names, row[made.columns])
        for populator in made.related:
            populator.populate(row, made_of)
        yield made_of
