"""ID numbers by GB 11643, register numbers, mobile numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kehou.rules import identity
from kehou.rules.sentences import say

ON = date(2026, 9, 1)
DAYS = st.dates(date(2005, 1, 1), date(2022, 12, 31))


def whole(born: date, sequence: int, area: str = "500999") -> str:
    first = f"{area}{born:%Y%m%d}{sequence:03d}"
    return first + identity.check_sign(first)


@pytest.mark.parametrize("number", ["11010519491231002X", "500999201603150017", "50099920130908002X"])
def test_the_published_examples_hold(number):
    assert identity.has_right_checksum(number) and identity.refusal_of_id_number(number, on=ON) is None


@given(DAYS, st.integers(0, 999))
def test_a_number_tells_the_birth_date_and_the_sex_it_was_made_of(born, sequence):
    number = whole(born, sequence)
    assert identity.refusal_of_id_number(number, on=ON) is None
    assert identity.born_on(number) == born
    assert identity.sex_of(number) == ("男" if sequence % 2 else "女")


@given(DAYS, st.integers(0, 999), st.integers(0, 17), st.integers(0, 9))
def test_one_wrong_digit_is_always_found(born, sequence, at, digit):
    number = whole(born, sequence)
    assume(number[at] != str(digit))
    assert not identity.has_right_checksum(number[:at] + str(digit) + number[at + 1 :])


@given(DAYS, st.integers(0, 999), st.integers(0, 16))
def test_two_neighbours_exchanged_are_always_found(born, sequence, at):
    number = whole(born, sequence)
    left, right = number[at], number[at + 1]
    assume(left != right)
    assert not identity.has_right_checksum(number[:at] + right + left + number[at + 2 :])


@given(st.text(max_size=20))
def test_any_text_is_answered_and_only_eighteen_signs_pass(text):
    if identity.refusal_of_id_number(text, on=ON) is None:
        assert len(text) == 18 and text.isascii()


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("500999201603150018", "id_checksum"),
        ("50099920160315001", "id_length"),
        ("5009992016031500177", "id_length"),
        ("500999160315001", "id_old"),
        ("50099920160315001x", "id_characters"),
        ("５００９９９２０１６０３１５００１７", "id_characters"),
        (whole(date(2016, 3, 15), 1, "990999"), "id_area"),
        (whole(date(2027, 3, 15), 1), "id_date"),
        ("500999201602300010"[:17] + identity.check_sign("50099920160230001"), "id_date"),
    ],
)
def test_it_says_what_is_wrong_and_there_is_a_sentence_for_it(number, why):
    refusal = identity.refusal_of_id_number(number, on=ON)
    assert refusal is not None and refusal.why == why
    assert say(refusal)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("G500999201603150017", None),
        ("J500999201603150017", None),
        ("L500999201603151234", None),
        ("G500999201603150018", "register_checksum"),
        ("500999201603150017", "register_shape"),
        ("X500999201603150017", "register_shape"),
    ],
)
def test_register_numbers(number, why):
    refusal = identity.refusal_of_register_number(number)
    assert (refusal and refusal.why) == why


@pytest.mark.parametrize(("number", "fits"), [("19900000185", True), ("12900000185", False), ("1990000018", False)])
def test_mobile_numbers(number, fits):
    assert (identity.refusal_of_mobile(number) is None) is fits


def test_age_counts_full_years():
    assert identity.age(date(2018, 9, 1), on=ON) == 8
    assert identity.age(date(2018, 9, 2), on=ON) == 7


@given(DAYS, st.integers(0, 999))
def test_a_masked_number_hides_the_birth_date(born, sequence):
    number = whole(born, sequence)
    masked = identity.masked_id_number(number)
    assert masked == f"500999********{number[-4:]}" and len(masked) == 18
    assert identity.masked_mobile("19900000185") == "199****0185"
