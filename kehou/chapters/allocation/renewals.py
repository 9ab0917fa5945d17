"""Groups that go on from last term, their members, and the seats these have kept before the round."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from kehou.chapters.allocation.models import Placement, Renewal, RenewalWindow
from kehou.chapters.allocation.queries import hours_of
from kehou.chapters.basis.models import Term
from kehou.chapters.enrolment.models import Application, Registration
from kehou.chapters.people.models import Pupil
from kehou.chapters.programme.models import Activity, ActivityTable, Slot
from kehou.chapters.programme.queries import earlier_table, slots_of
from kehou.chapters.schools.models import School
from kehou.lib.prepared import Prepared
from kehou.rules.renewing import KEEP, Going, kept_days, refusal_of_group, refusal_to_answer
from kehou.rules.verdicts import Refusal


@dataclass(frozen=True)
class GoingOn:
    """A group of this term that was there last term: its slots now, and who may keep a seat on which weekdays."""

    activity: Activity
    slots: tuple[Slot, ...]
    members: Mapping[int, tuple[int, ...]]  # pupil → weekdays

    @property
    def facts(self) -> Going:
        """Return what the rules judge."""
        return Going(self.activity.name, len(self.members), self.activity.capacity)

    @property
    def refusal(self) -> Refusal | None:
        """Return why the group cannot be renewed, or None."""
        return refusal_of_group(self.facts)

    @property
    def several_days(self) -> bool:
        """Return whether it meets on several weekdays, so that it may be one team."""
        return len(self.slots) > 1


def table_to_renew(school: School, *, on: date) -> ActivityTable | None:
    """Return the table of the newest term that is not over: the one families choose from next."""
    rows = ActivityTable.objects.filter(school=school, term__until_on__gt=on).select_related("school", "term")
    return rows.order_by("-term__from_on").first()


def window_of(school: School, term: Term) -> RenewalWindow | None:
    """Return the school's renewal window of a term, or None."""
    return RenewalWindow.objects.filter(school=school, term=term).select_related("school", "term").first()


def opens_at(school: School, term: Term) -> datetime | None:
    """Return when the families of a school begin to choose for a term, None while that is not named."""
    return Registration.objects.filter(school=school, term=term).values_list("opens_at", flat=True).first()


def going_on(table: ActivityTable) -> list[GoingOn]:
    """Return the groups that bear the name of a group of the last table, base care apart: four statements.

    Whoever held a seat to the end of last term, is in school and still of a fitting grade may keep it on those
    weekdays that the group still has.
    """
    last = earlier_table(table)
    if last is None:
        return []
    slots: dict[str, list[Slot]] = defaultdict(list)
    for slot in slots_of(table.school, table.term):
        if not slot.activity.is_base_care:
            slots[slot.activity.name].append(slot)
    seats = (
        Placement.objects.filter(
            slot__activity__table=last,
            slot__activity__name__in=list(slots),
            until_on__gte=last.term.service_until_on,
            ended_at=None,
            application__pupil__school=table.school,
            application__pupil__state=Pupil.IN_SCHOOL,
        )
        .order_by("application__pupil", "weekday")
        .values_list("slot__activity__name", "application__pupil", "application__pupil__homeroom__grade", "weekday")
    )
    members: dict[str, dict[int, tuple[int, ...]]] = defaultdict(dict)
    for name, pupil, grade, weekday in seats:
        activity = slots[name][0].activity
        if grade in activity.grades and any(slot.weekday == weekday for slot in slots[name]):
            members[name][pupil] = (*members[name].get(pupil, ()), weekday)
    return [GoingOn(there[0].activity, tuple(there), members[name]) for name, there in sorted(slots.items())]


def renewals_in(window: RenewalWindow, *, text: str = "", activity: int | None = None) -> QuerySet[Renewal]:
    """Return who was asked, by group, class and name."""
    rows = window.renewals.select_related("activity", "pupil__homeroom").order_by(
        "activity__name", "pupil__homeroom__grade", "pupil__homeroom__number", "pupil__name_sort"
    )
    if text:
        rows = rows.filter(Q(pupil__name__icontains=text) | Q(pupil__name_sort__icontains=text))
    return rows.filter(activity=activity) if activity else rows


_ASKED = Prepared(
    lambda pupil, on: (
        Renewal.objects.filter(pupil=pupil, window__term__until_on__gt=on)
        .select_related("activity", "window__school", "window__term")
        .order_by("activity__name")
    ),
    pupil=int,
    on=date,
)


def renewals_of(pupil: Pupil, *, on: date) -> list[Renewal]:
    """Return what a family is asked to keep, for terms that are not over."""
    return _ASKED.rows(pupil=pupil.pk, on=on)


def refusal_now(window: RenewalWindow, at: datetime) -> Refusal | None:
    """Return why nobody can answer at this moment: what the button says."""
    return refusal_to_answer(closes_at=window.closes_at, opens_at=opens_at(window.school, window.term), at=at)


def kept_by_slot(school: School, term: Term) -> Counter[int]:
    """Return how many seats of each slot their members keep: what families see before they choose."""
    kept = Counter(
        (activity, day)
        for activity, weekdays in _kept(school, term).values_list("activity", "weekdays")
        for day in weekdays
    )
    if not kept:
        return Counter()  # most schools, most terms
    slots = slots_of(school, term).filter(activity__in={activity for activity, _ in kept})
    rows = slots.select_related(None).order_by().values_list("activity", "weekday", "pk")
    return Counter({slot: kept[activity, day] for activity, day, slot in rows if (activity, day) in kept})


def _kept(school: School, term: Term) -> QuerySet[Renewal]:
    return Renewal.objects.filter(window__school=school, window__term=term, answer=KEEP)


def kept_in(
    registration: Registration,
    applications: Iterable[Application],
    slots: Collection[Slot],
    chosen: Mapping[int, dict[int, int]],
) -> dict[tuple[int, int], list[Slot]]:
    """Return the seats that are out of the round: (application, weekday) → slots. One statement.

    A seat holds where its family takes part and has `chosen` (application → weekday → hours) the day for long enough;
    else it goes back into the round.
    """
    by_pupil = {one.pupil_id: one.pk for one in applications}
    there: dict[tuple[int, int], Slot] = {(slot.activity_id, slot.weekday): slot for slot in slots}
    found: dict[tuple[int, int], list[Slot]] = defaultdict(list)
    rows = _kept(registration.school, registration.term).filter(pupil__in=list(by_pupil)).order_by("pk")
    for pupil, activity, weekdays, series in rows.values_list("pupil", "activity", "weekdays", "series"):
        mine = [there[activity, day] for day in weekdays if (activity, day) in there]
        application = by_pupil[pupil]
        days = kept_days(
            ((slot.weekday, max(hours_of(slot))) for slot in mine), chosen.get(application, {}), series=series
        )
        for slot in mine:
            if slot.weekday in days:
                found[application, slot.weekday].append(slot)
    return dict(found)
