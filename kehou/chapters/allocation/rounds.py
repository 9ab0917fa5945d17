"""From applications to the `Round` of the engine and back: pseudonyms, sections, requests, the frozen file."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kehou.chapters.allocation.models import Draw
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment.models import Application, DayChoice, Registration, Wish
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.enrolment.siblings import groups_among
from kehou.chapters.people.models import CareRecord
from kehou.chapters.people.queries import held_on
from kehou.chapters.programme.models import Slot
from kehou.chapters.schools.models import Homeroom
from kehou.lib.masked import keyed_hash
from kehou.rules.allocation import ALL, CARE, Request, Round, Rules, Section, Student
from kehou.rules.allocation.formats import round_from, round_to
from kehou.rules.calendar import weekday_name
from kehou.rules.care import is_guaranteed

_UNFIT = re.compile(r"[\s|\"'/\\\x00-\x1f\x7f\U00010000-\U0010ffff]")  # as `allocation.model.ID` has it
MAIN_SITE = "本部"


@dataclass(frozen=True)
class Frozen:
    """A round with whose application each pseudonym is; this mapping never leaves the school."""

    round: Round
    applications: dict[str, int]

    def to_json(self) -> bytes:
        """Return the bytes of the frozen file."""
        value = {"round": round_to(self.round), "applications": self.applications}
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def of_json(cls, content: bytes) -> Frozen:
        """Return what `to_json` wrote."""
        value: dict[str, Any] = json.loads(content)
        return cls(round_from(value["round"]), value["applications"])


def round_id(draw: Draw) -> str:
    """Return the public name of a draw."""
    registration = draw.registration
    return f"{registration.term.code}-{registration.school.code}-{draw.number}"


def pseudonym(draw: Draw, application_id: int) -> str:
    """Return the code under which a child stands in the public record of one draw: ten signs, new for each draw."""
    return keyed_hash(f"{draw.pk}|{application_id}", purpose="draw.pid")[:10].upper()


def family_code(draw: Draw, group: str) -> str:
    """Return the code under which siblings share a number: new for each draw, longer than a pseudonym, no name."""
    return keyed_hash(f"{draw.pk}|{group}", purpose="draw.family")[:12]


def section_id(slot: Slot) -> str:
    """Return the public id of a slot: its number first, then words for people."""
    words = f"{weekday_name(slot.weekday)}{slot.activity.name}"
    return f"{slot.pk}-{_UNFIT.sub('', words)}"[:64]


def slot_of(section: str) -> int:
    """Return the slot behind a section's id."""
    return int(section.partition("-")[0])


def freeze_round(draw: Draw, *, states: tuple[str, ...] = ("reviewed",)) -> Frozen:
    """Return the round of all reviewed applications of a registration: eight statements whatever their number.

    A rehearsal takes other `states` too: it is held while classes still review.
    """
    registration = draw.registration
    slots = list(slots_of(registration))
    own = classes_with_own_care(registration, slots)
    sections = {slot.pk: section_of(slot, own.get(slot.pk)) for slot in slots}
    with_care = set(own.values())
    applications = list(
        registration.applications.filter(joins=True, state__in=states).select_related("pupil__homeroom").order_by("pk")
    )
    pids = {application.pk: pseudonym(draw, application.pk) for application in applications}
    flags = protected_among(applications, registration.term.service_from_on)
    families = {pk: family_code(draw, group) for pk, group in groups_among(applications).items()}
    students = [
        Student(
            pid=pids[application.pk],
            campus=_campus(application.pupil.homeroom, with_care),
            grade=application.pupil.homeroom.grade,
            family=families.get(application.pk),
            guaranteed=application.pk in flags,
        )
        for application in applications
    ]
    return Frozen(
        Round(
            id=round_id(draw),
            rules=Rules(**draw.rules),
            sections=tuple(sections.values()),
            students=tuple(students),
            requests=tuple(_requests(applications, pids, sections, {s.pid: s for s in students})),
            randomness=draw.randomness,
            salt=keyed_hash(str(draw.pk), purpose="draw.salt"),
        ),
        {pid: pk for pk, pid in pids.items()},
    )


