"""Numbers that name a person: ID numbers (GB 11643), register numbers (学籍号), mobile numbers, names as registered.

Nothing here repairs: a number is right or it is refused with what is wrong. What people type is repaired in
`rules.roster`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from kehou.rules.verdicts import Refusal, refuse

Sex = Literal["男", "女"]

CODE = "R-ELIG-01"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"
# Products of weight and digit, looked up by position and character: three times as fast as multiplying.
_PRODUCTS = tuple({str(digit): weight * digit for digit in range(10)} for weight in _WEIGHTS)
# GB/T 2260, first two digits; 81 to 83 are the residence permits of Hong Kong, Macao and Taiwan, 9x of foreigners.
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
) | {"91"}
_ID_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_REGISTER_SHAPE = re.compile(r"[GJL][0-9]{17}[0-9X]")
_MOBILE_SHAPE = re.compile(r"1[3-9][0-9]{9}")


def check_sign(first_seventeen: str) -> str:
    """Return the eighteenth sign of an ID number, `0`–`9` or `X` (GB 11643, ISO 7064 mod 11-2)."""
    return _CHECK_SIGNS[sum(products[sign] for products, sign in zip(_PRODUCTS, first_seventeen, strict=True)) % 11]


def has_right_checksum(number: str) -> bool:
    """Say whether an 18-character number ends in its check sign; False for anything of another shape."""
    return _ID_SHAPE.fullmatch(number) is not None and check_sign(number[:17]) == number[17]


def refusal_of_id_number(number: str, *, on: date) -> Refusal | None:
    """Return what is wrong with an ID number written as it should be: 18 characters, upper-case X.

    One reason only, the one that tells most: a wrong digit breaks the checksum and often the date as well.
    """
    if _ID_SHAPE.fullmatch(number) is None:
        if len(number) == 15 and number.isascii() and number.isdigit():
            return refuse(CODE, "id_old")
        if re.fullmatch(r"[0-9X]*", number) and len(number) != 18:
            return refuse(CODE, "id_length", length=len(number))
        return refuse(CODE, "id_characters")
    if check_sign(number[:17]) != number[17]:
        return refuse(CODE, "id_checksum")
    if number[:2] not in _PROVINCES:
        return refuse(CODE, "id_area", area=number[:6])
    born = born_on(number)
    if born is None or born > on or born.year < 1900:
        return refuse(CODE, "id_date", day=f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    return None


def born_on(number: str) -> date | None:
    """Return the birth date inside an 18-character ID number, None if there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex_of(number: str) -> Sex:
    """Return the sex inside an 18-character ID number: the seventeenth digit is odd for 男."""
    return "男" if number[16] in "13579" else "女"


def age(born: date, *, on: date) -> int:
    """Return the age in full years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def refusal_of_register_number(number: str) -> Refusal | None:
    """Return what is wrong with a register number (学籍号): G, J or L and eighteen characters.

    After G stands the ID number of the day when the pupil was registered, so its checksum must hold.
    """
    if _REGISTER_SHAPE.fullmatch(number) is None:
        return refuse(CODE, "register_shape")
    if number[0] == "G" and not has_right_checksum(number[1:]):
        return refuse(CODE, "register_checksum")
    return None


def refusal_of_mobile(number: str) -> Refusal | None:
    """Return what is wrong with a mobile number written as it should be: eleven digits."""
    if _MOBILE_SHAPE.fullmatch(number) is None:
        return refuse(CODE, "phone_wrong")
    return None


def masked_id_number(number: str) -> str:
    """Return an ID or register number as pages print it: `500999********0017`."""
    return f"{number[:6]}{'*' * max(0, len(number) - 10)}{number[-4:]}" if len(number) > 10 else "*" * len(number)


def masked_mobile(number: str) -> str:
    """Return a mobile number as pages print it: `199****0185`."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else "*" * len(number)
