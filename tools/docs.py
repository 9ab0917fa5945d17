"""Writes what is generated: the clause table as code, the coverage of the policy, the reference pages.

python -m tools.docs            write what has changed
python -m tools.docs --check    change nothing; say what is out of date
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tools import clauses, coverage

ROOT = clauses.ROOT
REFERENCE = ROOT / "docs/reference"


def pages() -> Iterator[tuple[Path, Callable[[], str]]]:
    """Yield every generated file with the function that returns its text; the product is started for the last ones."""
    yield clauses.MODULE, clauses.module
    yield ROOT / "docs/policy/coverage.md", coverage.page
    _start_django()
    from tools import glossary, reference

    yield ROOT / "docs/policy/glossary.md", glossary.page
    for name, text in reference.PAGES.items():
        yield REFERENCE / name, text


def stale() -> list[str]:
    """Return the generated files whose text is no longer what the sources say."""
    return [
        str(path.relative_to(ROOT))
        for path, text in pages()
        if not path.is_file() or path.read_text(encoding="utf-8") != text()
    ]


def write() -> list[str]:
    """Write the files that have changed and return their names."""
    names = []
    for path, text in pages():
        new = text()
        if not path.is_file() or path.read_text(encoding="utf-8") != new:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, encoding="utf-8")
            names.append(str(path.relative_to(ROOT)))
    return names


def _start_django() -> None:
    os.environ.setdefault("DEMONSTRATION", "True")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kehou.config.settings")
    import django

    django.setup()


if __name__ == "__main__":
    if "--check" in sys.argv:
        old = stale()
        sys.exit("".join(f"{name}: out of date; `make docs` writes it\n" for name in old) if old else 0)
    for written in write():
        print(f"written: {written}")
