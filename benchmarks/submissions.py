"""Families submitting at the same time: requests a second beside the raw database doing the same statements.

    python -m benchmarks submissions [--seconds 5] [--connections 64] [--pupils 2000]

Three rates on each database, in one run on this machine: the statements of one submission sent by the driver alone
(recorded from the action, no Python above it); the action itself; the whole request through granian, signed in, form
parsed, page redirected, from 64 connections. No two forms are the same, so that each request is a real new version.
Afterwards the database is asked whether there are as many new versions as answers that said so, and whether each
application has exactly its own: nothing lost, nothing doubled. A submission takes no seat; whether seats are ever
oversold when 64 want the last ones is what `python -m benchmarks last_seats` counts.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
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
from urllib.parse import urlencode

from benchmarks.submissions_stage import choice_of, stage

ROOT = Path(__file__).resolve().parent.parent
AIM, AIM_P99_MS = 0.15, 250.0


def rate(threads: int, seconds: float, act: Callable[[int, int], None]) -> tuple[float, list[float]]:
    """Run `act(thread, turn)` in as many threads for so long; return (a second, sorted seconds each took)."""
    times: list[list[float]] = [[] for _ in range(threads)]
    stop = time.monotonic() + seconds
    start = threading.Barrier(threads)

    def run(number: int) -> None:
        start.wait()
        turn = 0
        while time.monotonic() < stop:
            began = time.perf_counter()
            act(number, turn)
            times[number].append(time.perf_counter() - began)
            turn += 1

    workers = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    began = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    every = sorted(one for row in times for one in row)
    return len(every) / (time.monotonic() - began), every


def recorded(act: Callable[[], Any]) -> list[tuple[str, Any]]:
    """Return the statements an act sends, as the driver gets them."""
    from django.db import connection

    found: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        act()
    return [(sql, params) for sql, params in found if params]


def raw(statements: list[tuple[str, Any]], children: list[tuple[int, int]], threads: int, seconds: float) -> float:
    """Return how often a second the driver alone can do these statements in a transaction, each for another child.

    `children` are (application, pupil).
    """
    from django.db import connection, connections

    local, postgres = threading.local(), connection.vendor == "postgresql"
    texts = [(sql if postgres else sql.replace("%s", "?"), params) for sql, params in statements]
    each = len(children) // threads
    versions = dict.fromkeys((application for application, _ in children), 100)

    def act(number: int, turn: int) -> None:
        if not hasattr(local, "raw"):
            connection.ensure_connection()
            local.raw = connection.connection
            if postgres:
                local.raw.autocommit = False
        application, pupil = children[number * each + turn % each]
        versions[application] += 1
        submission, cursor = 0, local.raw.cursor()
        if not postgres:
            cursor.execute("BEGIN IMMEDIATE")
        for sql, params in texts:
            cursor.execute(sql, _for(sql, params, application, pupil, versions[application], submission))
            if "RETURNING" in sql or sql.lstrip().startswith("SELECT"):
                rows = cursor.fetchall()
                submission = rows[0][0] if "enrolment_submission" in sql else submission
        local.raw.commit() if postgres else cursor.execute("COMMIT")
        cursor.close()

    found, _ = rate(threads, seconds, act)
    connections.close_all()
    return found


def _for(sql: str, params: Any, application: int, pupil: int, version: int, submission: int) -> list[Any]:
    """Return the parameters of a recorded statement for another child and a version nobody has written."""
    values = list(params)
    if "INTO" in sql and "enrolment_application" in sql:
        values[1], values[5] = pupil, f"{application}-{version}"
    elif "INTO" in sql and "enrolment_submission" in sql:
        values[0], values[1] = application, version
    elif "INTO" in sql and ("enrolment_daychoice" in sql or "enrolment_wish" in sql):
        values[0::4] = [submission] * len(values[0::4])
    elif sql.startswith("UPDATE enrolment_application"):
        values = [submission, application]
    elif "people_contact" in sql:
        values = [pupil] * 3
    return values


def ours(world: Any, found: Any, pupils: list[Any], threads: int, seconds: float) -> tuple[float, list[float]]:
    """Return the rate of the action itself."""
    from django.db import connections

    from kehou.chapters.enrolment import actions as enrolment
    from kehou.lib import clock

    at, by, each = clock.now(), world.by_guardian(), len(pupils) // threads

    def act(number: int, turn: int) -> None:
        pupil = pupils[number * each + turn % each]
        enrolment.submit(found.registration, pupil, choice_of(found, turn // each + 1), by=by, at=at)

    result = rate(threads, seconds, act)
    connections.close_all()
    return result


# --- The whole request ------------------------------------------------------------------------------------------------


def requests(
    found: Any, pupils: list[Any], parents: list[Any], options: Namespace
) -> tuple[float, list[float], int, int]:
    """Return (requests a second, sorted seconds, wrong answers, accepted ones) of the form through granian."""
    from django.conf import settings

    cookies = [_signed_in(account) for account in parents[: options.connections * 4]]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "1" if "sqlite" in settings.DATABASES["default"]["ENGINE"] else "4",
        "--no-access-log", "--log-level", "warning", "kehou.config.wsgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait(port)
        plan = {
            "port": port, "seconds": options.seconds, "connections": options.connections,
            "families": [[cookie, pupil.pk] for cookie, pupil in zip(cookies, pupils, strict=False)],
            "forms": [_form(found, 1), _form(found, 2)],
        }  # fmt: skip
        # The load has a process of its own, so that it does not share the interpreter with what it measures.
        answer = subprocess.run(
            [sys.executable, "-m", "benchmarks.submissions", "--load"], cwd=ROOT, input=json.dumps(plan),
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        result = json.loads(answer.stdout)
    finally:
        server.terminate()
        server.wait(20)
    return result["rate"], result["times"], result["wrong"], result["accepted"]


def _signed_in(account: Any) -> str:
    """Return the cookie of a new session of an account."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(account.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _form(found: Any, turn: int) -> str:
    fields = {
        "joins": "yes", "home": "guardian", "consent_basic": "yes", "hours_1": "2", "hours_3": "2",
        "hours_5": str(1 + turn % 2), "any_1": "yes", "any_3": "yes", "any_5": "yes",
        "contact_1_name": "陈梅妈妈", "contact_1_relation": "母亲", "contact_1_phone": "13900000001",
        "contact_2_name": "陈爷爷", "contact_2_relation": "祖父", "contact_2_phone": "13900000002",
    }  # fmt: skip
    for rank, name in enumerate(("校园足球", "科学小实验", "童声合唱", "作业答疑站"), start=1):
        fields[f"rank_{found.slot(name)}"] = str(rank)
    return urlencode(fields | {"csrfmiddlewaretoken": "a" * 32})


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/sign-in/")
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


