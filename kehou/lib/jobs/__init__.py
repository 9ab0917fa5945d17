"""Long work in the background: asked for in the action's transaction, done by a worker, seen by a person.

    @jobs.task(retries=3)
    def settle(report: jobs.Progress, *, school_id: int, month: str) -> dict[str, int]:
        for number, bill in enumerate(bills, 1):
            report.step(number, len(bills), "生成账单")
            …
        report.link(reverse("school:bills", …))
        return {"bills": len(bills)}

    jobs.ask(settle, key=f"bills:{school.code}:{month}", title="生成十一月账单", by=by, at=at, school_id=…, month=…)

What holds: a job exists exactly when the fact that asked for it does; asking twice for one key gives one job; a worker
killed at any moment loses its lease and another takes the job over; a job that fails is tried again with growing pauses
and ends with a reason in words. A task may therefore run more than once: it looks at its business key before it writes,
or writes inside `report.fenced()`. See docs/explanation/jobs.md.
"""

from kehou.lib.jobs.asking import Done, again, ask, note_done
from kehou.lib.jobs.progress import GivenUp, LeaseLost, Progress
from kehou.lib.jobs.tasks import Job, task
from kehou.lib.jobs.worker import Worker, start_in_thread, work_off
from kehou.lib.models import JobReport

__all__ = [
    "Done",
    "GivenUp",
    "Job",
    "JobReport",
    "LeaseLost",
    "Progress",
    "Worker",
    "again",
    "ask",
    "note_done",
    "start_in_thread",
    "task",
    "work_off",
]
