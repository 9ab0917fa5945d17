"""Signatures drawn by finger, taken from a form and checked before they go on paper."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib

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
    if not _is_whole(png):
        raise NotASignature("broken")
    return png


def _is_whole(png: bytes) -> bool:
    """Return whether every chunk has its checksum and the picture unpacks to its size, so that it can be printed.

    A signature that no press can draw would leave a family with an agreement that nobody can print.
    """
    width, height, depth, colours, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
    samples = {0: 1, 2: 3, 4: 2, 6: 4}.get(colours)
    if samples is None or depth not in (8, 16) or interlaced:
        return False
    at, packed = len(_HEAD), []
    while at + 12 <= len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body, end = png[at + 8 : at + 8 + length], at + 12 + length
        if end > len(png) or zlib.crc32(kind + body) != struct.unpack(">I", png[end - 4 : end])[0]:
            return False
        if kind == b"IEND":
            expected = height * (1 + width * samples * depth // 8)
            try:
                unpacked = zlib.decompressobj().decompress(b"".join(packed), expected + 1)
            except zlib.error:
                return False
            return len(unpacked) == expected
        packed += [body] if kind == b"IDAT" else []
        at = end
    return False
