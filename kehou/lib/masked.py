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


class MaskedTextField(models.BinaryField):
    """A text that is encrypted in the database and plain in Python."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: bytes | None, expression: Any, connection: Any) -> str | None:
        """Return the plain text of a stored value."""
        return None if value is None else decrypt(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return the encrypted bytes to store."""
        if isinstance(value, str):
            value = encrypt(value)
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        """Return nothing readable: a dump of the database must not carry the text."""
        return ""
