"""What every test may use, and what the suite says about itself when it has run.

Tests of the rules need no Django: when only `tests/rules` is asked for, Django is not even imported.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tools import clauses

ROOT = Path(__file__).resolve().parent.parent
PURE = ("tests/rules", "tests/test_house.py")
FIRST = ("tests/journeys/", "tests/races/")  # few tests a file, and each of them long
# The same browser without a window costs a third less than one that draws into a window nobody sees.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# The same examples on every machine; a failing one is printed and can be repeated with @reproduce_failure.
hypothesis_settings.register_profile("house", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


# --- Django, only where it is needed ----------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and start Django unless every test asked for is a test of the rules."""
    for line in (
        "clause(id): this test proves a clause of docs/policy/clauses.csv",
        "browser: needs Chromium; every test in tests/journeys has it",
        "postgres(only=False): runs a second time on PostgreSQL; every test in tests/races has it. only=True: never on SQLite",
    ):
        config.addinivalue_line("markers", line)
    if not _pure(config):
        _start_django()
        from tests import journalled

        listener = journalled.Journalled(config, judges=not on_postgres())
        config.pluginmanager.register(listener, journalled.NAME)


def _pure(config: pytest.Config) -> bool:
    paths = [(config.invocation_params.dir / arg.split("::")[0]).resolve() for arg in config.args]
    return all(any(path.is_relative_to(ROOT / pure) for pure in PURE) for path in paths)


def _start_django() -> None:
    """Start the product as a demonstration in an empty folder, with passwords that are cheap to hash."""
    folder = tempfile.mkdtemp(prefix="kehou-test-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    os.environ["KEHOU_VAR"] = folder
    # A file, not memory: threads of a race and of the live server then lock as they do in production.
    os.environ["TEST_DATABASE_FILE"] = f"{folder}/test.sqlite3"
    os.environ.setdefault("DEMONSTRATION", "True")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kehou.config.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs an event loop in the test's thread
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    _flush_past_triggers()


def _flush_past_triggers() -> None:
    """Let the flush after a transactional test empty the tables that nobody else may empty (kehou.lib.once)."""
    from django.db import connection

    operations = type(connection.ops)
    flush = operations.sql_flush

    def asked(self, sql: str) -> list[tuple[str, ...]]:  # type: ignore[no-untyped-def]
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def sqlite(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        triggers = asked(self, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        drop, create = [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]
        return [*drop, *flush(self, *args, **kwargs), *create]

    def postgres(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        found = asked(self, "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        off, on = ([f"ALTER TABLE {table} {word} TRIGGER USER" for (table,) in found] for word in ("DISABLE", "ENABLE"))
        return [*off, *flush(self, *args, **kwargs), *on]

    operations.sql_flush = sqlite if connection.vendor == "sqlite" else postgres


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder of this run."""
    folder = os.environ.get("KEHOU_VAR", "")
    if Path(folder).name.startswith("kehou-test-"):
        shutil.rmtree(folder, ignore_errors=True)


def on_postgres() -> bool:
    """Return whether this run is the one on PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def chromium() -> str | None:
    """Return the path of Chromium, or None where there is none."""
    return next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES))), None)


# --- Which tests run, and what each proves ----------------------------------------------------------------------------


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """On PostgreSQL, leave the files alone in which nothing can be marked `postgres`: reading them all takes long."""
    if not on_postgres() or collection_path.suffix != ".py" or collection_path.parent == ROOT / "tests/races":
        return None
    return "postgres" not in collection_path.read_text(encoding="utf-8") or None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage while collecting, nor ever after among what was collected: it stays until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark journeys and races by their folder, leave out what this machine cannot run, check the clauses named."""
    known = clauses.ids()
    browser = chromium()
    for item in items:
        if item.nodeid.startswith("tests/journeys/"):
            item.add_marker("browser")
        if item.nodeid.startswith("tests/races/"):
            item.add_marker("postgres")
        for mark in item.iter_markers("clause"):
            if not mark.args or not known.issuperset(mark.args):
                raise pytest.UsageError(f"{item.nodeid}: {mark.args} is not in docs/policy/clauses.csv")
            item.user_properties += [("clause", id_) for id_ in mark.args]
        if item.get_closest_marker("browser") and not browser:
            item.add_marker(pytest.mark.skip(reason="Chromium not found: apt-get install chromium-headless-shell"))
    here = [item for item in items if _belongs_here(item)]
    if len(here) < len(items):
        staying = set(here)
        config.hook.pytest_deselected(items=[item for item in items if item not in staying])
    # What takes longest per file begins first, so that no process is left alone with it at the end.
    items[:] = sorted(here, key=lambda item: not item.nodeid.startswith(FIRST))


def _belongs_here(item: pytest.Item) -> bool:
    """Return whether a test runs on this database: on PostgreSQL what is marked so, on SQLite all but `only=True`."""
    mark = item.get_closest_marker("postgres")
    return mark is not None if on_postgres() else not (mark and mark.kwargs.get("only"))


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one loud line each what was left out, and how many clauses the tests that passed have proven."""
    left_out = Counter(
        report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else "skipped"
        for report in terminalreporter.stats.get("skipped", [])
    )
    if whole := os.environ.get("KEHOU_LEFT_OUT"):
        terminalreporter.write_line(f"LEFT OUT: {whole}", yellow=True, bold=True)
    for reason, count in left_out.most_common():
        terminalreporter.write_line(f"LEFT OUT: {count} × {reason}", yellow=True, bold=True)
    passed = terminalreporter.stats.get("passed", [])
    proven = {value for report in passed for name, value in report.user_properties if name == "clause"}
    if proven:
        terminalreporter.write_line(f"{len(proven)} of {len(clauses.ids())} clauses proven by the tests that passed")


# --- Fixtures ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Put the triggers on the tables, which `--no-migrations` makes from the models (kehou.lib.schema says why)."""
    from kehou.lib import schema

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        schema.put_triggers()


@pytest.fixture
def world(db: None) -> object:
    """Return the cast of the tests, written into the database of this test."""
    from tests.world import build

    return build()


@pytest.fixture
def at_moment() -> Iterator[Callable[[datetime], None]]:
    """Return a function that lets the one clock of desks and commands stand at an instant, until the test ends."""
    from kehou.lib import clock

    patch = pytest.MonkeyPatch()

    def stand(moment: datetime) -> None:
        patch.setattr(clock, "now", lambda: moment)

    yield stand
    patch.undo()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real rosters, draws and timetables beside the repository; leave the test out without it."""
    folder = Path(os.environ.get("KEHOU_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("real data not found: ../shared/data is absent (set KEHOU_SHARED to its parent)")
    return folder


@pytest.fixture(scope="session")
def axe_source() -> str:
    """Return the script of axe-core, which finds what keeps people with disabilities out of a page."""
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start the Chromium of this machine; Playwright's own is never downloaded."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": list(CHROMIUM_SWITCHES)}
