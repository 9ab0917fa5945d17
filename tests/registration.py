"""The stage of everything that begins with a family's choice: a published table at Riverside, an open registration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from kehou.chapters.enrolment.models import Application, Registration
from kehou.chapters.enrolment.queries import forget_offers
from kehou.chapters.planning.models import Clearance
from kehou.chapters.programme.models import Activity, ActivityTable, Slot, TablePublication
from kehou.rules.choice import Choice, DayWish, Person
from tests.consultation import consult
from tests.world import World, moment

PUBLISHED = moment(9, on=date(2026, 8, 28))
OPENS = moment(8, on=date(2026, 9, 1))
DURING = moment(20, on=date(2026, 9, 3))
CLOSES = moment(18, on=date(2026, 9, 5))
AFTER = moment(18, 30, on=date(2026, 9, 5))

CONTACTS = (Person("陈梅妈妈", "母亲", "13900000001"), Person("陈爷爷", "祖父", "13900000002"))


@dataclass
class Stage:
    """The world with a table and, once opened, a registration. `slots[name, weekday]` are what can be wished for."""

    world: World
    table: ActivityTable
    publication: TablePublication
    slots: dict[tuple[str, int], Slot] = field(default_factory=dict)
    registration: Registration | None = None

    def slot(self, name: str, weekday: int = 1) -> int:
        """Return the id of a slot."""
        return self.slots[name, weekday].pk

    def application(self, pupil: object) -> Application:
        """Return the application of a pupil."""
        return Application.objects.get(registration=self.registration, pupil=pupil)


# name, weekdays, first hour, class hours, capacity, minimum, base care, in each classroom
ROWS = (
    ("作业答疑站", (1, 2, 3, 4, 5), 1, 1, 40, 0, True, True),
    ("阅读漂流", (1, 2, 3, 4, 5), 2, 1, 200, 0, True, False),
    ("校园足球", (1, 3), 1, 2, 1, 0, False, False),
    ("科学小实验", (1, 3), 1, 1, 2, 0, False, False),
    ("童声合唱", (1, 4), 2, 1, 50, 0, False, False),
)


def publish_table(world: World, *, rows: Iterable[tuple] = ROWS, place: str = "riverside") -> Stage:
    """Return a stage with a table of five activities, public since the 28th of August."""
    forget_offers()
    here = getattr(world, place)
    grades = sorted({grade for grade, _ in here.homerooms})
    table = ActivityTable.objects.create(school=here.school, term=world.term, state="published", made_at=PUBLISHED)
    publication = TablePublication.objects.create(
        table=table, version=1, rows=[], digest="0" * 64, published_at=PUBLISHED, published_by="校长"
    )
    stage = Stage(world, table, publication)
    for name, weekdays, first, hours, capacity, minimum, care, classroom in rows:
        activity = Activity.objects.create(
            table=table,
            name=name,
            category="homework_help" if care else "arts_sports",
            kind="basic" if care else "featured",
            aim="兴趣",
            grades=grades,
            class_hours=hours,
            capacity=capacity,
            minimum=minimum,
            is_base_care=care,
            in_homeroom=classroom,
            leader=here.staff["teacher"],
            room=None if classroom else here.rooms["P-01"],
        )
        for weekday in weekdays:
            start = time(16, 0) if first == 1 else time(16, 50)
            stage.slots[name, weekday] = Slot.objects.create(
                activity=activity,
                weekday=weekday,
                first_hour=first,
                starts_at=start,
                ends_at=time(16, 40) if (first, hours) == (1, 1) else time(17, 30),
            )
    return stage


def clear(stage: Stage, place: str = "riverside") -> None:
    """Let the filing of the school be accepted, after its families were asked and told."""
    consult(stage.world, place)
    Clearance.objects.create(
        school=getattr(stage.world, place).school,
        term=stage.world.term,
        receipt_number="LP-KHFW-2026秋-0001",
        cleared_by="基教科",
        cleared_at=PUBLISHED,
    )


def open_stage(world: World, *, rows: Iterable[tuple] = ROWS, method: str = "gsd", place: str = "riverside") -> Stage:
    """Return a stage whose families may choose from the 1st to the 5th of September."""
    from kehou.chapters.enrolment import actions as enrolment

    stage = publish_table(world, rows=rows, place=place)
    clear(stage, place)
    here = getattr(world, place)
    stage.registration = enrolment.open_registration(
        here.school,
        world.term,
        opens_at=OPENS,
        closes_at=CLOSES,
        method=method,
        by=here.by("asp_manager"),
        at=PUBLISHED,
    )
    return stage


def choice(*days: DayWish, **changes: object) -> Choice:
    """Return a whole choice of the days given, Monday for two hours by default; `changes` replace its other parts."""
    values: dict[str, object] = {
        "joins": True,
        "days": days or (DayWish(1, 2),),
        "going_home": "guardian",
        "contacts": CONTACTS,
        "signed_by": "陈梅妈妈",
        "consents": {"basic": True},
    }
    return Choice(**{**values, **changes})  # type: ignore[arg-type]


def decline(signed_by: str = "陈梅妈妈") -> Choice:
    """Return the other answer, which is worth as much."""
    return Choice(joins=False, signed_by=signed_by)


def submit(stage: Stage, pupil: object, *days: DayWish, at: datetime = DURING, **changes: object) -> Application:
    """Return the application after the guardian's choice."""
    from kehou.chapters.enrolment import actions as enrolment

    assert stage.registration is not None
    enrolment.submit(stage.registration, pupil, choice(*days, **changes), by=stage.world.by_guardian(), at=at)
    return stage.application(pupil)


