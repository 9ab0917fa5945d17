"""One school's way to the first service day: table, filing, registration, review, draw, agreements, sessions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation.models import Draw
from kehou.chapters.basis.models import Term
from kehou.chapters.basis.queries import service_days
from kehou.chapters.enrolment import actions as enrolment
from kehou.chapters.enrolment.models import Agreement, Registration
from kehou.chapters.enrolment.queries import offer_for
from kehou.chapters.people import actions as people
from kehou.chapters.people.models import Pupil
from kehou.chapters.programme import actions as programme
from kehou.chapters.programme.models import ActivityTable
from kehou.chapters.staffing.models import StaffMember
from kehou.chapters.timetable import actions as timetable
from kehou.lib import jobs
from kehou.lib.actors import Actor
from kehou.lib.demonstration import DEFAULT_MOMENT, YOUXIANG, ZHUHAI
from kehou.lib.uploads import Upload
from kehou.rules.allocation import Rules
from kehou.rules.choice import Person
from kehou.rules.staffing import DUTIES
from seeds.choosing import Taste, choice_of, taste_of
from seeds.images import SIGNATURE, scanned_form
from seeds.people import Crowd, Family, Staffed

ZONE = ZoneInfo("Asia/Shanghai")
PUBLISHED = datetime(2026, 8, 28, 9, tzinfo=ZONE)
ACCEPTED = datetime(2026, 8, 30, 15, tzinfo=ZONE)
OPENS, CLOSES = datetime(2026, 9, 1, 8, tzinfo=ZONE), datetime(2026, 9, 4, 22, tzinfo=ZONE)
_CAST_CHOOSES = datetime(2026, 9, 4, 19, tzinfo=ZONE)  # the last evening
REVIEWED = datetime(2026, 9, 5, 15, tzinfo=ZONE)
COMMITTED = datetime(2026, 9, 5, 16, tzinfo=ZONE)
DRAWN = datetime(2026, 9, 6, 9, tzinfo=ZONE)
SIGNED = datetime(2026, 9, 6, 18, tzinfo=ZONE)
SEALED = datetime(2026, 9, 6, 21, tzinfo=ZONE)
ROBOTS = "图形化编程与小机器人"
ROSTER_UNTIL = date(2026, 12, 1)
TODAY = DEFAULT_MOMENT.at.date()
# The draw of the welfare lottery on the evening of 5 September, named four days before; the balls are invented.
RANDOMNESS, BEACON = "ssq:2026102", "ssq:2026102:03-07-12-19-25-31+08"


@dataclass
class SchoolStory:
    """What later parts of the story need to know of a school."""

    staffed: Staffed
    families: list[Family]
    registration: Registration | None = None
    draw: Draw | None = None
    waiting: list[tuple[datetime, Family, Pupil, Taste]] = field(default_factory=list)


def at(on: date, hour: int, minute: int = 0) -> datetime:
    """Return an instant in the district's zone."""
    return datetime.combine(on, time(hour, minute), ZONE)


def care_list(story: SchoolStory, rng: Random) -> None:
    """Let the aid officer keep the list: left-behind and migrant children, dibao and poverty-relief households."""
    officer = story.staffed.by["aid_officer"]
    for family in story.families:
        category = rng.choices(
            ("", "left_behind", "migrant_child", "dibao_family", "poverty_relief_household"), (78, 11, 5, 3, 3)
        )[0]
        if family.guardian.name == "廖素珍":
            category = "dibao_family"
        if family.guardian.name == "张桂芳":
            category = "left_behind"
        if category:
            for pupil in family.pupils:
                people.record_care(
                    pupil,
                    category,
                    source="区资助中心2026年秋季名单",
                    from_on=date(2026, 8, 25),
                    by=officer,
                    at=at(date(2026, 8, 25), 10),
                )


def publish_table(story: SchoolStory, table: ActivityTable) -> None:
    """Publish the table, two days before the filing is accepted."""
    programme.publish(table, by=story.staffed.by["principal"], at=PUBLISHED)


