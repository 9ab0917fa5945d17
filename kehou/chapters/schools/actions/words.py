"""How the journal says what stood in a column."""

from __future__ import annotations

from typing import Any


def plain(value: Any) -> Any:
    """Return a value as the journal keeps it: numbers, words and lists of them; everything else as text."""
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, (int, str)) else str(value)
