"""Reading the whole chain again: has anything been changed, dropped or slipped in?"""

from __future__ import annotations

from contextlib import suppress

from django.urls import NoReverseMatch, reverse

from kehou.chapters.journal.models import Entry, Seal
from kehou.chapters.journal.queries import forms, slipped_in
from kehou.lib import jobs
from kehou.rules import chain
from kehou.rules.chain import Fault


@jobs.task(retries=1)
def verify(report: jobs.Progress, *, head: str = "") -> dict[str, object]:
    """Verify the chain in the background; the result says how much was read and what is wrong."""
    faults = verify_now(head=head, report=report)
    with suppress(NoReverseMatch):  # an installation without that desk
        report.link(reverse("district:journal"))
    newest = Seal.objects.order_by("-number").first()
    return {
        "seals": newest.number if newest else 0,
        "entries": Entry.objects.filter(pk__lte=newest.last_entry).count() if newest else 0,
        "head": f"{newest.number}:{newest.digest}" if newest else "",
        "noted": chain.noted(head)[0] if head else 0,
        "faults": [chain.say(fault) for fault in faults[:100]],
    }


def verify_now(*, head: str = "", report: jobs.Progress | None = None) -> list[Fault]:
    """Return every fault of the chain. `head` is `number:digest` as somebody noted it down earlier.

    Without a head nobody can tell whether the newest seals were cut off together with their entries.

    :raises ValueError: for a head that is not of this form
    """
    faults: list[Fault] = []
    expected, previous, total = 1, chain.FIRST, Seal.objects.count()
    noted_number, noted_digest = chain.noted(head) if head else (0, "")
    for row in Seal.objects.order_by("number").iterator(chunk_size=200):
        covered = chain.numbers_of(row.ranges)
        found = {entry.pk: form for entry, form in _entries(covered)}
        fault = chain.fault_of_seal(
            row.number, expected_number=expected, previous=row.previous, expected_previous=previous,
            digest=row.digest, ranges=row.ranges, entries=found,
        )  # fmt: skip
        if fault:
            faults.append(fault)
        if row.number == noted_number and row.digest != noted_digest:
            faults.append(Fault("head_differs", row.number))
        # Go on from what is stored, so that one fault is one line and not the whole rest of the chain.
        expected, previous = row.number + 1, row.digest
        if report is not None:
            report.step(row.number, total, f"核验第{row.number}号封签")
    if noted_number >= expected:
        faults.append(Fault("head_missing", noted_number))
    if strangers := slipped_in():
        faults.append(Fault("entry_slipped_in", expected - 1, tuple(strangers)))
    return faults


def _entries(numbers: list[int]) -> list[tuple[Entry, dict[str, object]]]:
    if not numbers:
        return []
    wanted = set(numbers)
    near = Entry.objects.filter(pk__gte=numbers[0], pk__lte=numbers[-1]).order_by("pk")
    rows = [entry for entry in near if entry.pk in wanted]
    return list(zip(rows, forms(rows), strict=True))