class _Line:
    """One connection that is kept open. Written by hand: the load shares two cores with what it measures."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = b" HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/x-www-form-urlencoded\r\n" % port

    def post(self, path: str, cookie: str, form: str) -> int:
        """Send a form and return the status of the answer, which is read to its end."""
        body = form.encode()
        size = f"Cookie: {cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.socket.sendall(b"POST " + path.encode() + self.head + size.encode() + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, rest = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        assert length, head
        while len(rest) < int(length[1]):
            rest += self._more()
        return int(head[9:12])

    def _more(self) -> bytes:
        received = self.socket.recv(65536)
        if not received:
            raise ConnectionError("the server closed the line")
        return received


def load() -> None:
    """Send the forms that standard input describes and print the rate: the other side of the wire."""
    plan = json.load(sys.stdin)
    families, forms, lines = plan["families"], plan["forms"], plan["connections"]
    each, open_lines, wrong, accepted = len(families) // lines, {}, [], [0] * lines

    def act(number: int, turn: int) -> None:
        if number not in open_lines:
            open_lines[number] = _Line(plan["port"])
        cookie, pupil = families[number * each + turn % each]
        form = f"{forms[(turn // each) % 2]}&signed_by={accepted[number]}"
        cookies = f"sessionid={cookie}; csrftoken={'a' * 32}"
        status = open_lines[number].post(f"/guardian/{pupil}/application/", cookies, form)
        if status == 302:
            accepted[number] += 1
        else:
            wrong.append(status)

    rate(lines, 1.0, act)  # warms the server
    wrong.clear()
    found, times = rate(lines, plan["seconds"], act)
    print(json.dumps({"rate": found, "times": times, "wrong": len(wrong), "accepted": sum(accepted)}))


# --- The table --------------------------------------------------------------------------------------------------------


def whole_versions() -> tuple[int, int]:
    """Return (applications whose versions have a hole or whose current one is not the last, applications)."""
    from django.db.models import Count, F, Max

    from kehou.chapters.enrolment.models import Application

    rows = Application.objects.annotate(n=Count("submissions"), last=Max("submissions__version"))
    wrong = rows.exclude(n=F("version"), last=F("version"), current__version=F("version"))
    return wrong.count(), rows.count()


def measure(options: Namespace) -> None:
    """Print the rates of the database that the environment names."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "kehou.config.settings"
    django.setup()
    from django.db import connection

    from kehou.chapters.enrolment import actions as enrolment
    from kehou.chapters.enrolment.models import Submission
    from kehou.lib import clock

    world, found, pupils, parents = stage(options.pupils)
    threads = 1 if connection.vendor == "sqlite" else 16
    before = Submission.objects.count()
    web, times, wrong, accepted = requests(found, pupils, parents, options)
    lost = accepted - (Submission.objects.count() - before)
    holes, applications = whole_versions()
    acted, _ = ours(world, found, pupils, threads, options.seconds)

    def once(turn: int) -> list[tuple[str, Any]]:
        choice, by = choice_of(found, turn), world.by_guardian()
        return recorded(lambda: enrolment.submit(found.registration, pupils[0], choice, by=by, at=clock.now()))

    statements = max(once(0), once(1), key=len)  # one of the two is what stands already
    children = list(pupils[0].applications.model.objects.values_list("pk", "pupil"))
    bare = raw(statements, children, threads, options.seconds)
    p50, p99 = (times[int(len(times) * share)] * 1000 for share in (0.5, 0.99))
    print(
        f"{connection.vendor:12} {len(statements):10d} {bare:10.0f} {acted:10.0f} {web:10.0f} {web / bare:9.1%}"
        f" {p50:8.0f} {p99:8.0f} {wrong:7d} {lost:6d} {holes:6d} of {applications}"
    )


