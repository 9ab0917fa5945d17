"""What a running task holds in its hands: the report it fills, and the heart that says it is alive."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from kehou.lib import clock
from kehou.lib.actors import Actor
from kehou.lib.models import JobLease, JobReport

log = structlog.get_logger("kehou.jobs")


class LeaseLost(Exception):
    """Raised in a task that was taken for dead: another worker has the job, and nothing more may be written."""


class GivenUp(Exception):
    """Raised by a task that cannot be done and would not be by trying again; its text is the reason a person reads."""


class Progress:
    """The report of one turn of a job, as its task sees it.

    `at` is the instant at which this turn began; everything the task writes bears it. `by` is who asked.
    """

    def __init__(self, report: JobReport, *, at: datetime) -> None:
        self.key = report.key
        self.at = at
        self.school_code = report.school_code
        self.by = Actor(report.asked_by_account, report.asked_by, report.asked_by_post, report.school_code)
        self.report_id, self.turn = report.pk, report.turn
        self.result_link = ""
        self.said: dict[str, Any] = {}
        self.lost = False

    def step(self, done: int, of: int, saying: str = "") -> None:
        """Say that `done` of `of` steps are done; costs nothing, so say it for every row.

        :raises LeaseLost: if another worker has taken the job over
        """
        if self.lost:
            raise LeaseLost(self.key)
        self.said = {"done_steps": done, "all_steps": of, "saying": saying[:200]}

    def link(self, address: str) -> None:
        """Name the page that shows the result."""
        self.result_link = address

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """Open a transaction that only the holder of the job can commit: what is written in it is written once.

        :raises LeaseLost: if another worker has taken the job over
        """
        with transaction.atomic():
            # Locks the row on PostgreSQL; on SQLite the transaction itself is the lock.
            if not self.lease().select_for_update(no_key=True).exists():
                raise LeaseLost(self.key)
            yield

    def lease(self) -> Any:
        """Return the query of this turn's lease; it finds nothing once the job is in other hands."""
        return JobLease.objects.filter(report_id=self.report_id, turn=self.turn)


class Heart:
    """Beats for a running job, on a connection of its own, and carries its progress to the page."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._live, name=f"heart of {progress.key}", daemon=True)
        self.published: dict[str, Any] = {}

    def __enter__(self) -> Heart:
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stopping.set()
        self.thread.join()

    def _live(self) -> None:
        try:
            since_beat = 0.0
            while not self.stopping.wait(min(1.0, settings.JOB_BEAT_SECONDS)):
                since_beat += min(1.0, settings.JOB_BEAT_SECONDS)
                try:
                    self._publish()
                    if since_beat >= settings.JOB_BEAT_SECONDS:
                        since_beat = 0.0
                        self.progress.lost = not self.progress.lease().update(beat_at=clock.wall())
                except DatabaseError as trouble:
                    # The job itself holds SQLite's write lock, or the database is away for a moment: beat again soon.
                    log.info("heartbeat.missed", key=self.progress.key, why=str(trouble))
        finally:
            connection.close()

    def _publish(self) -> None:
        said = self.progress.said
        if said and said != self.published:
            here = JobReport.objects.filter(
                pk=self.progress.report_id, turn=self.progress.turn, state=JobReport.RUNNING
            )
            here.update(**said)
            self.published = said
