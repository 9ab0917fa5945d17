"""From applications to the `Round` of the engine and back: pseudonyms, sections, requests, the frozen file."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kehou.chapters.allocation.models import Draw
from kehou.chapters.allocation.renewals import kept_in
from kehou.chapters.allocation.teams import teams_among, unfit_removed, wishes_for_teams
from kehou.chapters.basis.queries import parameters_on
from kehou.chapters.enrolment.models import Application, DayChoice, Registration, Wish
from kehou.chapters.enrolment.queries import slots_of
from kehou.chapters.enrolment.siblings import groups_among
from kehou.chapters.people.models import CareRecord
from kehou.chapters.people.queries import children_of_staff, held_on
from kehou.chapters.programme.models import Slot
from kehou.chapters.schools.models import Homeroom
from kehou.lib.masked import keyed_hash
from kehou.rules.allocation import ALL, CARE, SERIES, Request, Round, Rules, Section, Student
from kehou.rules.allocation.formats import round_from, round_to
from kehou.rules.calendar import weekday_name
from kehou.rules.care import is_guaranteed
from kehou.rules.draw_groups import mask_of
from kehou.rules.enrolling import draws_teams_first
from kehou.rules.parameters.groups import Prio

WHOLE_SCHOOL = "全校"


@dataclass(frozen=True)
class Frozen:
    """A round with whose application each pseudonym is; this mapping never leaves the school."""

    round: Round
    applications: dict[str, int]
    kept: tuple[tuple[int, int, int], ...] = ()  # (application, slot, weekday): seats kept before the round

    def to_json(self) -> bytes:
        """Return the bytes of the frozen file."""
        value = {"round": round_to(self.round), "applications": self.applications, "kept": self.kept}
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def of_json(cls, content: bytes) -> Frozen:
        """Return what `to_json` wrote."""
        value: dict[str, Any] = json.loads(content)
        kept = tuple((application, slot, day) for application, slot, day in value.get("kept", ()))
        return cls(round_from(value["round"]), value["applications"], kept)


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
    return f"{slot.pk}-{unfit_removed(words)}"[:64]


def slot_of(section: str) -> int:
    """Return the slot behind a section's id."""
    return int(section.partition("-")[0])


def freeze_round(draw: Draw, *, states: tuple[str, ...] = ("reviewed",)) -> Frozen:
    """Return the round of all reviewed applications of a registration: ten statements whatever their number.

    A rehearsal takes other `states` too: it is held while classes still review.
    """
    registration = draw.registration
    slots = list(slots_of(registration))
    own = classes_with_own_care(registration, slots)
    applications = list(
        registration.applications.filter(joins=True, state__in=states).select_related("pupil__homeroom").order_by("pk")
    )
    days = _days(applications)
    kept = kept_in(registration, applications, slots, {pk: _hours(there) for pk, there in days.items()})
    sections = _sections(slots, own, kept)
    teams = teams_among(slots, sections) if draws_teams_first(draw.rules["mechanism"]) else {}
    whole = {team.id: team for team in teams.values()}
    students = _students(draw, applications, set(own.values()))
    return Frozen(
        Round(
            id=round_id(draw),
            rules=Rules(**draw.rules),
            sections=(*sections.values(), *whole.values()),
            students=tuple(students.values()),
            requests=tuple(_requests(days, _wishes(applications), kept, Offered(sections, teams), students)),
            randomness=draw.randomness,
            salt=keyed_hash(str(draw.pk), purpose="draw.salt"),
        ),
        {student.pid: pk for pk, student in students.items()},
        tuple((pk, slot.pk, day) for (pk, day), there in sorted(kept.items()) for slot in there),
    )


def _students(draw: Draw, applications: Iterable[Application], with_care: set[Homeroom]) -> dict[int, Student]:
    """Return each application's child under its pseudonym: site, grade, family if it shares a number, guarantee."""
    asked = list(applications)
    on = draw.registration.term.service_from_on
    grounds = _grounds(asked, on)
    prio = parameters_on(on).prio
    flags, ours = _protected(asked, grounds, prio), children_of_staff(draw.registration.school, on=on)
    families = {pk: family_code(draw, group) for pk, group in groups_among(asked).items()}
    return {
        one.pk: Student(
            pid=pseudonym(draw, one.pk),
            campus=_campus(one.pupil.homeroom, with_care),
            grade=one.pupil.homeroom.grade,
            family=families.get(one.pk),
            guaranteed=one.pk in flags,
            groups=mask_of(
                grounds.get(one.pupil_id, ()),
                lower=one.pupil.homeroom.grade <= prio.lower_grades_to,
                staff=one.pupil_id in ours,
            ),
        )
        for one in asked
    }


def _sections(
    slots: Iterable[Slot], own: Mapping[int, Homeroom], kept: Mapping[tuple[int, int], list[Slot]]
) -> dict[int, Section]:
    """Return the sections by slot with the seats that are left to draw for; where none is left there is no section."""
    gone = Counter(slot.pk for there in kept.values() for slot in there)
    sections = {}
    for slot in slots:
        section = section_of(slot, own.get(slot.pk))
        if seats := section.cap - gone[slot.pk]:
            least = min(max(section.min - gone[slot.pk], 0), seats)
            sections[slot.pk] = replace(section, cap=seats, min=least)
    return sections


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
    """Return where a child belongs in the draw: its class where that has care of its own, else the whole school.

    Everybody reads it beside the child's wishes, so that it says no more than who may sit where (docs/adr/0022).
    """
    return str(homeroom) if homeroom in with_care else WHOLE_SCHOOL


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


