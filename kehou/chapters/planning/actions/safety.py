"""What is done for safety before the afternoons: points and duties of the matrix, the cards, drills, small records."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kehou.chapters.basis.models import Term
from kehou.chapters.journal import actions as journal
from kehou.chapters.planning.models import Drill, DutyCell, DutyPoint, EmergencyFacts, SafetyRecord
from kehou.chapters.planning.queries.organisation import last_day
from kehou.chapters.planning.queries.safety import cells_of, points_of
from kehou.chapters.planning.queries.shelf import EMERGENCY_NAMES
from kehou.chapters.schools.models import School
from kehou.chapters.staffing.models import StaffMember
from kehou.lib.actors import Actor
from kehou.rules.emergency import refusals_of_drill
from kehou.rules.safety_matrix import HOURS, POINT_KINDS, When, refusals_of_assignment
from kehou.rules.verdicts import insist, refuse


@transaction.atomic
def add_point(school: School, kind: str, name: str, hours: Iterable[int], *, by: Actor, at: datetime) -> DutyPoint:
    """Add a gate, a wave or another fixed point to the matrix. :raises Refused: R-SAFE-01"""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    wanted, name = sorted(set(hours) & set(HOURS)), name.strip()
    insist(
        None if name and kind in POINT_KINDS else refuse("R-SAFE-01", "point_without_name"),
        None if wanted else refuse("R-SAFE-01", "no_time_chosen"),
        refuse("R-SAFE-01", "point_twice", name=name) if any(one.name == name for one in points_of(school)) else None,
    )
    point = DutyPoint.objects.create(school=school, kind=kind, name=name, hours=wanted, added_at=at)
    journal.write("planning.point_added", about=point, by=by, at=at, school_code=school.code, name=name)
    return point


@transaction.atomic
def remove_point(point: DutyPoint, *, by: Actor, at: datetime) -> None:
    """Take a point out of the matrix with its duties; pressed twice nothing more happens."""
    if DutyPoint.objects.filter(pk=point.pk, removed_at=None).update(removed_at=at):
        DutyCell.objects.filter(school=point.school, place=point.key).delete()
        journal.write(
            "planning.point_removed", about=point, by=by, at=at, school_code=point.school.code, name=point.name
        )


@transaction.atomic
def put_in_charge(
    school: School,
    term: Term,
    place: str,
    times: Iterable[When],
    staff: StaffMember,
    *,
    places: Collection[str],
    by: Actor,
    at: datetime,
) -> int:
    """Let somebody answer for a place at these times; whoever did is replaced. Return how many cells were set.

    `places` are the keys that the matrix of the term has.
    :raises Refused: R-SAFE-01 without a time, for an unknown place, for who is not in use or is elsewhere then
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    wanted = sorted(set(times))
    elsewhere = [
        cell for cell in cells_of(school, term) if cell.person == staff.name
    ]  # fmt: skip
    insist(
        None if place in places else refuse("R-SAFE-01", "place_unknown"),
        None
        if staff.school_id == school.pk and staff.state == "in_use"
        else refuse("R-SAFE-01", "person_not_in_use", person=staff.name),
        *refusals_of_assignment(staff.name, place, wanted, elsewhere),
    )
    for weekday, hour in wanted:
        DutyCell.objects.update_or_create(
            school=school, term=term, place=place, weekday=weekday, hour=hour, defaults={"staff": staff}
        )
    journal.write(
        "planning.duties_planned", about=school, by=by, at=at, school_code=school.code, place=place, times=len(wanted)
    )
    return len(wanted)


@transaction.atomic
def plan_duties(
    school: School, term: Term, cells: Iterable[tuple[str, int, int, StaffMember]], *, by: Actor, at: datetime
) -> int:
    """Plan a whole matrix at once where none is planned yet: (place, weekday, hour, who), one statement."""
    rows = [
        DutyCell(school=school, term=term, place=place, weekday=weekday, hour=hour, staff=staff)
        for place, weekday, hour, staff in cells
    ]
    made = DutyCell.objects.bulk_create(rows)
    journal.write("planning.duties_planned", about=school, by=by, at=at, school_code=school.code, times=len(made))
    return len(made)


@transaction.atomic
def relieve(school: School, term: Term, place: str, times: Iterable[When], *, by: Actor, at: datetime) -> int:
    """Take the planned duty off a place at these times; the leader of the table answers again. Return how many."""
    gone = 0
    for weekday, hour in set(times):
        gone += DutyCell.objects.filter(school=school, term=term, place=place, weekday=weekday, hour=hour).delete()[0]
    if gone:
        journal.write(
            "planning.duties_taken_off", about=school, by=by, at=at, school_code=school.code, place=place, times=gone
        )
    return gone


