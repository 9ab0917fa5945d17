"""Columns that must not leave the building: encrypted with AES-GCM, found again by a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_NONCE = 12


@lru_cache(maxsize=8)
def _ciphers(keys: tuple[str, ...]) -> list[AESGCM]:
    return [AESGCM(bytes.fromhex(key)) for key in keys]


def encrypt(text: str) -> bytes:
    """Return key number, nonce and AES-GCM cipher text of `text` under the first key."""
    nonce = os.urandom(_NONCE)
    return b"\x01" + nonce + _ciphers(tuple(settings.FIELD_KEYS))[0].encrypt(nonce, text.encode(), None)


def decrypt(sealed: bytes) -> str:
    """Return the text behind `encrypt`, trying every key of FIELD_KEYS.

    :raises ValueError: if no key opens it
    """
    sealed = bytes(sealed)
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    for cipher in _ciphers(tuple(settings.FIELD_KEYS)):
        try:
            return cipher.decrypt(nonce, body, None).decode()
        except Exception:  # InvalidTag says only that this key is not the one
            continue
    raise ValueError("no key of FIELD_KEYS opens this value")


def keyed_hash(text: str, *, purpose: str) -> str:
    """Return HMAC-SHA256 in hex, so that equal values can be found without being readable.

    `purpose` separates the columns: the same number gives another hash in another column.
    """
    key = bytes.fromhex(settings.FIELD_KEYS[-1])
    return hmac.new(key, f"{purpose}|{text}".encode(), hashlib.sha256).hexdigest()


class SealedText:
    """A stored text that is opened only when somebody reads it: `str(pupil.id_number)`.

    A list of a thousand children costs no decryption, and nothing readable stands in memory or in a log by accident.
    """

    __slots__ = ("_sealed",)

    def __init__(self, sealed: bytes) -> None:
        self._sealed = bytes(sealed)

    def __str__(self) -> str:
        """Return the plain text."""
        return decrypt(self._sealed)

    def __repr__(self) -> str:
        """Return nothing readable."""
        return "<sealed>"

    def __eq__(self, other: object) -> bool:
        """Return whether the text is the same as another, plain or sealed."""
        return str(self) == str(other) if isinstance(other, (str, SealedText)) else NotImplemented

    def __hash__(self) -> int:
        """Return the hash of the text."""
        return hash(str(self))

    @property
    def sealed(self) -> bytes:
        """Return the stored bytes, to be written back as they are."""
        return self._sealed


class MaskedTextField(models.BinaryField):
    """A text that is encrypted in the database; read from there it is a `SealedText`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: bytes | None, expression: Any, connection: Any) -> SealedText | None:
        """Return a stored value, still sealed."""
        return None if value is None else SealedText(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return the encrypted bytes to store."""
        if isinstance(value, SealedText):
            value = value.sealed
        elif isinstance(value, str):
            value = encrypt(value)
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        """Return nothing readable: a dump of the database must not carry the text."""
        return ""
