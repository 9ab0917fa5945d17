"""`manage.py demo`: the demonstration from nothing to a page: database, district, server, worker, addresses, people."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from kehou.chapters.schools.models import School
from kehou.config.checks import insist_on_safe_settings
from kehou.config.management.commands.seed import remove_demonstration
from kehou.lib import clock, jobs, schema, snapshots
from kehou.lib.demonstration import CAST, DEFAULT_MOMENT, visit
from kehou.rules.permissions import ROLES

HOST = "127.0.0.1"
_PATIENCE_SECONDS = 20


class Command(BaseCommand):
    """Serve the demonstration, building it first where there is none."""

    requires_system_checks: list[str] = []  # those read every page; `make check` runs them, and safety is asked below
    help = "Builds the demonstration district if there is none, serves it on this machine and prints who can be tapped."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take size and port."""
        parser.add_argument("--size", choices=["S", "M", "L"], default="M")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-later", action="store_true", help="leave the moments after the afternoon unbuilt")
        parser.add_argument("--once", action="store_true", help="stop as soon as the first page has been served")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, serve, work; stop everything on Ctrl+C."""
        if not settings.DEMONSTRATION:
            raise CommandError("This command serves a demonstration: set DEMONSTRATION=True.")
        insist_on_safe_settings()
        port = options["port"]
        _insist_on_free(port)
        Path(settings.STATIC_ROOT).mkdir(exist_ok=True)  # the server warns where the folder is missing
        _migrate()
        if not School.objects.exists():
            from seeds.schools import SIZES

            size = SIZES[options["size"]]
            self.stdout.write(f"第一次运行：建立演示区（{size.schools}所学校、{size.pupils}名学生）。")
            self._build(options["size"])
        with _server(port) as server:
            _begin_at_the_default_moment()  # while the server loads
            _await_page(server, port)
            self._greet(port)
            if options["once"]:
                return
            with _later(options["no_later"]):
                worker = jobs.Worker()
                worker.listen()
                worker.work()

    def _build(self, size: str) -> None:
        """Build the district; a build that is cut short leaves nothing behind."""
        try:
            call_command("seed", size=size, stdout=self.stdout)
        except BaseException:
            if connection.vendor == "sqlite":
                remove_demonstration()
            raise

    def _greet(self, port: int) -> None:
        """Print the addresses and the people."""
        address = f"http://{HOST}:{port}"
        write = self.stdout.write
        write(f"\n  课后服务演示  {address}/                公开页面，不用登录")
        write(f"                {address}/demonstration/  演示人物，点一下就以其身份进入\n")
        schools = dict(School.objects.values_list("code", "name"))
        for one in CAST:
            place = schools.get(one.school, "") if one.school else ""
            write(f"    {one.name}\t{one.phone}  {place}{ROLES[one.role].title}：{one.line}")
        write(f"\n  演示时钟：{DEFAULT_MOMENT.title}（{DEFAULT_MOMENT.at:%Y-%m-%d %H:%M}）。按 Ctrl+C 停止。")
        self.stdout.flush()


def _migrate() -> None:
    """Bring the tables up to date; where no migration has changed since the last start this takes no time."""
    paths = sorted(Path(settings.ROOT, "kehou").rglob("migrations/0*.py"))
    state = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    stamp = Path(settings.VAR) / "migrated"
    database = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and database.exists() and stamp.exists() and stamp.read_text() == state:
        return
    schema.bring_up_to_date()
    stamp.write_text(state)


def _begin_at_the_default_moment() -> None:
    """Let every visit begin on the same afternoon; what was done at another moment is kept there."""
    if snapshots.current() not in ("", DEFAULT_MOMENT.key):
        visit(DEFAULT_MOMENT)
    else:
        clock.move_to(DEFAULT_MOMENT.at, key=DEFAULT_MOMENT.key)


def _insist_on_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            other = f'make run ARGS="--port {port + 1}"'
            raise CommandError(f"Port {port} is in use. Stop what runs there, or choose another: {other}") from None


@contextmanager
def _later(left_out: bool) -> Iterator[None]:
    """Let the moments after the afternoon be built beside what is served."""
    if left_out:
        yield
        return
    later = subprocess.Popen(["nice", "-n", "15", sys.executable, sys.argv[0], "seed_later"])
    try:
        yield
    finally:
        later.terminate()


@contextmanager
def _server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run granian beside this process; it ends with it."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "1",
        "--blocking-threads", "1", "--no-ws", "--log-level", "warning", "kehou.config.wsgi:application",
    ]  # fmt: skip
    settings.PUBLIC_ADDRESS = f"http://{HOST}:{port}"
    server = subprocess.Popen(command, env={**os.environ, "PUBLIC_ADDRESS": settings.PUBLIC_ADDRESS})
    try:
        yield server
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()


def _await_page(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the first page comes. :raises CommandError: when the server ends or stays silent"""
    deadline = monotonic() + _PATIENCE_SECONDS
    while monotonic() < deadline:
        if server.poll() is not None:
            raise CommandError("The server has stopped; its message stands above.")
        try:
            with urlopen(f"http://{HOST}:{port}/status/", timeout=2):
                return
        except (URLError, TimeoutError) as trouble:  # a slow machine accepts before it can answer
            if getattr(trouble, "code", 0):
                return
            sleep(0.05)
    raise CommandError("The server does not answer.")
