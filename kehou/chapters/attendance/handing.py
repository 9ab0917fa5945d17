"""To whom children may be handed over on a day: guardians, named persons, the duty leader, or nobody (3.2-n)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from kehou.chapters.enrolment.models import Enrolment
from kehou.chapters.people.models import Guardianship, PickupPerson, Post
from kehou.chapters.people.queries import held_on
from kehou.chapters.schools.models import School
from kehou.chapters.timetable.models import Duty
from kehou.rules.attendance import Takers, Way


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to “who takes the child”: the way, the person of that way (none alone or by bus), who that is."""

    way: Way
    name: str = ""
    who: str = ""


def handing(school: School, pupil_ids: Collection[int], on: date) -> dict[int, list[Option]]:
    """Return each child's options of a day, guardians first: five statements whatever the number.

    The duty leaders are those the roster of the day names; on a day without a roster, whoever holds the post.
    """
    found: dict[int, list[Option]] = defaultdict(list)
    held = Guardianship.objects.filter(held_on(on), pupil__in=pupil_ids).order_by("-is_main", "pk")
    for pupil, name, relation in held.values_list("pupil_id", "account__name", "relation"):
        found[pupil].append(Option(Way.GUARDIAN, name, relation or "监护人"))
    for person in may_fetch(pupil_ids, on):
        found[person.pupil_id].append(Option(Way.DELEGATE, person.name, _who(person)))
    chosen = Enrolment.objects.filter(
        pupil__in=pupil_ids, from_on__lte=on, until_on__gt=on, application__current__going_home__in=("alone", "bus")
    )
    for pupil, home in chosen.values_list("pupil_id", "application__current__going_home"):
        found[pupil].append(Option(Way(home)))
    leaders = [Option(Way.DUTY_LEADER, name) for name in duty_leaders(school, on)]
    return {pupil: [*found[pupil], *leaders] for pupil in pupil_ids}


def takers(options: Collection[Option]) -> Takers:
    """Return what the rule asks of a child's options."""
    by_way: dict[Way, list[str]] = defaultdict(list)
    for option in options:
        by_way[option.way].append(option.name)
    return Takers(
        guardians=by_way[Way.GUARDIAN],
        delegates=by_way[Way.DELEGATE],
        duty_leaders=by_way[Way.DUTY_LEADER],
        may_walk=Way.ALONE in by_way,
        rides_bus=Way.BUS in by_way,
    )


def may_fetch(pupil_ids: Collection[int], on: date) -> QuerySet[PickupPerson]:
    """Return the persons whom families named to take their children on a day."""
    return PickupPerson.objects.filter(
        Q(only_on__isnull=True) | Q(only_on=on), pupil_id__in=list(pupil_ids), ended_at__isnull=True
    ).order_by("pk")


def duty_leaders(school: School, on: date) -> list[str]:
    """Return the names of a day's duty leaders."""
    rostered = Duty.objects.filter(school=school, on=on, kind="leader").order_by("pk")
    if names := list(rostered.values_list("staff__name", flat=True)):
        return names
    posts = Post.objects.filter(held_on(on), school=school, role="duty_leader").order_by("pk")
    return list(posts.values_list("account__name", flat=True))


def _who(person: PickupPerson) -> str:
    """Return what tells the teacher that this is the person: 奶奶，电话尾号1111，仅今天."""
    parts = (person.relation, person.phone and f"电话尾号{person.phone[-4:]}", person.only_on and "仅今天")
    return "，".join(part for part in parts if part)
