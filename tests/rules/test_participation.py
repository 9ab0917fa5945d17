"""Six points of a semester at which parents' representatives take part, each with evidence (2.5-q)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.participation import Point, points_without, refusals_of_participation, warning_of_points
from kehou.rules.sentences import say

TODAY = date(2026, 11, 18)


@pytest.mark.clause("2.5-q")
@given(st.lists(st.sampled_from(list(Point))))
def test_a_semester_is_whole_when_each_of_the_six_has_evidence(evidence):
    missing, warning = points_without(evidence), warning_of_points(evidence)
    assert set(missing) | set(evidence) == set(Point) and set(missing).isdisjoint(evidence)
    assert (warning is None) == (set(evidence) == set(Point))
    if warning:
        assert all(point.label in say(warning) for point in missing)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"held_on": date(2026, 11, 19)}, "day_to_come"),
        ({"words": " "}, "without_words"),
        ({"invited": 0}, "nobody_took_part"),
        ({"strangers": ["路人"]}, "not_a_member"),
    ],
)
def test_a_record_is_of_a_day_that_was_with_members_and_words(facts, why):
    usual = {"held_on": TODAY, "today": TODAY, "words": "看了离校", "invited": 1}
    assert refusals_of_participation(**usual) == []
    (no,) = refusals_of_participation(**usual | facts)
    assert no.key == f"R-PC-02:{why}" and say(no)
