"""Which children keep their old arrangement, asked before a session is held at another time or place (2.7.2-g)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from kehou.chapters.allocation.models import Placement
from kehou.chapters.basis.models import Term
from kehou.chapters.planning.queries import renewals_of
from kehou.chapters.schools.models import School
from kehou.chapters.timetable.models import Session
from kehou.rules.planning import newest_over, refusal_of_moving
from kehou.rules.verdicts import Refusal

TIME_AND_PLACE = ("on", "starts_at", "ends_at", "room_id")


class Consents:
    """What the families of a school's term have agreed to; four statements however many sessions are asked about."""

    def __init__(self, school: School, term: Term, *, at: datetime) -> None:
        self._renewals = renewals_of(school, term)
        self._seats: dict[int, list[tuple[date, date, int]]] = defaultdict(list)
        rows = Placement.objects.filter(slot__activity__table__school=school, slot__activity__table__term=term)
        rows = rows.filter(ended_at=None, until_on__gt=at.date())
        for slot, start, end, pupil in rows.values_list("slot_id", "from_on", "until_on", "application__pupil_id"):
            self._seats[slot].append((start, end, pupil))

    def refusal(self, session: Session, *, lasting: bool) -> Refusal | None:
        """Return why a session stays at its time and place, asked before it is changed (R-AMD-01).

        `lasting` is a change of the table, which families agree to first; else one meeting is moved by hand.
        """
        children = {pupil for start, end, pupil in self._seats[session.slot_id] if start <= session.on < end}
        slot = session.slot
        renewal = newest_over(self._renewals, activity=slot.activity_id, weekday=slot.weekday, on=session.on)
        return refusal_of_moving(slot.activity.name, renewal, children, lasting=lasting)
