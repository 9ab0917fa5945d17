"""The watch over the afternoon: looks every minute for children whom nobody has spoken for (R-ATT-01)."""

from __future__ import annotations

from datetime import timedelta

from kehou.chapters.attendance.actions.alarms import raise_alarms
from kehou.chapters.timetable.models import Session
from kehou.lib import jobs
from kehou.lib.actors import SYSTEM

# A session that began this long ago and was never called is a matter for the board, not for a telephone.
_LOOK_BACK = timedelta(minutes=60)


@jobs.task(every=timedelta(minutes=1), title="查找还没点到的孩子", retries=0)
def look_for_missing(report: jobs.Progress) -> dict[str, int]:
    """Raise the alarms of all sessions under way; raising twice changes nothing."""
    now = report.at
    # A session is watched once its leader has begun the roll, or ought to have.
    under_way = Session.objects.filter(
        on=now.date(),
        state="planned",
        starts_at__lte=now.time(),
        starts_at__gt=max(now - _LOOK_BACK, now.replace(hour=0, minute=0)).time(),
        register__closed_at__isnull=True,
    ).select_related("school", "slot__activity", "leader")
    raised = sum(len(raise_alarms(session, by=SYSTEM, at=now)) for session in under_way)
    return {"raised": raised}
