"""One turn of a job: take it, run it, write down how it ended."""

from __future__ import annotations

import os
import socket
from contextlib import nullcontext
from datetime import timedelta

import django_tasks
import structlog
from django.db import OperationalError, transaction
from django.db.models import F

from kehou.lib import clock
from kehou.lib.jobs.asking import enqueue
from kehou.lib.jobs.progress import GivenUp, Heart, LeaseLost, Progress
from kehou.lib.jobs.tasks import find, pause_after, retries_of
from kehou.lib.models import JobLease, JobReport
from kehou.rules import sentences
from kehou.rules.verdicts import Refused

log = structlog.get_logger("kehou.jobs")


def this_worker() -> str:
    """Return how this process signs its leases."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


@django_tasks.task()
def perform(report_id: int, turn: int) -> None:
    """Run one turn of a job: the only task the queue knows, whichever queue it is."""
    run(report_id, turn)


def run(report_id: int, turn: int, *, beating: bool = True) -> None:
    """Run one turn of a job, unless it is in other hands. Not `beating`, it must be the only worker (tests, seeds)."""
    report = _take(report_id, turn)
    if report is None:
        return
    progress = Progress(report, at=clock.now())
    with Heart(progress) if beating else nullcontext():
        try:
            _finish(progress, find(report.task_path).run(progress, **report.arguments) or {})
        except LeaseLost:
            log.warning("job.lease_lost", key=report.key, turn=turn)
        except Refused as no:
            _fail(progress, "；".join(sentences.say(refusal) for refusal in no.refusals))
        except GivenUp as reason:
            _fail(progress, str(reason))
        except Exception as accident:
            log.exception("job.accident", key=report.key, attempt=report.attempts)
            _after_accident(progress, report, accident)
        except BaseException:
            give_back(report, why="服务停止时任务还没有做完，稍后自动重做。")
            raise


@transaction.atomic
def _take(report_id: int, turn: int) -> JobReport | None:
    """Return the report with its lease taken, or None if this turn is over or in other hands."""
    waiting = JobReport.objects.filter(pk=report_id, turn=turn, state=JobReport.WAITING)
    if not waiting.update(state=JobReport.RUNNING, attempts=F("attempts") + 1, next_try_at=None, problem=""):
        return None
    now = clock.wall()
    JobLease.objects.create(report_id=report_id, turn=turn, worker=this_worker(), taken_at=now, beat_at=now)
    return JobReport.objects.get(pk=report_id)


def _close(progress: Progress, **columns: object) -> None:
    """Write the end of a turn and give the lease back. :raises LeaseLost: if the turn is no longer ours"""
    with transaction.atomic():
        mine = JobReport.objects.filter(pk=progress.report_id, turn=progress.turn, state=JobReport.RUNNING)
        if not mine.update(**progress.said, **columns):
            raise LeaseLost(progress.key)
        progress.lease().delete()


def _finish(progress: Progress, result: dict[str, object]) -> None:
    _close(
        progress,
        state=JobReport.DONE,
        result=result,
        result_link=progress.result_link,
        finished_at=clock.now(),
    )


def _fail(progress: Progress, problem: str) -> None:
    try:
        _close(progress, state=JobReport.FAILED, problem=problem, finished_at=clock.now())
    except LeaseLost:
        log.warning("job.lease_lost", key=progress.key, turn=progress.turn)


def _after_accident(progress: Progress, report: JobReport, accident: Exception) -> None:
    if report.attempts > retries_of(report):
        _fail(progress, f"{_in_words(accident)}已试{report.attempts}次，不再自动重试。")
        return
    give_back(report, why=_in_words(accident), pause=pause_after(report.attempts))


@transaction.atomic
def give_back(report: JobReport, *, why: str, pause: timedelta = timedelta()) -> bool:
    """Put a running job back into the queue under a new turn; return False if its turn was already over."""
    mine = JobReport.objects.filter(pk=report.pk, turn=report.turn, state=JobReport.RUNNING)
    later = clock.wall() + pause if pause else None
    if not mine.update(state=JobReport.WAITING, turn=F("turn") + 1, problem=why, next_try_at=later):
        return False
    JobLease.objects.filter(report_id=report.pk, turn=report.turn).delete()
    report.refresh_from_db()
    enqueue(report, after=pause)
    return True


def _in_words(accident: Exception) -> str:
    if isinstance(accident, OperationalError):
        return "数据库一时没有回应。"
    if isinstance(accident, ImportError):
        return "这一版程序里已经没有这个任务。"
    return f"程序出了意外（{type(accident).__name__}），详情在服务日志里。"
