"""What the small helpers store: the demonstration's clock, and what the job queue does not keep by itself."""

from __future__ import annotations

from django.db import models


class ClockShift(models.Model):
    """By how many seconds the demonstration's clock is ahead; one row, in a demonstration only."""

    seconds = models.BigIntegerField()

    class Secrecy:
        open = {"seconds"}
        masked: dict[str, object] = {}


class JobLease(models.Model):
    """A job in the hands of a worker: if the heart stops beating, somebody else takes it."""

    job_id = models.UUIDField(unique=True)
    worker = models.CharField(max_length=80)
    taken_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)

    class Secrecy:
        open = {"job_id", "worker", "taken_at", "beat_at"}
        masked: dict[str, object] = {}


class DueJob(models.Model):
    """A job that comes back by itself: which task, how often, when next."""

    name = models.CharField(max_length=80, unique=True)
    task_path = models.CharField(max_length=200)
    every_seconds = models.PositiveIntegerField()
    due_at = models.DateTimeField(db_index=True)
    last_run_at = models.DateTimeField(null=True)

    class Secrecy:
        open = {"name", "task_path", "every_seconds", "due_at", "last_run_at"}
        masked: dict[str, object] = {}


class JobReport(models.Model):
    """What a person sees of a long job: title, progress, result page. Outlives the queue's own row.

    `key` is the business key: asking twice for the same work gives the same report.
    """

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    key = models.CharField(max_length=120, unique=True)
    job_id = models.UUIDField(null=True, db_index=True)
    task_path = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    title = models.CharField(max_length=120)
    school_code = models.CharField(max_length=10, blank=True, db_index=True)
    asked_by = models.CharField(max_length=80)
    asked_by_account = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_steps = models.PositiveIntegerField(default=0)
    all_steps = models.PositiveIntegerField(default=0)
    saying = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    result_link = models.CharField(max_length=200, blank=True)
    problem = models.TextField(blank=True)
    next_try_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Secrecy:
        open = {
            "key", "job_id", "task_path", "title", "school_code", "asked_at", "state", "attempts", "done_steps",
            "all_steps", "saying", "result_link", "next_try_at", "finished_at",
        }  # fmt: skip
        masked = {"arguments": {}, "asked_by": "某人", "asked_by_account": None, "result": {}, "problem": ""}
