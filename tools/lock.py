"""Writes the lock files from pyproject.toml when its dependencies have changed: `python -m tools.lock`.

The locks name versions and hashes, for every platform, and no address, so that a mirror serves them as well as the
index itself does. The first line says from which dependencies they were made; `make check` compares it.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = ROOT / "requirements.lock"
DEV = ROOT / "requirements-dev.lock"
UV = ROOT / ".tools/uv/bin/uv"


def wanted() -> str:
    """Return the digest of everything in pyproject.toml that decides what is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = ("requires-python", "dependencies", "optional-dependencies")
    decisive = {**{name: project["project"][name] for name in names}, "groups": project["dependency-groups"]}
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:16]


def is_current() -> bool:
    """Return whether both lock files were made from the dependencies that pyproject.toml names now."""
    return all(
        lock.is_file() and wanted() in lock.read_text(encoding="utf-8").split("\n", 1)[0] for lock in (RUNTIME, DEV)
    )


def compile_lock(target: Path, arguments: Sequence[str]) -> None:
    """Resolve and write one lock file; versions already locked stay unless they must move."""
    command = [
        str(UV),
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--generate-hashes",
        "--no-header",
        "--no-emit-index-url",
    ]
    subprocess.run([*command, "pyproject.toml", *arguments, "-o", str(target)], cwd=ROOT, check=True)
    head = f"# Made by `make fix` from pyproject.toml {wanted()}; versions and hashes, no addresses.\n"
    target.write_text(head + target.read_text(encoding="utf-8"), encoding="utf-8")


def main(upgrade: bool) -> None:
    """Write both locks if they are stale, or if newer versions are asked for."""
    if is_current() and not upgrade:
        return
    more = ["--upgrade"] if upgrade else []
    compile_lock(RUNTIME, more)
    compile_lock(DEV, ["--all-extras", "--group", "dev", "-c", RUNTIME.name, *more])


if __name__ == "__main__":
    main(upgrade="--upgrade" in sys.argv)
