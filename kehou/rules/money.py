"""Money is a whole number of fen. Yuan exist only where a person reads or types them."""

from __future__ import annotations

import re
from typing import NewType

Fen = NewType("Fen", int)


def yuan(fen: int) -> str:
    """Return an amount as pages print it, without the unit: 6600 is `66.00`, -1650 is `-16.50`."""
    sign, amount = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{amount // 100}.{amount % 100:02d}"


def read_yuan(text: str) -> Fen | None:
    """Return the fen of what was typed (`110`, `110.5`, `1,060.00`), or None if it is no amount of whole fen."""
    if not (found := re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?", text.strip(), re.ASCII)):
        return None
    return Fen(int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0")))