def main() -> None:
    """Run each database in a process of its own."""
    parser = ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--pupils", type=int, default=1000)
    parser.add_argument("--one", action="store_true")
    parser.add_argument("--load", action="store_true")
    options = parser.parse_args()
    if options.load:
        return load()
    if options.one:
        return measure(options)
    print(
        f"{'database':12} {'statements':>10} {'raw /s':>10} {'action /s':>10} {'web /s':>10} {'web ÷ raw':>9}"
        f" {'p50 ms':>8} {'p99 ms':>8} {'wrong':>7} {'lost':>6} {'torn':>6}"
        f"   aim ≥ {AIM:.0%}, p99 < {AIM_P99_MS:.0f} ms"
    )
    passed = [f"--{name}={getattr(options, name)}" for name in ("seconds", "connections", "pupils")]
    from tools import testpg

    for postgres in (False, True):
        if postgres and not testpg.binaries():
            print(f"left out: {testpg.MISSING}")
            continue
        with ExitStack() as stack:
            folder = Path(tempfile.mkdtemp(prefix="kehou-bench-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            where = {"DATABASE_URL": stack.enter_context(testpg.server())} if postgres else {}
            environment = {
                **os.environ,
                "DEMONSTRATION": "True",
                "KEHOU_VAR": str(folder),
                "LOG_LEVEL": "ERROR",
                **where,
            }
            command = [sys.executable, "-m", "benchmarks.submissions", "--one", *passed]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return None


if __name__ == "__main__":
    main()
