"""The one door to the clock. Only desks and commands come through it; everything below takes `at` or `on`.

In a demonstration the clock can be moved to a moment of the story; it runs on from there.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from time import monotonic

from django.conf import settings
from django.utils import timezone

_REMEMBERED_SECONDS = 1.0
_remembered: tuple[float, timedelta] | None = None


def _shift() -> timedelta:
    """Return by how much the demonstration's clock is ahead of the wall clock; read at most once a second."""
    global _remembered
    if not settings.DEMONSTRATION:
        return timedelta()
    if _remembered is None or monotonic() - _remembered[0] > _REMEMBERED_SECONDS:
        from kehou.lib.models import ClockShift

        shift = ClockShift.objects.values_list("seconds", flat=True).first()
        _remembered = (monotonic(), timedelta(seconds=shift or 0))
    return _remembered[1]


def now() -> datetime:
    """Return this instant, aware, in the district's time zone."""
    return timezone.localtime(timezone.now()) + _shift()


def wall() -> datetime:
    """Return this instant of the machine, which no demonstration moves: for leases, retries and schedules only."""
    return timezone.now()


def today() -> date:
    """Return this day in the district's time zone."""
    return now().date()


def move_to(moment: datetime, *, key: str = "") -> None:
    """Let the demonstration's clock stand at `moment` now and run on from there; `key` names it.

    :raises RuntimeError: outside a demonstration
    """
    global _remembered
    if not settings.DEMONSTRATION:
        raise RuntimeError("the clock can be moved in a demonstration only")
    from kehou.lib.models import ClockShift

    seconds = round((moment - timezone.now()).total_seconds())
    ClockShift.objects.update_or_create(pk=1, defaults={"seconds": seconds, "moment": key})
    _remembered = None
