"""The day of a school, held: whoever changes who is on site holds it with others, who counts to zero holds it alone."""

from __future__ import annotations

from datetime import date

from kehou.chapters.attendance import queries
from kehou.chapters.schools.models import School
from kehou.lib.locks import hold
from kehou.rules.verdicts import Refused, refuse


def hold_day(school_id: int, on: date, *, alone: bool = False) -> None:
    """Hold a school's day until the transaction ends; it has no row before it is closed.

    Without it a child is put back on site at the instant at which somebody else finds nobody left.
    """
    hold(f"attendance day {school_id} {on.isoformat()}", shared=not alone)


def insist_on_open_day(school: School, on: date) -> None:
    """Hold the day, and raise once it is closed. :raises Refused: R-PICK-02"""
    hold_day(school.pk, on)
    if queries.is_closed(school, on):
        raise Refused(refuse("R-PICK-02", "day_closed"))