# --- The draw ---------------------------------------------------------------------------------------------------------

NAMED = "ssq:2026104"
RESULT = "ssq:2026104:03-07-12-19-25-31+08"


def review_all(stage: Stage, at: datetime = DURING) -> None:
    """Let every application that takes part pass the class review."""
    from kehou.chapters.enrolment import actions as enrolment

    waiting = stage.registration.applications.filter(joins=True, state="submitted")  # type: ignore[union-attr]
    shown = [(application, application.version) for application in waiting]
    enrolment.pass_all(shown, by=stage.world.riverside.by("homeroom_teacher"), at=at)


def planned(stage: Stage, **rules: object) -> object:
    """Return the draw of the stage, planned while the window is open."""
    from kehou.chapters.allocation import actions as allocation
    from kehou.rules.allocation import Rules

    return allocation.plan(
        stage.registration,  # type: ignore[arg-type]
        rules=Rules(**rules),  # type: ignore[arg-type]
        randomness=NAMED,
        by=stage.world.riverside.by("asp_manager"),
        at=DURING,
    )


def committed(stage: Stage, **rules: object) -> object:
    """Return the draw of the stage with its choices frozen."""
    from kehou.chapters.allocation import actions as allocation

    draw = planned(stage, **rules)
    review_all(stage)
    return allocation.commit(draw, by=stage.world.riverside.by("asp_manager"), at=AFTER)


def drawn(stage: Stage, **rules: object) -> object:
    """Return the draw of the stage after the lots were drawn."""
    from kehou.chapters.allocation import actions as allocation

    draw = committed(stage, **rules)
    for role in ("asp_manager", "principal"):
        allocation.enter_beacon(draw, beacon=RESULT, by=stage.world.riverside.by(role), at=AFTER)
    return allocation.draw_lots(draw, by=stage.world.riverside.by("asp_manager"), at=AFTER)


def published(stage: Stage, **rules: object) -> object:
    """Return the draw of the stage after families have heard."""
    from kehou.chapters.allocation import actions as allocation

    draw = drawn(stage, **rules)
    return allocation.publish(draw, by=stage.world.riverside.by("principal"), at=AFTER)
