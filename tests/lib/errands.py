"""Jobs that the tests of `kehou.lib.jobs` ask for; a worker in another process imports them from here."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import OperationalError

from kehou.chapters.journal.models import Entry
from kehou.lib import jobs
from kehou.rules.verdicts import Refused, refuse

NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def done_steps(key: str) -> list[str]:
    """Return the steps that were written for a key, in order."""
    return list(Entry.objects.filter(verb=f"errand:{key}").order_by("pk").values_list("about_id", flat=True))


@jobs.task(retries=2)
def count(report: jobs.Progress, *, to: int, pause: float = 0.0) -> dict[str, Any]:
    """Write the numbers up to `to`, one fenced transaction each, none twice."""
    for number in range(to):
        with report.fenced():
            if not Entry.objects.filter(verb=f"errand:{report.key}", about_id=str(number)).exists():
                Entry.objects.create(
                    verb=f"errand:{report.key}", about_kind="number", about_id=str(number), actor_name="x", at=report.at
                )
        report.step(number + 1, to, f"第{number + 1}个")
        time.sleep(pause)
    report.link("/counted/")
    return {"counted": to}


@jobs.task(retries=2)
def stumble(report: jobs.Progress, *, times: int) -> None:
    """Fail as often as asked, then succeed."""
    if len(done_steps(report.key)) < times:
        Entry.objects.create(verb=f"errand:{report.key}", about_kind="try", about_id="x", actor_name="x", at=report.at)
        raise OperationalError("away")


@jobs.task()
def give_up(report: jobs.Progress) -> None:
    """Say that it cannot be done."""
    raise jobs.GivenUp("名单是空的。")


@jobs.task()
def be_refused(report: jobs.Progress) -> None:
    """Meet a rule that says no."""
    raise Refused(refuse("R-BASIS-03", "no_such_parameter", key="x"))


@jobs.task(every=timedelta(minutes=5), title="每五分钟")
def come_back(report: jobs.Progress) -> None:
    """Do nothing, often."""


@jobs.task(retries=1)
def kill_the_worker(report: jobs.Progress) -> None:
    """Take the whole process down, as running out of memory would."""
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)
