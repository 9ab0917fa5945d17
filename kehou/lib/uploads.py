"""A file that somebody hands in: known by its first bytes, never by its name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kehou.lib.paper.photos import NotAPhotograph, bound, unpacked_bytes
from kehou.lib.pdf_trailer import is_encrypted
from kehou.rules.verdicts import Refusal, Refused, insist, refuse

LIMIT_BYTES = 20 * 1024 * 1024
MOST_PAGES = 30
LARGEST_PICTURE_BYTES = 400_000_000  # drawn: 130 million points in colour, more than telephones take
MOST_UNPACKED_BYTES = 1_200_000_000  # of all pages, drawn: thirty photographs of 13 million points, three bytes each
_BEGINNINGS = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
CONTENT_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Upload:
    """The bytes of a paper that was handed in, and what they are."""

    content: bytes
    kind: str  # pdf, jpg, png

    @property
    def size(self) -> str:
        """Return how large it is, in words: `1.2 MB`, `86 KB`."""
        whole = len(self.content)
        return f"{whole / 1024 / 1024:.1f} MB" if whole >= 1024 * 1024 else f"{max(1, round(whole / 1024))} KB"

    def file_name(self, stem: str) -> str:
        """Return a name of our own making: nothing of the sender's."""
        return f"{stem}-{hashlib.sha256(self.content).hexdigest()[:12]}.{self.kind}"


def kind_of(content: bytes) -> str | None:
    """Return pdf, jpg or png by the first bytes, None for anything else."""
    return next((kind for start, kind in _BEGINNINGS if content.startswith(start)), None)


def refusal_of_upload(content: bytes) -> Refusal | None:
    """Return why this file is not taken: too large, not a PDF, JPEG or PNG (an Office file is named), or locked."""
    if len(content) > LIMIT_BYTES:
        return _too_large(len(content))
    kind = kind_of(content)
    if kind is None:
        return refuse("R-VOL-01", "scan_is_office" if content.startswith(_OFFICE) else "scan_not_readable")
    if kind == "pdf" and is_encrypted(content):
        return refuse("R-VOL-01", "scan_encrypted")
    return None


def _too_large(size: int) -> Refusal:
    return refuse("R-VOL-01", "scan_too_large", megabytes=f"{size / 1024 / 1024:.1f}")


def taken(file: Any) -> Upload | None:
    """Return the paper in what a request carries (Django's uploaded file), None where nothing was handed in.

    A file that is too large is not read. :raises Refused: R-VOL-01 as `refusal_of_upload`
    """
    if file is None:
        return None
    insist(_too_large(file.size) if (file.size or 0) > LIMIT_BYTES else None)
    content = file.read()
    if no := refusal_of_upload(content):
        raise Refused(no)
    return upload_of(content)


def taken_pages(files: Sequence[Any]) -> Upload | None:
    """Return the paper in one file, or in several photographs of its pages, bound upright into one PDF in their order.

    A photograph alone stays as it is. :raises Refused: R-VOL-01 as `refusal_of_upload`, for too many pages, for a PDF
    among several files, for a picture that cannot be drawn, for more points than a machine can hold
    """
    given = [file for file in files if file]
    if len(given) < 2:
        return taken(given[0] if given else None)
    insist(refuse("R-VOL-01", "scan_too_many_pages", most=MOST_PAGES) if len(given) > MOST_PAGES else None)
    whole = sum(file.size or 0 for file in given)
    insist(_too_large(whole) if whole > LIMIT_BYTES else None)
    pages = [one for one in map(taken, given) if one is not None]
    if any(one.kind == "pdf" for one in pages):
        raise Refused(refuse("R-VOL-01", "scan_pages_are_photographs"))
    drawn = [unpacked_bytes(one.content, one.kind) for one in pages]
    too_many = sum(drawn) > MOST_UNPACKED_BYTES or max(drawn) > LARGEST_PICTURE_BYTES
    insist(refuse("R-VOL-01", "scan_too_many_points") if too_many else None)
    try:
        return Upload(bound([(one.content, one.kind) for one in pages]), "pdf")
    except NotAPhotograph as no:
        raise Refused(refuse("R-VOL-01", "scan_page_broken", page=no.number)) from None


def taken_from(files: Any, name: str = "scan") -> Upload | None:
    """Return the paper of a form's two fields: a file or several, and what the phone's camera took (`photos`).

    :raises Refused: as `taken_pages`
    """
    return taken_pages([*files.getlist(name), *files.getlist("photos")])


def upload_of(content: bytes) -> Upload:
    """Return the upload. :raises ValueError: for what `refusal_of_upload` refuses"""
    kind = kind_of(content)
    if kind is None or len(content) > LIMIT_BYTES:
        raise ValueError("not a paper")
    return Upload(content, kind)