def open_school(story: SchoolStory, term: Term) -> None:
    """Open registration behind the gate, name the randomness."""
    staffed = story.staffed
    manager, school = staffed.by["asp_manager"], staffed.school
    story.registration = enrolment.open_registration(
        school, term, opens_at=OPENS, closes_at=CLOSES, method="gsd", by=manager, at=ACCEPTED + timedelta(hours=2)
    )
    story.draw = allocation.plan(
        story.registration, rules=Rules(), randomness=RANDOMNESS, by=manager, at=ACCEPTED + timedelta(hours=3)
    )


def line_up(story: SchoolStory, crowd: Crowd) -> None:
    """Decide what every family will do and when, in the order of time."""
    rng = crowd.rng
    span = (CLOSES - OPENS).total_seconds() - 600
    for family in story.families:
        taste = taste_of(rng, join=story.staffed.plan.join, most=3)
        if family.guardian.name == "马骏":
            taste = Taste(False, (), 0)
        elif family.guardian.name == "陈霞":
            taste = Taste(True, (1, 2, 3, 4, 5), 2, loves=ROBOTS)  # of both children
        elif family.guardian.phone.startswith("1990000000") and not taste.joins:
            taste = Taste(True, (1, 2, 3, 4, 5), 2)  # the cast's other families take part
        moment = OPENS + timedelta(seconds=rng.betavariate(1.4, 1.1) * span)
        if family.guardian.phone.startswith("1990000000"):
            moment = max(moment, _CAST_CHOOSES)  # on 报名夜 whoever visits the cast chooses for them
        for turn, pupil in enumerate(family.pupils):
            # One family in forty never answers: silence is not joining.
            if rng.random() < 0.025 and not family.guardian.phone.startswith("1990000000"):
                continue
            story.waiting.append((moment + timedelta(minutes=5 * turn), family, pupil, taste))
    story.waiting.sort(key=lambda row: row[0])


def families_choose(story: SchoolStory, crowd: Crowd, *, until: datetime) -> int:
    """Let all families whose moment has come choose; return how many did."""
    assert story.registration is not None
    second = Person("家人", "亲属", "19900009999")
    chosen = 0
    due = [row for row in story.waiting if row[0] <= until]
    del story.waiting[: len(due)]
    prefetch_related_objects([pupil for _, _, pupil, _ in due], "contacts")
    for moment, family, pupil, taste in due:
        offer = offer_for(story.registration, pupil.homeroom.grade)
        contacts = sorted(pupil.contacts.all(), key=lambda contact: contact.turn)
        if len(contacts) > 1:
            second = Person(contacts[1].name, contacts[1].relation, contacts[1].phone)
        choice = choice_of(pupil, family, taste, offer, second, crowd.rng)
        if choice.joins and not choice.days:
            continue
        if _on_paper(story, family):  # no smartphone: the office enters the signed form with its scan
            enrolment.submit(
                story.registration,
                pupil,
                choice,
                by=story.staffed.by["asp_manager"],
                at=moment,
                channel="paper",
                scan=Upload(content=scanned_form(), kind="png"),
            )
        else:
            by = Actor(family.guardian.pk, family.guardian.name, family.relation)
            enrolment.submit(story.registration, pupil, choice, by=by, at=moment)
        chosen += 1
    return chosen


def _on_paper(story: SchoolStory, family: Family) -> bool:
    """Return whether a family hands in a paper: 张桂芳, one in ten in the hills, here and there one in town."""
    if family.guardian.phone.startswith("1990000000"):
        return family.guardian.name == "张桂芳"
    every = {ZHUHAI: 10, YOUXIANG: 90}.get(story.staffed.school.code)
    return every is not None and family.guardian.pk % every == 0


def review_and_freeze(story: SchoolStory) -> None:
    """Let the class teachers pass what they have read, then bind the choices by one hash."""
    assert story.registration is not None and story.draw is not None
    waiting = story.registration.applications.filter(state="submitted", joins=True).select_related(
        "pupil__homeroom", "current"
    )
    by_class: dict[str, list[tuple[object, int]]] = {}
    for application in waiting:
        homeroom = application.pupil.homeroom
        by_class.setdefault(f"homeroom {homeroom.grade}.{homeroom.number}", []).append(
            (application, application.version)
        )
    for key, rows in by_class.items():
        enrolment.pass_all(rows, by=story.staffed.by[key], at=REVIEWED)  # type: ignore[arg-type]
    story.draw = allocation.commit(story.draw, by=story.staffed.by["asp_manager"], at=COMMITTED)


