"""ID numbers, register numbers and telephones out of cells: repair what is only spelling, refuse what is lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kehou.rules import identity
from kehou.rules.identity import CODE
from kehou.rules.roster.grid import LONGEST_EXACT, Value, plain, text_of, without_spaces
from kehou.rules.verdicts import Refusal, refuse

NONE_WORDS = frozenset(
    "无 没有 暂无 未填 不详 空 / // \\ - -- — —— ― ~ . 、 0 N/A NA NONE NULL 未知 待补 无电话 无手机 无身份证".split()
)
"""What people write into a cell that has nothing to say."""

_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?E\+?\d{1,3}", re.IGNORECASE)
_TOO_NARROW = re.compile(r"#{3,}")
_DECIMAL_TAIL = re.compile(r"\d{15,}\.\d*")
# Signs that look like the X at the end: multiplication, Cyrillic, Greek, Roman ten.
_LIKE_X = str.maketrans({"x": "X", "×": "X", "х": "X", "Х": "X", "χ": "X", "Χ": "X", "Ⅹ": "X", "ⅹ": "X", "✕": "X"})
_JOINTS = str.maketrans(dict.fromkeys("-–—_·'‘’`′\"“”"))
_MOBILE = re.compile(
    r"(?<![\d])(?:(?:\+|00)\s?86|86(?=\D?\s?1[3-9]))?[\s\-)]{0,2}(1[3-9](?:[\s\-.·]{0,2}\d){9})(?!\d)",
    re.ASCII,
)
_DIGITS = re.compile(r"\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell says: `text` if it could be read, otherwise `refusal`; `repair` names what was changed."""

    text: str = ""
    refusal: Refusal | None = None
    repair: str = ""
    doubtful: bool = False  # ends in 000 like a number that Excel has cut, though the checksum holds


def _lost(value: Value, text: str) -> bool:
    """Say whether a spreadsheet has destroyed a long number here: scientific form, cut digits, ###."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return abs(value) >= LONGEST_EXACT
    return bool(_SCIENTIFIC.fullmatch(text) or _TOO_NARROW.fullmatch(text) or _DECIMAL_TAIL.fullmatch(text))


def read_id_number(value: Value, *, on: date) -> Read:
    """Return the ID number of a cell. :return: empty text and no refusal if the cell says nothing"""
    if isinstance(value, str) and len(value) == 18 and identity.has_right_checksum(value):
        text, spelled = value, value  # the usual case, without detours
    else:
        shown = text_of(value)
        if not shown or shown.upper() in NONE_WORDS:
            return Read()
        if _lost(value, without_spaces(shown)):
            return Read(refusal=refuse(CODE, "id_damaged"))
        if "*" in shown or "＊" in shown:
            return Read(refusal=refuse(CODE, "id_masked"))
        spelled = shown.upper()
        text = without_spaces(shown).translate(_LIKE_X).upper().translate(_JOINTS)
    if (no := identity.refusal_of_id_number(text, on=on)) is not None:
        if no.why == "id_checksum" and text.endswith("000"):
            no = refuse(CODE, "id_damaged")
        elif no.why == "id_characters" and identity.refusal_of_register_number(text) is None:
            no = refuse(CODE, "id_is_register")
        return Read(refusal=no)
    original = value.strip() if isinstance(value, str) else spelled
    return Read(text, None, "id_spelling" if text != original else "", text.endswith("000"))


def read_register_number(value: Value) -> Read:
    """Return the register number (学籍号) of a cell; an L number is a temporary one and as good."""
    if isinstance(value, str) and len(value) == 19 and identity.refusal_of_register_number(value) is None:
        return Read(value)
    shown = text_of(value)
    if not shown or shown.upper() in NONE_WORDS:
        return Read()
    if _lost(value, without_spaces(shown)):
        return Read(refusal=refuse(CODE, "register_damaged"))
    text = without_spaces(shown).translate(_LIKE_X).upper().translate(_JOINTS)
    return Read(text, identity.refusal_of_register_number(text))


def read_other_document(value: Value) -> Read:
    """Return the number of a passport or permit: letters and digits, five to twenty of them."""
    shown = text_of(value)
    if not shown or shown.upper() in NONE_WORDS:
        return Read()
    if _lost(value, without_spaces(shown)):
        return Read(refusal=refuse(CODE, "id_damaged"))
    text = without_spaces(shown).upper()
    if not re.fullmatch(r"[A-Z0-9()/\-]{5,20}", text):
        return Read(refusal=refuse(CODE, "document_wrong"))
    return Read(text)


@dataclass(frozen=True, slots=True)
class Phones:
    """The mobile numbers in one cell, in order, and the words beside them."""

    numbers: tuple[str, ...] = ()
    note: str = ""
    refusal: Refusal | None = None
    repaired: bool = False


def read_phones(value: Value) -> Phones:
    """Return all mobile numbers of a cell; a note beside a number is kept, a second number as well.

    :return: no numbers and no refusal if the cell says nothing
    """
    if isinstance(value, str):
        if len(value) == 11 and identity.refusal_of_mobile(value) is None:
            return Phones((value,))
        return _phones_of_text(plain(value), value.strip())
    shown = text_of(value)
    if not shown or shown in NONE_WORDS:
        return Phones()
    if _lost(value, shown):
        return Phones(refusal=refuse(CODE, "phone_damaged"))
    return _phones_of_text(shown, shown)


@lru_cache(maxsize=1024)
def _phones_of_text(text: str, original: str) -> Phones:
    text = text.strip("'‘’`′\"")
    if not text or text.upper() in NONE_WORDS:
        return Phones()
    if _lost(text, "".join(text.split())):
        return Phones(refusal=refuse(CODE, "phone_damaged"))
    numbers: list[str] = []
    for found in _MOBILE.finditer(text):
        number = "".join(_DIGITS.findall(found[1]))
        if number not in numbers:
            numbers.append(number)
    rest = _MOBILE.sub(" ", text)
    if not numbers or len(_DIGITS.findall(rest)) >= 5:
        return Phones(refusal=refuse(CODE, "phone_wrong") if numbers else _why_no_phone(text))
    note = "".join(rest.split()).strip("()[]【】《》<>:;,./、|和或与及+-—'")
    return Phones(tuple(numbers), note[:20], None, text != numbers[0] or original != text)


def _why_no_phone(text: str) -> Refusal:
    digits = "".join(_DIGITS.findall(text))
    if re.fullmatch(r"\(?0\d{2,3}\)?[\s\-]?\d{7,8}", text) or (digits.startswith("0") and 10 <= len(digits) <= 12):
        return refuse(CODE, "phone_landline")
    if "*" in text:
        return refuse(CODE, "phone_masked")
    if len(digits) > 13:
        return refuse(CODE, "phone_joined")
    return refuse(CODE, "phone_wrong")
