"""Jobs that come back by themselves; two workers that tick at the same instant ask once."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from kehou.lib import clock
from kehou.lib.actors import SYSTEM
from kehou.lib.jobs.asking import again, ask
from kehou.lib.jobs.tasks import SCHEDULED, find
from kehou.lib.models import DueJob, JobReport


def prepare() -> None:
    """Write the schedule of this version of the program: new jobs are due at once, those that are gone leave."""
    autodiscover_modules("actions")
    for path, job in SCHEDULED.items():
        assert job.every is not None
        seconds = int(job.every.total_seconds())
        due, made = DueJob.objects.get_or_create(
            name=path,
            defaults={"task_path": path, "title": job.title, "every_seconds": seconds, "due_at": clock.wall()},
        )
        if not made and (due.every_seconds, due.title) != (seconds, job.title):
            DueJob.objects.filter(pk=due.pk).update(every_seconds=seconds, title=job.title, due_at=clock.wall())
    DueJob.objects.exclude(name__in=SCHEDULED).delete()


def tick() -> int:
    """Ask for every job that is due; return how many."""
    now = clock.wall()
    return sum(_ask_if_first(due) for due in DueJob.objects.filter(due_at__lte=now))


@transaction.atomic
def _ask_if_first(due: DueJob) -> bool:
    now, pause = clock.wall(), timedelta(seconds=due.every_seconds)
    missed = (now - due.due_at) // pause  # after a night switched off it runs once, not a thousand times
    ours = DueJob.objects.filter(pk=due.pk, due_at=due.due_at)
    if not ours.update(due_at=due.due_at + pause * (missed + 1), last_run_at=now):
        return False
    key = f"due:{due.name}"
    report = JobReport.objects.filter(key=key).first()
    if report is None:
        ask(find(due.task_path), key=key, title=due.title, by=SYSTEM, at=clock.now())
    elif report.is_over:
        again(report, by=SYSTEM, at=clock.now())
    else:
        return False  # the last one is still at work
    return True