def draw_and_publish(story: SchoolStory) -> None:
    """Type in the published result by two persons, draw, publish."""
    assert story.draw is not None
    by = story.staffed.by
    allocation.enter_beacon(story.draw, beacon=BEACON, by=by["asp_manager"], at=DRAWN)
    allocation.enter_beacon(story.draw, beacon=BEACON, by=by["principal"], at=DRAWN + timedelta(minutes=2))
    allocation.draw_lots(story.draw, by=by["asp_manager"], at=DRAWN + timedelta(minutes=5))
    _remember_the_job(story.draw, by=by["asp_manager"], at=DRAWN + timedelta(minutes=5))
    allocation.publish(story.draw, by=by["principal"], at=DRAWN + timedelta(minutes=20))


def _remember_the_job(draw: Draw, *, by: Actor, at: datetime) -> None:
    """Let the draw be on the page of jobs as if its worker had done it: the worker's own clock is never the story's."""
    school = draw.registration.school
    done = jobs.Done(
        steps=5, saying="按号安排", result={"requests": draw.requests, "placements": draw.placements.count()},
        link=f"/school/{school.code}/draw/", took=timedelta(seconds=9),
    )  # fmt: skip
    jobs.note_done(
        allocation.run_draw, key=f"draw:{draw.pk}", title=f"{school.name}统筹摇号", by=by, at=at, done=done,
        school_code=school.code, draw=draw.pk,
    )  # fmt: skip


def sign_and_seal(story: SchoolStory) -> int:
    """Let nearly all families sign by finger and the school seal; return how many agreements came into force."""
    assert story.registration is not None
    drawn_up = Agreement.objects.filter(application__registration=story.registration, state="to_sign").select_related(
        "application__pupil__homeroom", "application__registration__school", "application__registration__term"
    )
    who = {pupil.pk: family for family in story.families for pupil in family.pupils}
    signed = [
        _signing(agreement, who[agreement.application.pupil_id], SIGNED + timedelta(seconds=number % 7200))
        for number, agreement in enumerate(drawn_up)
        if not _is_late(number, who[agreement.application.pupil_id])
    ]
    agreements = enrolment.sign_as_families(signed)
    return len(enrolment.seal(agreements, by=story.staffed.by["principal"], at=SEALED))


def _is_late(number: int, family: Family) -> bool:
    """Somebody always is, but nobody of the cast."""
    return number % 97 == 50 and not family.guardian.phone.startswith("1990000000")


def _signing(agreement: Agreement, family: Family, at: datetime) -> enrolment.Signing:
    """Return how a family signs by finger; from the third grade on the child writes its own name."""
    pupil, guardian = agreement.application.pupil, family.guardian
    own_hand = pupil.homeroom.grade >= 3
    child = enrolment.Acknowledgement("name", pupil.name) if own_hand else enrolment.Acknowledgement("picture", "sun")
    by = Actor(guardian.pk, guardian.name, family.relation)
    return enrolment.Signing(agreement, agreement.digest, guardian.name, child, by, at, image=SIGNATURE)


def plan_sessions(story: SchoolStory, term: Term) -> None:
    """Make the term's sessions and its duty roster, but for the last weeks: the page shows the gaps."""
    school, manager = story.staffed.school, story.staffed.by["asp_manager"]
    timetable.make_sessions(school, term, by=manager, at=at(date(2026, 9, 6), 11))
    timetable.give_duties(school, _roster(story, term), by=manager, at=at(date(2026, 9, 6), 11))


def _roster(story: SchoolStory, term: Term) -> Iterator[tuple[date, str, StaffMember]]:
    """Yield who leads, stands at the gate, walks the rounds and is called for a wound, taking turns day by day."""
    people = story.staffed.leaders
    days = [day for day in service_days(term, school_code=story.staffed.school.code) if day < ROSTER_UNTIL]
    first = days.index(TODAY) if TODAY in days else 0  # today it is the turn of the cast's duty leader
    for number, on in enumerate(days):
        for place, kind in enumerate(DUTIES):
            yield on, kind, people[(number - first + place * 3) % len(people)]
