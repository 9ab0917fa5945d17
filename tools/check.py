"""Reads everything that can be checked without running the product, changes nothing, and counts what failed.

python -m tools.check            everything
python -m tools.check NAME …     only these (`form`, `types`, `layers` …)
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools import docs, house

BIN = Path(sys.executable).parent
MANAGE = (sys.executable, "manage.py")
Step = Sequence[str] | Callable[[], list[str]]


def steps() -> dict[str, tuple[str, Step]]:
    """Return every check: its name, what it says, and a command or a function that returns the problems."""
    pages = [str(path.relative_to(house.ROOT)) for path in house.files(".html")]
    return {
        "form": (
            "the form of the code (ruff format)",
            (str(BIN / "ruff"), "format", "--check", "--output-format=concise", "."),
        ),
        "lint": (
            "mistakes and banned calls (ruff)",
            (str(BIN / "ruff"), "check", "--quiet", "--output-format=concise", "."),
        ),
        "types": ("types of rules and actions (mypy)", (str(BIN / "mypy"),)),
        "layers": ("who may import whom (import-linter)", (str(BIN / "lint-imports"), "--no-cache", "--no-logo")),
        "pages": (
            "the form of the templates (djade)",
            (str(BIN / "djade"), "--target-version", "5.2", "--check", *pages),
        ),
        "django": ("Django's own checks", (*MANAGE, "check", "--fail-level", "WARNING")),
        "schema": ("models and migrations agree", (*MANAGE, "makemigrations", "--check", "--dry-run")),
        "migrations": ("one migration a chapter until the first release", house.migrations),
        "length": ("files up to 400 lines, functions up to 40", house.too_long),
        "clauses": ("every clause cited exists", house.citations),
        "generated": ("generated pages are current", docs.stale),
        "icons": ("every icon named is in the sprite", house.icons),
        "locks": ("lock files are current and without addresses", house.locks),
        "addresses": ("no registry, no path of one machine, no key", house.addresses),
    }


def run(step: Step) -> str:
    """Return what is wrong, or the empty string."""
    if callable(step):
        try:
            return "\n".join(step())
        except Exception as problem:  # a tree that does not import is one failed check, not the end of all
            return f"{type(problem).__name__}: {problem}"
    environment = {"DEMONSTRATION": "True", **os.environ, "NO_COLOR": "1"}
    done = subprocess.run(step, cwd=house.ROOT, env=environment, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}".strip() or f"exit code {done.returncode}" if done.returncode else ""


def main(chosen: Sequence[str]) -> int:
    """Run the checks, print one line each and every problem, and return how many failed."""
    failed = []
    for name, (about, step) in steps().items():
        if chosen and name not in chosen:
            continue
        began = time.monotonic()
        problem = run(step)
        print(f"{'FAIL' if problem else 'ok  '} {name:<11} {about} ({time.monotonic() - began:.1f} s)", flush=True)
        if problem:
            failed.append(name)
            print("".join(f"     {line}\n" for line in problem.splitlines()), end="", flush=True)
    print(f"{len(failed)} checks failed: {', '.join(failed)}" if failed else "All checks passed.")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
