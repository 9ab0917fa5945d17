"""The stage of the submissions benchmark: a school with a table, an open registration and its families."""

from __future__ import annotations

from datetime import date
from typing import Any


def stage(pupils: int) -> Any:
    """Write a school with a table, an open registration and as many pupils; return what the runs need."""
    from kehou.lib import schema

    schema.bring_up_to_date()
    from kehou.chapters.enrolment import actions as enrolment
    from kehou.lib import clock
    from tests.registration import OPENS, open_stage
    from tests.world import FROM, build

    world = build()
    found = open_stage(world)
    clock.move_to(OPENS.replace(day=3, hour=20))
    made, parents = _families(pupils, world.mei.homeroom, FROM)
    # Last term's families: their card is known, one version stands. The evening is about changing one's mind.
    for pupil in made:
        enrolment.submit(found.registration, pupil, choice_of(found, 0), by=world.by_guardian(), at=clock.now())
    return world, found, made, parents


def _families(pupils: int, homeroom: Any, from_on: date) -> tuple[list[Any], list[Any]]:
    """Write as many pupils of a class, each with a guardian and two contacts; return pupils and guardians."""
    from kehou.chapters.people.models import Account, Contact, Guardianship, Pupil
    from tests.registration import CONTACTS

    rows = [
        Pupil(school=homeroom.school, homeroom=homeroom, name=f"学生{n}", name_sort=f"{n:05d}", sex="1",
              born_on=date(2018, 1, 1), entered_on=from_on)
        for n in range(pupils)
    ]  # fmt: skip
    made = Pupil.objects.bulk_create(rows, batch_size=500)
    parents = Account.objects.bulk_create(
        [Account(phone=f"188{n:08d}", name=f"家长{n}", password="!") for n in range(pupils)], batch_size=500
    )
    Guardianship.objects.bulk_create(
        [
            Guardianship(pupil=pupil, account=account, relation="母亲", is_main=True, from_on=from_on)
            for pupil, account in zip(made, parents, strict=True)
        ],
        batch_size=500,
    )
    Contact.objects.bulk_create(
        [
            Contact(pupil=pupil, turn=turn, name=one.name, relation=one.relation, phone=one.phone)
            for pupil in made
            for turn, one in enumerate(CONTACTS, start=1)
        ],
        batch_size=500,
    )
    return made, parents


def choice_of(found: Any, turn: int) -> Any:
    """Return the choice of one turn: no two are the same."""
    from kehou.rules.choice import DayWish
    from tests.registration import choice

    names = ("校园足球", "科学小实验", "童声合唱", "作业答疑站")
    order = names if turn % 2 else tuple(reversed(names))
    monday = DayWish(1, 2, tuple((found.slot(name),) for name in order))
    wednesday = DayWish(3, 2, ((found.slot("校园足球", 3), found.slot("科学小实验", 3)),))
    return choice(monday, wednesday, DayWish(5, 1 + turn % 2))


# --- Three rates ------------------------------------------------------------------------------------------------------
