"""What the small helpers store: the demonstration's clock, and what the job queue does not keep by itself."""

from __future__ import annotations

from django.db import models


class ClockShift(models.Model):
    """By how many seconds the demonstration's clock is ahead; one row, in a demonstration only."""

    seconds = models.BigIntegerField()
    moment = models.CharField(max_length=20, blank=True)  # the moment of the story that was last visited

    class Secrecy:
        open = {"seconds", "moment"}
        masked: dict[str, object] = {}


class IssuedPaper(models.Model):
    """An official paper that was handed out: its head, and the digits on its foot. Nothing of what it says.

    `code` leads to the matter itself (`/verify/CODE/`), which knows whether the paper is still in force; empty for a
    record of how things stood when it was printed.
    """

    digest = models.CharField(max_length=64, unique=True)
    printed = models.CharField(max_length=16, db_index=True)  # what stands on every page
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=80, blank=True)
    school = models.CharField(max_length=80)
    term = models.CharField(max_length=40, blank=True)
    version = models.CharField(max_length=60, blank=True)
    issued_at = models.DateTimeField()
    code = models.CharField(max_length=120, blank=True)

    class Secrecy:
        open = {"digest", "printed", "title", "number", "school", "term", "version", "issued_at", "code"}
        masked: dict[str, object] = {}

    def __str__(self) -> str:
        return self.title


class DueJob(models.Model):
    """A job that comes back by itself: which task, how often, when next."""

    name = models.CharField(max_length=80, unique=True)
    task_path = models.CharField(max_length=200)
    title = models.CharField(max_length=120)
    every_seconds = models.PositiveIntegerField()
    due_at = models.DateTimeField(db_index=True)
    last_run_at = models.DateTimeField(null=True)

    class Secrecy:
        open = {"name", "task_path", "title", "every_seconds", "due_at", "last_run_at"}
        masked: dict[str, object] = {}


class JobReport(models.Model):
    """A job as a person sees it: title, progress, result page. Outlives the queue's own row.

    `key` is the business key: asking twice for the same work gives the same report. `turn` counts how often the job was
    put into the queue: whoever comes with an older turn finds the work taken and leaves it alone.
    """

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    key = models.CharField(max_length=120, unique=True)
    job_id = models.UUIDField(null=True, db_index=True)
    turn = models.PositiveIntegerField(default=1)
    task_path = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    title = models.CharField(max_length=120)
    school_code = models.CharField(max_length=10, blank=True, db_index=True)
    asked_by = models.CharField(max_length=80)
    asked_by_post = models.CharField(max_length=80, blank=True)
    asked_by_account = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=WAITING, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_steps = models.PositiveIntegerField(default=0)
    all_steps = models.PositiveIntegerField(default=0)
    saying = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    result_link = models.CharField(max_length=200, blank=True)
    problem = models.TextField(blank=True)
    next_try_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="lib_jobreport_newest")]

    class Secrecy:
        open = {
            "key", "job_id", "turn", "task_path", "title", "school_code", "asked_at", "state", "attempts", "done_steps",
            "all_steps", "saying", "result_link", "next_try_at", "finished_at",
        }  # fmt: skip
        masked = {
            "arguments": {}, "asked_by": "某人", "asked_by_post": "", "asked_by_account": None, "result": {},
            "problem": "",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Return whether nothing will happen to it any more unless somebody asks again."""
        return self.state in (self.DONE, self.FAILED)

    @property
    def percent(self) -> int | None:
        """Return how much is done in whole percent, None while nobody knows how much there is."""
        if self.state == self.DONE:
            return 100
        return self.done_steps * 100 // self.all_steps if self.all_steps else None


class JobLease(models.Model):
    """A job in the hands of a worker: if the heart stops beating, somebody else takes it."""

    report = models.OneToOneField(JobReport, models.CASCADE, related_name="lease")
    turn = models.PositiveIntegerField()
    worker = models.CharField(max_length=80)
    taken_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    class Secrecy:
        open = {"report", "turn", "worker", "taken_at", "beat_at"}
        masked: dict[str, object] = {}
