"""A changed dismissal moves the slots of the table along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction

from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.schools import actions as schools
from kehou.chapters.schools.models import Season
from kehou.lib.actors import Actor


@transaction.atomic
def change_dismissals(season: Season, times: Mapping[tuple[int, int], time], *, by: Actor, at: datetime) -> int:
    """Replace a season's dismissals and give the slots of the running tables their new clock times; return how many.

    Sessions follow when the table has been published again.

    :raises Refused: R-TIME-02 for what cannot be, R-GATE-02 while a table that depends on it is published
    """
    if {(row.grade, row.weekday): row.at for row in season.dismissals.all()} == dict(times):
        return 0
    schools.set_dismissals(season, times, by=by, at=at)
    running = ActivityTable.objects.filter(
        school=season.school, term__until_on__gt=max(season.from_on, at.date()), term__from_on__lt=season.until_on
    )
    return sum(programme.retime(table, by=by, at=at) for table in running)
