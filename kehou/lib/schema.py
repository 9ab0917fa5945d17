"""The tables of an empty database, made at once from the models instead of by replaying every migration.

Replaying renders the models anew for every index of fifteen chapters and takes eleven seconds; the tables themselves
take half of one. `make check` holds models and migrations equal, and a test compares what the two ways leave behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import iter_modules

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.module_loading import module_has_submodule

from kehou.lib.once import WrittenOnce


class _Nowhere(dict[str, None]):
    """Every app's answer to the question where its migrations are."""

    def __contains__(self, app: object) -> bool:
        return True

    def __missing__(self, app: str) -> None:
        return None


def bring_up_to_date() -> None:
    """Give an empty database its tables and record every migration as applied; migrate any other.

    Either way `post_migrate` is sent.
    """
    if connection.introspection.table_names():
        call_command("migrate", verbosity=0)
        return
    with _without_migrations():
        call_command("migrate", run_syncdb=True, verbosity=0)
    put_triggers()
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(connection).disk_migrations:
        recorder.record_applied(app, name)


@contextmanager
def _without_migrations() -> Iterator[None]:
    was, settings.MIGRATION_MODULES = settings.MIGRATION_MODULES, _Nowhere()
    try:
        yield
    finally:
        settings.MIGRATION_MODULES = was


def put_triggers() -> None:
    """Put the triggers of `kehou.lib.once` on the tables that the migrations name; models know nothing of them."""
    with connection.schema_editor() as editor:
        for operation in _once():
            operation.database_forwards("", editor, None, None)


def _once() -> Iterator[WrittenOnce]:
    for app in apps.get_app_configs():
        if app.module is None or not module_has_submodule(app.module, "migrations"):
            continue
        package = import_module(f"{app.name}.migrations")
        for found in iter_modules(package.__path__):
            migration = import_module(f"{package.__name__}.{found.name}").Migration
            yield from (one for one in migration.operations if isinstance(one, WrittenOnce))
