"""The pictures of docs/: each that a page shows exists, none lies there unused, each is taken by a journey."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
SHOWN = re.compile(r"!\[[^\]]+\]\(([^)]*screenshots/([a-z-]+)\.png)\)")
TAKEN = re.compile(r"\.picture\(\"([a-z-]+)\"")


def shown() -> dict[str, list[Path]]:
    """Return the pages that show each picture; a picture without words for those who cannot see it is not found."""
    found: dict[str, list[Path]] = {}
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for _, name in SHOWN.findall(page.read_text(encoding="utf-8")):
            found.setdefault(name, []).append(page)
    return found


def test_every_picture_that_a_page_shows_exists() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for path, _ in SHOWN.findall(page.read_text(encoding="utf-8")):
            assert (page.parent / path).is_file(), f"{page.name} shows {path}"


def test_no_picture_lies_unused() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*")) == sorted(shown())


def test_every_picture_is_taken_by_a_journey() -> None:
    journeys = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests/journeys").glob("test_*.py"))
    assert sorted(set(TAKEN.findall(journeys))) == sorted(shown())
