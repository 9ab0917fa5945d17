"""Bringing letters over the channels that are on, with growing pauses between tries."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from kehou.chapters.journal import channels
from kehou.chapters.journal.models import Delivery
from kehou.lib import jobs

TRIES = 5
_BATCH = 200


@jobs.task(retries=0, every=timedelta(minutes=1), title="投递通知")
def deliver(report: jobs.Progress) -> dict[str, int]:
    """Try every letter that is due; return how many arrived and how many did not."""
    due = (
        Delivery.objects.filter(state=Delivery.WAITING, next_try_at__lte=report.at)
        .select_related("letter")
        .order_by("next_try_at", "pk")[:_BATCH]
    )
    counts = {"delivered": 0, "postponed": 0, "failed": 0}
    for number, delivery in enumerate(due, 1):
        counts[_try(delivery, at=report.at)] += 1
        report.step(number, len(due), "投递通知")
    return counts


def _try(delivery: Delivery, *, at: datetime) -> str:
    """Try one delivery and return what became of it. The next try is written before the letter leaves.

    A worker that dies in between may bring a letter twice; it never forgets one.
    """
    pause = timedelta(minutes=2) * 4**delivery.attempts
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.WAITING, attempts=delivery.attempts)
    if not mine.update(attempts=F("attempts") + 1, next_try_at=at + pause):
        return "postponed"  # somebody else has it
    row = Delivery.objects.filter(pk=delivery.pk)
    try:
        channels.channel(delivery.channel).deliver(delivery.letter)
    except (channels.NotDelivered, KeyError) as reason:
        problem = str(reason)[:200] if isinstance(reason, channels.NotDelivered) else "没有这个通道。"
        if delivery.attempts + 1 >= TRIES:
            row.update(state=Delivery.FAILED, problem=problem, next_try_at=None)
            return "failed"
        row.update(problem=problem)
        return "postponed"
    row.update(state=Delivery.DELIVERED, delivered_at=at, next_try_at=None, problem="")
    return "delivered"
