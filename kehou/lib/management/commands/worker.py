"""`manage.py worker`: do the long work in the background."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kehou.lib import jobs


class Command(BaseCommand):
    """Runs one worker until it is stopped; SIGTERM lets it finish the job at hand."""

    help = "Do the jobs of the queue and the schedule until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --until-empty."""
        parser.add_argument("--until-empty", action="store_true", help="Stop when nothing is left to do.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        worker = jobs.Worker()
        worker.listen()
        worker.work(until_empty=options["until_empty"])
