"""A PostgreSQL server for one command, thrown away afterwards: `python -m tools.testpg COMMAND …`.

It listens on a socket in a temporary folder only and writes nothing safely (fsync is off). As root it runs under an
unprivileged user, because PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "PostgreSQL not found: apt-get install postgresql"
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=128MB"


def binaries() -> Path | None:
    """Return the folder with initdb and pg_ctl of the newest PostgreSQL here, or None."""
    packaged = Path("/usr/lib/postgresql").glob("*/bin")
    newest_last = sorted(packaged, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0))
    on_path = [Path(found).parent] if (found := shutil.which("initdb")) else []
    return next((folder for folder in reversed([*on_path, *newest_last]) if (folder / "pg_ctl").exists()), None)


@contextmanager
def server() -> Iterator[str]:
    """Run a server and hand out its address. :raises FileNotFoundError: where PostgreSQL is not installed"""
    if not (folder := binaries()):
        raise FileNotFoundError(MISSING)
    home = Path(tempfile.mkdtemp(prefix="kehou-pg-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
    user = _user()
    if user:
        shutil.chown(home, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(folder / program), *arguments]
        group, others = (pwd.getpwnam(user).pw_gid, []) if user else (None, None)
        who = {"user": user, "group": group, "extra_groups": others}
        done = subprocess.run(command, **who, cwd=home, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")

    cluster = str(home / "cluster")
    try:
        run("initdb", "--no-sync", "--auth=trust", "--username=kehou", "--encoding=UTF8", "--locale=C", "-D", cluster)
        options = f"-c listen_addresses='' -c unix_socket_directories='{home}' {_FAST}"
        run("pg_ctl", "start", "--wait", "-D", cluster, "-o", options, "-l", str(home / "log"))
        try:
            yield f"postgres://kehou@/postgres?host={home}"
        finally:
            run("pg_ctl", "stop", "--wait", "--mode=immediate", "-D", cluster)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _user() -> str | None:
    """Return the unprivileged user to run under, or None if this already is one."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", "daemon") if name in names)


if __name__ == "__main__":
    with server() as address:
        sys.exit(subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": address}, check=False).returncode)
