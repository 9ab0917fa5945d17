"""`manage.py seed_later`: the moments after the demonstration's afternoon, built beside the district that is served."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from kehou.lib import snapshots
from kehou.lib.demonstration import DEFAULT_MOMENT, MOMENTS

_LATER = MOMENTS[-1].key


class Command(BaseCommand):
    """Build the end of the month and of the term on a copy; does nothing where they stand already."""

    help = "Builds the demonstration's later moments on a copy of its database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the switch that the copy's own process is started with."""
        parser.add_argument("--here", action="store_true", help="build in this very database (the copy)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy the afternoon, build there, remove the copy."""
        if options["here"]:
            from seeds import later

            later.build()
            return
        start = snapshots.path_of(DEFAULT_MOMENT.key)
        if snapshots.path_of(_LATER).exists() or not start.exists():
            return
        copy = start.with_name("later.work")
        shutil.copyfile(start, copy)
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{copy}", "KEHOU_VAR": str(settings.VAR)}
        try:
            subprocess.run(
                [sys.executable, str(Path(settings.ROOT) / "manage.py"), "seed_later", "--here"],
                env=environment,
                check=True,
            )
        finally:
            for ending in ("", "-wal", "-shm"):
                Path(f"{copy}{ending}").unlink(missing_ok=True)
