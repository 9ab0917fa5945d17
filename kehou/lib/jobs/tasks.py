"""What a job is: a function with a name, a number of retries and perhaps a schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.module_loading import import_string

from kehou.lib.models import JobReport

SCHEDULED: dict[str, Job] = {}
"""Every job that comes back by itself, by its path; filled as the chapters' actions are imported."""

_FIRST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Job:
    """A function `run(report, **arguments)` that a worker calls. Its arguments and its result are plain JSON values.

    `retries` is how often it is tried again after an accident; `every` how often it comes back by itself, as `title`.
    """

    run: Callable[..., dict[str, Any] | None]
    retries: int = 3
    every: timedelta | None = None
    title: str = ""
    priority: int = 0

    @property
    def path(self) -> str:
        """Return where a worker finds it: `kehou.chapters.money.actions.billing.settle`."""
        return f"{self.run.__module__}.{self.run.__qualname__}"


def task(
    *, retries: int = 3, every: timedelta | None = None, title: str = "", priority: int = 0
) -> Callable[[Callable[..., dict[str, Any] | None]], Job]:
    """Return a decorator that makes a module's function a job.

    :raises ValueError: for a schedule without a title: the jobs page could not say what it is
    """
    if every is not None and not title:
        raise ValueError("a job that comes back by itself needs a title")

    def decorate(run: Callable[..., dict[str, Any] | None]) -> Job:
        job = Job(run=run, retries=retries, every=every, title=title, priority=priority)
        if every is not None:
            SCHEDULED[job.path] = job
        return job

    return decorate


def find(path: str) -> Job:
    """Return the job at a path. :raises ImportError: if there is none (any more)"""
    job = import_string(path)
    if not isinstance(job, Job):
        raise ImportError(f"{path} is not a job")
    return job


def retries_of(report: JobReport) -> int:
    """Return how often a job may be tried again; not once if this version of the program does not know it."""
    try:
        return find(report.task_path).retries
    except ImportError:
        return 0


def priority_of(report: JobReport) -> int:
    """Return how urgent a job is for the queue: more is sooner."""
    try:
        return find(report.task_path).priority
    except ImportError:
        return 0


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 10 s, 40 s, 160 s … an hour at most."""
    return min(_FIRST_PAUSE * 4 ** min(10, max(0, attempts - 1)), _LONGEST_PAUSE)
