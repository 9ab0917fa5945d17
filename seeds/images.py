"""Pictures that people would have made: a signature by finger, a scanned form. Tiny PNGs, drawn here."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache


def _png(width: int, height: int, is_ink: object) -> bytes:
    """Return a grey PNG whose dark pixels are those for which `is_ink(x, y)` holds."""
    rows = b"".join(
        b"\x00" + bytes(40 if is_ink(x, y) else 255 for x in range(width))  # type: ignore[operator]
        for y in range(height)
    )

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _stroke(x: int, y: int) -> bool:
    """A wave with a flourish: what a finger leaves on glass."""
    wave = 40 + round(18 * ((x % 48) / 24 - 1) ** 2) - (x % 31) // 3
    return 20 < x < 220 and abs(y - wave) < 3


SIGNATURE = _png(240, 80, _stroke)


@lru_cache(maxsize=1)
def scanned_form() -> bytes:
    """Return the scan of a filled-in paper form: lines of writing on a page."""
    return _png(420, 594, lambda x, y: 40 < x < 380 and y % 28 in (0, 1) and 60 < y < 540)
