"""Numbers and days that people put into addresses: taken, or taken for nothing; never a broken page."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from kehou.lib import typed
from kehou.lib.forms import TickedRows


@pytest.mark.parametrize(
    "text", [None, "", " ", "²", "٣", "①", "-1", "+1", "1.5", "1e3", "NaN", "0x10", "1_000", "9" * 20, "9" * 5000]
)
def test_what_is_no_number_is_nothing(text: str | None) -> None:
    assert typed.whole(text) is None


@given(st.integers(0, typed.LARGEST))
def test_a_whole_number_is_read_back(number: int) -> None:
    assert typed.whole(str(number)) == number


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    number, day = typed.whole(text), typed.day(text)
    assert number is None or 0 <= number <= typed.LARGEST
    assert day is None or typed.FIRST_DAY <= day <= typed.LAST_DAY


def test_only_the_numbers_among_the_texts_are_taken_in_their_order() -> None:
    assert typed.wholes(["3", "²", "1", "9" * 30]) == [3, 1]


@pytest.mark.parametrize("text", [None, "", "2026-02-30", "9999-12-31", "0001-01-01", "10000-01-01", "明天", "\0"])
def test_what_is_no_day_of_ours_is_nothing(text: str | None) -> None:
    assert typed.day(text) is None


def test_a_day_is_read() -> None:
    assert typed.day("2026-09-07") == date(2026, 9, 7)


class Dated(forms.Form):
    """A form with a day in it."""

    on = forms.DateField()


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01"])
def test_a_form_says_which_days_it_reckons_with(text: str) -> None:
    form = Dated({"on": text})
    assert not form.is_valid()
    assert "1900年到2199年" in str(form.errors)
    assert Dated({"on": "2026-11-20"}).is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["9" * 20, "²", "x"])
def test_a_ticked_row_that_fits_no_column_is_not_on_the_list(key: str) -> None:
    from kehou.chapters.schools.models import School

    field = TickedRows(School.objects.all())
    with pytest.raises(forms.ValidationError):
        field.clean([key])
