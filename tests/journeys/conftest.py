"""The demonstration that the journeys walk through: built once, served by the product's own command."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.examined import Examined
from tests.journeys.visitor import DESK, PHONE, Visitor

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
expect.set_options(timeout=10_000)  # two cores may be busy with other tests


def _surroundings(var: Path) -> dict[str, str]:
    """Return the environment of a demonstration of its own, whatever this run's tests stand on."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KEHOU_VAR")}
    return inherited | {"DEMONSTRATION": "True", "KEHOU_VAR": str(var), "PYTHONWARNINGS": "ignore"}


def _manage(var: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=_surroundings(var), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="session")
def built_district(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder of a district of size S; the first of several test processes builds it for all.

    Whoever writes a journey keeps it between runs with KEHOU_DISTRICT=FOLDER, and removes the folder when models or
    seeds change.
    """
    base = tmp_path_factory.getbasetemp()
    shared = Path(os.environ.get("KEHOU_DISTRICT") or (base if worker_id == "master" else base.parent))
    shared.mkdir(parents=True, exist_ok=True)
    folder = shared / "district"
    with (shared / "district.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "built").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _manage(folder, "seed", "--size", "S")
            (folder / "built").touch()
    return folder


class Demonstration:
    """A district that is being served; every story begins it anew at a moment."""

    def __init__(self, address: str, var: Path, pristine: Path) -> None:
        self.address, self._var, self._pristine = address, var, pristine

    def begin(self, moment: str, visitor: Visitor, *, handed: str = "") -> None:
        """Let the district be what it was when the seeds passed a moment, and forget what other stories did.

        The visitor taps on the bar of the demonstration, as anybody would. Leaving a moment keeps what was done at
        it, so the one asked for is put back as it was built, and is entered from another. `handed` is a stage of
        tests/journeys/handed.py that the district has lived on to.
        """
        kept = self._lived_on_to(handed) if handed else self._pristine / "moments" / f"{moment}.sqlite3"
        visitor.page.goto("/demonstration/")
        pressed = visitor.page.locator(".demonstration__moment[aria-pressed=true]")
        if not pressed.count() or pressed.get_attribute("value") == moment:  # days have passed, or it is the one
            self._tap(visitor, "registration" if moment != "registration" else "draw")
        shutil.copyfile(kept, self._var / "moments" / f"{moment}.sqlite3")
        self._tap(visitor, moment)

    def _lived_on_to(self, stage: str) -> Path:
        """Return the file of a stage; the first who asks lets the district live on to it, in a process of its own."""
        folder = self._var.parent / f"handed-{stage}"
        if not (folder / "whole").exists():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self._pristine, folder, ignore=shutil.ignore_patterns("moments", "*.sqlite3*"))
            shutil.copyfile(self._pristine / "moments" / "afternoon.sqlite3", folder / "kehou.sqlite3")
            done = subprocess.run(
                [sys.executable, "-m", "tests.journeys.handed", stage],
                cwd=ROOT, env=_surroundings(folder), capture_output=True, text=True,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr[-3000:]
            shutil.copytree(folder / "files", self._var / "files", dirs_exist_ok=True)
            (folder / "whole").touch()
        return folder / "kehou.sqlite3"

    def _tap(self, visitor: Visitor, moment: str) -> None:
        with visitor.page.expect_navigation():
            visitor.page.locator(f".demonstration__moment[value={moment}]").click()
        visitor.arrive()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def demonstration(built_district: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """Serve a copy of the district with `manage.py demo`, as `make run` does; stop it afterwards."""
    var = tmp_path_factory.mktemp("demonstration") / "var"
    shutil.copytree(built_district, var)
    port, said = _free_port(), (var / "demo.log").open("wb")
    command = [sys.executable, "manage.py", "demo", "--no-later", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=_surroundings(var), stdout=said, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        _await(f"http://127.0.0.1:{port}/demonstration/", process, var / "demo.log")
        yield Demonstration(f"http://127.0.0.1:{port}", var, built_district)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        said.close()


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline:
        assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
        try:
            urlopen(address, timeout=5).close()
        except HTTPError:
            return
        except (URLError, OSError):
            sleep(0.1)
        else:
            return
    raise AssertionError(f"The demonstration does not answer: {log.read_text(encoding='utf-8')[-3000:]}")


@pytest.fixture(scope="session")
def examined(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Examined:
    """Return what axe-core has seen already, in whichever test process."""
    base = tmp_path_factory.getbasetemp()
    return Examined((base if worker_id == "master" else base.parent) / "examined")


@pytest.fixture
def at(
    demonstration: Demonstration, browser: Browser, axe_source: str, examined: Examined
) -> Iterator[Callable[..., Visitor]]:
    """Return a function that sits somebody down in front of a browser: `at("draw", phone=True)` begins the moment anew.

    `handed="planned"` lets the district live on from the moment first (tests/journeys/handed.py). Without a moment the
    story goes on: a second person comes to what the first has done.
    """
    sitting: list[Visitor] = []

    def sit(moment: str = "", *, phone: bool = False, scripts: bool = True, handed: str = "") -> Visitor:
        size = PHONE if phone else DESK
        visitor = Visitor(browser, demonstration.address, size=size, scripts=scripts, axe=axe_source, examined=examined)
        sitting.append(visitor)
        if moment:
            demonstration.begin(moment, visitor, handed=handed)
        return visitor

    yield sit
    for visitor in sitting:
        visitor.context.close()
        assert visitor.complaints == []
