"""`manage.py seed --size M`: builds the demonstration district into an empty database."""

from __future__ import annotations

import gc
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from kehou.chapters.schools.models import School
from kehou.config.checks import insist_on_safe_settings
from kehou.lib import home, schema


def remove_demonstration() -> None:
    """Remove the demonstration's database, its kept moments and its papers; only what lies in its own folder."""
    if connection.vendor != "sqlite":
        raise CommandError("Only a demonstration on SQLite is removed here: drop the other database yourself.")
    connection.close()
    database = str(connection.settings_dict["NAME"])
    for ending in ("", "-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)
    home.marker(Path(settings.VAR)).unlink(missing_ok=True)
    for folder in (Path(settings.VAR) / "moments", Path(settings.MEDIA_ROOT)):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let the collector of cycles rest: it would walk all that was built, over and over, and find next to nothing.

    Not at size L, where what cycles hold would come to gigabytes.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Command(BaseCommand):
    """Build the demonstration district."""

    requires_system_checks: list[str] = []  # those read every page; safety is asked below
    help = "Builds the demonstration district (S 900, M 5,200, L 62,000 pupils) into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size."""
        parser.add_argument("--size", choices=["S", "M", "L"], default="M")
        parser.add_argument("--anew", action="store_true", help="remove the demonstration that is there first (SQLite)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build it, with a progress bar where somebody is watching."""
        if not settings.DEMONSTRATION:
            raise CommandError("Only a demonstration is seeded: set DEMONSTRATION=True.")
        insist_on_safe_settings()
        if options["anew"]:
            remove_demonstration()
        schema.bring_up_to_date()
        if School.objects.exists():
            raise CommandError("This database has schools already. Remove it, or name another with DATABASE_URL.")
        from seeds.build import District

        home.marker(Path(settings.VAR)).touch()
        began = perf_counter()
        with nullcontext() if options["size"] == "L" else _without_collecting():
            District(options["size"], say=self._say).build()
        self.stdout.write(f"\r演示区已建成，用时 {perf_counter() - began:.1f} 秒。{' ' * 60}")

    def _say(self, done: int, steps: int, saying: str) -> None:
        if not sys.stdout.isatty():
            return
        filled = done * 30 // steps
        self.stdout.write(f"\r[{'█' * filled}{' ' * (30 - filled)}] {done * 100 // steps:3d}% {saying:<40}", ending="")
        self.stdout.flush()
