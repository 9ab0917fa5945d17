"""A row of the table as it is typed, changed and checked, and in the form that the rules read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kehou.chapters.programme.models import Activity
from kehou.chapters.schools.models import Homeroom, Room
from kehou.chapters.staffing.models import StaffMember
from kehou.rules.permits import Trip
from kehou.rules.timetable import EVERY_WEEK, Draft


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """A row of the table as far as it is known. `slots` gives each ISO weekday the class hour in which it begins.

    The place is a room, or `in_homeroom`: the classroom of `homeroom`, or each child's own when that is None.
    """

    name: str = ""
    category: str = ""
    kind: str = ""
    grades: Sequence[int] = ()
    slots: Mapping[int, int] = field(default_factory=dict)
    class_hours: int | None = 1
    capacity: int | None = None
    minimum: int | None = 15
    aim: str = ""
    domains: Sequence[str] = ()
    category_reason: str = ""
    room: Room | None = None
    in_homeroom: bool = False
    homeroom: Homeroom | None = None
    leader: StaffMember | None = None
    helpers: Sequence[StaffMember] = ()
    risk_class: str = "A"
    kit: str = ""
    week_of_month: int | None = None
    is_base_care: bool = False
    one_team: bool = False

    @property
    def people(self) -> list[StaffMember]:
        """Return the leader, then the helpers."""
        return ([self.leader] if self.leader else []) + list(self.helpers)


def facts_of(activity: Activity) -> ActivityFacts:
    """Return an activity as it stands, in the form in which it can be changed and checked."""
    return ActivityFacts(
        name=activity.name,
        category=activity.category,
        kind=activity.kind,
        grades=tuple(activity.grades),
        slots={slot.weekday: slot.first_hour for slot in activity.slots.all() if slot.withdrawn_at is None},
        class_hours=activity.class_hours,
        capacity=activity.capacity,
        minimum=activity.minimum,
        aim=activity.aim,
        domains=tuple(activity.domains),
        category_reason=activity.category_reason,
        room=activity.room,
        in_homeroom=activity.in_homeroom,
        homeroom=activity.homeroom,
        leader=activity.leader,
        helpers=tuple(activity.helpers.all()),
        risk_class=activity.risk_class,
        kit=activity.kit,
        week_of_month=activity.week_of_month,
        is_base_care=activity.is_base_care,
        one_team=activity.one_team,
    )


def room_key(facts: ActivityFacts) -> str | None:
    """Return by which key the rules know the place of a row; None while it has none."""
    if facts.room:
        return f"room:{facts.room.pk}"
    if facts.homeroom:
        return f"class:{facts.homeroom.pk}"
    return "own" if facts.in_homeroom else None


def drafts_of(facts: ActivityFacts, *, approved: bool = False) -> list[Draft]:
    """Return the row in the form that the rules read: one draft for each class hour in which it begins.

    `approved` says that the district approved it off campus.
    """
    by_hour: dict[int | None, set[int]] = {}
    for weekday, hour in facts.slots.items():
        by_hour.setdefault(hour, set()).add(weekday)
    people = facts.people
    return [
        Draft(
            name=facts.name.strip(),
            category=facts.category,
            category_reason=facts.category_reason,
            kind=facts.kind,
            domains=frozenset(facts.domains),
            aim=facts.aim,
            grades=frozenset(facts.grades),
            room=room_key(facts),
            leaders=tuple(str(one.pk) for one in people),
            weekdays=frozenset(weekdays),
            weeks=frozenset({facts.week_of_month}) if facts.week_of_month else EVERY_WEEK,
            first_hour=hour,
            hours=facts.class_hours,
            capacity=facts.capacity,
            minimum=facts.minimum,
            risk=facts.risk_class,
            adults=len(set(people)) or None,
            kit=facts.kit,
            off_campus=bool(facts.room and facts.room.kind == "off_campus"),
            off_campus_approved=approved,
        )
        for hour, weekdays in (by_hour or {1: set()}).items()
    ]


def trip_of(facts: ActivityFacts) -> Trip | None:
    """Return the row as a trip, None when it does not leave the school."""
    if facts.room is None or facts.room.kind != "off_campus":
        return None
    return Trip(facts.name.strip(), facts.room.pk, frozenset(facts.slots), frozenset(facts.grades), facts.capacity or 0)


def weekly(facts: ActivityFacts) -> int:
    """Return the class hours a week of a row; a monthly one does not count."""
    return 0 if facts.week_of_month else (facts.class_hours or 0) * len(facts.slots)


def whole(facts: ActivityFacts) -> Draft:
    """Return the row as one draft with all its weekdays, for what does not ask the clock."""
    first, *rest = drafts_of(facts)
    weekdays = first.weekdays.union(*(draft.weekdays for draft in rest))
    return Draft(**{name: getattr(first, name) for name in Draft.__slots__} | {"weekdays": weekdays})
