"""The filing's number and clock."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kehou.rules.filing import answer_due_on, receipt_number, refusal_of_note, refusal_of_return
from kehou.rules.known_calendars import HOLIDAYS
from kehou.rules.sentences import say


def test_the_number_says_term_school_and_order():
    assert receipt_number(term_code="2026-autumn", school_code="2150990001", order=1) == "LP-KHFW-2026秋-2150990001-01"
    assert receipt_number(term_code="2027-spring", school_code="2150990001", order=12) == "LP-KHFW-2027春-2150990001-12"


@pytest.mark.parametrize(
    ("submitted", "due"),
    [
        (date(2026, 8, 28), date(2026, 9, 4)),  # Friday: five working days later
        (date(2026, 9, 24), date(2026, 10, 9)),  # Mid-Autumn and the National Day week lie between
        (date(2026, 9, 18), date(2026, 9, 24)),  # the Sunday that is worked counts
    ],
)
def test_the_answer_is_due_in_working_days(submitted, due):
    at = datetime(submitted.year, submitted.month, submitted.day, 9, tzinfo=UTC)
    assert answer_due_on(at, working_days=5, holidays=HOLIDAYS) == due


def test_words_are_needed():
    assert say(refusal_of_note(" "))
    assert say(refusal_of_return(""))
    assert refusal_of_note("方案、名单、项目表") is None
    assert refusal_of_return("名单少一人") is None
