"""Repairs what a machine can: imports, form, templates, generated pages, lock files."""

from __future__ import annotations

import subprocess
import sys

from tools import docs, house, lock
from tools.check import BIN


def main() -> None:
    """Run every repair; what is left is for a person, and `make check` names it."""
    pages = [str(path.relative_to(house.ROOT)) for path in house.files(".html")]
    for command in (
        [str(BIN / "ruff"), "check", "--fix", "--silent", "."],
        [str(BIN / "ruff"), "format", "--quiet", "."],
        *([[str(BIN / "djade"), "--target-version", "5.2", *pages]] if pages else []),
    ):
        subprocess.run(command, cwd=house.ROOT, check=False)
    lock.main(upgrade=False)
    for name in docs.write():
        print(f"written: {name}")


if __name__ == "__main__":
    sys.exit(main())
