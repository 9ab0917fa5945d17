"""Asking for a job, once for each business key, in the transaction of the fact that needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend

from kehou.lib import clock
from kehou.lib.actors import Actor
from kehou.lib.jobs.tasks import Job, priority_of
from kehou.lib.models import JobReport


@dataclass(frozen=True, slots=True)
class Done:
    """What a job that was done at once left behind: its steps, last words, result and how long it took."""

    steps: int
    saying: str
    result: Mapping[str, Any]
    link: str
    took: timedelta


@transaction.atomic
def ask(
    task: Job, *, key: str, title: str, by: Actor, at: datetime, school_code: str = "", **arguments: Any
) -> JobReport:
    """Return the report of the job with this business key, queued if nobody has asked for it before.

    A job that failed is queued anew; one that waits, runs or is done is left as it is.
    """
    asked = {
        "task_path": task.path,
        "arguments": arguments,
        "title": title[:120],
        "school_code": school_code,
        "asked_by": by.name,
        "asked_by_post": by.post,
        "asked_by_account": by.account_id,
        "asked_at": at,
    }
    report, made = JobReport.objects.get_or_create(key=key, defaults=asked)
    if made:
        enqueue(report)
        return report
    if report.state == JobReport.FAILED and _reopen(report, from_states=[JobReport.FAILED], **asked):
        enqueue(report)
    return report


@transaction.atomic
def again(report: JobReport, *, by: Actor, at: datetime, arguments: dict[str, Any] | None = None) -> bool:
    """Queue a job that is over once more; return False if somebody was quicker, or it still runs.

    It has the arguments it had, or the new ones.
    """
    asked: dict[str, Any] = {
        "asked_by": by.name, "asked_by_post": by.post, "asked_by_account": by.account_id, "asked_at": at,
    }  # fmt: skip
    if arguments is not None:
        asked["arguments"] = arguments
    if not _reopen(report, from_states=[JobReport.FAILED, JobReport.DONE], **asked):
        return False
    enqueue(report)
    return True


@transaction.atomic
def note_done(
    task: Job, *, key: str, title: str, by: Actor, at: datetime, done: Done, school_code: str = "", **arguments: Any
) -> JobReport:
    """Return the report of a job that was done at once, outside the queue, in the transaction of its fact.

    For who does a job's work by its action (a command, the demonstration, whose hours are not the worker's): the job
    page then tells of it as of any other, and whoever asks for the same key is told that it is done.
    """
    report, made = JobReport.objects.get_or_create(
        key=key,
        defaults={
            "task_path": task.path, "arguments": arguments, "title": title[:120], "school_code": school_code,
            "asked_by": by.name, "asked_by_post": by.post, "asked_by_account": by.account_id, "asked_at": at,
            "state": JobReport.DONE, "attempts": 1, "done_steps": done.steps, "all_steps": done.steps,
            "saying": done.saying, "result": done.result, "result_link": done.link, "finished_at": at + done.took,
        },
    )  # fmt: skip
    if not made:
        raise ValueError(f"somebody has asked for {key} already")
    return report


def _reopen(report: JobReport, *, from_states: list[str], **asked: Any) -> bool:
    blank = {
        "state": JobReport.WAITING, "attempts": 0, "done_steps": 0, "all_steps": 0, "saying": "", "result": {},
        "result_link": "", "problem": "", "next_try_at": None, "finished_at": None,
    }  # fmt: skip
    found = JobReport.objects.filter(pk=report.pk, turn=report.turn, state__in=from_states)
    if not found.update(turn=F("turn") + 1, **blank, **asked):
        return False
    report.refresh_from_db()
    return True


def enqueue(report: JobReport, *, after: timedelta = timedelta()) -> None:
    """Put the report's present turn into the queue; into a queue outside this database once the transaction is safe."""
    backend = task_backends["default"]
    if isinstance(backend, DatabaseBackend):
        _put(report, after)
    else:
        transaction.on_commit(partial(_put, report, after))


def _put(report: JobReport, after: timedelta) -> None:
    from kehou.lib.jobs.running import perform

    queued = perform.using(priority=priority_of(report), run_after=clock.wall() + after if after else None)
    result = queued.enqueue(report.pk, report.turn)
    report.job_id = UUID(str(result.id))
    JobReport.objects.filter(pk=report.pk, turn=report.turn).update(job_id=report.job_id)
