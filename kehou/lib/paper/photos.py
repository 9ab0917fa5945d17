"""Photographs of a paper, taken page by page with a phone, bound into one PDF.

Each lies upright on a page of its own: the direction in which the phone was held stands in the photograph (Exif) and is
followed. JPEG is laid in as it is, so nothing is lost and little is computed. Yet the press unpacks every picture that
it draws, and a file of 1 MB may announce 250 million points: what a picture takes is read in its head beforehand.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

_PAGE = (
    '#page(paper: "a4", margin: 6mm, align(center + horizon, '
    'image("{name}", width: 100%, height: 100%, fit: "contain")))'
)


_SAMPLES_OF_PNG = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}  # by colour type; a palette is unpacked to colours
_NO_FRAMES = (0xC4, 0xC8, 0xCC)  # among JPEG's markers C0 to CF these begin no frame


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


def unpacked_bytes(content: bytes, kind: str) -> int:
    """Return how many bytes the points of a JPEG or PNG take when it is drawn, 0 where its head cannot be read.

    Read from what the head announces (PNG: IHDR; JPEG: the first frame, ITU-T T.81 B.2.2), which is what a drawing
    program reserves.
    """
    try:
        if kind == "png":
            width, height, depth, colours = struct.unpack_from(">IIBB", content, 16)
            return int(width * height * _SAMPLES_OF_PNG.get(colours, 4) * max(8, depth) // 8)
        height, width, samples = struct.unpack_from(">HHB", content, _frame_of_jpeg(content) + 5)
        return int(width * height * samples)
    except struct.error:
        return 0


def _frame_of_jpeg(content: bytes) -> int:
    """Return where the first frame's marker stands; the end where there is none."""
    at = 2
    while content[at : at + 1] == b"\xff":
        marker = content[at + 1] if at + 1 < len(content) else 0xDA
        if marker == 0xFF:  # a filling
            at += 1
            continue
        if marker == 0xDA:  # the points begin, and nothing has said how many
            break
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES:
            return at
        at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    return len(content)


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
