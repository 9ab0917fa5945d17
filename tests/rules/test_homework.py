"""Where a school helps with written homework, none is taken home (2.3-p)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.homework import (
    DAYS_BACK,
    MOST_MINUTES,
    flag_of_declared,
    flag_of_reports,
    refusal_to_report,
    refusals_to_declare,
)
from kehou.rules.sentences import say

TODAY = date(2026, 11, 18)


@pytest.mark.clause("2.3-p")
@given(
    back=st.integers(-3, 10),
    minutes=st.integers(-5, 300),
    tutored=st.booleans(),
    reason=st.sampled_from(["", " ", "x"]),
)
def test_homework_on_a_day_of_tutoring_needs_a_reason_and_is_flagged_all_the_same(back, minutes, tutored, reason):
    on = TODAY - timedelta(days=back)
    found = refusals_to_declare(on=on, today=TODAY, minutes=minutes, tutored=tutored, reason=reason)
    assert all(map(say, found))
    right = 0 <= back <= DAYS_BACK and 0 <= minutes <= MOST_MINUTES
    assert (not found) == (right and (not minutes or not tutored or bool(reason.strip())))
    flag = flag_of_declared("三年级1班", minutes=minutes, tutored=tutored)
    assert (flag is not None) == (bool(minutes) and tutored)
    assert flag_of_declared("三年级1班", minutes=None, tutored=True) is None


@pytest.mark.clause("2.3-p")
@given(reports=st.integers(0, 30), least=st.integers(2, 20))
def test_families_are_heard_together_and_never_alone(reports, least):
    flag = flag_of_reports("三年级1班", reports=reports, least=least)
    assert (flag is not None) == (reports >= least)
    assert flag is None or str(reports) in say(flag)


def test_a_family_says_it_of_the_last_school_days():
    assert refusal_to_report(on=TODAY, today=TODAY, is_school_day=True) is None
    for on, school in (
        (TODAY, False),
        (TODAY + timedelta(days=1), True),
        (TODAY - timedelta(days=DAYS_BACK + 1), True),
    ):
        assert refusal_to_report(on=on, today=TODAY, is_school_day=school).why == "not_of_these_days"
