"""Server CPU and statements of the pages that are opened most, at size L.

    python -m benchmarks pages [--folder DIR]

Each page is asked for in this process through the whole stack (middleware, gate, template), signed in as the person it
is for. The ratio is against the plainest page of the same stack (`/sign-in/`): what a page costs beyond being a page.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
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
        print(f"building the district of size {size} into {folder} (once)", flush=True)
        subprocess.run([sys.executable, str(ROOT / "manage.py"), "seed", "--size", size], check=True)
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
    """Return (status, CPU ms of one request, statements)."""
    from django.db import connection
    from django.test import Client

    client = Client()
    if account is not None:
        client.force_login(account)  # type: ignore[arg-type]
    status = client.get(address).status_code  # warms templates and caches
    statements = 0

    def count(execute: Any, *rest: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*rest)

    with connection.execute_wrapper(count):
        client.get(address)
    began = process_time()
    for _ in range(ROUNDS):
        client.get(address)
    return status, (process_time() - began) * 1000 / ROUNDS, statements


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, default=ROOT / ".cache" / "benchmark-district")
    parser.add_argument("--size", default="L", choices=["S", "M", "L"])
    options = parser.parse_args()
    prepare(options.folder, options.size)
    import logging

    logging.disable(logging.INFO)
    bare = measure(None, "/sign-in/")[1]
    print(f"{'page':32} {'status':>6} {'CPU ms':>8} {'statements':>10} {'× bare':>8}   aim ≤ {AIM_MS} ms")
    for title, account, address in pages():
        status, ms, statements = measure(account, address)
        print(f"{title:32} {status:6d} {ms:8.1f} {statements:10d} {ms / bare:8.1f}   {'' if ms <= AIM_MS else 'over'}")


if __name__ == "__main__":
    main()
