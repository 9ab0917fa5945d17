"""Money is a whole number of fen. Yuan exist only where a person reads or types them."""

from __future__ import annotations

import re
from typing import NewType

Fen = NewType("Fen", int)


def yuan(fen: int) -> str:
    """Return an amount as pages print it, without the unit: 6600 is `66.00`, -165000 is `-1,650.00`."""
    sign, amount = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{amount // 100:,}.{amount % 100:02d}"


def read_yuan(text: str) -> Fen | None:
    """Return the fen of what was typed (`110`, `110.5`, `1,060.00`), or None if it is no amount of whole fen."""
    if not (found := re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?", text.strip(), re.ASCII)):
        return None
    return Fen(int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0")))


_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def in_capitals(fen: int) -> str:
    """Return an amount as receipts write it (金额大写): 6050 is `陆拾元伍角整`. :raises ValueError: below nothing"""
    if fen < 0:
        raise ValueError("a receipt is never for less than nothing")
    whole, part = divmod(fen, 100)
    jiao, left = divmod(part, 10)
    words = _whole_in_capitals(whole) + "元" if whole else ""
    if jiao:
        words += f"{_CAPITALS[jiao]}角"
    elif left and whole:
        words += "零"
    if left:
        return words + f"{_CAPITALS[left]}分"
    return (words or "零元") + "整"


def _whole_in_capitals(number: int) -> str:
    words, gap, group = "", False, 0
    while number:
        number, four = divmod(number, 10_000)
        if four:
            said = _four_in_capitals(four)
            # A missing thousand in the lower group, or an empty group, is said as one 零.
            words = said + _GROUPS[group] + ("零" if words and gap else "") + words
            gap = four < 1000
        else:
            gap = bool(words)
        group += 1
    return words


def _four_in_capitals(four: int) -> str:
    digits, words, zero = f"{four:04d}", "", False
    for place, digit in enumerate(digits):
        if digit == "0":
            zero = bool(words)
            continue
        words += ("零" if zero else "") + _CAPITALS[int(digit)] + _PLACES[3 - place]
        zero = False
    return words
