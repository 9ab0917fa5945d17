"""The stage of swaps: three children, each in the group that another one would rather have, and one who waits."""

from __future__ import annotations

from datetime import date

from django.test import Client

from kehou.chapters.allocation.models import Placement
from kehou.chapters.people.models import Pupil
from kehou.rules.choice import DayWish
from tests.registration import Stage, open_stage, published, submit
from tests.world import World, make_pupil, moment

ROWS = (
    ("作业答疑站", (1,), 1, 1, 40, 0, True, True),
    ("校园足球", (1,), 1, 1, 1, 0, False, False),
    ("科学小实验", (1,), 1, 1, 1, 0, False, False),
    ("硬笔书法", (1,), 1, 1, 1, 0, False, False),
)
OPENED, CLOSES, RUN = (moment(hour, on=date(2026, 9, 16)) for hour in (9, 17, 18))


def swap_stage(world: World) -> tuple[Stage, dict[str, Pupil]]:
    """Return the published stage and who holds which group; a fourth child has base care and waits for football."""
    stage = open_stage(world, rows=ROWS)
    holders = {
        "校园足球": world.mei,
        "科学小实验": world.bo,
        "硬笔书法": make_pupil(world.riverside, "林小雨", grade=4, guardian=world.other_guardian),
    }
    for name, pupil in holders.items():
        submit(stage, pupil, DayWish(1, 1, ((stage.slot(name),),)))
    published(stage)
    return stage, holders


def seat_of(pupil: Pupil) -> Placement:
    """Return the seat that a child holds on Monday."""
    return Placement.objects.select_related(
        "slot__activity",
        "application__pupil__homeroom",
        "application__registration__school",
        "application__registration__term",
    ).get(application__pupil=pupil, ended_at=None)


def holds(pupil: Pupil) -> str:
    """Return the group a child holds."""
    return seat_of(pupil).slot.activity.name


def office(client: Client, world: World, role: str = "asp_manager") -> Client:
    """Return the client, signed in as somebody of the school."""
    client.force_login(world.riverside.who[role])
    return client
