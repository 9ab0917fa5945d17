"""Whom the service is for."""

from __future__ import annotations

import pytest

from kehou.rules.eligibility import charges_fee, refusal_to_apply
from kehou.rules.parameters import Parameters
from kehou.rules.sentences import say

OURS = Parameters.of().elig


@pytest.mark.clause("2.1-a")
@pytest.mark.parametrize("grade", range(1, 10))
def test_a_pupil_in_school_may_take_part(grade):
    assert refusal_to_apply(in_school=True, grade=grade, rules=OURS) is None


@pytest.mark.clause("2.1-a")
@pytest.mark.parametrize(
    ("pupil", "stored", "why"),
    [
        ({"in_school": False}, {}, "pupil_not_here"),
        ({"grade": 10}, {}, "stage_not_served"),
        ({"grade": 8}, {"elig.stages": ["primary"]}, "stage_not_served"),
        ({"private": True}, {"elig.private": "excluded"}, "private_not_served"),
        ({"boards": True}, {"elig.boarding": "excluded"}, "boarders_not_served"),
    ],
)
def test_others_may_not_and_are_told_why(pupil, stored, why):
    facts = {"in_school": True, "grade": 3, "rules": Parameters.of(stored).elig} | pupil
    no = refusal_to_apply(**facts)
    assert no.key == f"R-ELIG-01:{why}"
    assert say(no)
    assert stored == {} or refusal_to_apply(**(facts | {"rules": OURS})) is None


@pytest.mark.parametrize(("rule", "charged"), [("plan_only", False), ("excluded", False), ("full", True)])
def test_a_private_school_charges_this_fee_only_where_the_district_says_so(rule, charged):
    assert charges_fee(private=True, rules=Parameters.of({"elig.private": rule}).elig) is charged
    assert charges_fee(private=False, rules=Parameters.of({"elig.private": rule}).elig) is True
