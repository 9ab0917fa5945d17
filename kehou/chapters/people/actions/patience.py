"""How often somebody may try: a try is taken before it is made, so that a hundred at once are counted like a hundred.

Looking first and counting afterwards would let everybody through who looks at the same instant.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kehou.chapters.people.models import Attempt
from kehou.lib.locks import hold
from kehou.lib.masked import keyed_hash
from kehou.rules import signing_in as rules
from kehou.rules.signing_in import Limit
from kehou.rules.verdicts import insist


def key_of(kind: str, whom: str) -> str:
    """Return what a try is counted under; numbers and addresses are not readable in it."""
    return f"{kind}:{keyed_hash(whom, purpose='attempt')}"


def failures(phone: str, address: str) -> list[tuple[Limit, str]]:
    """Return the limits of failed tries of a number and from an address, each with its key."""
    return [
        (rules.FAILURES_A_NUMBER, key_of("failed", phone)),
        (rules.FAILURES_AN_ADDRESS, key_of("failed", address)),
    ]


@transaction.atomic
def take_try(limits: Sequence[tuple[Limit, str]], *, at: datetime) -> list[int]:
    """Count one more try under each key, and return what `give_back` takes.

    The caller calls this outside a transaction: what is counted must survive the refusal that follows.

    :raises Refused: R-ACC-01 with the time until which to wait; then nothing is counted
    """
    keys = list(dict.fromkeys(key for _, key in limits))
    hold(*keys)
    for limit, key in limits:
        recent = Attempt.objects.filter(key=key, at__gt=at - limit.within, at__lte=at)
        insist(rules.refusal_of_haste(limit, recent.values_list("at", flat=True), now=at))
    return [Attempt.objects.create(key=key, at=at).pk for key in keys]


def give_back(tries: list[int]) -> None:
    """Forget tries that did not fail."""
    Attempt.objects.filter(pk__in=tries).delete()
