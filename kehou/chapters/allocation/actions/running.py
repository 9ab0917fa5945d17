"""Long and recurring work about seats: the draw with its progress, offers whose hour has passed."""

from __future__ import annotations

from datetime import timedelta

from kehou.chapters.allocation.actions.drawing import draw_lots
from kehou.chapters.allocation.actions.seats import expire_offers
from kehou.chapters.allocation.models import Draw
from kehou.lib import jobs


@jobs.task(retries=3)
def run_draw(report: jobs.Progress, *, draw: int) -> dict[str, int]:
    """Draw the lots of a committed draw; a second run finds it drawn and changes nothing."""
    row = Draw.objects.select_related("registration__school", "registration__term").get(pk=draw)
    if row.state == "committed":
        with report.fenced():
            draw_lots(row, by=report.by, at=report.at, step=report.step)
    page = "draw" if row.base_id is None else "draw/refill"
    report.link(f"/school/{row.registration.school.code}/{page}/")
    return {"requests": row.requests, "placements": row.placements.count()}


@jobs.task(retries=0, every=timedelta(minutes=5), title="收回过期的候补名额")
def close_overdue_offers(report: jobs.Progress) -> dict[str, int]:
    """Close the offers whose hour has passed and ask the next in each queue."""
    return {"slots": expire_offers(at=report.at)}
