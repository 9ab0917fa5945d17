"""The house's styles and scripts as two files, put together from the small ones in `kehou/static/css` and `/js`.

A finder of static files, so that there is no build step: the development server, WhiteNoise and `collectstatic` all
ask it. A bundle is written again when one of its sources is newer. The order of the sheets among components does not
matter, because none reaches into another; each script is put in a block, so that their names do not meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

STATIC = Path(__file__).resolve().parents[1] / "static"
LAYERS = "@layer tabler, tokens, components, print;\n"
# Scripts that only some pages need; those pages name them in `{% block scripts %}`.
ALONE = {
    "signature.js", "verify.js", "draw-check.js", "draw-rules.js", "sha256.js", "wishes.js", "roll-call.js",
    "ceremony.js",
}  # fmt: skip


def _ground_floor() -> str:
    """Return Tabler inside its layer, without the comment that points to a map which we do not serve."""
    path = STATIC / "vendor" / "tabler.min.css"
    if not path.exists():
        return ""
    text = re.sub(r'@charset "UTF-8";|/\*#\s*sourceMappingURL=.*?\*/', "", path.read_text("utf-8"))
    return f"@layer tabler {{\n{text}\n}}\n"


def _sheets() -> list[Path]:
    css = STATIC / "css"
    return [css / "tokens.css", css / "ground.css", *sorted((css / "components").glob("*.css")), css / "print.css"]


def _scripts() -> list[Path]:
    return [path for path in sorted((STATIC / "js").glob("*.js")) if path.name not in ALONE]


def stylesheet(*, ground_floor: bool) -> str:
    """Return all sheets as one; with Tabler under them for the desks, without it for phones and the public."""
    return LAYERS + (_ground_floor() if ground_floor else "") + "".join(path.read_text("utf-8") for path in _sheets())


def script() -> str:
    """Return the common scripts as one module."""
    return "".join(f"{{\n{path.read_text('utf-8')}}}\n" for path in _scripts())


BUNDLES = {
    "kehou.css": lambda: stylesheet(ground_floor=False),
    "kehou-desk.css": lambda: stylesheet(ground_floor=True),
    "kehou.js": script,
}


def _newest(name: str) -> float:
    sources = _scripts() if name.endswith(".js") else _sheets()
    return max(path.stat().st_mtime for path in [*sources, Path(__file__)])


class BundleFinder(BaseFinder):
    """Finds the bundles, writing each first if it is missing or older than its sources."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(settings.VAR) / "bundles"
        self.storage = FileSystemStorage(location=self.folder)
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        """Return no complaints: there is nothing to configure."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the bundle's place on disk, or nothing."""
        find_all = kwargs.get("all", find_all)
        if path not in BUNDLES:
            return []
        found = str(self._written(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Return every bundle with its storage, for `collectstatic`."""
        for name in BUNDLES:
            self._written(name)
            yield name, self.storage

    def _written(self, name: str) -> Path:
        target = self.folder / name
        vendor = STATIC / "vendor" / "tabler.min.css"
        newest = max(_newest(name), vendor.stat().st_mtime if vendor.exists() else 0)
        if not target.exists() or target.stat().st_mtime < newest:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = target.with_suffix(f"{target.suffix}.draft")
            draft.write_text(BUNDLES[name](), "utf-8")
            draft.replace(target)
        return target
