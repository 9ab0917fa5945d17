"""The stage of refill rounds: one seat is free, one child waits for it, another would rather have it than its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from kehou.chapters.allocation import actions as allocation
from kehou.chapters.allocation import queries
from kehou.chapters.allocation.models import Draw, RefillWish
from kehou.chapters.people.models import Pupil
from kehou.rules.choice import DayWish
from tests.registration import Stage, open_stage, published, submit
from tests.world import World, make_pupil, moment

CARE, FOOTBALL, SCIENCE, WRITING = "作业答疑站", "校园足球", "科学小实验", "硬笔书法"
ROWS = (
    (CARE, (1, 2), 1, 1, 40, 0, True, True),
    (FOOTBALL, (1,), 1, 1, 1, 0, False, False),
    (SCIENCE, (1,), 1, 1, 1, 0, False, False),
    (WRITING, (1,), 1, 1, 1, 0, False, False),
)
OPENED, CLOSES, FROZEN, PUBLIC = (
    moment(hour, on=date(2026, 9, day)) for hour, day in ((9, 16), (17, 18), (18, 18), (9, 19))
)
NAMED, RESULT = "ssq:2026108", "ssq:2026108:02-05-11-18-24-30+06"


def refill_stage(world: World) -> tuple[Stage, dict[str, Pupil]]:
    """Return the published stage and who holds which group; a fourth child has base care and waits for football."""
    stage = open_stage(world, rows=ROWS)
    children = {
        FOOTBALL: world.mei,
        SCIENCE: world.bo,
        WRITING: make_pupil(world.riverside, "林小雨", grade=4, guardian=world.other_guardian),
    }
    for name, pupil in children.items():
        submit(stage, pupil, DayWish(1, 1, ((stage.slot(name),),)))
    published(stage)
    return stage, children


def opened(stage: Stage, **changes: Any) -> Draw:
    """Return a refill round that takes wishes from the 16th to the 18th of September."""
    values = {"closes_at": CLOSES, "randomness": NAMED, "at": OPENED} | changes
    return allocation.open_refill(base_of(stage), by=stage.world.riverside.by("asp_manager"), **values)


def base_of(stage: Stage) -> Draw:
    """Return the draw of the stage."""
    draw = queries.draw_of(stage.registration)  # type: ignore[arg-type]
    assert draw is not None
    return draw


def ask(stage: Stage, refill: Draw, pupil: Pupil, *names: str, weekday: int = 1, **more: Any) -> RefillWish:
    """Note what a child would rather have, best first."""
    ranks = {stage.slot(name): rank for rank, name in enumerate(names, start=1)}
    values = {"at": OPENED, "by": stage.world.by_guardian()} | more
    return allocation.ask_for_refill(refill, stage.application(pupil), weekday, ranks, **values)


def run(stage: Stage, refill: Draw, upto: str = "published") -> Draw:
    """Freeze, draw and publish a refill round, or stop before."""
    office = stage.world.riverside.by("asp_manager")
    done = allocation.commit_refill(refill, by=office, at=FROZEN)
    if upto == "committed":
        return done
    for role in ("asp_manager", "principal"):
        allocation.enter_beacon(done, beacon=RESULT, by=stage.world.riverside.by(role), at=FROZEN)
    done = allocation.draw_lots(done, by=office, at=FROZEN)
    if upto == "drawn":
        return done
    return allocation.publish_refill(done, by=stage.world.riverside.by("principal"), at=PUBLIC)
