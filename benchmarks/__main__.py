"""Runs the benchmarks: `python -m benchmarks [NAME …] [--list]`.

Each benchmark is a module here that prints its figures, each beside what it is compared with, when it is run as
`python -m benchmarks.NAME`. It has a process of its own, so that one cannot warm or starve the next.
"""

from __future__ import annotations

import ast
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def available() -> dict[str, str]:
    """Return name and first docstring line of every benchmark."""
    found = {}
    for path in sorted(HERE.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not path.name.startswith("_") and "__main__" in text:
            found[path.stem] = (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
    return found


def main(arguments: list[str]) -> int:
    """Run the chosen benchmarks, or all; return how many failed."""
    known = available()
    if "--list" in arguments:
        print("\n".join(f"{name:<24} {about}" for name, about in known.items()))
        return 0
    chosen = [name for name in known if not arguments or any(word in name for word in arguments)]
    if not chosen:
        print(f"No benchmark is called {' '.join(arguments)}; there are: {', '.join(known)}")
        return 1
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}")
    failed = 0
    for name in chosen:
        print(f"\n══ {name}: {known[name]}", flush=True)
        began = time.monotonic()
        code = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, check=False).returncode
        failed += code != 0
        print(f"── {time.monotonic() - began:.1f} s{f', FAILED ({code})' if code else ''}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
