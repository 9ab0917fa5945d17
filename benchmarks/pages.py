"""Server CPU and statements of the pages that are opened most, at size L, and whether statements grow with the size.

    python -m benchmarks pages [--size L] [--beside S] [--folder DIR]

Each page is asked for through the whole stack (middleware, gate, template), signed in as the person it is for. The
ratio is against the plainest page of the same stack (`/sign-in/`): what a page costs beyond being a page. The
statements stand beside those of the same page in a district of size S, with five schools instead of 110 and far fewer
pupils in its largest: where a page asks once per row, the first number is the larger one and the line says so. Each
district is measured in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 25
AIM_MS = 15.0


def prepare(folder: Path, size: str) -> None:
    """Build the district into `folder` unless it is there; this takes minutes at size L and is not measured."""
    os.environ.update(
        {"DEMONSTRATION": "True", "KEHOU_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "kehou.config.settings"}
    )
    if not (folder / "kehou.sqlite3").exists():
        print(f"building the district of size {size} into {folder} (once)", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, str(ROOT / "manage.py"), "seed", "--size", size], stdout=sys.stderr, check=True)
    import django

    django.setup()
    from kehou.lib import clock
    from kehou.lib.demonstration import DEFAULT_MOMENT

    clock.move_to(DEFAULT_MOMENT.at, key=DEFAULT_MOMENT.key)


def pages() -> list[tuple[str, object, str]]:
    """Return (title, account, address) of the most used pages, of the largest school."""
    from django.db.models import Count

    from kehou.chapters.attendance.models import Mark
    from kehou.chapters.people.models import Account, Guardianship, Post
    from kehou.chapters.schools.models import School
    from kehou.lib import clock

    school = School.objects.annotate(n=Count("pupils")).order_by("-n").first()
    assert school is not None

    def holder(role: str) -> Account:
        return Post.objects.filter(role=role, school=school).select_related("account")[0].account

    mark = Mark.objects.filter(register__session__school=school, register__session__on=clock.today()).select_related(
        "register__session__leader__account"
    )[0]
    session = mark.register.session
    family = Guardianship.objects.filter(pupil=mark.pupil).select_related("account")[0]
    officer = Post.objects.filter(role="basic_education").select_related("account")[0].account
    at, to, of = f"/school/{school.code}/", f"/teacher/{school.code}/", f"/guardian/{mark.pupil_id}/"
    manager, leader = holder("asp_manager"), session.leader.account  # type: ignore[union-attr]
    return [
        ("guardian: the child today", family.account, of),
        ("guardian: choose", family.account, f"{of}application/"),
        ("guardian: bills", family.account, f"{of}bills/"),
        ("teacher: today", leader, to),
        ("teacher: roll", leader, f"{to}sessions/{session.pk}/roll/"),
        ("teacher: departures", holder("duty_leader"), f"{to}departures/"),
        ("school: board of the day", manager, f"{at}board/"),
        ("school: activity table", manager, f"{at}table/"),
        ("school: applications", manager, f"{at}applications/"),
        ("school: bills", holder("cashier"), f"{at}bills/"),
        ("district: all schools", officer, "/district/overview/"),
        ("public: schools", None, "/schools/"),
        ("public: one school", None, f"/schools/{school.code}/"),
    ]


def measure(account: object, address: str) -> tuple[int, float, int]:
    """Return (status, CPU ms of one request, statements).

    The statements are the fewest of three requests: now and then one more says that a session is still in use.
    """
    from django.db import connection
    from django.test import Client

    client = Client()
    if account is not None:
        client.force_login(account)  # type: ignore[arg-type]
    status = client.get(address).status_code  # warms templates and caches
    sent: list[int] = []

    def count(execute: Any, *rest: Any) -> Any:
        sent[-1] += 1
        return execute(*rest)

    for _ in range(3):
        sent.append(0)
        with connection.execute_wrapper(count):
            client.get(address)
    began = process_time()
    for _ in range(ROUNDS):
        client.get(address)
    return status, (process_time() - began) * 1000 / ROUNDS, min(sent)


Row = tuple[str, int, float, int]  # title, status, CPU ms, statements


def measured(folder: Path, size: str) -> list[Row]:
    """Return the figures of every page of one district; the first row is the plainest page."""
    prepare(folder, size)
    import logging

    logging.disable(logging.INFO)
    asked: list[tuple[str, object, str]] = [("bare", None, "/sign-in/"), *pages()]
    return [(title, *measure(account, address)) for title, account, address in asked]


def _apart(folder: Path, size: str) -> list[Row]:
    """Measure a district in a process of its own; what it says while it builds goes to the terminal."""
    command = [sys.executable, "-m", "benchmarks.pages", "--one", "--size", size, "--folder", str(folder)]
    told = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return [tuple(row) for row in json.loads(told.stdout.splitlines()[-1])]  # type: ignore[misc]


def _options() -> Namespace:
    parser = ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, help="where the district of --size stands or is built")
    parser.add_argument("--size", default="L", choices=["S", "M", "L"])
    parser.add_argument("--beside", default="S", choices=["S", "M", "L"], help="whose statements stand beside")
    parser.add_argument("--one", action="store_true", help="measure one district and print JSON")
    return parser.parse_args()


def _folder(size: str) -> Path:
    return ROOT / ".cache" / ("benchmark-district" if size == "L" else f"benchmark-district-{size}")


def main() -> None:
    """Print the table."""
    options = _options()
    folder = options.folder or _folder(options.size)
    if options.one:
        print(json.dumps(measured(folder, options.size)))
        return
    (_, _, bare, _), *rows = _apart(folder, options.size)
    beside = {title: statements for title, _, _, statements in _apart(_folder(options.beside), options.beside)}
    print(
        f"{'page':32} {'status':>6} {'CPU ms':>8} {'× bare':>8} {'statements ' + options.size:>13}"
        f" {'at ' + options.beside:>6}   aim ≤ {AIM_MS} ms, statements constant"
    )
    for title, status, ms, statements in rows:
        said = [] if ms <= AIM_MS else ["over"]
        if statements > beside[title]:
            said.append(f"{statements - beside[title]} more than at {options.beside}")
        print(
            f"{title:32} {status:6d} {ms:8.1f} {ms / bare:8.1f} {statements:13d} {beside[title]:6d}   {', '.join(said)}"
        )


if __name__ == "__main__":
    main()
