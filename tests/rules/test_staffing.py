"""Adults, hours and duties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kehou.rules.sentences import say
from kehou.rules.staffing import (
    DUTIES,
    KINDS,
    adults_needed,
    inhouse_percent,
    missing_duties,
    refusal_of_few_adults,
    refusal_of_kind,
    warning_of_day,
    warning_of_load,
    warning_of_share,
)

RATIO = {"A": 40, "B": 30, "C": 20, "D": 10}


@pytest.mark.clause("3.2-b")
@given(st.integers(1, 300), st.integers(1, 40), st.sampled_from("ABCD"))
def test_adults_are_enough_exactly_when_nobody_has_more_than_the_ratio(pupils: int, adults: int, risk: str) -> None:
    no = refusal_of_few_adults(pupils=pupils, adults=adults, risk=risk, by_risk=RATIO)
    assert (no is None) == (adults * RATIO[risk] >= pupils)
    assert no is None or (say(no) and no.fact("needed") == adults_needed(pupils, ratio=RATIO[risk]))


@pytest.mark.clause("2.4-b")
@given(st.dictionaries(st.sampled_from(sorted(KINDS)), st.integers(0, 500)))
def test_the_share_is_never_rounded_in_the_schools_favour(hours: dict[str, int]) -> None:
    percent, total = inhouse_percent(hours), sum(hours.values())
    if percent is None:
        assert total == 0 and warning_of_share(hours, least=50) is None
    else:
        assert percent * total <= hours.get("in_service", 0) * 100
        assert (warning_of_share(hours, least=50) is None) == (hours.get("in_service", 0) * 2 >= total)


@pytest.mark.clause("3.2-c")
@given(st.lists(st.sampled_from([*DUTIES, "cook"])))
def test_a_day_is_covered_by_all_four_duties_only(kinds: list[str]) -> None:
    assert (missing_duties(iter(kinds)) is None) == (set(kinds) >= set(DUTIES))


def test_the_rest_says_what_it_means() -> None:
    assert refusal_of_kind("in_service") is None and "退休教师" in say(refusal_of_kind("robot"))  # type: ignore[arg-type]
    assert warning_of_load("王芳", hours=10, cap=10) is None
    assert "11课时" in say(warning_of_load("王芳", hours=11, cap=10))  # type: ignore[arg-type]
    assert "周二" in say(warning_of_day("王芳", weekday="周二", offered=False))  # type: ignore[arg-type]
