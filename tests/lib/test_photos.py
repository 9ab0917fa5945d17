"""Pages photographed with a phone become one PDF, upright; whoever sends one file sends it as it is."""

from __future__ import annotations

import base64
import io
import struct
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from pypdf import PdfReader

from kehou.lib.paper.photos import NotAPhotograph, bound, unpacked_bytes
from kehou.lib.uploads import LARGEST_PICTURE_BYTES, MOST_PAGES, MOST_UNPACKED_BYTES, taken_from, taken_pages
from kehou.rules.verdicts import Refused
from seeds.images import scanned_form

# 32 by 16 points, the left half red and the right half blue, as a browser writes it.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxO"
    "UlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09P"
    "T09PT09PT0//wAARCAAQACADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAUG/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/E"
    "ABUBAQEAAAAAAAAAAAAAAAAAAAcF/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8Az4CMSUIAxCp//9k="
)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def held(jpeg: bytes, orientation: int) -> bytes:
    """Return the photograph as a phone writes it that was held so (Exif: 1 upright, 6 turned to the left)."""
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, 0x0112, 3, 1, orientation) + b"\0\0\0\0"
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def sent(*contents: bytes) -> list[Any]:
    return [SimpleUploadedFile("照片.jpg", one, "image/jpeg") for one in contents]


def boxes(pdf: bytes) -> list[tuple[float, float]]:
    """Return how wide and high the picture stands on each page, in points."""
    found = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

        def seen(operator: bytes, operands: Any, current: Any, text: Any) -> None:
            nonlocal matrix
            if operator == b"Do":
                matrix = tuple(current)  # type: ignore[assignment]

        page.extract_text(visitor_operand_before=seen)
        a, b, c, d, _, _ = matrix
        found.append((abs(a) + abs(c), abs(b) + abs(d)))
    return found


def test_a_photograph_a_page_in_the_order_in_which_they_were_taken() -> None:
    made = bound([(JPEG, "jpg"), (scanned_form(), "png"), (JPEG, "jpg")])
    assert made.startswith(b"%PDF-") and len(PdfReader(io.BytesIO(made)).pages) == 3
    assert JPEG[-40:] in made, "JPEG is laid in as it is"


def test_a_phone_held_upright_gives_an_upright_page() -> None:
    (wide,), (high,) = boxes(bound([(JPEG, "jpg")])), boxes(bound([(held(JPEG, 6), "jpg")]))
    assert wide[0] == pytest.approx(2 * wide[1], rel=0.02) and high[1] == pytest.approx(2 * high[0], rel=0.02)


def test_the_page_that_cannot_be_drawn_is_named() -> None:
    with pytest.raises(NotAPhotograph) as no:
        bound([(JPEG, "jpg"), (JPEG[:60], "jpg")])
    assert no.value.number == 2


def test_one_file_stays_as_it_is_and_several_are_bound() -> None:
    assert taken_pages([]) is None and taken_pages(["", None]) is None
    alone = taken_pages(sent(PDF))
    assert alone is not None and (alone.content, alone.kind) == (PDF, "pdf")
    files = MultiValueDict({"scan": sent(JPEG), "photos": sent(held(JPEG, 6), JPEG)})
    made = taken_from(files)
    assert made is not None and made.kind == "pdf" and len(PdfReader(io.BytesIO(made.content)).pages) == 3
    assert made.size.endswith("KB")


def announcing(width: int, height: int, *, kind: str = "jpg") -> bytes:
    """Return a small file that says it holds so many points: what a drawing program would reserve memory for."""
    if kind == "png":
        return scanned_form()[:16] + struct.pack(">II", width, height) + scanned_form()[24:]
    at = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:at] + struct.pack(">HH", height, width) + JPEG[at + 4 :]


def test_what_a_picture_takes_is_read_in_its_head() -> None:
    assert unpacked_bytes(JPEG, "jpg") == 32 * 16 * 3 == unpacked_bytes(held(JPEG, 6), "jpg")
    assert unpacked_bytes(announcing(60_000, 50_000), "jpg") == 9_000_000_000
    assert unpacked_bytes(announcing(60_000, 50_000, kind="png"), "png") >= 3_000_000_000
    assert [unpacked_bytes(part, "jpg") for part in (b"", JPEG[:30], b"\xff\xd8\xff\xff")] == [0] * 3
    assert unpacked_bytes(b"\x89PNG", "png") == 0


def test_thirty_photographs_of_a_telephone_are_not_too_many_points() -> None:
    assert 30 * unpacked_bytes(announcing(4000, 3000), "jpg") <= MOST_UNPACKED_BYTES
    assert unpacked_bytes(announcing(12_000, 9_000), "jpg") <= LARGEST_PICTURE_BYTES


@pytest.mark.parametrize(
    ("contents", "why"),
    [
        ([JPEG, announcing(16_000, 16_000)], "scan_too_many_points"),
        ([JPEG, announcing(30_000, 30_000, kind="png")], "scan_too_many_points"),
        ([announcing(11_000, 11_000)] * 4, "scan_too_many_points"),
        ([JPEG, PDF], "scan_pages_are_photographs"),
        ([JPEG, JPEG[:60]], "scan_page_broken"),
        ([JPEG, b"PK\x03\x04 word"], "scan_is_office"),
        ([JPEG] * (MOST_PAGES + 1), "scan_too_many_pages"),
        ([JPEG, JPEG + b"\0" * 11_000_000, JPEG + b"\0" * 11_000_000], "scan_too_large"),
    ],
    ids=[
        "a bomb",
        "a bomb in PNG",
        "too many points together",
        "a PDF among them",
        "a broken one",
        "an Office file",
        "too many",
        "too much",
    ],
)
def test_what_cannot_be_bound_is_refused_in_words(contents: list[bytes], why: str) -> None:
    with pytest.raises(Refused) as no:
        taken_pages(sent(*contents))
    assert no.value.refusal.why == why