@dataclass(frozen=True)
class Offered:
    """The sections by slot, and the team behind each slot that is part of one."""

    sections: dict[int, Section]
    teams: dict[int, Section]


Days = list[tuple[int, int, bool]]  # (weekday, hours, any place)


def _days(applications: Iterable[Application]) -> dict[int, Days]:
    """Return the days that each application has chosen."""
    currents = {application.current_id: application.pk for application in applications}
    found: dict[int, Days] = {application.pk: [] for application in applications}
    rows = DayChoice.objects.filter(submission__in=list(currents)).order_by("submission", "weekday")
    for submission, weekday, hours, any_place in rows.values_list("submission", "weekday", "hours", "any_place"):
        found[currents[submission]].append((weekday, hours, any_place))
    return found


def _hours(days: Days) -> dict[int, int]:
    return {weekday: hours for weekday, hours, _ in days}


def _wishes(applications: Iterable[Application]) -> dict[tuple[int, int], dict[int, list[int]]]:
    """Return the slots wished for by application and weekday, by tier."""
    currents = {application.current_id: application.pk for application in applications}
    tiers: dict[tuple[int, int], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = Wish.objects.filter(submission__in=list(currents)).order_by("tier", "pk")
    for submission, weekday, tier, slot in rows.values_list("submission", "weekday", "tier", "slot"):
        tiers[currents[submission], weekday][tier].append(slot)
    return tiers


def _requests(
    days: Mapping[int, Days],
    wishes: Mapping[tuple[int, int], Mapping[int, list[int]]],
    kept: Mapping[tuple[int, int], list[Slot]],
    offered: Offered,
    students: Mapping[int, Student],
) -> Iterable[Request]:
    sections = {slot: section for slot, section in offered.sections.items() if section.kind != SERIES}
    for application, chosen in days.items():
        student = students[application]
        mine = {day: wishes.get((application, day), {}) for day, _, _ in chosen}
        held = [day for day in mine if (application, day) in kept]
        team, team_days = wishes_for_teams(mine, held, offered.teams, offered.sections, student)
        if team:
            yield team
        for weekday, hours, any_place in chosen:
            # An activity withdrawn since is no wish any more, nor is the room of another class or a full group.
            tiers = [
                tuple(sections[slot].id for slot in there if slot in sections and sections[slot].admits(student))
                for _, there in sorted(wishes.get((application, weekday), {}).items())
            ]
            wished, stays = tuple(filter(None, tiers)), (1 << hours) - 1
            if seats := kept.get((application, weekday)):
                request = _beside(seats, Request(student.pid, weekday, wished, any_place, stays), sections, student)
                if request:
                    yield request
            else:
                anywhere = any_place or not (wished or weekday in team_days)
                yield Request(student.pid, weekday, wished, anywhere, stays)


def _beside(mine: Iterable[Slot], asked: Request, sections: Mapping[int, Section], student: Student) -> Request | None:
    """Return what is left to ask for beside the kept seats of a day: wishes in the other hours, then base care."""
    taken = 0
    for slot in mine:
        taken |= section_of(slot).hours
    left = asked.hours & ~taken
    fits = {
        one.id: one
        for one in sections.values()
        if one.day == asked.day and one.admits(student) and not one.hours & ~left
    }
    tiers = [tuple(one for one in tier if one in fits and fits[one].kind != CARE) for tier in asked.tiers]
    care = tuple(sorted(one.id for one in fits.values() if one.kind == CARE))
    listed = tuple(filter(None, [*tiers, care]))
    return Request(asked.pid, asked.day, listed, any_place=False, hours=left) if left and listed else None


def protected_among(applications: Iterable[Application], on: date) -> set[int]:
    """Return the applications of protected children (2.1-f…i). Read here, shown nowhere (2.1-k)."""
    asked = list(applications)
    return _protected(asked, _grounds(asked, on), parameters_on(on).prio)


Grounds = Mapping[int, list[str]]  # pupil → categories of the care records in force


def _grounds(applications: Iterable[Application], on: date) -> Grounds:
    categories: dict[int, list[str]] = defaultdict(list)
    pupils = [application.pupil_id for application in applications]
    records = CareRecord.objects.filter(held_on(on), pupil__in=pupils, ended_at__isnull=True)
    for pupil, category in records.values_list("pupil", "category"):
        categories[pupil].append(category)
    return categories


def _protected(applications: Iterable[Application], grounds: Grounds, prio: Prio) -> set[int]:
    lower = range(1, prio.lower_grades_to + 1)
    return {
        one.pk
        for one in applications
        if is_guaranteed(
            grounds.get(one.pupil_id, ()),
            grade=one.pupil.homeroom.grade,
            guaranteed_grades=lower,
            named=prio.categories,
        )
    }
