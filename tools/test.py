"""The whole suite: `python -m tools.test [arguments of pytest]`.

First what is marked `postgres` (every race) on a throw-away PostgreSQL, then everything on SQLite. With arguments, only
those tests, on SQLite, unless DATABASE_URL says otherwise.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from tools import testpg

PYTEST = (sys.executable, "-m", "pytest")
NOTHING_TO_RUN = 5  # pytest's code for "no test was collected"


def on_postgres() -> int:
    """Run the races and the other tests marked `postgres` on a server of their own; return pytest's exit code."""
    with testpg.server() as address:
        print("── on PostgreSQL ──", flush=True)
        code = _run(["-m", "postgres", *_side_by_side(), "tests"], DATABASE_URL=address)
    return 0 if code == NOTHING_TO_RUN else code


def on_sqlite(left_out: str) -> int:
    """Run everything on SQLite, on as many cores as there are, two at least; return pytest's exit code."""
    print("── on SQLite ──", flush=True)
    return _run(_side_by_side(), KEHOU_LEFT_OUT=left_out)


def _side_by_side() -> list[str]:
    """Return the arguments that run the files of the suite on as many processes as there are cores.

    Files go out in the order of tests/conftest.py (what takes longest first), not by how many tests they hold.
    """
    return ["-n", str(min(8, max(2, os.cpu_count() or 2))), "--dist", "loadfile", "--no-loadscope-reorder"]


def _run(arguments: Sequence[str], **environment: str) -> int:
    return subprocess.run([*PYTEST, *arguments], env={**os.environ, **environment}, check=False).returncode


def main(arguments: list[str]) -> int:
    """Return the exit code of the first run that failed, or 0."""
    if arguments:
        return _run(arguments)
    left_out = "" if testpg.binaries() else f"the second run of every race: {testpg.MISSING}"
    first = 0 if left_out else on_postgres()
    return on_sqlite(left_out) or first


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
