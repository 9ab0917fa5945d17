"""A file that somebody hands in: known by its first bytes, never by its name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from kehou.rules.verdicts import Refusal, refuse

LIMIT_BYTES = 20 * 1024 * 1024
_BEGINNINGS = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))
CONTENT_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Upload:
    """The bytes of a paper that was handed in, and what they are."""

    content: bytes
    kind: str  # pdf, jpg, png

    def file_name(self, stem: str) -> str:
        """Return a name of our own making: nothing of the sender's."""
        return f"{stem}-{hashlib.sha256(self.content).hexdigest()[:12]}.{self.kind}"


def kind_of(content: bytes) -> str | None:
    """Return pdf, jpg or png by the first bytes, None for anything else."""
    return next((kind for start, kind in _BEGINNINGS if content.startswith(start)), None)


def refusal_of_upload(content: bytes) -> Refusal | None:
    """Return why this file is not taken: too large, or not a PDF, JPEG or PNG."""
    if len(content) > LIMIT_BYTES:
        return refuse("R-VOL-01", "scan_too_large", megabytes=f"{len(content) / 1024 / 1024:.1f}")
    if kind_of(content) is None:
        return refuse("R-VOL-01", "scan_not_readable")
    return None


def upload_of(content: bytes) -> Upload:
    """Return the upload. :raises ValueError: for what `refusal_of_upload` refuses"""
    kind = kind_of(content)
    if kind is None or len(content) > LIMIT_BYTES:
        raise ValueError("not a paper")
    return Upload(content, kind)
