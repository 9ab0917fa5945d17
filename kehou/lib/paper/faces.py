"""The typefaces of the press, and which characters they can draw: no name is printed as an empty box unseen."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from unicodedata import category

import pylopdf_fonts_zh_cn
from django.conf import settings

Range = tuple[int, int]  # first and last code point
_UNDRAWN = {"Cc", "Cf", "Zs", "Zl", "Zp"}  # controls and white space


def folders() -> list[Path]:
    """Return the folders of typefaces: a district's licensed ones first, then the free ones of the package."""
    licensed = Path(getattr(settings, "PAPER_FONTS", "") or settings.VAR / "fonts")
    return [folder for folder in (licensed, Path(pylopdf_fonts_zh_cn.__file__).parent) if folder.is_dir()]


def undrawable(text: Iterable[str]) -> tuple[str, ...]:
    """Return the characters that no typeface has, in order; white space and controls are not asked for."""
    ranges = _drawable()
    starts = [first for first, _ in ranges]
    missing = []
    for character in sorted(set(text)):
        at = bisect_right(starts, ord(character)) - 1
        if (at < 0 or ord(character) > ranges[at][1]) and category(character) not in _UNDRAWN:
            missing.append(character)
    return tuple(missing)


@lru_cache(maxsize=1)
def _drawable() -> tuple[Range, ...]:
    """Return all ranges of all typefaces, merged and in order."""
    files = [
        file for folder in folders() for file in folder.rglob("*") if file.suffix.lower() in {".otf", ".ttf", ".ttc"}
    ]
    merged: list[Range] = []
    for first, last in sorted(span for file in files for span in _ranges(file.read_bytes())):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _ranges(font: bytes) -> Iterator[Range]:
    """Yield the ranges of a font's character map, in the two forms (4 and 12) that Unicode fonts use."""
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == b"ttcf" else 0
    for table in range(struct.unpack_from(">H", font, start + 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, start + 12 + 16 * table)
        if tag != b"cmap":
            continue
        for record in range(struct.unpack_from(">H", font, offset + 2)[0]):
            sub = offset + struct.unpack_from(">I", font, offset + 8 + 8 * record)[0]
            form = struct.unpack_from(">H", font, sub)[0]
            if form == 12:
                for group in range(struct.unpack_from(">I", font, sub + 12)[0]):
                    first, last, _ = struct.unpack_from(">III", font, sub + 16 + 12 * group)
                    yield first, last
            elif form == 4:
                count = struct.unpack_from(">H", font, sub + 6)[0] // 2
                ends = struct.unpack_from(f">{count}H", font, sub + 14)
                firsts = struct.unpack_from(f">{count}H", font, sub + 16 + 2 * count)
                yield from ((first, last) for first, last in zip(firsts, ends, strict=True) if first != 0xFFFF)