@transaction.atomic
def set_emergency_facts(school: School, *, by: Actor, at: datetime, **facts: str) -> EmergencyFacts:
    """Say where children gather, which hospital and police station are called; the cards print it."""
    told = {name: facts.get(name, "").strip() for name in EMERGENCY_NAMES}
    row, _ = EmergencyFacts.objects.update_or_create(
        school=school, defaults={**told, "set_by": str(by), "set_at": at}
    )  # fmt: skip
    journal.write("planning.emergency_facts_set", about=row, by=by, at=at, school_code=school.code)
    return row


@transaction.atomic
def plan_drill(
    school: School, term: Term, *, scenario: str, planned_on: date, place: str, leader: str, plan: str, by: Actor,
    at: datetime,
) -> Drill:  # fmt: skip
    """Plan a drill of the term. :raises Refused: R-SAFE-07 for an unknown scene or a day outside the term"""
    insist(*refusals_of_drill(planned_on=planned_on, first=term.from_on, last=last_day(term), scenario=scenario))
    drill = Drill.objects.create(
        school=school, term=term, scenario=scenario, planned_on=planned_on, place=place.strip(), leader=leader.strip(),
        plan=plan.strip(), planned_by=str(by), planned_at=at,
    )  # fmt: skip
    journal.write("planning.drill_planned", about=drill, by=by, at=at, school_code=school.code, scenario=scenario)
    return drill


@transaction.atomic
def record_drill(
    drill: Drill, *, held_on: date, minutes: int, people: int, findings: str, measures: str, by: Actor, at: datetime
) -> Drill:
    """Record that a drill was held, how long it took, what was found. Once.

    :raises Refused: R-SAFE-07 for a second record, a day to come, or a record without figures and findings
    """
    standing = Drill.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=drill.pk)
    insist(
        refuse("R-SAFE-07", "held_already") if standing.held_on else None,
        refuse("R-SAFE-07", "held_in_the_future") if held_on > timezone.localtime(at).date() else None,
        None if minutes > 0 and people > 0 and findings.strip() else refuse("R-SAFE-07", "record_incomplete"),
    )
    standing.held_on, standing.minutes, standing.people = held_on, minutes, people
    standing.findings, standing.measures = findings.strip(), measures.strip()
    standing.recorded_by, standing.recorded_at = str(by), at
    standing.save()
    journal.write("planning.drill_held", about=standing, by=by, at=at, school_code=standing.school.code)
    return standing


@transaction.atomic
def record_safety(
    school: School, term: Term, *, kind: str, held_on: date, partner: str, words: str, measures: str, by: Actor,
    at: datetime,
) -> SafetyRecord:  # fmt: skip
    """Record liaison with the police, an assessment of the traffic, or publicity (R-SAFE-08, R-SAFE-09, 3.1-l).

    :raises Refused: without partner and words; an assessment without measures; a day to come
    """
    traffic = kind == SafetyRecord.TRAFFIC
    whole = words.strip() and (measures.strip() if traffic else partner.strip())
    insist(
        None if whole else refuse("R-SAFE-09" if traffic else "R-SAFE-08", "record_incomplete"),
        refuse("R-SAFE-08", "in_the_future") if held_on > timezone.localtime(at).date() else None,
    )
    made = SafetyRecord.objects.create(
        school=school, term=term, kind=kind, held_on=held_on, partner=partner.strip(), words=words.strip(),
        measures=measures.strip(), recorded_by=str(by), recorded_at=at,
    )  # fmt: skip
    journal.write("planning.safety_recorded", about=made, by=by, at=at, school_code=school.code, kind=kind)
    return made


@transaction.atomic
def strike_record(record: SafetyRecord, *, because: str, by: Actor, at: datetime) -> None:
    """Strike a record that is wrong; it stays readable with the reason. :raises Refused: R-SAFE-08"""
    insist(None if because.strip() else refuse("R-SAFE-08", "without_reason"))
    rows = SafetyRecord.objects.filter(pk=record.pk, struck_at=None)
    if not rows.update(struck_at=at, struck_because=because.strip()[:120]):
        insist(refuse("R-SAFE-08", "struck_already"))
    journal.write("planning.safety_struck", about=record, by=by, at=at, school_code=record.school.code)
