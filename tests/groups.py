"""A group under way: an activity with a session today and children whose agreements are in force.

Rows are written directly, as in `tests.world`: what a test is about goes through actions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from kehou.chapters.allocation.models import Placement
from kehou.chapters.basis.models import Term
from kehou.chapters.enrolment.models import Agreement, Application, EnrolledDay, Enrolment, Registration, Submission
from kehou.chapters.people.models import Pupil
from kehou.chapters.programme.models import Activity, ActivityTable, Slot, TablePublication
from kehou.chapters.schools.models import School
from kehou.chapters.timetable.models import Session
from tests.world import TODAY, Place, moment


def table_of(school: School, term: Term) -> ActivityTable:
    """Return the school's published table of a term."""
    table, _ = ActivityTable.objects.get_or_create(
        school=school, term=term, defaults={"state": "published", "made_at": moment(9, on=date(2026, 8, 25))}
    )
    return table


def publication_of(table: ActivityTable) -> TablePublication:
    """Return the first published version of a table."""
    publication, _ = TablePublication.objects.get_or_create(
        table=table,
        version=1,
        defaults={
            "rows": [],
            "digest": "0" * 64,
            "published_at": moment(9, on=date(2026, 8, 26)),
            "published_by": "测试",
        },
    )
    return publication


def registration_of(school: School, term: Term) -> Registration:
    """Return the school's registration, closed long ago."""
    registration, _ = Registration.objects.get_or_create(
        school=school,
        term=term,
        defaults={
            "table": publication_of(table_of(school, term)),
            "opens_at": moment(8, on=date(2026, 9, 1)),
            "closes_at": moment(20, on=date(2026, 9, 5)),
            "opened_by": "测试",
            "opened_at": moment(8, on=date(2026, 9, 1)),
        },
    )
    return registration


def apply(pupil: Pupil, term: Term, *, going_home: str) -> Application:
    """Return a child's application in force with its one version."""
    application = Application.objects.create(
        registration=registration_of(pupil.school, term), pupil=pupil, state="in_force", joins=True, digest="0" * 64
    )
    application.current = Submission.objects.create(
        application=application,
        version=1,
        joins=True,
        channel="online",
        going_home=going_home,
        signed_by="家长",
        digest="0" * 64,
        submitted_by="家长",
        submitted_at=moment(9, on=date(2026, 9, 2)),
    )
    application.save(update_fields=["current"])
    return application


def enrol(
    pupil: Pupil, term: Term, *, going_home: str = "guardian", weekdays: Iterable[int] = range(1, 6), hours: int = 2
) -> Enrolment:
    """Return a child's enrolment for the whole service window, with everything that stands behind it."""
    application = apply(pupil, term, going_home=going_home)
    agreement = Agreement.objects.create(
        application=application,
        number=f"XY-{pupil.pk}",
        state="in_force",
        content={},
        digest="0" * 64,
        check_code=f"C{pupil.pk}",
        drawn_up_at=moment(9, on=date(2026, 9, 6)),
        sign_by_on=date(2026, 9, 9),
    )
    span = {"from_on": term.service_from_on, "until_on": term.service_until_on}
    enrolment = Enrolment.objects.create(
        application=application, pupil=pupil, school=pupil.school, term=term, agreement=agreement, **span
    )
    EnrolledDay.objects.bulk_create(
        EnrolledDay(enrolment=enrolment, weekday=weekday, hours=hours, **span) for weekday in weekdays
    )
    return enrolment


def make_slot(place: Place, term: Term, *, name: str = "科学小实验", weekday: int = 3, capacity: int = 28) -> Slot:
    """Return one slot of a new activity at a place."""
    activity = Activity.objects.create(
        table=table_of(place.school, term),
        name=name,
        category="popular_science",
        kind="featured",
        domains=["intellectual"],
        aim="兴趣、视野",
        grades=sorted({grade for grade, _ in place.homerooms}),
        room=place.rooms["F-03"],
        leader=place.staff["teacher"],
        capacity=capacity,
        minimum=1,
        risk_class="C",
    )
    return Slot.objects.create(
        activity=activity, weekday=weekday, first_hour=1, starts_at=time(16, 0), ends_at=time(16, 40)
    )


def make_session(
    place: Place, term: Term, pupils: Iterable[Pupil] = (), *, on: date = TODAY, name: str = "科学小实验"
) -> Session:
    """Return a session led by the place's teacher at 16:00 with the given children in it."""
    slot = make_slot(place, term, name=name, weekday=on.isoweekday())
    session = Session.objects.create(
        school=place.school,
        term=term,
        slot=slot,
        planned_on=on,
        on=on,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        room=place.rooms["F-03"],
        leader=place.staff["teacher"],
    )
    for pupil in pupils:
        enrolment = Enrolment.objects.filter(pupil=pupil, term=term).first() or enrol(pupil, term)
        Placement.objects.create(
            application=enrolment.application,
            slot=slot,
            weekday=slot.weekday,
            tier=1,
            from_on=term.service_from_on,
            until_on=term.service_until_on,
        )
    return session
