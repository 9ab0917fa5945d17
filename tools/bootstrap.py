"""Prepares this folder for a command of the Makefile: the Python environment and the front-end files.

    python3 tools/bootstrap.py runtime     what `make run` needs
    python3 tools/bootstrap.py dev         what tests and checks need (contains the former)

Needs Python 3.11 and its venv; nothing is installed outside this folder. Unchanged lock files: done in a moment.
Otherwise a pinned uv is put into .tools and syncs .venv from the hash-pinned lock; where uv cannot be had, pip does.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
STAMP = VENV / ".kehou-bootstrap"
LOCKS = {
    "runtime": ("requirements.lock",),
    "dev": ("requirements.lock", "requirements-dev.lock"),
}
UV_LOCK = ROOT / "tools/uv.lock.txt"
NO_VENV = "This Python has no ensurepip: install it first (Debian, Ubuntu: apt-get install python3-venv), then repeat."


def digest(profile: str) -> str:
    """Return what `.venv` must have been built from for this profile: the locks and the Python version."""
    hasher = hashlib.sha256(sys.version.encode())
    for name in LOCKS[profile]:
        hasher.update((ROOT / name).read_bytes())
    return f"{profile} {hasher.hexdigest()}"


def is_ready(profile: str) -> bool:
    """Return whether `.venv` already holds this profile; the one for development holds both."""
    built = STAMP.read_text().splitlines() if STAMP.is_file() and PYTHON.exists() else []
    return digest(profile) in built or digest("dev") in built


def uv() -> Path | None:
    """Return the pinned uv, fetched into .tools when it is not there; None where it cannot be had."""
    wanted = UV_LOCK.read_text().split("uv==")[1].split()[0]
    binary = TOOLS / "uv/bin/uv"
    if binary.exists() and wanted in _output([str(binary), "--version"]):
        return binary
    say("fetching uv …")
    shutil.rmtree(TOOLS / "uv", ignore_errors=True)
    install = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(UV_LOCK)]
    if _runs([base_python(), "-m", "pip", *install, "--target", str(TOOLS / "uv")]) and binary.exists():
        return binary
    shutil.rmtree(TOOLS / "uv", ignore_errors=True)
    if not _runs([base_python(), "-c", "import ensurepip"]):
        sys.exit(NO_VENV)
    if _runs([base_python(), "-m", "venv", str(TOOLS / "uv")]):
        _runs([str(TOOLS / "uv/bin/python"), "-m", "pip", *install])
    return binary if binary.exists() else None


def sync(profile: str) -> None:
    """Make `.venv` exactly what the lock says. :raises SystemExit: with one line, if neither uv nor pip can"""
    lock = str(ROOT / LOCKS[profile][-1])
    STAMP.unlink(missing_ok=True)
    if tool := uv():
        say("installing the Python packages …")
        if _output([str(PYTHON), "-c", "import sys; print(sys.version)"]).strip() != sys.version:
            _insist([str(tool), "venv", "--quiet", "--clear", "--python", base_python(), str(VENV)])
        fetch = [str(tool), "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), lock]
        _insist(fetch, **_index_of_pip())
    else:
        say("uv cannot be had; installing the Python packages with pip (slower) …")
        if not _runs([base_python(), "-c", "import ensurepip"]):
            sys.exit(NO_VENV)
        _insist([base_python(), "-m", "venv", "--clear", str(VENV)])
        _insist([str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock])
    STAMP.write_text(digest(profile) + "\n")


def base_python() -> str:
    """Return the interpreter behind this one, which stays when `.venv` is cleared."""
    return getattr(sys, "_base_executable", None) or sys.executable


def say(line: str) -> None:
    """Print a line of progress; standard output belongs to the command that follows."""
    print(f"· {line}", file=sys.stderr, flush=True)


def _runs(command: Sequence[str]) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _output(command: Sequence[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def _index_of_pip() -> dict[str, str]:
    """Return pip's mirror for uv, which does not read pip's configuration; nothing where uv has been told its own."""
    told = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE", "UV_NO_INDEX")
    configured = (Path("/etc/uv/uv.toml"), Path.home() / ".config/uv/uv.toml")
    if any(name in os.environ for name in told) or any(path.exists() for path in configured):
        return {}
    lines = _output([base_python(), "-m", "pip", "config", "list"]).splitlines()
    found = [line.split("=", 1)[1].strip("'\"") for line in lines if ".index-url=" in line]
    return {"UV_DEFAULT_INDEX": found[-1]} if found else {}


def _insist(command: Sequence[str], **environment: str) -> None:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", **environment}
    done = subprocess.run(command, env=environment, check=False)
    if done.returncode:
        sys.exit(f"This command failed ({done.returncode}): {' '.join(command)}")


def _assets(failures: list[str]) -> None:
    from assets import NoNode, build

    try:
        build()
    except (NoNode, subprocess.CalledProcessError, OSError) as problem:
        failures.append(f"front-end files: {problem}")


def main(profile: str) -> None:
    """Prepare this folder for `profile`; the Python packages and the front-end files are fetched at the same time."""
    import assets

    if is_ready(profile) and assets.is_ready():
        return
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands started at once prepare the folder once
        failures: list[str] = []
        thread = Thread(target=_assets, args=(failures,))
        thread.start()
        if not is_ready(profile):
            sync(profile)
        thread.join()
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 (this file is read by whatever Python there is)
        sys.exit("Python 3.11 or newer is needed; choose one with `make PYTHON=python3.11 …`.")
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit(__doc__)
    main(sys.argv[1])
