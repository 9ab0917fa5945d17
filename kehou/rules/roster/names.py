"""Names as they stand in the register: Chinese characters with ·, or Latin letters; anything else is refused."""

from __future__ import annotations

import re
from functools import lru_cache

from kehou.rules.identity import CODE
from kehou.rules.roster.grid import plain, unified
from kehou.rules.roster.numbers import Read
from kehou.rules.verdicts import Refusal, refuse

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_CHINESE_NAME = re.compile(rf"[{_HAN}]+(?:·[{_HAN}]+)*")
_CHINESE = re.compile(rf"[{_HAN}]")
_LATIN_NAME = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f .,'’·\-]*")
_DOTS = str.maketrans(dict.fromkeys("•・･∙⋅‧●．。.", "·"))
_BETWEEN_CHINESE = re.compile(rf"(?<=[{_HAN}·])\s+(?=[{_HAN}·])")
_SCRIPT = re.compile(r"[<>={}$\\]|^[+\-@]|javascript:|script|&#|&lt;", re.IGNORECASE)
# What remains of characters that an encoding could not carry.
_GARBLED = re.compile("[?\ufffd\ue000-\uf8ff□■\U000f0000-\U0010ffff]|锟|烫烫|屯屯")
_MOJIBAKE = re.compile("锟|烫烫|屯屯")
_NOTE = re.compile(rf"[{_HAN}·A-Za-z ]+[(\[【].*")
LONGEST = 50


@lru_cache(maxsize=4096)
def read_name(text: str) -> Read:
    """Return a pupil's name. :return: empty text and no refusal if the cell says nothing"""
    shown = plain(text).strip("'‘’`′\"")
    if not shown:
        return Read()
    name = unified(_BETWEEN_CHINESE.sub("", shown))
    if _CHINESE.search(name):
        name = name.translate(_DOTS)
    if (no := _refusal_of_name(name)) is not None:
        return Read(refusal=no)
    name = " ".join(name.split())
    return Read(name, None, "name_spelling" if name != text.strip(" ") else "")


def _refusal_of_name(name: str) -> Refusal | None:
    if _CHINESE_NAME.fullmatch(name) and not _MOJIBAKE.search(name):
        if len(name) == 1:
            return refuse(CODE, "name_short")
        return refuse(CODE, "name_long") if len(name) > LONGEST else None
    if _LATIN_NAME.fullmatch(name) and len(name) > 1:
        return refuse(CODE, "name_long") if len(name) > LONGEST else None
    if _GARBLED.search(name):
        return refuse(CODE, "name_garbled")
    if _SCRIPT.search(name):
        return refuse(CODE, "name_script")
    if _NOTE.fullmatch(name):
        return refuse(CODE, "name_note")
    return refuse(CODE, "name_characters")


def grown_up_name(text: str) -> str:
    """Return a guardian's name if it is one, otherwise nothing: it helps, but no pupil is refused for it."""
    read = read_name(text)
    return read.text if read.refusal is None else ""
