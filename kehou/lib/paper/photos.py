"""Photographs of a paper, taken page by page with a phone, bound into one PDF.

Each lies upright on a page of its own: the direction in which the phone was held stands in the photograph (Exif) and is
followed. JPEG is laid in as it is, so nothing is lost and little is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

_PAGE = (
    '#page(paper: "a4", margin: 6mm, align(center + horizon, '
    'image("{name}", width: 100%, height: 100%, fit: "contain")))'
)


class NotAPhotograph(ValueError):
    """One of the files is no picture that can be laid on a page; `number` counts from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"page {number}")
        self.number = number


def bound(pages: Sequence[tuple[bytes, str]]) -> bytes:
    """Return one PDF of photographs, given as (bytes, jpg or png) in the order of the pages.

    :raises NotAPhotograph: naming the first that cannot be drawn
    """
    with TemporaryDirectory() as folder:
        place, names = Path(folder), []
        for number, (content, kind) in enumerate(pages, 1):
            names.append(f"{number}.{kind}")
            (place / names[-1]).write_bytes(content)
        try:
            return _pressed(place, names)
        except typst.TypstError:
            broken = next((number for number, name in enumerate(names, 1) if not _can_draw(place, name)), 1)
            raise NotAPhotograph(broken) from None


def _can_draw(place: Path, name: str) -> bool:
    try:
        return bool(_pressed(place, [name]))
    except typst.TypstError:
        return False


def _pressed(place: Path, names: Sequence[str]) -> bytes:
    source = place / "pages.typ"
    source.write_text("\n".join(_PAGE.format(name=name) for name in names), encoding="utf-8")
    pdf = typst.Compiler(root=str(place), font_paths=_no_faces(), ignore_system_fonts=True).compile(
        input=str(source), format="pdf", timestamp=0
    )
    assert isinstance(pdf, bytes), "one file was asked for"
    return pdf


@lru_cache(maxsize=1)
def _no_faces() -> typst.Fonts:
    """Return no typefaces: nothing is written on these pages."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[])
