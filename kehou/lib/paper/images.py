"""Signatures drawn by finger, taken from a form and checked before they go on paper."""

from __future__ import annotations

import base64
import binascii
import struct

_HEAD = b"\x89PNG\r\n\x1a\n"
_DATA_ADDRESS = "data:image/png;base64,"
MOST_BYTES = 300_000
MOST_PIXELS = 4_000  # along one side


class NotASignature(ValueError):
    """What was sent is not a small PNG."""


def png_of(data_address: str) -> bytes:
    """Return the PNG in the `data:` address that the signature field sends.

    :raises NotASignature: if it is something else, too large, or of absurd size when unpacked
    """
    if not data_address.startswith(_DATA_ADDRESS):
        raise NotASignature("not a PNG")
    if len(data_address) > MOST_BYTES * 4 // 3 + 100:
        raise NotASignature("too large")
    try:
        png = base64.b64decode(data_address.removeprefix(_DATA_ADDRESS), validate=True)
    except binascii.Error as error:
        raise NotASignature("not base64") from error
    if not png.startswith(_HEAD) or len(png) < 33 or png[12:16] != b"IHDR":
        raise NotASignature("not a PNG")
    width, height = struct.unpack(">II", png[16:24])
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise NotASignature("of absurd size")
    return png
