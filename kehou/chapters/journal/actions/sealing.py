"""Sealing what was written into the chain, in batches, so that no action waits on another."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from kehou.chapters.journal.models import Entry, Seal
from kehou.chapters.journal.queries import forms, numbers_skipped
from kehou.lib import jobs
from kehou.rules import chain

BATCH = 1000


@jobs.task(retries=0, every=timedelta(minutes=1), title="封存操作日志")
def seal(report: jobs.Progress) -> dict[str, int]:
    """Seal everything written so far; return how many entries in how many seals."""
    return seal_now(at=report.at, report=report)


def seal_now(*, at: datetime, report: jobs.Progress | None = None) -> dict[str, int]:
    """Seal everything written so far, batch by batch, each in its own transaction."""
    done = {"entries": 0, "seals": 0}
    while count := _seal_batch(at=at):
        done = {"entries": done["entries"] + count, "seals": done["seals"] + 1}
        if report is not None:
            report.step(done["entries"], 0, f"已封存{done['entries']}条")
    return done


def _seal_batch(*, at: datetime) -> int:
    """Seal up to BATCH entries after the last sealed one, and late-comers before it; return how many.

    Two workers that seal at the same time write the same number, and the database takes one.
    """
    last = Seal.objects.order_by("-number").first()
    behind = last.last_entry if last else 0
    late = list(Entry.objects.filter(pk__in=numbers_skipped()).order_by("pk")[:BATCH]) if last else []
    new = list(Entry.objects.filter(pk__gt=behind).order_by("pk")[: BATCH - len(late)])
    entries = late + new
    if not entries:
        return 0
    number, previous = (last.number + 1, last.digest) if last else (1, chain.FIRST)
    try:
        with transaction.atomic():
            Seal.objects.create(
                number=number,
                ranges=chain.ranges_of([entry.pk for entry in entries]),
                last_entry=max(behind, entries[-1].pk),
                entries=len(entries),
                previous=previous,
                digest=chain.seal(previous, number, forms(entries)),
                sealed_at=at,
            )
    except IntegrityError:
        return 0
    return len(entries)
