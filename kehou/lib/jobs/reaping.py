"""Finding jobs whose worker is gone, and giving them to another.

A lease is not judged by the clock of the machine that wrote it: the reaper watches, and a heart that did not move for
`JOB_LEASE_SECONDS` of the reaper's own time is suspect. Then the reaper knocks: it writes to the lease once. On SQLite
a long transaction of the job itself may have kept its heart from writing; it has kept the knock waiting as well. Only a
heart that stays still for two more beats after the knock has stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django_tasks_db.models import DBTaskResult

from kehou.lib import clock
from kehou.lib.jobs.asking import enqueue
from kehou.lib.jobs.running import give_back
from kehou.lib.jobs.tasks import retries_of
from kehou.lib.models import JobLease, JobReport

log = structlog.get_logger("kehou.jobs")
INTERRUPTED = "做到一半时工作进程意外停止。"


@dataclass
class _Watch:
    beat_at: datetime
    since: float
    knocked: float | None = None


class Reaper:
    """Looks at all leases now and then; remembers what it saw."""

    def __init__(self) -> None:
        self.watched: dict[tuple[int, int], _Watch] = {}

    def look(self) -> int:
        """Return how many jobs were taken from dead workers."""
        reaped = 0
        leases = list(JobLease.objects.select_related("report"))
        seen = {(lease.report_id, lease.turn) for lease in leases}
        self.watched = {key: watch for key, watch in self.watched.items() if key in seen}
        for lease in leases:
            if self._has_stopped(lease):
                reaped += reap(lease)
        return reaped + _sweep_queue()

    def _has_stopped(self, lease: JobLease) -> bool:
        key, now = (lease.report_id, lease.turn), monotonic()
        watch = self.watched.get(key)
        if watch is None or watch.beat_at != lease.beat_at:
            self.watched[key] = _Watch(lease.beat_at, since=now)
            return False
        if watch.knocked is None:
            if now - watch.since >= settings.JOB_LEASE_SECONDS:
                JobLease.objects.filter(pk=lease.pk).update(worker=F("worker"))
                watch.knocked = monotonic()
            return False
        return now - watch.knocked >= 2 * settings.JOB_BEAT_SECONDS


@transaction.atomic
def reap(lease: JobLease) -> bool:
    """Give the job of a stopped heart back to the queue, or close it if it has killed its workers often enough."""
    report = lease.report
    if not JobLease.objects.filter(pk=lease.pk, turn=lease.turn, beat_at=lease.beat_at).delete()[0]:
        return False
    log.warning("job.reaped", key=report.key, worker=lease.worker, attempt=report.attempts)
    report.refresh_from_db()
    if report.attempts <= retries_of(report):
        return give_back(report, why=INTERRUPTED)
    mine = JobReport.objects.filter(pk=report.pk, turn=report.turn, state=JobReport.RUNNING)
    problem = f"{INTERRUPTED}已试{report.attempts}次，不再自动重试。"
    return bool(mine.update(state=JobReport.FAILED, problem=problem, finished_at=clock.now()))


def _sweep_queue() -> int:
    """Close the queue's own rows whose worker is gone; return how many jobs had to be queued again.

    A worker killed between taking a row and taking the lease leaves a row that runs for ever and a report that waits.
    """
    patience = timedelta(seconds=settings.JOB_LEASE_SECONDS + 2 * settings.JOB_BEAT_SECONDS)
    stale = DBTaskResult.objects.running().filter(started_at__lt=clock.wall() - patience)
    ids = set(stale.values_list("id", flat=True))
    if not ids:
        return 0
    ids -= set(JobReport.objects.filter(job_id__in=ids, state=JobReport.RUNNING).values_list("job_id", flat=True))
    queued = 0
    for report in JobReport.objects.filter(job_id__in=ids, state=JobReport.WAITING):
        with transaction.atomic():
            here = JobReport.objects.filter(pk=report.pk, turn=report.turn, state=JobReport.WAITING)
            if here.update(turn=F("turn") + 1):
                report.refresh_from_db()
                enqueue(report)
                queued += 1
    DBTaskResult.objects.running().filter(id__in=ids).update(
        status="FAILED", finished_at=clock.wall(), exception_class_path="", traceback=INTERRUPTED
    )
    return queued
