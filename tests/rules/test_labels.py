"""Stored words as people read them."""

from __future__ import annotations

import pytest

from kehou.rules.labels import term_mark


@pytest.mark.parametrize(("code", "mark"), [("2026-autumn", "2026秋"), ("2027-spring", "2027春"), ("2027-x", "2027x")])
def test_the_number_of_a_paper_says_its_term_in_chinese(code: str, mark: str) -> None:
    assert term_mark(code) == mark