def classes_with_own_care(registration: Registration, slots: Iterable[Slot]) -> dict[int, Homeroom]:
    """Return the class that a slot of base care belongs to, where every class of its grade has one at that hour.

    Then each child stays with its own class; where a grade shares one room, care stays open to all of them.
    """
    year = registration.term.school_year
    of_grade: dict[int, set[int]] = defaultdict(set)
    for pk, grade in registration.school.homerooms.filter(school_year=year).values_list("pk", "grade"):
        of_grade[grade].add(pk)
    held: dict[tuple[int, int, int], dict[int, Slot]] = defaultdict(dict)
    for slot in slots:
        homeroom = slot.activity.homeroom
        if slot.activity.is_base_care and homeroom is not None and slot.activity.grades == [homeroom.grade]:
            held[slot.weekday, slot.first_hour, homeroom.grade][homeroom.pk] = slot
    return {
        slot.pk: slot.activity.homeroom
        for (_, _, grade), there in held.items()
        if set(there) >= of_grade[grade]
        for slot in there.values()
        if slot.activity.homeroom is not None
    }


def _campus(homeroom: Homeroom, with_care: set[Homeroom]) -> str:
    """Return where a child belongs in the draw: its class where that has care of its own, else its site."""
    return f"{homeroom.site}{homeroom}" if homeroom in with_care else homeroom.site or MAIN_SITE


def section_of(slot: Slot, homeroom: Homeroom | None = None) -> Section:
    """Return a slot as the engine knows it; with a homeroom it is open to that class only."""
    activity = slot.activity
    return Section(
        id=section_id(slot),
        day=slot.weekday,
        cap=activity.capacity,
        min=0 if activity.is_base_care else min(activity.minimum, activity.capacity),
        hours=((1 << activity.class_hours) - 1) << (slot.first_hour - 1),
        grades=sum(1 << (grade - 1) for grade in activity.grades),
        campuses=frozenset({_campus(homeroom, {homeroom})}) if homeroom else ALL,
        kind=CARE if activity.is_base_care else "club",
    )


def _requests(
    applications: Iterable[Application],
    pids: dict[int, str],
    sections: dict[int, Section],
    students: dict[str, Student],
) -> Iterable[Request]:
    currents = {application.current_id: pids[application.pk] for application in applications}
    tiers: dict[tuple[int, int], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    wishes = Wish.objects.filter(submission__in=list(currents)).order_by("tier", "pk")
    for submission, weekday, tier, slot in wishes.values_list("submission", "weekday", "tier", "slot"):
        # An activity withdrawn since is no wish any more, nor is the room of another class.
        if slot in sections and sections[slot].admits(students[currents[submission]]):
            tiers[submission, weekday][tier].append(sections[slot].id)
    days = DayChoice.objects.filter(submission__in=list(currents)).order_by("submission", "weekday")
    for submission, weekday, hours, any_place in days.values_list("submission", "weekday", "hours", "any_place"):
        wished = tuple(tuple(there) for _, there in sorted(tiers[submission, weekday].items()))
        yield Request(
            pid=currents[submission],
            day=weekday,
            tiers=wished,
            any_place=any_place or not wished,
            hours=(1 << hours) - 1,
        )


def protected_among(applications: Iterable[Application], on: date) -> set[int]:
    """Return the applications of protected children (2.1-f…i). Read here, shown nowhere (2.1-k)."""
    by_pupil = {application.pupil_id: application for application in applications}
    categories: dict[int, list[str]] = defaultdict(list)
    records = CareRecord.objects.filter(held_on(on), pupil__in=list(by_pupil), ended_at__isnull=True)
    for pupil, category in records.values_list("pupil", "category"):
        categories[pupil].append(category)
    prio = parameters_on(on).prio
    lower = range(1, prio.lower_grades_to + 1)
    return {
        application.pk
        for pupil, application in by_pupil.items()
        if is_guaranteed(
            categories[pupil], grade=application.pupil.homeroom.grade, guaranteed_grades=lower, named=prio.categories
        )
    }
