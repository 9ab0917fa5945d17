"""The last seats of a group, wanted by 64 at the same instant: how many are given, and how many too many.

    python -m benchmarks last_seats [--connections 64] [--seats 8]

On each database, for ten groups in turn, as many threads as connections, each with a connection of its own, are let go
at one instant for the same seats: every open offer is accepted twice (two guardians of one child), and all the other
children are put there by the office. Afterwards the database is asked, not the program: seats held beyond the capacity
of the group (oversold), children with two seats in the same hour (doubled), seats still free although somebody was
refused for want of one (wasted). The aim is zero each. Beside it the rate of the same acts one after another.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GROUPS = ("童声合唱", "民乐合奏")
WEEKDAYS = (1, 2, 3, 4, 5)
NO_SEAT = "R-GRP-01:no_seat_left"


def stage(children: int, seats: int) -> tuple[Any, list[Any]]:
    """Return a published draw with ten groups of so many free seats, and the children's applications."""
    from kehou.lib import clock, schema

    schema.bring_up_to_date()
    from kehou.chapters.enrolment.models import Application
    from kehou.rules.choice import DayWish
    from tests.registration import DURING, open_stage, published, submit
    from tests.world import build, make_pupil

    care = ("作业答疑站", WEEKDAYS, 1, 1, children + 10, 0, True, False)
    world = build()
    found = open_stage(world, rows=(care, *((name, WEEKDAYS, 2, 1, seats, 0, False, False) for name in GROUPS)))
    clock.move_to(DURING)
    for number in range(children):
        child = make_pupil(world.riverside, f"学生{number}", grade=5, guardian=world.guardian)
        submit(found, child, *(DayWish(weekday, 1) for weekday in WEEKDAYS))
    published(found)
    return found, list(Application.objects.select_related("pupil__homeroom", "registration__term").order_by("pk"))


def acts_for(found: Any, applications: list[Any], slot: int, seats: int, connections: int) -> list[Callable[[], Any]]:
    """Return what is tried at one instant: half the seats are on offer and taken twice, the office gives the others."""
    from kehou.chapters.allocation import actions as allocation
    from kehou.chapters.allocation.models import Draw, Offer
    from tests.registration import AFTER, DURING

    draw, office, family = Draw.objects.get(), found.world.riverside.by("asp_manager"), found.world.by_guardian()
    offered, others = applications[: seats // 2], applications[seats // 2 :]
    offers = [
        Offer.objects.create(
            draw=draw, application=one, slot_id=slot, made_at=DURING, expires_at=AFTER.replace(hour=23)
        )
        for one in offered
    ]

    def take(offer: Any) -> Callable[[], Any]:
        return lambda: allocation.answer_offer(offer, accepts=True, by=family, at=AFTER)

    def give(application: Any) -> Callable[[], Any]:
        return lambda: allocation.place(application, slot, reason="老师已面试", by=office, at=AFTER)

    acts = [take(offer) for offer in offers for _ in range(2)]
    return acts + [give(one) for one in others[: connections - len(acts)]]


def at_once(acts: list[Callable[[], Any]], *, together: bool) -> tuple[list[str], float, list[float]]:
    """Run the acts, at one instant or one after another; return answers, seconds in all, sorted seconds of each."""
    from django.db import connection

    from kehou.rules.verdicts import Refused

    answers, times = [""] * len(acts), [0.0] * len(acts)
    start = threading.Barrier(len(acts)) if together else None

    def run(number: int) -> None:
        connection.ensure_connection()
        if start is not None:
            start.wait()
        began = time.perf_counter()
        try:
            acts[number]()
            answers[number] = "given"
        except Refused as no:
            answers[number] = no.refusal.key
        except Exception as broken:
            answers[number] = f"failed: {type(broken).__name__}"
        finally:
            times[number] = time.perf_counter() - began
            if together:
                connection.close()

    began = time.perf_counter()
    if together:
        workers = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    else:
        for number in range(len(acts)):
            run(number)
    return answers, time.perf_counter() - began, sorted(times)


def measure(options: Namespace) -> None:
    """Print the figures of the database that the environment names."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "kehou.config.settings"
    django.setup()
    from django.db import connection
    from django.db.models import Count

    from kehou.chapters.allocation.models import Placement
    from kehou.lib import clock

    found, applications = stage(options.connections, options.seats)
    answers: list[str] = []
    waits: list[float] = []
    raced = alone = 0.0
    oversold = wasted = in_a_row = 0
    for weekday in WEEKDAYS:
        slot = found.slot(GROUPS[0], weekday)
        acts = acts_for(found, applications, slot, options.seats, options.connections)
        said, took, each = at_once(acts, together=True)
        answers, waits, raced = answers + said, waits + each, raced + took
        held = Placement.objects.filter(slot_id=slot, ended_at=None).count()
        oversold += max(0, held - options.seats)
        wasted += max(0, options.seats - held) if NO_SEAT in said else 0
    standing = Placement.objects.filter(ended_at=None).values("application", "slot__first_hour", "weekday")
    doubled = standing.annotate(n=Count("pk")).filter(n__gt=1).count()
    for weekday in WEEKDAYS:  # the same acts one after another; the winners of the race leave their seats first
        Placement.objects.filter(slot_id=found.slot(GROUPS[0], weekday)).update(ended_at=clock.now())
        slot = found.slot(GROUPS[1], weekday)
        acts = acts_for(found, applications, slot, options.seats, options.connections)
        alone += at_once(acts, together=False)[1]
        in_a_row += len(acts)
    failed = sum(one.startswith("failed") for one in answers)
    p99 = sorted(waits)[int(len(waits) * 0.99)] * 1000
    print(
        f"{connection.vendor:12} {len(answers):6d} {answers.count('given'):6d} {failed:7d} {oversold:9d} {doubled:8d}"
        f" {wasted:7d} {p99:8.0f} {len(answers) / raced:10.0f} {in_a_row / alone:14.0f}"
    )


def main() -> None:
    """Run each database in a process of its own."""
    parser = ArgumentParser()
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seats", type=int, default=8, help="of each group")
    parser.add_argument("--one", action="store_true")
    options = parser.parse_args()
    if options.one:
        return measure(options)
    print(
        f"{'database':12} {'tried':>6} {'given':>6} {'failed':>7} {'oversold':>9} {'doubled':>8} {'wasted':>7}"
        f" {'p99 ms':>8} {'at once /s':>10} {'in a row /s':>14}"
        f"   aim: {options.seats * len(WEEKDAYS)} given, zero oversold, doubled, wasted"
    )
    from tools import testpg

    for postgres in (False, True):
        if postgres and not testpg.binaries():
            print(f"left out: {testpg.MISSING}")
            continue
        with ExitStack() as stack:
            folder = Path(tempfile.mkdtemp(prefix="kehou-bench-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            where = {"DATABASE_URL": stack.enter_context(testpg.server())} if postgres else {}
            environment = {**os.environ, "DEMONSTRATION": "True", "KEHOU_VAR": str(folder), "LOG_LEVEL": "ERROR"}
            command = [sys.executable, "-m", "benchmarks.last_seats", "--one"]
            command += [f"--connections={options.connections}", f"--seats={options.seats}"]
            subprocess.run(command, cwd=ROOT, env=environment | where, check=True)
    return None


if __name__ == "__main__":
    main()
