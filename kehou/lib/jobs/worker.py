"""The worker: polls the queue, ticks the schedule, watches the leases. One a process, as many processes as you like."""

from __future__ import annotations

import random
import signal
import threading
from datetime import timedelta
from time import monotonic

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from kehou.lib import clock
from kehou.lib.jobs import schedule
from kehou.lib.jobs.reaping import Reaper
from kehou.lib.jobs.running import run, this_worker

log = structlog.get_logger("kehou.jobs")
KEEP_QUEUE_ROWS = timedelta(days=7)  # the reports stay; these are the queue's own traces
_HOUSEKEEPING_SECONDS = 3600


class Worker:
    """Does jobs until it is told to stop; the job at hand is finished first."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.reaper = Reaper()
        self._cleaned = monotonic()

    def stop(self, *_: object) -> None:
        """Finish the job at hand, then stop. Told twice, stop at once: the job goes back to the queue."""
        if self.stopping.is_set():
            raise SystemExit(1)
        self.stopping.set()

    def listen(self) -> None:
        """Stop when the system asks (SIGTERM) or somebody presses Ctrl+C."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def work(self, *, until_empty: bool = False) -> None:
        """Work until stopped, or until nothing is ready."""
        schedule.prepare()
        log.info("worker.started", worker=this_worker())
        while not self.stopping.is_set():
            close_old_connections()
            try:
                busy = self._once()
            except DatabaseError as trouble:
                log.warning("worker.database", why=str(trouble))
                busy = False
            if busy:
                continue
            if until_empty:
                break
            # Not all workers at the same instant.
            self.stopping.wait(settings.JOB_POLL_SECONDS * (1 + random.random() / 4))
        log.info("worker.stopped", worker=this_worker())

    def _once(self) -> bool:
        """Look once at everything; return whether there was a job to do."""
        self.reaper.look()
        schedule.tick()
        if monotonic() - self._cleaned > _HOUSEKEEPING_SECONDS:
            self._cleaned = monotonic()
            DBTaskResult.objects.finished().filter(finished_at__lt=clock.wall() - KEEP_QUEUE_ROWS).delete()
        return do_one()


def do_one(*, beating: bool = True) -> bool:
    """Do one job that is ready; return False if there is none."""
    # A look without a lock first: an idle worker leaves SQLite's one write lock to the families.
    if not DBTaskResult.objects.ready().exists():
        return False
    with exclusive_transaction():
        row = DBTaskResult.objects.ready().get_locked()
        if row is None:
            return False
        row.claim(this_worker()[:64])
    try:
        report_id, turn = row.args_kwargs["args"]
        run(report_id, turn, beating=beating)
    except BaseException as end:
        row.set_failed(end)
        raise
    row.set_successful(None)
    return True


def work_off(most: int = 1000) -> int:
    """Do every job that is ready, here and now; return how many. For seeds, commands and tests."""
    done = 0
    while done < most and do_one(beating=not connection.in_atomic_block):
        done += 1
    return done


def start_in_thread() -> Worker:
    """Return a worker that lives in this process: in a demonstration the server brings its own."""
    worker = Worker()

    def live() -> None:
        try:
            worker.work()
        finally:
            connection.close()

    threading.Thread(target=live, name="worker", daemon=True).start()
    return worker
