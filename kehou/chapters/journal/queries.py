"""Questions to the journal and the inbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from kehou.chapters.journal.models import Entry, Letter, Seal
from kehou.lib.prepared import Prepared
from kehou.rules import chain
from kehou.rules.letters import TO_MANY

_LOOK_BACK = 60  # seals: an hour of them; no transaction lasts so long


# --- The journal ------------------------------------------------------------------------------------------------------


def entries(
    *,
    text: str = "",
    verb: str = "",
    school_code: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    actor_id: int | None = None,
) -> QuerySet[Entry]:
    """Return entries, newest first. `verb` finds a family by its beginning: `people.` or `people.id_unmasked`."""
    found = Entry.objects.order_by("-pk")
    if text:
        found = found.filter(
            Q(actor_name__icontains=text)
            | Q(about_label__icontains=text)
            | Q(about_id=text)
            | Q(actor_post__icontains=text)
        )
    if verb:
        found = found.filter(verb__startswith=verb)
    if school_code:
        found = found.filter(school_code=school_code)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    if actor_id:
        found = found.filter(actor_id=actor_id)
    return found


def history_of(about: Any) -> QuerySet[Entry]:
    """Return what was done to one row, newest first."""
    return Entry.objects.filter(about_kind=about._meta.label, about_id=str(about.pk)).order_by("-pk")


def head() -> Seal | None:
    """Return the newest seal: its number and digest are worth noting down outside this machine."""
    return Seal.objects.order_by("-number").first()


def unsealed() -> int:
    """Return how many entries wait for their seal."""
    newest = head()
    return Entry.objects.filter(pk__gt=newest.last_entry if newest else 0).count()


def forms(rows: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return entries as the chain reads them; adding a column to the model must not change this form."""
    return [
        {
            "id": row.pk,
            "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "verb": row.verb,
            "about_kind": row.about_kind,
            "about_id": row.about_id,
            "about_label": row.about_label,
            "actor_id": row.actor_id,
            "actor_name": row.actor_name,
            "actor_post": row.actor_post,
            "school_code": row.school_code,
            "facts": row.facts,
        }
        for row in rows
    ]


def numbers_skipped() -> list[int]:
    """Return the numbers that the latest seals left out: rolled back, or of a transaction that ended late."""
    recent = list(Seal.objects.order_by("-number").values_list("ranges", "last_entry")[: _LOOK_BACK + 1])
    if not recent:
        return []
    covered = {number for ranges, _ in recent for number in chain.numbers_of(ranges)}
    oldest_end = recent[-1][1] if len(recent) > _LOOK_BACK else 0
    return [number for number in range(oldest_end + 1, recent[0][1]) if number not in covered]


def slipped_in() -> list[int]:
    """Return entries that stand among the sealed ones without a seal, a hundred at most."""
    sealed = sorted(tuple(run) for ranges in Seal.objects.values_list("ranges", flat=True) for run in ranges)
    newest = head()
    if newest is None:
        return []
    late = set(numbers_skipped())  # these the next seal will take
    strangers, runs = [], iter(sealed)
    first, last = next(runs)
    for number in (
        Entry.objects.filter(pk__lte=newest.last_entry).order_by("pk").values_list("pk", flat=True).iterator()
    ):
        while number > last:
            first, last = next(runs)
        if number < first and number not in late:
            strangers.append(number)
    return strangers[:100]


# --- Letters ----------------------------------------------------------------------------------------------------------


_UNREAD = Prepared(
    lambda account: Letter.objects.filter(to_account=account, reading__isnull=True).only("pk")[:100], account=int
)


def unread_of(account_id: int) -> int:
    """Return how many letters somebody has not opened, at most 100: beyond that a page says 99+."""
    return len(_UNREAD.rows(account=account_id))


def letters_of(account_id: int, *, text: str = "", unread: bool = False) -> QuerySet[Letter]:
    """Return an inbox, newest first, each letter with its receipt."""
    found = Letter.objects.filter(to_account=account_id).select_related("reading").order_by("-written_at", "-pk")
    if text:
        found = found.filter(Q(title__icontains=text) | Q(body__icontains=text))
    return found.filter(reading__isnull=True) if unread else found


def sendings(school_code: str, *, text: str = "") -> QuerySet[Letter, dict[str, Any]]:
    """Return sendings to many, newest first: kind, written_at, first_title, last_title, sent, read, letter.

    One row a sending, whatever the number of letters; `letter` is the id by which `sending_of` finds it again.
    """
    found = Letter.objects.filter(school_code=school_code, kind__in=TO_MANY)
    if text:
        found = found.filter(title__icontains=text)
    return (
        found.values("kind", "written_at")
        .annotate(
            sent=Count("pk"), read=Count("reading"), first_title=Min("title"), last_title=Max("title"), letter=Min("pk")
        )
        .filter(sent__gt=1)
        .order_by("-written_at", "kind")
    )


def sending_of(letter: Letter) -> QuerySet[Letter]:
    """Return all letters that were sent together with one."""
    return Letter.objects.filter(school_code=letter.school_code, kind=letter.kind, written_at=letter.written_at)
