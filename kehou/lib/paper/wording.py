"""What stands on a paper, as JSON and as a digest: days and times in words, pictures as bytes, in one order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise


def in_words(value: Any) -> Any:
    """Return a value as the templates want it: days, instants and times in Chinese, tuples as lists, bytes as they are.

    :raises TypeError: for a value that has no form on paper, such as a model or a float
    """
    match value:
        case None | bool() | int() | str() | bytes():
            return value
        case Promise():
            return str(value)
        case datetime():
            local = timezone.localtime(value)
            return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
        case date():
            return f"{value.year}年{value.month}月{value.day}日"
        case time():
            return f"{value:%H:%M}"
        case Decimal():
            return str(value)
        case Mapping():
            return {str(key): in_words(item) for key, item in value.items()}
        case list() | tuple():
            return [in_words(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form on paper; give words, whole numbers, days or bytes")


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a paper's content in hex; `content` has been through `in_words`."""

    def picture(value: bytes) -> str:
        return f"sha256:{hashlib.sha256(value).hexdigest()}"

    canonical = json.dumps(content, default=picture, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def for_press(content: Mapping[str, Any]) -> str:
    """Return the JSON that a template reads; a picture becomes the list of its bytes, which Typst can draw."""
    return json.dumps(content, default=list, ensure_ascii=False, separators=(",", ":"))


def spaced(digest: str) -> str:
    """Return the first sixteen hex digits in groups of four, as printed on every page: `3f2a-9c1b-77d0-5e42`."""
    return "-".join(digest[start : start + 4] for start in range(0, 16, 4))
